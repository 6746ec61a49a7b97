"""Notes on rows: what of a table could not be read, or is not compared, said in a sentence each."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mnemonist.tasks.column_kinds import Carried, Category, Codes, Number, Ordinal
from mnemonist.tasks.dates import Date
from mnemonist.tasks.frames import Frame
from mnemonist.tasks.schema import Schema

_MOST = 3  # values that a sentence shows
_FEW = 6  # different numbers that show what is far from them


def notes_on(schema: Schema, table: Frame, codes: Codes, *, new: bool) -> tuple[str, ...]:
    """Return sentences on rows (B, C); `new` ones are not those that the memory was made of."""
    return tuple(_notes(schema, table, codes, new))


def _notes(schema: Schema, table: Frame, codes: Codes, new: bool) -> Iterator[str]:
    yield from _odd_cells(schema, table, codes)
    if new:
        extra = [name for name in table.columns if name not in schema.kinds]
        lacking = [name for name in schema.names if name not in table.columns]
        if extra:
            yield f"{_listed(extra)} {'is' if len(extra) == 1 else 'are'} not in the memory, and carried along."
        if lacking:
            yield f"{_listed(lacking)} {'is' if len(lacking) == 1 else 'are'} in the memory alone, and unknown here."
    carried: dict[str, list[str]] = {}
    for name, kind in schema.kinds.items():
        if isinstance(kind, Carried) and kind.named != "ignored" and name in table.columns:
            carried.setdefault(kind.named, []).append(name)
    for named, names in carried.items():
        one, several = _WHY.get(named, ("is not compared", "are not compared"))
        yield f"{_listed(names)} {one if len(names) == 1 else several}: carried along, not filled."


def _odd_cells(schema: Schema, table: Frame, codes: Codes) -> Iterator[str]:
    """Say of columns that are compared what could not be read, and what is far from all else."""
    for place, name in enumerate(schema.names):
        if name not in table.columns:
            continue
        unread = np.isnan(codes[:, place]) & ~schema.blank(table.columns[name])
        if unread.any():
            yield _unread(name, schema, [table.columns[name][row] for row in np.flatnonzero(unread)])
        if isinstance(schema.kinds[name], Number) and (far := far_off(codes[:, place])) is not None:
            yield f"{name}: {far:g} is far from all other values; if it means none, hide it."


def far_off(codes: Codes) -> float | None:
    """Return the number that is far from all others, as one that stands for none is: by thrice what these span.

    >>> far_off(np.array([1.0, 2, 3, 4, 5, 6, -999, -999])), far_off(np.arange(9.0))
    (-999.0, None)
    """
    known = np.unique(codes[~np.isnan(codes)])
    if len(known) < _FEW:
        return None
    gaps = known[1] - known[0], known[-1] - known[-2]
    low, high = known[-1] - known[1], known[-2] - known[0]
    if gaps[0] > 3 * low > 0:
        return float(known[0])
    return float(known[-1]) if gaps[1] > 3 * high > 0 else None


_WHY = {
    "key": ("names rows", "name rows"),
    "text": ("is free text", "are free text"),
    "empty": ("is empty", "are empty"),
    "one value": ("has one value only", "have one value only"),
    "unreadable": ("has no number below 1e150", "have no number below 1e150"),
}


def _unread(name: str, schema: Schema, values: list[Any]) -> str:
    """Say which cells of a column tell nothing."""
    kind = schema.kinds[name]
    what = "no option that the memory knows" if isinstance(kind, (Category, Ordinal)) else (
        "no date of its form" if isinstance(kind, Date) else "no number that can be compared"
    )  # fmt: skip
    some = ", ".join(repr(value) for value in list(dict.fromkeys(map(str, values)))[:_MOST])
    more = ", …" if len(set(map(str, values))) > _MOST else ""
    count = len(values)
    return (
        f"{name}: {count} {'cell is' if count == 1 else 'cells are'} {what} ({some}{more}); kept, and taken as unknown."
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
