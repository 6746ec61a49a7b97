"""The compiled softmax readout, against its slow twin: a reader that goes tile by tile in array functions."""

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.core.separation import Readout, Summary
from mnemonist.kernels import softmax_readout as kernels
from mnemonist.kernels import threads
from mnemonist.kernels.softmax_readout import blocks_of
from mnemonist.readout.choice import reader_of
from mnemonist.stores.dense import DensePatterns

SIMILARITIES = {False: mn.Dot(), True: mn.Euclidean()}
ROUNDING = {"float32": 2e-5, "float64": 1e-12}


def softmax_readout(state: np.ndarray, rows: np.ndarray, beta: float, **options: Any) -> Readout:
    return kernels.softmax_readout(state, blocks_of(rows, len(state)), len(rows), beta, **options)


def twin(
    state: np.ndarray, rows: np.ndarray, beta: float, *, euclidean: bool = False, cue_mask: np.ndarray | None = None
) -> Readout:
    """Read the long way."""
    reader = reader_of(SIMILARITIES[euclidean], mn.Softmax(beta), mn.Real(), DensePatterns().add(rows))
    separation = reader.separation
    readouts = (separation.readout(h, block.rows) for h, block in reader.scored(state, cue_mask=cue_mask))
    one = next(readouts)
    for other in readouts:
        one = separation.merge_readouts(one, other)
    return one


def assert_same(found: Readout, expected: Readout, dtype: str) -> None:
    size = np.abs(expected.pull).max(initial=1e-30)
    np.testing.assert_allclose(found.summary.peak, expected.summary.peak, rtol=ROUNDING[dtype], atol=ROUNDING[dtype])
    np.testing.assert_allclose(found.mass, expected.mass, rtol=ROUNDING[dtype])
    np.testing.assert_allclose(found.pull, expected.pull, rtol=ROUNDING[dtype], atol=ROUNDING[dtype] * size)
    assert found.pull.dtype == found.mass.dtype == found.summary.peak.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(found.summary.mass, found.mass[:, 0])


@for_all(
    seed=st.integers(0, 2**32 - 1),
    cues=st.sampled_from([1, 2, 4, 5, 6, 7, 9, 13, 16, 31, 33, 70, 257]),
    count=st.sampled_from([1, 2, 7, 31, 33, 129, 1000, 5003]),
    width=st.sampled_from([1, 3, 6, 8, 31, 33, 64, 100, 259]),
    beta=st.sampled_from([1e-3, 0.3, 4.0, 100.0]),
    dtypes=st.sampled_from([("float32", "float32"), ("float64", "float64"), ("float64", "float32")]),
    euclidean=st.booleans(),
    hidden=st.sampled_from([None, 0.5, 1.0]),
)
def test_the_kernels_read_what_the_slow_twin_reads(seed, cues, count, width, beta, dtypes, euclidean, hidden) -> None:
    rng = np.random.default_rng(seed)
    rows = (rng.normal(size=(count, width)) / width**0.5).astype(dtypes[1])
    state = (rows[rng.integers(count, size=cues)] + 0.05 * rng.normal(size=(cues, width))).astype(dtypes[0])
    way = {"euclidean": euclidean, "cue_mask": None if hidden is None else rng.random(state.shape) >= hidden}
    before = rows.copy(), state.copy()
    assert_same(softmax_readout(state, rows, beta, **way), twin(state, rows, beta, **way), dtypes[0])
    np.testing.assert_array_equal(rows, before[0])
    np.testing.assert_array_equal(state, before[1])


@pytest.mark.parametrize("euclidean", [False, True])
@pytest.mark.parametrize("cues", [1, 4, 9, 40])
@pytest.mark.parametrize("width", [31, 256])
def test_float32_rows_are_read_by_float64_cues_as_if_converted(width, cues, euclidean, rng) -> None:
    rows, state = rng.normal(size=(3000, width)).astype(np.float32), rng.normal(size=(cues, width))
    blocks = blocks_of(rows, cues)
    found = kernels.softmax_readout(state, blocks, len(rows), 0.1, euclidean=euclidean)
    converted = [block.astype(np.float64) for block in blocks]
    assert_equal(found, kernels.softmax_readout(state, converted, len(rows), 0.1, euclidean=euclidean))


def assert_equal(found: Readout, expected: Readout) -> None:
    """Compare bit for bit."""
    np.testing.assert_array_equal(found.pull, expected.pull)
    np.testing.assert_array_equal(found.mass, expected.mass)
    np.testing.assert_array_equal(found.summary.peak, expected.summary.peak)


@pytest.mark.parametrize("euclidean", [False, True])
@pytest.mark.parametrize("cues", [1, 4, 40])
def test_what_is_not_compared_may_be_anything(cues: int, euclidean: bool, rng) -> None:
    rows, state = rng.normal(size=(3000, 50)), rng.normal(size=(cues, 50))
    way = {"euclidean": euclidean, "cue_mask": rng.random(state.shape) < 0.5}
    other = np.where(way["cue_mask"], state, np.nan)
    assert_equal(softmax_readout(other, rows, 0.1, **way), softmax_readout(state, rows, 0.1, **way))
    whole = softmax_readout(state, rows, 0.1, euclidean=euclidean, cue_mask=np.ones(state.shape, np.bool_))
    assert_equal(whole, softmax_readout(state, rows, 0.1, euclidean=euclidean))


@pytest.mark.parametrize("cues", [3, 40])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
def test_distances_keep_their_digits_far_from_the_origin(cues: int, offset: float, masked: bool, rng) -> None:
    rows = rng.random((700, 20)) + offset
    state = rows[:cues] + rng.normal(0, 0.05, (cues, 20))
    cue_mask = rng.random(state.shape) < 0.5 if masked else np.ones(state.shape, np.bool_)
    exact = -(((state[:, None] - rows) * cue_mask[:, None]) ** 2).sum(axis=-1) / 2
    f = np.exp(20 * (exact - exact.max(axis=-1, keepdims=True)))
    found = softmax_readout(state, rows, 20.0, euclidean=True, cue_mask=cue_mask if masked else None)
    np.testing.assert_allclose(found.mass[:, 0], f.sum(axis=-1), rtol=1e-12)
    np.testing.assert_allclose(found.pull, f @ rows, rtol=1e-12)


@pytest.mark.parametrize("cues", [1, 40])
@pytest.mark.parametrize("count", [10**5, 10**6])
def test_sums_of_many_in_float32_are_those_of_float64(cues: int, count: int, rng) -> None:
    rows = rng.random((count, 8), dtype=np.float32)
    state = rng.normal(size=(cues, 8)).astype(np.float32)
    found, exact = softmax_readout(state, rows, 0.1), softmax_readout(state.astype("f8"), rows.astype("f8"), 0.1)
    np.testing.assert_allclose(found.mass, exact.mass, rtol=1e-6)
    np.testing.assert_allclose(found.pull, exact.pull, rtol=1e-6)


@pytest.mark.parametrize("cues", [1, 4, 40])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_left_out_could_not_be_seen(cues: int, dtype: str, rng) -> None:
    rows = rng.normal(size=(4000, 64)).astype(dtype)
    state = rows[np.arange(cues) * 90]
    assert_same(softmax_readout(state, rows, 1.0), twin(state, rows, 1.0), dtype)


@pytest.mark.parametrize("cues", [3, 40])
@pytest.mark.parametrize("euclidean", [False, True])
def test_what_is_beyond_reach_weighs_exactly_nothing(cues: int, euclidean: bool) -> None:
    rows = np.eye(40, 64, dtype=np.float32)
    rows[0, 50] = 1.0  # nearest to cue 0, in the tile of all others: their weights would be subnormal numbers
    found = softmax_readout(rows[:cues], rows, 100.0, euclidean=euclidean)
    np.testing.assert_array_equal(found.pull, rows[:cues])


@pytest.mark.parametrize("cues", [2, 300])
def test_the_number_of_threads_changes_nothing(cues: int, rng, monkeypatch) -> None:
    rows, state = rng.normal(size=(30_000, 33)), rng.normal(size=(cues, 33))
    found = []
    for many in (1, 2, 5):
        monkeypatch.setattr(threads, "_processors", lambda many=many: many)
        found.append(softmax_readout(state, rows, 0.5))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0].pull, other.pull)
        np.testing.assert_array_equal(found[0].mass, other.mass)


def test_a_cue_does_not_depend_on_its_batch_mates(rng) -> None:
    rows, state = rng.normal(size=(5000, 20)), rng.normal(size=(64, 20))
    together = softmax_readout(state, rows, 1.0)
    for cue in (0, 63):
        alone = softmax_readout(state[cue : cue + 1], rows, 1.0)
        np.testing.assert_allclose(together.pull[cue], alone.pull[0], rtol=1e-12, atol=1e-12)


def test_what_has_no_number_stays_without_one() -> None:
    rows = np.full((100, 40), 1e30, np.float32)
    for cues in (1, 40):
        with np.errstate(all="ignore"):
            assert np.isnan(softmax_readout(np.full((cues, 40), 1e30, np.float32), rows, 1.0).pull).all()


@pytest.mark.parametrize("build", [mn.modern_hopfield, mn.kernel_memory])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("masked", [False, True])
def test_a_memory_is_read_by_the_kernels_where_they_serve(build, masked, dtype, rng, monkeypatch) -> None:
    rows, cues = rng.normal(size=(3000, 50)), rng.normal(size=(60, 50))
    memory, calls = build(0.5), []
    memory.store(rows.astype(dtype))
    known = rng.random(cues.shape) < 0.5 if masked else None

    def seen(*args, **kwargs) -> Readout:
        calls.append(args[0].shape)
        return kernels.softmax_readout(*args, **kwargs)

    monkeypatch.setattr("mnemonist.readout.softmax.softmax_readout", seen)
    fast = memory.recall(cues, known=known, max_steps=3)
    assert len(calls) == 3
    monkeypatch.setattr("mnemonist.readout.softmax.serves", lambda *_: False)
    slow = memory.recall(cues, known=known, max_steps=3)
    np.testing.assert_allclose(fast.state, slow.state, rtol=1e-9, atol=1e-12)


def test_the_compared_part_of_a_direction_is_a_direction_for_the_kernels_too(rng, monkeypatch) -> None:
    rows, cues = rng.normal(size=(3000, 50)), rng.normal(size=(60, 50))
    memory = mn.AssociativeMemory(mn.Dot(), mn.Softmax(0.5), mn.Sphere())
    memory.store(rows)
    known = rng.random(cues.shape) < 0.5
    fast = memory.recall(cues, known=known, max_steps=3)
    monkeypatch.setattr("mnemonist.readout.softmax.serves", lambda *_: False)
    slow = memory.recall(cues, known=known, max_steps=3)
    np.testing.assert_allclose(fast.state, slow.state, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("state", "rows", "beta"),
    [
        (np.ones((99, 300), np.float32), np.ones((300, 300)), 1.0),
        (np.ones((99, 300)), np.ones((300, 300), np.int8), 1.0),
        (np.ones((99, 300)), np.ones((300, 300)).T, np.ones(())),
        (np.ones((1, 3)), np.ones((3, 3)), 1.0),
        (np.ones((99, 300), np.float16), np.ones((300, 300), np.float16), 1.0),
    ],
)
def test_other_arrays_and_small_ones_go_the_slow_way(state, rows, beta) -> None:
    assert not kernels.serves(state, rows, len(rows), beta)


def test_they_serve_float32_rows_and_cues_of_either_dtype() -> None:
    rows = np.ones((300, 300), np.float32)
    assert all(kernels.serves(np.ones((99, 300), dtype), rows, len(rows), 1.0) for dtype in ("f4", "f8"))


def test_importing_the_package_does_not_import_numba() -> None:
    code = "import sys, mnemonist; sys.exit('numba' in sys.modules or 'llvmlite' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_blocks_read_apart_join_to_the_whole(rng) -> None:
    rows, state = rng.normal(size=(999, 12)), rng.normal(size=(7, 12))
    separation = mn.Softmax(0.7)
    parts = [softmax_readout(state, part, 0.7) for part in np.array_split(rows, 4)]
    whole = parts[0]
    for part in parts[1:]:
        whole = separation.merge_readouts(whole, part)
    assert_same(whole, softmax_readout(state, rows, 0.7), "float64")
    nothing = Readout(Summary(np.full(7, -np.inf), np.zeros(7)), np.zeros((7, 12)), np.zeros((7, 1)))
    for a, b in itertools.permutations([whole, nothing]):
        assert_same(separation.merge_readouts(a, b), whole, "float64")
