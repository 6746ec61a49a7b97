"""Patterns in files against the same patterns in memory, and what is refused of files."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from contracts.store import StoreContract
from mnemonist import errors
from mnemonist.stores import mapped, row_file, tiles

MEMORIES = [
    lambda: mn.modern_hopfield("auto"), mn.kernel_memory, lambda: mn.sparse_hopfield(1.5, 2.0), mn.epanechnikov_memory,
    lambda: mn.AssociativeMemory(mn.Dot(), mn.Normmax(2.0, 2.0), mn.Real()),
    lambda: mn.AssociativeMemory(mn.Euclidean(), mn.TopK(3), mn.Real()),
    lambda: mn.AssociativeMemory(mn.Manhattan(), mn.KSubsets(2, 2.0), mn.Real()),
    lambda: mn.AssociativeMemory(mn.Cosine(), mn.Softmax(3.0), mn.Real()),
]  # fmt: skip


@pytest.fixture
def small_tiles(monkeypatch) -> None:
    """Tiles of a few rows, so that small files have several."""
    monkeypatch.setattr(tiles, "_FEW", (1, 7))


def saved(folder: Path, rows: np.ndarray, *cuts: int) -> mn.MappedPatterns:
    """Return rows as patterns in .npy files, cut at these rows."""
    paths = [folder / f"{i}.npy" for i in range(len(cuts) + 1)]
    for path, part in zip(paths, np.split(rows, cuts), strict=True):
        np.save(path, part)
    return mn.MappedPatterns(*paths)


def assert_same(one: mn.Recall, other: mn.Recall) -> None:
    tol = 1e-10 if one.state.dtype == np.float64 else 1e-4
    np.testing.assert_allclose(other.state, one.state, rtol=tol, atol=tol)
    for name in ("nearest", "kind", "components", "steps", "outcome", "ids"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name))
    np.testing.assert_array_equal(other.top.ids, one.top.ids)
    np.testing.assert_allclose(other.top.weights, one.top.weights, rtol=tol, atol=tol)
    np.testing.assert_allclose(other.weights, one.weights, rtol=tol, atol=tol)
    if one.energy is not None:
        np.testing.assert_allclose(other.energy, one.energy, rtol=tol, atol=tol)


@pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")
@pytest.mark.parametrize("build", MEMORIES, ids=lambda build: str(build()).split("  #")[0])
def test_a_recall_from_files_is_that_from_memory(build, tmp_path, small_tiles) -> None:
    @settings(max_examples=6, deadline=None)
    @given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 5), st.integers(0, 99), st.booleans())
    @example(1, 1, 1, 0, False)
    @example(8, 3, 2, 1, True)
    def holds(patterns, neurons, cues, seed, hidden) -> None:
        rng = np.random.default_rng(seed)
        rows, values = rng.normal(size=(patterns, neurons)), rng.normal(size=(patterns, 2))
        here, there = build(), build()
        here.store(rows, values=values)
        there.store(saved(tmp_path, rows, patterns // 3, patterns // 2), values=values)
        cue = rows[rng.integers(patterns, size=cues)] + 0.1 * rng.normal(size=(cues, neurons))
        options = {"known": rng.random(cue.shape) < 0.7, "clamped": False} if hidden else {}
        one, other = here.recall(cue, **options), there.recall(cue, **options)
        assert_same(one, other)
        np.testing.assert_allclose(other.values, one.values, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(there.patterns, rows)
        np.testing.assert_allclose(there.scores(cue), here.scores(cue), rtol=1e-9, atol=1e-12)

    holds()


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "uint8", "int64"])
def test_numbers_are_read_as_they_lie(dtype, tmp_path, rng, small_tiles) -> None:
    rows = rng.integers(0, 9, size=(40, 5)).astype(dtype)
    here, there = mn.kernel_memory(1.0), mn.kernel_memory(1.0)
    here.store(rows)
    there.store(saved(tmp_path, rows))
    assert there.patterns.dtype == dtype
    assert_same(here.recall(rows[:3]), there.recall(rows[:3]))


def test_discrete_memories_sweep_over_what_they_read_whole(tmp_path, rng, monkeypatch, small_tiles) -> None:
    rows = rng.choice([-1, 1], size=(12, 60)).astype(np.int8)
    here, there = mn.dense_memory(3), mn.dense_memory(3)
    here.store(rows)
    there.store(saved(tmp_path, rows))
    assert_same(here.recall(rows), there.recall(rows))
    monkeypatch.setattr(mapped, "_WHOLE_BYTES", 500)
    fresh = mn.dense_memory(3)
    fresh.store(saved(tmp_path, rows))
    with pytest.raises(errors.TooLarge, match="continuous neurons"):
        fresh.recall(rows)
    with pytest.raises(MemoryError):
        _ = fresh.patterns


def test_raw_files_have_their_layout_named(tmp_path, rng) -> None:
    rows = rng.normal(size=(9, 4)).astype(np.float32)
    (tmp_path / "a").write_bytes(b"head" + rows[:5].tobytes())
    (tmp_path / "b").write_bytes(b"head" + rows[5:].tobytes())
    patterns = mn.MappedPatterns(tmp_path / "a", tmp_path / "b", dtype="float32", width=4, offset=4)
    np.testing.assert_array_equal(patterns.block().rows, rows)
    np.testing.assert_array_equal(patterns.at(np.array([8, 0, 5, 8])).rows, rows[[8, 0, 5, 8]])
    assert repr(patterns) == "MappedPatterns(2 files, K=9, N=4, float32)"


class TestMapped(StoreContract):
    """Patterns in three files, with values in memory."""

    holes = False

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path) -> None:
        self.folder = tmp_path

    def filled(self, rows, known, values):
        return saved(self.folder, rows, len(rows) // 3, len(rows) // 2).with_values(values)


def test_a_platform_without_such_maps_or_reads_finds_the_same(tmp_path, rng, monkeypatch) -> None:
    rows = rng.normal(size=(50, 3))
    patterns = saved(tmp_path, rows, 20)
    monkeypatch.delattr("mmap.MAP_POPULATE", raising=False)
    np.testing.assert_array_equal(patterns.block().rows, rows)
    monkeypatch.delattr("os.preadv", raising=False)
    np.testing.assert_array_equal(patterns.block().rows, rows)


# --- what is refused -------------------------------------------------------------------------------------------------


def refuse(error: type[Exception], match: str):
    return pytest.raises(error, match=match)


def test_files_that_hold_no_rows_are_refused(tmp_path, rng) -> None:
    def file(name: str, x: np.ndarray) -> Path:
        np.save(tmp_path / name, x)
        return tmp_path / name

    rows = rng.normal(size=(4, 3))
    good, text = file("good.npy", rows), tmp_path / "text.npy"
    text.write_text("1, 2, 3")
    with refuse(errors.UnreadableFile, "No such file"):
        mn.MappedPatterns(tmp_path / "none.npy")
    with refuse(errors.UnreadableFile, "raw numbers"):
        mn.MappedPatterns(text)
    for name, x in (("fortran.npy", np.asfortranarray(rows)), ("flat.npy", rows[0]), ("deep.npy", rows[None])):
        with refuse(errors.InvalidArgument, "must hold rows"):
            mn.MappedPatterns(file(name, x))
    for name, x in (("swapped.npy", rows.astype(">f8")), ("complex.npy", rows + 1j), ("bool.npy", rows > 0)):
        with refuse(errors.InvalidType, "byte order"):
            mn.MappedPatterns(file(name, x))
    with refuse(errors.InvalidArgument, "one width and dtype"):
        mn.MappedPatterns(good, file("narrow.npy", rows[:, :2]))
    with refuse(errors.InvalidArgument, "a row at least"):
        mn.MappedPatterns(file("empty.npy", rows[:0]))
    with refuse(errors.InvalidArgument, "dtype and width"):
        mn.MappedPatterns(good, dtype="float32")
    with refuse(errors.InvalidArgument, "width must be"):
        mn.MappedPatterns(good, dtype="float32", width=0)
    with refuse(errors.InvalidType, "dtype must be"):
        mn.MappedPatterns(good, dtype="real", width=1)
    with refuse(errors.UnreadableFile, "whole rows"):
        mn.MappedPatterns(good, dtype="float32", width=5)


def test_a_truncated_file_is_refused(tmp_path, rng) -> None:
    saved(tmp_path, rng.normal(size=(40, 3)))
    os.truncate(tmp_path / "0.npy", 500)
    with refuse(errors.UnreadableFile, "by its header"):
        mn.MappedPatterns(tmp_path / "0.npy")


def test_a_file_that_changes_is_noticed(tmp_path, rng) -> None:
    memory, rows = mn.kernel_memory(1.0), rng.normal(size=(40, 3))
    memory.store(saved(tmp_path, rows))
    sent = pickle.dumps(memory.landscape.reader.patterns)
    with open(tmp_path / "0.npy", "r+b") as file:
        file.seek(300)
        file.write(b"other")
        os.utime(file.fileno(), ns=(0, 0))
    with refuse(errors.UnreadableFile, "was changed"):
        memory.recall(rows[0])
    with refuse(errors.UnreadableFile, "was changed"):
        pickle.loads(sent)


def test_a_file_that_ends_while_it_is_read_is_noticed(tmp_path, rng, monkeypatch) -> None:
    patterns = saved(tmp_path, rng.normal(size=(40, 3)))
    monkeypatch.setattr(row_file.RowFile, "check", lambda self: None)
    monkeypatch.delattr("mmap.MAP_POPULATE", raising=False)
    os.truncate(tmp_path / "0.npy", 500)
    with refuse(errors.UnreadableFile, "ends too soon"):
        list(tiles.tiles(patterns))


def test_files_hold_all_that_a_memory_stores(tmp_path, rng) -> None:
    rows = rng.normal(size=(4, 3))
    patterns, memory, full = saved(tmp_path, rows), mn.kernel_memory(1.0), mn.kernel_memory(1.0)
    memory.store(patterns)
    full.store(rows)
    with refuse(errors.IllegalCombination, "in a new memory"):
        memory.store(rows)
    with refuse(errors.IllegalCombination, "forgotten"):
        memory.forget([0])
    with refuse(errors.UnknownId, "not"):
        memory.forget([4])
    with refuse(errors.InvalidArgument, "has 4 already"):
        full.store(patterns)
    with refuse(errors.InvalidArgument, "known must be left out"):
        mn.kernel_memory().store(patterns, known=rows > 0)
    with refuse(errors.IllegalCombination, "learns from them"):
        mn.hebbian().store(patterns)
    with refuse(errors.InvalidArgument, "one row per pattern, 4"):
        mn.kernel_memory().store(patterns, values=rows[:3])


def test_what_neurons_cannot_hold_is_refused_by_its_row(tmp_path, rng, small_tiles) -> None:
    rows = rng.choice([-1.0, 1.0], size=(40, 4)) / 2
    rows[30, 2] = np.inf
    with refuse(errors.InvalidArgument, "row 30, column 2"):
        mn.kernel_memory().store(saved(tmp_path, rows))
    rows[30, 2], rows[31] = 0.5, 0.25
    with refuse(errors.InvalidArgument, r"row 31 has 0\.5"):
        mn.spherical_memory(mn.Power(2)).store(saved(tmp_path, rows))
    rows *= 2
    with refuse(errors.InvalidArgument, "row 31, column 0"):
        mn.dense_memory(2).store(saved(tmp_path, rows))


# --- memory ----------------------------------------------------------------------------------------------------------

BOUNDED = """
import resource, sys
import numpy as np
import mnemonist as mn
path, cues = sys.argv[1], np.eye(3, 1024, dtype=np.float32)


def recalled(path):
    memory = mn.modern_hopfield(30.0)
    memory.store(mn.MappedPatterns(path, dtype="float32", width=1024))
    return memory.recall(cues, max_steps=1)


np.ones((4096, 1024), np.float32).tofile(path + "warm")  # so that kernels are there, and threads
recalled(path + "warm")
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (256 << 20), ) * 2)
print(recalled(path).nearest.tolist())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on memory")
def test_memory_is_bounded_however_large_the_file(tmp_path) -> None:
    path, count = tmp_path / "sparse", 3 * 2**16  # 768 MiB that takes no place: most of it was never written
    with open(path, "wb") as file:
        file.seek((count - 3) * 4096)
        file.write(np.eye(3, 1024, dtype=np.float32).tobytes())
    found = subprocess.run([sys.executable, "-c", BOUNDED, str(path)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == str([count - 3, count - 2, count - 1])
