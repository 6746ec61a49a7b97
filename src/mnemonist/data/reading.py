"""Reading: one way in for every kind of file, chosen by its name.

a folder, .png, .jpg, .webp …   pictures, floats in [0, 1]      `gallery`
.npy, .npz                    NumPy arrays                      `bundle`
.csv, .tsv, .parquet, .xlsx…  tables, all columns numbers       `sheet`
"""

import os
from pathlib import Path

import numpy as np

from mnemonist.core.number import is_whole
from mnemonist.data import image as picture
from mnemonist.data import numpy_file as bundle
from mnemonist.data.image_folder import Gallery, read_folder, read_picture
from mnemonist.data.numpy_file import read_bundle
from mnemonist.data.plain_file import check_plain, checked_path
from mnemonist.data.record_file import ENDINGS
from mnemonist.data.sheet import Sheet, read_sheet
from mnemonist.data.table import Table, check_table
from mnemonist.errors import InvalidArgument, InvalidType, UnreadableFile, shown

TABLES = tuple(ending for ending in ENDINGS if ending != ".txt")  # which is any text


def read(path: Path | str, *, like: Table | None = None, key: str = "patterns", channels: int | None = None) -> Table:
    """Read a folder of images, an image, an `.npy`, `.npz` or a table's file as rows (K, N) of floats.

    With `like`, a table read before, the rows must have as many numbers as its rows; images are read in its
    mode (grey or RGB) and must have its size. `key` names the array to take from an `.npz` that holds
    several. `channels`, 1 or 3, has images read as grey or RGB whatever they are.

    Raises UnreadableFile, in one sentence that names the file, where it cannot be read; InvalidArgument where
    its rows do not fit those of `like`: another size, or other headings.
    """
    path = checked_path("read", "path", path)
    if not isinstance(key, str):
        raise InvalidType(f"read: key must be the name of an array; got {shown(key)}. Pass 'patterns'.")
    if channels is not None and not (is_whole(channels, 1, 3) and channels != 2):
        raise InvalidArgument(f"read: channels must be 1 or 3, grey or RGB; got {shown(channels)}. Leave it out.")
    if like is not None:
        check_table("read", "like", like)
    if like is not None and isinstance(like.form, Gallery):
        channels = like.form.channels
    table = _read(path, channels, key)
    if like is not None:
        _check_alike(table, like)
    return table


def _read(path: Path, channels: int | None, key: str) -> Table:
    ending = path.suffix.lower()
    if os.path.isdir(path):
        return read_folder(path, channels)
    if not os.path.exists(path):
        raise UnreadableFile(f"{path}: must exist; there is no such file or folder. Check its name.")
    check_plain(path)
    if ending in picture.ENDINGS:
        return read_picture(path, channels)
    if ending in bundle.ENDINGS:
        return read_bundle(path, key)
    if ending in TABLES:
        return read_sheet(path)
    known = ", ".join(bundle.ENDINGS + TABLES + picture.ENDINGS)
    raise UnreadableFile(
        f"{path}: must be a folder of images or end in {known}; it "
        f"{f'ends in {ending}' if ending else 'has no ending'}. Convert it."
    )


def _check_alike(table: Table, like: Table) -> None:
    """Refuse rows that cannot be compared: of other sizes, or under other headings."""
    one, other = table.form, like.form
    both = isinstance(one, Gallery) and isinstance(other, Gallery) and one.size != other.size
    if both or len(table.rows[0]) != len(like.rows[0]):
        fit = {Gallery: "Crop or scale it.", Sheet: "Choose the columns to fit."}
        raise InvalidArgument(
            f"{table.path}: must have the size of what {like.path} holds, {other.item}; got {one.item}. "
            f"{fit.get(type(one), 'Give as many numbers a row.')}"
        )
    _check_unit(table, like)
    if isinstance(one, Sheet) and isinstance(other, Sheet) and one.heading and other.heading:
        for mine, theirs in zip(one.heading, other.heading, strict=True):
            if mine.strip() != theirs.strip():
                raise InvalidArgument(
                    f"{table.path}: must have the headings of {like.path}, in their order; got {mine!r} where that has "
                    f"{theirs!r}. Move or rename the column."
                )


def _check_unit(table: Table, like: Table) -> None:
    """Refuse to compare images, which are in [0, 1], with numbers of another unit, such as levels up to 255."""
    for other, images in ((table, like), (like, table)):
        if isinstance(images.form, Gallery) and not isinstance(other.form, Gallery):
            low, high = np.nanmin(other.rows, initial=0), np.nanmax(other.rows, initial=0)
            if low < -1 or high > 2:  # noise may leave [0, 1] by its width
                raise InvalidArgument(
                    f"{other.path}: must be in [0, 1] to be compared with the images in {images.path}, black 0 to "
                    f"white 1; it reaches from {low:g} to {high:g}. Divide it by 255, or by what white is in it."
                )
