"""Tensor files: what is written is what any reader of safetensors finds, whole or not at all."""

import os
import signal
import stat
import subprocess
import sys

import numpy as np
import pytest

from mnemonist.data import draft, tensor_file
from mnemonist.data.tensor_file import Source, open_tensors, source, write_tensors
from mnemonist.data.tensor_layout import DTYPES
from mnemonist.errors import UnreadableFile, UnwritableFile

ARRAYS = {
    "bits": np.arange(300).reshape(3, 100) % 2 == 0,
    "numbers": np.linspace(-1, 1, 70_000).reshape(7, -1),
    "one": np.array(3, np.int64),
    "none": np.empty((0, 4), np.float32),
}


def written(path, arrays=ARRAYS):
    write_tensors(str(path), {"text": "é"}, {name: source(array) for name, array in arrays.items()})
    return path


def test_what_is_written_is_read(tmp_path):
    with open_tensors(str(written(tmp_path / "a"))) as file:
        assert file.header.texts == {"text": "é"}
        for name, array in ARRAYS.items():
            found, finite = file.read(name)
            assert found.dtype == array.dtype
            assert finite
            np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("dtype", DTYPES.values())
def test_the_reference_reads_the_same(tmp_path, dtype, rng):
    reference = pytest.importorskip("safetensors.numpy")
    array = rng.integers(0, 2, size=(5, 7)).astype(dtype)
    found = reference.load_file(written(tmp_path / "a", {"x": array, **ARRAYS}))
    assert found.pop("checksums").shape == (6,)
    assert found["x"].dtype == dtype
    np.testing.assert_array_equal(found["x"], array)


def test_pieces_of_any_size_make_one_tensor(tmp_path, rng):
    array = rng.normal(size=(1000, 333)).astype(np.float32)
    pieces = np.split(array, [1, 7, 500, 501])
    write_tensors(str(tmp_path / "a"), {}, {"x": Source(array.dtype, array.shape, lambda: pieces)})
    assert (tmp_path / "a").read_bytes() == written_plain(tmp_path / "b", array)


def written_plain(path, array):
    write_tensors(str(path), {}, {"x": source(array)})
    return path.read_bytes()


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_one_number_that_is_not_finite_is_found_wherever_it_is(tmp_path, monkeypatch, threads, dtype):
    monkeypatch.setattr(tensor_file, "_SHARED", 1)
    monkeypatch.setattr(tensor_file, "processors", lambda: threads)
    for place, wrong in [(0, np.nan), (-1, np.inf), (300_000, -np.inf), (5, None)]:
        array = np.full(600_001, np.finfo(dtype).max, dtype)
        array[place] = array[place] if wrong is None else wrong
        with open_tensors(str(written(tmp_path / "a", {"x": array}))) as file:
            found, finite = file.read("x")
            assert finite == (wrong is None) == file.skim("x")
            np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("size", [1, 7, 2**16 - 1, 2**16, 2**16 + 1, 2**19 + 8])
def test_any_flipped_bit_of_a_tensor_is_found(tmp_path, size, rng):
    whole = bytearray(written(tmp_path / "a", {"x": rng.integers(0, 256, size=size, dtype=np.uint8)}).read_bytes())
    first = len(whole) - 8 - size
    for place in {0, size - 1, int(rng.integers(size))}:
        wrong = whole.copy()
        wrong[first + place] ^= 1 << int(rng.integers(8))
        (tmp_path / "b").write_bytes(wrong)
        with (
            open_tensors(str(tmp_path / "b")) as file,
            pytest.raises(UnreadableFile, match="not those that were saved"),
        ):
            file.read("x")


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path):
    with open_tensors(str(written(tmp_path / "a"))) as file:
        os.truncate(tmp_path / "a", 4000)
        with pytest.raises(UnreadableFile, match="it ends too soon"):
            file.read("numbers")


# --- whole or not at all -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["fsync", "write"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failing):
    before = written(tmp_path / "a").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "write": (tensor_file, "_written")}[failing], full)
    with pytest.raises(UnwritableFile, match=r"a: must be a place that can be written; No space left on device\."):
        written(tmp_path / "a", {"x": np.ones(3)})
    assert (tmp_path / "a").read_bytes() == before
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs rights to be denied")
def test_a_folder_that_is_read_only_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UnwritableFile, match="Permission denied"):
        written(tmp_path / "a")


@pytest.mark.skipif(os.name != "posix", reason="needs rights")
def test_a_file_that_is_replaced_keeps_its_rights(tmp_path):
    written(tmp_path / "a").chmod(0o640)
    assert stat.S_IMODE(written(tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="needs locks")
def test_what_a_killed_writer_left_is_taken_away_by_the_next(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path; from mnemonist.data.draft import draft_file\n"
        "with draft_file(Path(sys.argv[1])) as draft:\n"
        "    draft.write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) == 1
    written(tmp_path / "b")
    assert len(os.listdir(tmp_path)) == 2
    written(tmp_path / "a")
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@pytest.mark.skipif(os.name != "posix", reason="needs locks")
def test_what_another_is_writing_is_left_alone(tmp_path):
    with draft.draft_file(tmp_path / "a") as mine:
        written(tmp_path / "a")
        assert mine.exists()
        mine.write_bytes(b"mine")
    assert os.listdir(tmp_path) == ["a"]


def test_the_largest_tensor_begins_where_it_is_copied_fastest_and_all_at_multiples_of_their_size(tmp_path):
    arrays = {"a": np.ones(3, np.int8), "b": np.ones((5, 6), np.float32), "c": np.ones(7, np.int64)}
    with open_tensors(str(written(tmp_path / "a", arrays))) as file:
        assert next(iter(file.header.entries)) == "b"
        assert file.header.entries["b"].start % 64 == 0
        assert all(entry.start % entry.dtype.itemsize == 0 for entry in file.header.entries.values())
