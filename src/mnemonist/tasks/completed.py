"""What comes of completing a table: the table, and of each cell that was filled how sure it is and what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 5  # alternatives


@dataclass(frozen=True)
class FilledCell:
    """A cell that was filled: its value as its column has it, ± a standard error of a number, the confidence in
    [0, 1], other values with their shares, and the memory's rows that it rests on most, with their weights.
    """

    row: int
    column: str
    value: Any
    spread: float
    confidence: float
    alternatives: tuple[tuple[Any, float], ...]
    because: tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Completed:
    """A table of B rows and M columns, completed.

    `frame` is of the caller's library. `filled` (B, M) marks the cells that were filled, `blank` those that stay empty.
    `confidence` and `spread` (B, M) are NaN but where filled; `because` are the ids of the rows that an answer rests
    on, and their weights, (B, k) each; `choice` says how numbers and categories were told.
    """

    frame: Any
    columns: tuple[str, ...]
    filled: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    spread: NDArray[np.float64]
    because: tuple[NDArray[np.int64], NDArray[np.float64]]
    changes: dict[str, dict[int, Any]]
    notes: tuple[str, ...] = ()
    choice: Any = None
    completion: Any = None
    options: dict[str, tuple[tuple[Any, ...], NDArray[np.float64]]] = field(default_factory=dict)

    @property
    def familiarity(self) -> NDArray[np.float64]:
        """The share (B,) of rows in memory that are odder than each of these."""
        return np.asarray(self.completion.familiarity)

    @cached_property
    def alternatives(self) -> dict[tuple[int, str], list[tuple[Any, float]]]:
        """Of each filled cell of a category, by (row, column): values and their shares, the likeliest first."""
        return {
            (row, name): self._shares(row, name)
            for name, cells in self.changes.items()
            if name in self.options
            for row in cells
        }

    def cells(self) -> Iterator[FilledCell]:
        """Yield the cells that were filled, row by row."""
        places = {name: place for place, name in enumerate(self.columns)}
        ids, weights = self.because
        for row in np.flatnonzero(self.filled.any(axis=1)).tolist():
            rests = tuple(
                (int(i), float(w)) for i, w in zip(ids[row], weights[row], strict=True) if i >= 0 and w > 0.005
            )
            for name, cells in self.changes.items():
                if row in cells:
                    at = row, places[name]
                    others = tuple(self.alternatives.get((row, name), ()))
                    yield FilledCell(
                        row, name, cells[row], float(self.spread[at]), float(self.confidence[at]), others, rests
                    )

    def _shares(self, row: int, name: str) -> list[tuple[Any, float]]:
        options, shares = self.options[name]
        order = np.argsort(-shares[row], kind="stable")[:_MOST]
        return [(options[place], float(shares[row, place])) for place in order if shares[row, place] > 0]

    def __repr__(self) -> str:
        """Return what was filled, in one line."""
        return f"Completed({len(self.filled)} rows: {self.filled.sum()} cells filled, {self.blank.sum()} left blank)"
