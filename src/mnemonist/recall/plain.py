"""What users pass in as plain arrays: frames put in order, missing cells as unknown ones, True and False as levels.

    True    +1 of ±1 and graded neurons, 1 of all others: the higher level of neurons that have two
    False   −1 of ±1 and graded neurons, 0 of all others: the lower one

Arrays go by position, frames by the names of their columns where a memory knows them. A mask goes with what it is the
mask of: an array is taken as of the columns that were given, a frame by its own names.

Shapes: rows, masks (B, N), or (N,) of one row.
"""

from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, beside, is_array, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.recall.frames import Frame, frame_of
from mnemonist.recall.named_columns import Names, Places, placed, places_of


class Plain(NamedTuple):
    """What was given, as arrays or what can be made one; the masks, `known` first; and the names of the columns."""

    rows: Any
    masks: tuple[Any, ...]
    names: Names | None


def plain(
    who: str, name: str, given: Any, *masks: tuple[str, Any],
    names: Names | None = None, like: Array | None = None, neurons: Neurons | None = None,
) -> Plain:  # fmt: skip
    """Return what was given, and its masks, as plain arrays of columns that are held by these names.

    The first mask says what is known, and is False where a frame has a missing cell. Arrays are passed on as they are.
    """
    if type(given) is np.ndarray and all(mask is None for _, mask in masks):
        return Plain(given, (None,) * len(masks), None)  # as most are
    frame = frame_of(f"{who}: {name}", given)
    if frame is None:
        return Plain(given, tuple(_mask(f"{who}: {of}", mask, names) for of, mask in masks), None)
    places = places_of(f"{who}: {name}", frame.names, names)
    rows = _levelled(placed(frame.rows, places, np.nan), placed(frame.truths, places, False), neurons)
    found = [_mask(f"{who}: {of}", mask, frame.names, frame, places) for of, mask in masks]
    missing = np.isnan(rows)
    if found and missing.any():
        found[0] = _both(found[0], ~missing)
    return Plain(_like(rows, like), tuple(_like(mask, like) for mask in found), frame.names if names is None else names)


def _mask(what: str, given: Any, names: Names | None, frame: Frame | None = None, places: Places | None = None) -> Any:
    """Return a mask of columns of these names; one that goes with a frame is placed as that is."""
    if given is None or isinstance(given, bool):
        return given
    table = frame_of(what, given)
    if table is not None:
        if not table.truths.all() or np.isnan(table.rows).any():
            raise InvalidType(f"{what} must be True or False in every cell; got other ones. Pass frame.notna().")
        given = placed(table.rows.astype(np.bool_), places_of(what, table.names, names), False)
    if frame is None:
        return given
    mask, shape = np.asarray(given), frame.rows.shape
    try:
        return placed(np.broadcast_to(mask, shape), places, False)
    except ValueError:
        raise InvalidArgument(
            f"{what} must have the shape of what it is the mask of, {shape}, or {shape[-1:]}; got {mask.shape}. "
            "Pass one value per cell, or a frame."
        ) from None


def _both(mask: Any, there: Any) -> Any:
    """Return where a mask, True for none, and the cells that are there agree; one of numbers is left to be refused."""
    given = np.asarray(True if mask is None else mask)
    return given & there if given.dtype == np.bool_ else mask


def _like(values: Any, like: Array | None) -> Any:
    return values if like is None or not is_array(values) else beside(values, like)


def _levelled(rows: Any, truths: Any, neurons: Neurons | None) -> Any:
    """Return rows (..., N) with levels in place of 1 and 0 in the columns of True and False."""
    if not rows.ndim or not truths.any():
        return rows
    lows, highs = _levels(neurons, rows.shape[-1])
    levels = np.where(truths, (highs - lows) * rows + lows, rows)
    return levels.astype(np.result_type(rows, lows))


def as_levels(truths: Array, neurons: Neurons | None) -> Array:
    """Return an array of True and False (..., N) as levels; whole ones as int8."""
    lows, highs = (beside(levels, truths) for levels in _levels(neurons, truths.shape[-1]))
    return namespace(truths).where(truths, highs, lows)


def _levels(neurons: Neurons | None, width: int) -> tuple[Any, Any]:
    """Return what False and True are in each of so many columns (N,); whole ones as int8."""
    levels = np.stack([np.zeros(width), np.ones(width)])
    for part, kind in () if neurons is None else neurons.parts:
        levels[0, part], levels[1, part] = kind.levels or (-float(kind.bounded), 1.0)
    low, high = levels if (levels != np.rint(levels)).any() else levels.astype(np.int8)
    return low, high
