"""Galleries: a folder of pictures of one size, or a single picture, as rows of floats in [0, 1].

Pictures are taken in the natural order of their names (cue2 before cue10); hidden files, folders and files
that do not end in .png, .jpg or .jpeg are passed over. If any picture is in colour, all are read as RGB.

Shapes: rows are (K, height · width · channels) float32, channels last.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.data.atomic_write import check_file, check_folder, whole_file, whole_folder
from mnemonist.data.image import ENDINGS, Frame, in_channels, load, save
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import InvalidArgument, UnreadableFile


@dataclass(frozen=True)
class Gallery:
    """The form of K pictures of one size: their file names and frames, read in 1 channel or 3."""

    names: tuple[str, ...]
    frames: tuple[Frame, ...]
    channels: int
    single: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.frames[0].size

    @property
    def item(self) -> str:
        """One picture in words, as its file has it: '28×28 pixels, grey'."""
        return f"{_size(self.size)} pixels, {'grey' if all(frame.grey for frame in self.frames) else 'RGB'}"

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of pictures once read."""
        return np.dtype(np.float32)

    def holding(self, dtype: np.dtype[Any]) -> "Gallery":
        """Return the form as it is: pictures keep their depth."""
        return self

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are `value`, in [0, 1], at the depth of their own file."""
        if not 0 <= value <= 1:
            raise InvalidArgument(
                f"hidden: must be in [0, 1] for images, black 0 to white 1; got {value:g}. Divide it by 255."
            )
        depth = np.array([[frame.depth] for frame in self.frames])
        same: Marks = np.rint(rows.astype(float) * depth) == np.rint(value * depth)
        return same

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a folder (for a single picture: a file), or may not be replaced."""
        if not self.single:
            return check_folder(out, replace=replace)
        return check_file(out, (".png",) if self.frames[0].format == "PNG" else (".jpg", ".jpeg"), replace=replace)

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write every row as a picture under its own name, mode and depth."""
        width, height = self.size
        values = rows.reshape(-1, height, width, self.channels)
        if self.single:
            with whole_file(out) as draft:
                return save(self.frames[0], values[0], draft)
        with whole_folder(out, replace=replace) as folder:
            for name, frame, picture in zip(self.names, self.frames, values, strict=True):
                save(frame, picture, folder / name)


def read_folder(folder: Path, channels: int | None = None) -> Table:
    """Read all pictures of a folder, in as many channels as given, or as the most colourful needs.

    Raises UnreadableFile where there is none, where one is broken, or where two differ in size.
    """
    return _read(_pictures(folder), channels, folder)


def read_picture(path: Path, channels: int | None = None) -> Table:
    """Read one picture as a set of one."""
    return _read([path], channels, path)


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return the key that sorts names as people do.

    >>> sorted(["cue10.png", "Cue2.png", "cue1.png"], key=natural)
    ['cue1.png', 'Cue2.png', 'cue10.png']
    """
    parts = re.split("([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name


def _pictures(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name for entry in entries if _is_picture(entry)), key=natural)
    except OSError as error:
        raise UnreadableFile(f"{folder}: must be a folder you may read; {error.strerror}. Choose another.") from error
    if not names:
        raise UnreadableFile(
            f"{folder}: must hold images whose names end in {', '.join(ENDINGS)}; it holds none. "
            "Give the folder that holds the files themselves."
        )
    return [folder / name for name in names]


def _is_picture(entry: os.DirEntry[str]) -> bool:
    """Say whether to read an entry; a broken link counts, so that reading it can complain."""
    fits = entry.name.lower().endswith(ENDINGS) and not entry.name.startswith(".")
    return fits and (entry.is_file() or not os.path.exists(entry.path))


def _read(paths: Sequence[Path], channels: int | None, source: Path) -> Table:
    frames, pictures = zip(*[load(path) for path in paths], strict=True)
    for path, frame in zip(paths, frames, strict=True):
        if frame.size != frames[0].size:
            raise UnreadableFile(
                f"{path}: all images of a folder must have one size, {_size(frames[0].size)} as "
                f"{paths[0].name}; this one has {_size(frame.size)}. Crop or scale it."
            )
    channels = channels or max(picture.shape[-1] for picture in pictures)
    rows = np.stack([in_channels(picture, channels).ravel() for picture in pictures])
    names = tuple(path.name for path in paths)
    return Table(rows, names, Gallery(names, frames, channels, single=source == paths[0]), source)


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
