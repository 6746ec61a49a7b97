"""Labelled images: a folder of four IDX files, as MNIST and Fashion-MNIST come in.

    train-images-idx3-ubyte   train-labels-idx1-ubyte   t10k-images-idx3-ubyte   t10k-labels-idx1-ubyte

Each may end in .gz, have a dot for a dash (train-images.idx3-ubyte), or say test for t10k.
Shapes: images are (M, height, width) uint8; labels are (M,) int64.
"""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mnemonist.data.idx_file import read_idx
from mnemonist.data.plain_file import checked_path
from mnemonist.errors import UnreadableFile

Numbers = np.ndarray[Any, Any]


class LabelledImages(NamedTuple):
    """Images with their labels, to learn from and to be tested with."""

    images: Numbers
    labels: Numbers
    test_images: Numbers
    test_labels: Numbers

    @property
    def classes(self) -> int:
        """How many classes there are: one more than the largest label."""
        return int(max(self.labels.max(), self.test_labels.max())) + 1


def read_labelled_images(folder: str | os.PathLike[str]) -> LabelledImages:
    """Return the images and labels of a folder. Raises `UnreadableFile` where a file is missing or does not fit."""
    place = checked_path("read_labelled_images", "folder", folder)
    if not place.is_dir():
        raise UnreadableFile(f"{place}: must be a folder of IDX files; it is none. Give the one that holds MNIST.")
    parts = [_part(place, name) for name in ("train", "t10k")]
    (images, labels), (test_images, test_labels) = parts
    if images.shape[1:] != test_images.shape[1:]:
        raise UnreadableFile(
            f"{place}: must hold images of one size; they are {images.shape[1:]} to learn from and "
            f"{test_images.shape[1:]} to test. Get it anew."
        )
    return LabelledImages(images, labels, test_images, test_labels)


def _part(folder: Path, name: str) -> tuple[Numbers, Numbers]:
    """Return the images and labels of one half."""
    images_path, labels_path = _found(folder, name, "images", 3), _found(folder, name, "labels", 1)
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3 or images.dtype != np.uint8 or not images.size:
        raise UnreadableFile(
            f"{images_path}: must hold grey images (M, height, width) of bytes; it holds {images.dtype} of shape "
            f"{images.shape}. Give another folder."
        )
    if labels.shape != images.shape[:1] or labels.dtype != np.uint8:
        raise UnreadableFile(
            f"{labels_path}: must hold {len(images)} labels, one for each image of {images_path.name}; it holds "
            f"{labels.dtype} of shape {labels.shape}. Get both anew."
        )
    return images, labels.astype(np.int64)


def _found(folder: Path, name: str, kind: str, dimensions: int) -> Path:
    """Return the path of a file under any of its usual names."""
    usual = f"{name}-{kind}-idx{dimensions}-ubyte"
    stems = [stem for half in dict.fromkeys((name, name.replace("t10k", "test")))
             for stem in (f"{half}-{kind}-idx{dimensions}-ubyte", f"{half}-{kind}.idx{dimensions}-ubyte")]  # fmt: skip
    for stem in stems:
        for path in (folder / stem, folder / f"{stem}.gz"):
            if path.is_file():
                return path
    raise UnreadableFile(f"{folder}: must hold {usual}, or {usual}.gz; it does not. Give the folder that holds MNIST.")
