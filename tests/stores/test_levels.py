"""The store of levels: bytes that are read as floats."""

import subprocess
import sys

import numpy as np
import pytest

import mnemonist as mn
from contracts.store import GrowableStoreContract
from mnemonist.data.levels import Levels
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.levels import LevelPatterns, levels_of


class TestLevels(GrowableStoreContract):
    @staticmethod
    def empty():
        return _FromFloats()

    def rows(self, rng, count, width):
        return rng.integers(0, 256, (count, width)).astype(np.float32)


class _FromFloats(LevelPatterns):
    """A store that takes the rows of the contract as the bytes they are."""

    def add(self, rows, **beside):
        return super().add(np.asarray(rows).astype(np.uint8), **beside)


def test_many_bytes_are_kept_as_bytes_and_answer_as_floats_do():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (600, 2000), dtype=np.uint8)
    memory, twin = mn.kernel_memory(), mn.kernel_memory()
    memory.store(images)
    twin.store(images.astype(np.float32))
    assert isinstance(memory._contents.patterns, LevelPatterns)
    cues = images[:3].astype(np.float32)
    cues[:, 1000:] = 255
    np.testing.assert_allclose(memory.separation.beta, twin.separation.beta, rtol=1e-4)
    mask = np.arange(2000) < 1000
    for known in (None, mask):
        one, other = memory.recall(cues, known=known), twin.recall(cues, known=known)
        np.testing.assert_allclose(one.state, other.state, rtol=1e-4, atol=1e-2)
        assert one.nearest.tolist() == other.nearest.tolist()
        assert list(one.kind) == list(other.kind)
        np.testing.assert_allclose(one.familiarity, other.familiarity, atol=0.01)


def test_rows_that_are_no_levels_make_all_of_them_floats():
    store = LevelPatterns().add(np.array([[1, 2]], np.uint8)).add(np.array([[0.5, 3.0]], np.float32))
    assert isinstance(store, DensePatterns)
    assert store.block().rows.tolist() == [[1.0, 2.0], [0.5, 3.0]]


def test_levels_are_divided_by_their_depth():
    rows = np.array([[0, 51, 255]], np.uint8)
    np.testing.assert_array_equal(levels_of(rows, 255).block().rows, Levels(rows, 255)[:])


@pytest.mark.slow
def test_photographs_take_little_more_than_their_bytes() -> None:
    """60 of 1024 × 768 in three colours: 135 MiB of bytes, of which float64 would be 1.1 GiB."""
    program = """
import resource, numpy as np, mnemonist as mn
rng = np.random.default_rng(0)
rows = rng.integers(0, 256, size=(60, 1024 * 768 * 3), dtype=np.uint8)
memory = mn.kernel_memory(beta=1e-4)
memory.store(rows)
known = np.arange(rows.shape[1]) < rows.shape[1] // 2
assert (memory.recall(rows[:2].astype(np.float32), known=known).nearest == [0, 1]).all()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10)
"""
    peak = float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
    assert peak < 800
