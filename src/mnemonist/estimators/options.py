"""Options of columns as an imputer takes them: codes are their places, and what comes back is what was given.

Cells that are equal are one option, 1 and "1" are two, and an option that was not fitted is unknown.

Shapes: column (B,).
"""

from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument

Numbers = np.ndarray[Any, Any]

_TIMES = ("date", "time", "duration", "period")


def missing(column: Numbers) -> Numbers:
    """Return which cells (B,) are NaN, None or NA."""
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind != "O":
        return np.zeros(len(column), bool)
    return np.array(
        [
            cell is None or (isinstance(cell, float) and np.isnan(cell)) or type(cell).__name__ in ("NAType", "NaTType")
            for cell in column
        ],
        bool,
    )


def options_of(column: Numbers) -> Numbers:
    """Return the options (V,) of a column, in order."""
    known = column[~missing(column)]
    if known.dtype.kind != "O":
        return np.unique(known)
    cells = list({_key(cell): cell for cell in reversed(known)}.values())
    try:
        cells.sort()
    except TypeError:  # of several kinds
        cells.sort(key=str)
    options = np.empty(len(cells), object)
    options[:] = cells
    return options


def codes_of(column: Numbers, options: Numbers) -> Numbers:
    """Return the place (B,) of each cell among the options, NaN where it is unknown or none of them."""
    place = {_key(option): float(code) for code, option in enumerate(options.tolist())}
    found = np.array([place.get(_key(cell), np.nan) for cell in column.tolist()], np.float64)
    return np.where(missing(column), np.nan, found)


def _key(cell: Any) -> Any:
    """Return what tells cells apart."""
    try:
        hash(cell)
    except TypeError:
        return repr(cell)
    return cell


def is_numeric(column: Numbers) -> bool:
    """Return whether all known cells are numbers, and not yes or no alone."""
    if column.dtype.kind in "fiub":
        return bool(column.dtype.kind != "b")
    known = column[~missing(column)]
    if len(known) and all(isinstance(cell, (bool, np.bool_)) for cell in known):
        return False
    return all(isinstance(cell, (bool, int, float, np.number, np.bool_)) for cell in known)


def yes_no(X: Any) -> list[int]:
    """Return which columns of a frame hold True and False by their dtype, whatever an array makes of them."""
    return [i for i, (_, kind) in enumerate(_kinds(X)) if kind.startswith("bool")]


def refuse_times(who: str, X: Any) -> None:
    """Refuse a frame or an array that holds dates or times, which are neither numbers nor options."""
    odd = [name for name, kind in _kinds(X) if kind.startswith(_TIMES)]
    if odd or getattr(getattr(X, "dtype", None), "kind", None) in ("m", "M"):
        raise InvalidArgument(
            f"{who}: X must hold numbers or options; got dates or times{f' in column {odd[0]!r:.60}' if odd else ''}. "
            "Make numbers of them, or complete them by tasks.RecordMemory."
        )


def _kinds(X: Any) -> list[tuple[Any, str]]:
    """Return the names of the columns of a frame and what they hold; nothing of an array."""
    names, kinds = getattr(X, "columns", None), getattr(X, "dtypes", None)
    if names is None or kinds is None:
        return []
    return [(name, str(kind).lower()) for name, kind in zip(names, kinds, strict=False)]
