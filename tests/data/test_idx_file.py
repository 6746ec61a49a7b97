"""IDX files: read as they are, plain or compressed, and refused in a sentence where they are broken."""

import gzip
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemonist.data.idx_file import read_idx
from mnemonist.data.labelled_images import read_labelled_images
from mnemonist.errors import MnemonistError, UnreadableFile

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array: np.ndarray) -> bytes:
    """Return an array as the bytes of an IDX file, by the format's own words."""
    code = CODES[array.dtype.str[1:]]
    sizes = b"".join(struct.pack(">I", size) for size in array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


def folder_of(path: Path, *, images: int = 6, side: int = 4) -> Path:
    """Write a folder like MNIST's."""
    rng = np.random.default_rng(0)
    for half in ("train", "t10k"):
        pixels = rng.integers(0, 256, (images, side, side), dtype=np.uint8)
        (path / f"{half}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pixels)))
        (path / f"{half}-labels-idx1-ubyte").write_bytes(idx(np.arange(images, dtype=np.uint8) % 3))
    return path


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dtype", sorted(CODES))
def test_an_array_comes_back_as_it_was_written(tmp_path: Path, dtype: str, packed: bool) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    (tmp_path / "x").write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    found = read_idx(tmp_path / "x")
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype
    assert found.flags.writeable


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_file_is_read_as_it_stands_or_refused(tmp_path_factory, place: int, byte: int) -> None:
    path = tmp_path_factory.mktemp("damaged") / "x"
    whole = bytearray(gzip.compress(idx(np.arange(60, dtype=np.uint8).reshape(3, 20))))
    whole[place % len(whole)] = byte
    path.write_bytes(whole[: max(1, len(whole) - place % 7)])
    with suppress(UnreadableFile):
        assert read_idx(path).size == 60


def test_a_header_that_claims_too_much_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes([0, 0, 8, 4]) + b"\xff" * 16 + b"few")
    with pytest.raises(UnreadableFile, match="and it has 3"):
        read_idx(tmp_path / "x")


def test_a_folder_gives_images_and_their_labels(tmp_path: Path) -> None:
    found = read_labelled_images(folder_of(tmp_path))
    assert found.images.shape == found.test_images.shape == (6, 4, 4)
    assert found.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert found.classes == 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "t10k-labels-idx1-ubyte").unlink(), "must hold t10k-labels-idx1-ubyte"),
        (
            lambda folder: (folder / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(5, np.uint8))),
            "must hold 6 labels",
        ),
        (
            lambda folder: (folder / "train-images-idx3-ubyte.gz").write_bytes(idx(np.zeros((6, 16), np.uint8))),
            "must hold grey images",
        ),
        (
            lambda folder: (folder / "t10k-images-idx3-ubyte.gz").write_bytes(idx(np.zeros((6, 5, 4), np.uint8))),
            "images of one size",
        ),
    ],
)
def test_a_folder_that_does_not_fit_says_what_is_wrong(tmp_path: Path, change, sentence: str) -> None:
    change(folder_of(tmp_path))
    with pytest.raises(UnreadableFile, match=sentence):
        read_labelled_images(tmp_path)


@pytest.mark.parametrize("given", ["nowhere", "", 3, None])
def test_what_is_no_folder_is_refused(given) -> None:
    with pytest.raises(MnemonistError, match="folder"):
        read_labelled_images(given)
