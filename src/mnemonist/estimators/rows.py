"""Rows as estimators take them: of a size that can be squared, and known again where they were fitted.

A row that was fitted is told by the others: it may not answer for itself. It is known by its values, wherever it
stands; of equal ones the last counts. Shapes: rows (B, N), fitted (K, N), NaN where unknown.
"""

from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument

Numbers = np.ndarray[Any, Any]

_MOST = 1e150  # whose square, summed, is a number
_ODD = 0x9E3779B97F4A7C15  # spreads bits of float64


def check_size(who: str, name: str, values: Numbers) -> None:
    """Refuse what is beyond 1e150 in size: its squares would not be numbers."""
    worst = float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0))
    if worst > _MOST:
        raise InvalidArgument(
            f"{who}: {name} must be at most {_MOST:g} in size, so that squares fit; got {worst:g}. Scale it."
        )


def places(rows: Numbers, fitted: Numbers) -> Numbers:
    """Return where each row stands (B,) among those that were fitted, −1 where it does not; costs O((K + B) N)."""
    asked, held = _plain(rows), _plain(fitted)
    if asked.shape == held.shape and np.array_equal(asked.view(np.uint64), held.view(np.uint64)):
        return np.arange(len(asked))
    maybe = np.flatnonzero(np.isin(_marks(held), _marks(asked)))
    place = {held[i].tobytes(): i for i in maybe.tolist()}
    return np.array([place.get(row.tobytes(), -1) for row in asked], np.int64)


def _marks(rows: Numbers) -> Numbers:
    """Return a number (B,) of each row, the same of equal rows."""
    factors = np.arange(1, 2 * rows.shape[1], 2).astype(np.uint64) * np.uint64(_ODD)
    return np.asarray(rows.view(np.uint64) @ factors)


def _plain(rows: Numbers) -> Numbers:
    """Return rows in float64 with one NaN and one zero for all, so that equal rows have equal bytes."""
    return np.ascontiguousarray(np.where(np.isnan(rows), np.nan, rows + 0.0), np.float64)
