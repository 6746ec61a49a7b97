"""Columns by name: where each column that a memory knows stands in a frame.

A memory that stored a frame knows the names of its columns. In another frame they may stand in any order, and those
that are missing are unknown; more than these there must not be. The numbers 0, 1, 2, … that pandas gives to columns
nobody named are no names beside others; then, as with arrays, places count.

Shapes: names (M,) as given, (N,) as held; places (N,).
"""

from collections import Counter
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument

Names = tuple[Any, ...]
Places = np.ndarray[Any, np.dtype[np.int64]]


def places_of(what: str, given: Names | None, held: Names | None) -> Places | None:
    """Return where each held column stands among those given, −1 for none; None where columns stand as they are."""
    if given is None:
        return None
    if twice := [name for name, count in Counter(given).items() if count > 1]:
        raise InvalidArgument(
            f"{what} must have columns of different names; got {twice[0]!r} more than once. Rename one."
        )
    if held is None or given == held:
        return None
    known, there = set(held), {name: place for place, name in enumerate(given)}
    if known.issuperset(given):
        return np.array([there.get(name, -1) for name in held], dtype=np.int64)
    if _unnamed(given) or _unnamed(held):
        return None
    other, lost = [name for name in given if name not in known], [name for name in held if name not in there]
    without = f", and not {_listed(lost)}" if lost else ""
    raise InvalidArgument(
        f"{what} must have the columns that were stored, or some of them; got {_listed(other)}{without}. "
        "Leave them out or rename them, or pass frame.to_numpy() to go by position."
    )


def placed(values: Any, places: Places | None, fill: Any) -> Any:
    """Return values (..., M) of given columns as those of the held ones (..., N), and a fill where there is none."""
    if places is None:
        return values
    if not values.shape[-1]:
        return np.full((*values.shape[:-1], len(places)), fill)
    found = values[..., places]
    return found if (places >= 0).all() else np.where(places >= 0, found, np.asarray(fill, _dtype(values, fill)))


def _dtype(values: Any, fill: Any) -> Any:
    return values.dtype if values.dtype.kind in "fb" else np.asarray(fill).dtype


def _unnamed(names: Names) -> bool:
    return names == tuple(range(len(names)))


def _listed(names: list[Any]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(map(repr, names[:5])) + more


def described_names(key: str, names: Names | None) -> dict[str, Any]:
    """Return the names as a description of a memory has them: texts and whole numbers; others are not kept."""
    plain = [int(name) if isinstance(name, (int, np.integer)) else name for name in names or ()]
    kept = plain and not any(isinstance(name, bool) or not isinstance(name, (str, int)) for name in plain)
    return {key: plain} if kept else {}
