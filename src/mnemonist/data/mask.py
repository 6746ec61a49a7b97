"""Masks: which numbers of a cue are given, and which are for the memory to fill in.

A number is unknown where it is missing (NaN), where it is a value that marks holes, to a tolerance, or where a mask
is 0 (black). A mask has the size of one cue and serves them all, or there is one for each cue, in the same order.
One value of a mask serves all channels of a pixel. JPEG blurs edges, so a mask in JPEG is cut at mid-grey.

Shapes: known is boolean (B, N), True = given.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.core.number import as_float
from mnemonist.data.image_folder import Gallery
from mnemonist.data.levels import levels_in
from mnemonist.data.plain_file import checked_path
from mnemonist.data.reading import read
from mnemonist.data.table import Marks, Rows, Table, check_table
from mnemonist.errors import InvalidArgument, shown


def known(
    cues: Table, *, hidden: float | None = None, tolerance: float | None = None, mask: Path | str | None = None
) -> Marks | None:
    """Mark the numbers (B, N) of the cues that are given, or return None where all are.

    `tolerance` says how far from `hidden` a number may be; unless given, as far as images round (half a level), and
    in arrays and tables not at all.

    Raises InvalidArgument where `hidden` or `mask` was passed and hides nothing, where nothing is left of a
    cue, or where the mask has another size; UnreadableFile where the mask cannot be read.
    """
    check_table("known", "cues", cues)
    given = np.array(present(cues))
    if hidden is not None:
        hidden = _number(hidden)
        given &= ~like(cues, hidden, tolerance)
    if mask is not None:
        given &= _visible(checked_path("known", "mask", mask), cues)
    if not given.all():
        return _some_of_each(given, cues)
    if hidden is not None:
        raise InvalidArgument(
            f"hidden: must be a value that occurs in the cues; {hidden:g} does not. Allow for a tolerance, or leave "
            "it out to clean cues in which nothing is hidden."
        )
    if mask is not None:
        raise InvalidArgument(f"{mask}: must be black (0) where the cues are hidden; it hides nothing.")
    return None


def present(table: Table) -> Marks:
    """Mark the numbers (K, N) of a table that are not missing.

    Raises InvalidArgument where a row has none.
    """
    check_table("present", "table", table)
    levels = levels_in(table.rows)
    there = ~np.isnan(table.rows) if levels is None else levels.present
    return _some_of_each(there, table)


def like(cues: Table, hidden: float, tolerance: float | None) -> Marks:
    """Mark the numbers (B, N) that are `hidden`, to the tolerance."""
    away = None if tolerance is None else as_float(tolerance)
    exact = cues.form.equal(cues.rows, hidden)
    if tolerance is None:
        return exact
    if away is None or not away >= 0:
        raise InvalidArgument(f"tolerance: must be a number >= 0; got {shown(tolerance)}. Leave it out for none.")
    rounding = np.finfo(cues.rows.dtype).eps * max(abs(hidden), 1.0)
    return np.asarray(exact | (np.abs(cues.rows - hidden) <= away + rounding))


def _number(hidden: Any) -> float:
    """Return the number that marks what is hidden."""
    number = as_float(hidden)
    if number is None or math.isnan(number):
        raise InvalidArgument(
            f"hidden: must be a number; got {shown(hidden)}. Leave it out: what is missing is hidden anyway."
        )
    return number


def _some_of_each(given: Marks, table: Table) -> Marks:
    empty = np.flatnonzero(~given.any(axis=1))
    if empty.size:
        raise InvalidArgument(
            f"{table.path}: some of every row must be known; of {table.names[empty[0]]} all is missing or "
            "hidden. Leave it out, or show some of it (in a mask, white is visible)."
        )
    return given


def _visible(path: Path, cues: Table) -> Marks:
    """Read a mask and spread it over (B, N)."""
    return visible(read_mask(path), cues)


def read_mask(path: Path) -> Table:
    """Read a mask, or one for each cue. Raises InvalidArgument where it has missing numbers."""
    table = read(path, key="mask", channels=1)
    if not present(table).all():
        raise InvalidArgument(f"{path}: a mask must hold numbers, 0 where hidden; it has missing ones.")
    return table


def visible(table: Table, cues: Table) -> Marks:
    """Return what a mask, or one for each cue, shows of cues (B, N). Raises InvalidArgument where it does not fit."""
    path, marks = table.path, _fit(np.asarray(table.rows), cues)
    if marks is None or not _same_size(table, cues):
        raise InvalidArgument(
            f"{path}: a mask must have the size of a cue, {cues.form.item}; got {table.form.item}. Crop or scale it."
        )
    if len(marks) not in {1, len(cues.rows)}:
        raise InvalidArgument(
            f"{path}: there must be one mask, or one for each of the {len(cues.rows)} cues; got {len(marks)}."
        )
    jpeg = isinstance(table.form, Gallery) and any(frame.format == "JPEG" for frame in table.form.frames)
    return np.asarray(marks >= 0.5 if jpeg else marks != 0)


def _fit(rows: Rows, cues: Table) -> Rows | None:
    """Bring a mask's rows to width N; None where they do not fit."""
    width = cues.rows.shape[1]
    if rows.shape[1] == width:
        return rows
    channels = cues.form.channels if isinstance(cues.form, Gallery) else 1
    if rows.shape[1] * channels == width:
        return np.repeat(rows, channels, axis=1)
    if rows.size == width:  # an array of one item's own shape, (height, width), looks like many rows
        return rows.reshape(1, width)
    return np.repeat(rows.reshape(1, -1), channels, axis=1) if rows.size * channels == width else None


def _same_size(table: Table, cues: Table) -> bool:
    if isinstance(table.form, Gallery) and isinstance(cues.form, Gallery):
        return table.form.size == cues.form.size
    return True
