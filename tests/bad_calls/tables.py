"""What a memory takes for rows, said apart from the library: arrays, True and False, masked arrays, data frames.

True, False     1 and a level of the neurons, −1 of those that are ±1 and 0 of all others
no value        NaN of a frame or a masked array: equal to an array with known= False there
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from bad_calls.roles import FRAMES, Role, is_foreign, number, plain, several
from bad_calls.values import ROWS, N


class Cells(NamedTuple):
    """Numbers, and where there are some; `loose` says that others may be missing, as in a frame."""

    numbers: np.ndarray
    known: np.ndarray


def cells(value: Any, *, foreign: bool = False, low: Any = 0.0) -> Cells | None:
    """Return what is in a table, of which False is `low`, one number or one per column; None of what is none."""
    loose = isinstance(value, (np.ma.MaskedArray, *FRAMES))
    holes: Any = False
    if isinstance(value, np.ma.MaskedArray):
        value, holes = value.data, np.ma.getmaskarray(value)
    elif loose:
        value = value.to_numpy()
    elif foreign and is_foreign(value):
        value = value.detach().numpy() if hasattr(value, "detach") else np.from_dlpack(value)
    if not several(value):
        return None
    x = np.asarray(value)
    if x.dtype.kind == "b":
        x = np.where(x, 1.0, low)
    if x.dtype.kind not in "fiu":
        return None
    x = np.where(holes, np.nan, x) if np.any(holes) else x
    return Cells(x, ~np.isnan(x) if loose else np.ones(x.shape, bool))


def rows(
    good: Any = ROWS, *, levels: tuple = (), width: int | None = N, single: bool = False, foreign: bool = False,
    low: Any = 0.0, holes: str = "", blank: bool = False, directed: bool = False, neurons: Any = None,
    undecided: bool = False, none: bool = False,
) -> Role:  # fmt: skip
    """Rows of numbers, or one: of a width, of some levels.

    Where they may have `holes`, that is the name of the mask that says so too; a row may be `blank` if it may be all
    holes. `directed` rows are not 0; `neurons` say what fits variables and columns, none of them torn.
    """

    def read(value: Any) -> Cells | None:
        try:
            return cells(value, foreign=foreign, low=low)
        except Exception:  # what cannot be asked is none
            return None

    def fits(value: Any) -> bool:
        if value is None:
            return none
        table = read(value)
        if table is None or table.numbers.ndim not in ((1,) if single else (1, 2)) or not table.numbers.shape[-1]:
            return False
        x, known = table
        missing = known.all() or (holes and (blank or known.any(-1).all()))
        if (width is not None and x.shape[-1] != width) or not missing:
            return False
        x = np.where(known, x, 0.0)
        if neurons is not None and not _whole(np.atleast_2d(x), np.atleast_2d(known), neurons, undecided):
            return False
        leveled = not levels or np.isin(x[known], levels).all()
        return bool(np.isfinite(x).all() and leveled and not (directed and (known.any(-1) & ~x.any(-1)).any()))

    def usual(value: Any) -> Any:
        table = read(value)
        return None if table is None else table.numbers.astype(np.float64)

    def beside(value: Any) -> dict[str, Any]:
        table = read(value)
        return {} if table is None or table.known.all() else {holes: table.known}

    return Role(lambda: np.array(good), fits, usual, beside=beside)


def _whole(x: np.ndarray, known: np.ndarray, neurons: Any, undecided: bool) -> bool:
    """Say whether rows fit neurons of several columns, and no variable is known in part."""
    torn = any(kind.torn(known[:, part]).any() for part, kind in neurons.parts)
    return not torn and not (neurons.misfit(x, undecided=undecided) & known).any()


def values() -> Role:
    """Values of three patterns, one row or one number each, or nothing."""
    some = rows(width=None, none=True)
    fits = lambda x: some.accepts(x) and (x is None or len(cells(x).numbers) == 3)  # noqa: E731
    return replace(some, good=lambda: None, fits=fits)


def strength(*, none: bool = False) -> Role:
    """A number > 0, or one for each of three patterns."""
    alone, each = number(2.0, 0, words=(None,) if none else ()), rows(np.ones(3), width=3, single=True)

    def fits(value: Any) -> bool:
        x = plain(value)
        several = x is not None and each.accepts(value) and bool((x > 0).all())
        return several or (alone.accepts(value) and (value is None or float(value) > 0))

    return replace(alone, fits=fits, usual=lambda x: alone.usual(x) if alone.accepts(x) else each.usual(x))
