"""Galleries: a folder of pictures of one size, or a single picture, as rows of floats in [0, 1].

Pictures are taken in the natural order of their names (cue2 before cue10), sub-folders' too; hidden files and folders
are passed over, and so is what is no image, of which `walk` tells the reason. If any picture is in colour, all are read
as RGB. Rows are kept as the levels of the files, 8 or 16 bits each, and are floats to whoever reads them.

Shapes: rows are (K, height · width · channels) float32, channels last.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mnemonist.data.atomic_write import check_file, check_folder, whole_file, whole_folder
from mnemonist.data.image import ENDINGS, FORMATS, Frame, Picture, in_channels, load_levels, save
from mnemonist.data.levels import Levels
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import InvalidArgument, UnreadableFile

_OTHERS = (".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd", ".svg", ".ico", ".tga", ".ppm", ".pgm", ".pbm", ".exr",
           ".hdr", ".dng", ".cr2", ".nef", ".arw")  # fmt: skip


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
        return f"{size_in_words(self.size)} pixels, {'grey' if all(frame.grey for frame in self.frames) else 'RGB'}"

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
        same: Marks = np.empty(rows.shape, np.bool_)
        for i, frame in enumerate(self.frames):
            same[i] = np.rint(rows[i] * frame.depth) == np.rint(value * frame.depth)
        return same

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a folder (for a single picture: a file), or may not be replaced."""
        if not self.single:
            return check_folder(out, replace=replace)
        endings = tuple(ending for ending, form in FORMATS.items() if form == self.frames[0].format)
        return check_file(out, endings, replace=replace)

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write every row as a picture under its own name, mode and depth."""
        width, height = self.size
        values = rows.reshape(-1, height, width, self.channels)
        if self.single:
            with whole_file(out) as draft:
                save(self.frames[0], values[0], draft)
            return
        with whole_folder(out, replace=replace) as folder:
            for name, frame, picture in zip(self.names, self.frames, values, strict=True):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                save(frame, picture, folder / name)


def read_folder(folder: Path, channels: int | None = None) -> Table:
    """Read all pictures of a folder, in as many channels as given, or as the most colourful needs.

    Raises UnreadableFile where there is none, where one is broken, or where two differ in size.
    """
    names, _ = walk(folder)
    if not names:
        raise UnreadableFile(
            f"{folder}: must hold images whose names end in {', '.join(ENDINGS)}; it holds none. "
            "Give the folder that holds the files themselves."
        )
    return gallery([load_levels(folder / name) for name in names], names, folder, channels)


def read_picture(path: Path, channels: int | None = None) -> Table:
    """Read one picture as a set of one."""
    return gallery([load_levels(path)], [path.name], path, channels, single=True)


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return the key that sorts names as people do.

    >>> sorted(["cue10.png", "Cue2.png", "cue1.png"], key=natural)
    ['cue1.png', 'Cue2.png', 'cue10.png']
    """
    parts = re.split("([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name


class Skipped(NamedTuple):
    """A file that is no image to read, or that could not be read, and why."""

    name: str
    reason: str


def walk(folder: Path) -> tuple[list[str], list[Skipped]]:
    """Return the names of the images in a folder and its sub-folders, relative to it, and what else lies there.

    Raises UnreadableFile where the folder cannot be read.
    """
    names: list[str] = []
    skipped: list[Skipped] = []
    for name, plain in _entries(folder, ""):
        ending = os.path.splitext(name)[1].lower()
        if ending not in ENDINGS:
            skipped.append(Skipped(name, _reason(ending)))
        elif not plain:
            skipped.append(Skipped(name, "it is no plain file"))
        else:
            names.append(name)
    return sorted(names, key=natural), sorted(skipped, key=lambda one: natural(one.name))


def _entries(folder: Path, below: str) -> Iterator[tuple[str, bool]]:
    """Yield the names of files, and whether they are plain ones; a broken link counts, so that reading can complain."""
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise UnreadableFile(f"{folder}: must be a folder you may read; {error.strerror}. Choose another.") from error
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), f"{below}{entry.name}/")
        elif entry.is_dir():
            yield f"{below}{entry.name}", False
        else:
            yield f"{below}{entry.name}", entry.is_file() or not os.path.exists(entry.path)


def _reason(ending: str) -> str:
    """Return why a file of such an ending is not read."""
    if ending in _OTHERS:
        return f"{ending} images are not read; save it as PNG or JPEG"
    return f"it ends in {ending}, which is no image" if ending else "it has no ending"


def gallery(
    pictures: list[Picture], names: Sequence[str], source: Path, channels: int | None, *, single: bool = False
) -> Table:
    """Return pictures of one size as a table, in as many channels as given, or as the most colourful needs.

    Raises UnreadableFile where two differ in size.
    """
    frames = tuple(picture.frame for picture in pictures)
    for name, frame in zip(names, frames, strict=True):
        if frame.size != frames[0].size:
            raise UnreadableFile(
                f"{source / name}: all images of a folder must have one size, {size_in_words(frames[0].size)} as "
                f"{names[0]}; this one has {size_in_words(frame.size)}. Crop or scale it."
            )
    channels = channels or max(picture.levels.shape[-1] for picture in pictures)
    form = Gallery(tuple(names), frames, channels, single)
    return Table(rows_of(pictures, channels), tuple(names), form, source)  # type: ignore[arg-type]


def rows_of(pictures: list[Picture], channels: int) -> "Levels | Rows":
    """Take pictures out of a list, as rows (K, N) of levels; of floats where colour becomes grey."""
    if any(picture.levels.shape[-1] > channels for picture in pictures):
        return np.stack([in_channels(picture.values, channels).ravel() for picture in pictures])
    deep = any(picture.levels.dtype == np.uint16 for picture in pictures)
    shape = len(pictures), pictures[0].levels[..., 0].size * channels
    levels, known = np.empty(shape, np.uint16 if deep else np.uint8), None
    if any(picture.known is not None for picture in pictures):
        known = np.ones(shape, np.bool_)
    for i in range(shape[0]):
        picture = pictures.pop(0)  # so that there are never two copies of all
        row = in_channels(picture.levels, channels)
        row = row.astype(np.uint16) * np.uint16(257) if deep and row.dtype == np.uint8 else row
        levels[i] = row.ravel()
        if known is not None and picture.known is not None:
            known[i] = np.repeat(picture.known.ravel(), channels)
    if known is not None:
        levels[~known] = 0
    return Levels(levels, 65535 if deep else 255, known)


def size_in_words(size: tuple[int, int]) -> str:
    """Return a size as it is told: 4×6."""
    return f"{size[0]}×{size[1]}"
