"""What is read must be a plain file: nothing hangs at a pipe, and every refusal says what is the matter."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.data import known, read
from mnemonist.errors import TooLarge, UnreadableFile

pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
ROWS = np.arange(12.0).reshape(3, 4)


def pipe(folder: Path, name: str) -> Path:
    os.mkfifo(folder / name)
    return folder / name


@pipes
@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.csv", "a.png", "a.jpg"])
def test_a_pipe_is_refused_by_the_readers(tmp_path, name) -> None:
    with pytest.raises(UnreadableFile, match=f"{name}: must be a plain file; it is a pipe"):
        read(pipe(tmp_path, name))


@pipes
def test_a_pipe_is_refused_as_a_mask_and_as_mapped_patterns(tmp_path) -> None:
    np.save(tmp_path / "cues.npy", ROWS)
    with pytest.raises(UnreadableFile, match="it is a pipe"):
        known(read(tmp_path / "cues.npy"), mask=pipe(tmp_path, "mask.npy"))
    with pytest.raises(UnreadableFile, match="it is a pipe"):
        mn.MappedPatterns(tmp_path / "mask.npy")
    with pytest.raises(UnreadableFile, match="it is a pipe"):
        mn.MappedPatterns(tmp_path / "mask.npy", dtype="float64", width=4)


@pipes
def test_a_pipe_in_a_folder_of_images_is_passed_over(tmp_path) -> None:
    pipe(tmp_path, "a.png")
    with pytest.raises(UnreadableFile, match="it holds none"):
        read(tmp_path)


@pipes
@pytest.mark.parametrize(
    "words", [["recall", "a.npy", "b.npy", "-o", "c.npy"], ["recall", "b.npy", "b.npy", "-o", "a.npy", "--force"],
              *(pytest.param(words, marks=pytest.mark.slow) for words in (
                  ["recall", "b.npy", "a.npy", "-o", "c.npy"], ["diagnose", "a.npy"], ["demo", "-o", "a.png"],
                  ["recall", "b.npy", "b.npy", "-o", "c.npy", "--mask", "a.npy"]))],
)  # fmt: skip
def test_the_command_line_hangs_at_no_pipe(tmp_path, words) -> None:
    np.save(tmp_path / "b.npy", ROWS)
    pipe(tmp_path, "a.npy")
    pipe(tmp_path, "a.png")
    told = subprocess.run(
        [sys.executable, "-m", "mnemonist", *words], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert told.returncode == 2
    assert "it is a pipe" in told.stderr


def test_devices_and_folders_are_no_files(tmp_path) -> None:
    (tmp_path / "a.npy").mkdir()
    with pytest.raises(UnreadableFile, match="must be a plain file; it is a folder"):
        mn.MappedPatterns(tmp_path / "a.npy")
    if os.path.exists("/dev/zero"):
        with pytest.raises(UnreadableFile, match="must be a plain file; it is a device"):
            mn.MappedPatterns("/dev/zero", dtype="float32", width=4)


@pytest.mark.parametrize("name", ["a.csv", "a.npy", "a.npz", "a.png"])
def test_who_may_not_read_is_told_that(tmp_path, name, monkeypatch) -> None:
    (tmp_path / name).write_bytes(b"1,2\n")

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("PIL.Image.open" if name == "a.png" else "pathlib.Path.open", denied)
    with pytest.raises(UnreadableFile, match=f"{name}: must be a file you may read; Permission denied"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.npy", "a.npz", "a.png"])
def test_a_whole_file_that_memory_cannot_hold_is_not_called_broken(tmp_path, name, monkeypatch) -> None:
    (tmp_path / name).write_bytes(b"1,2\n")
    if name == "a.npy":
        np.save(tmp_path / name, ROWS)

    def full(*_, **__):
        raise MemoryError

    reader = {"a.csv": "pathlib.Path.open", "a.npy": "numpy.lib.format.read_array", "a.npz": "numpy.load"}
    monkeypatch.setattr(reader.get(name, "PIL.Image.open"), full)
    with pytest.raises(TooLarge, match=f"{name}: must fit into memory; it does not"):
        read(tmp_path / name)


def test_a_header_that_asks_for_more_than_there_is_is_broken(tmp_path) -> None:
    np.save(tmp_path / "a.npy", ROWS)
    text = (
        (tmp_path / "a.npy").read_bytes().replace(b"(3, 4), }" + b" " * 18, b"(3000000000000, 4000000)}"[:27].ljust(27))
    )
    (tmp_path / "a.npy").write_bytes(text)
    with pytest.raises(UnreadableFile, match=r"must be a whole \.npy file"):
        read(tmp_path / "a.npy")
    with pytest.raises(UnreadableFile):
        mn.MappedPatterns(tmp_path / "a.npy")


HEADERS = [
    b"{'descr'",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }\xff",
    b"(((((",
    b"1 + ",
    b"{'descr': [('a', 'b')], 'shape': (1,)}",
    b"\0" * 60,
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_broken_header_is_one_sentence(tmp_path, header) -> None:
    head = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    (tmp_path / "a.npy").write_bytes(head + bytes(96))
    for reader in (mn.MappedPatterns, read):
        with pytest.raises(UnreadableFile, match=r"a\.npy: must be a") as refusal:
            reader(tmp_path / "a.npy")
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("path", [3, None, 2.5, ["a.npy"], True])
def test_what_is_no_path_is_refused(path) -> None:
    for reader in (mn.MappedPatterns, read):
        with pytest.raises(mn.errors.InvalidType, match="must be a path, a string"):
            reader(path)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    for reader in (mn.MappedPatterns, read):
        with pytest.raises(UnreadableFile):
            reader("a\0b.npy")
