"""Encodings: rows as a memory's neurons can hold them, and states as the rows' file can hold them.

    Plain       x                              real neurons hold rows as they are
    Threshold   s = +1 where x ≥ m, else −1    m = (low + high)/2, low, high the ends of the memories' range
                x = high, m, low for s = 1, 0, −1
    Length      x = ‖ξ‖ s                      the nearest memory lends its length to a state of length 1
    Stretched   s = (x − m)/(high − m)         graded neurons hold what lies between, −1 … 1; the rest is cut off
    Scaled      z = (x − mean)/spread          columns of unlike units made alike, then one of the above; back again

In a table each column has a unit of its own: it is cut at its own m, or scaled by its own mean and spread (the
standard deviation of the memories, 1 where they are all the same).

Shapes: rows, states are (B, N); known is boolean (B, N) or None; nearest is (B,), memories' row numbers.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mnemonist.core.neurons import Neurons
from mnemonist.data.levels import levels_in
from mnemonist.data.table import Marks, Rows
from mnemonist.errors import InvalidArgument

_REST = 1e-9  # the relative movement at which a recall in float64 rests: closer is the same


class Encoding(Protocol):
    """A way into a memory, and out of it again."""

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return what to store or to recall from; an unknown number becomes 0."""

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return recalled states as rows like those that were stored."""


@dataclass(frozen=True)
class Plain:
    """Rows as they are."""

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return the rows, 0 where unknown."""
        return np.asarray(rows) if known is None else np.where(known, rows, rows.dtype.type(0))

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return the states."""
        return states


@dataclass(frozen=True, eq=False)
class Threshold:
    """Rows as ±1: above or below the middle of the memories' range, one range for all or one (N,) for each column.

    >>> encoding = Threshold(low=np.array(0.0), high=np.array(10.0))
    >>> encoding.encode(np.array([[2.0, 5.0, 9.0]]), None)
    array([[-1.,  1.,  1.]])
    >>> encoding.decode(np.array([[-1.0, 0.0, 1.0]]), np.array([0]))
    array([[ 0.,  5., 10.]])
    """

    low: Rows
    high: Rows

    @property
    def middle(self) -> Rows:
        """Where rows are cut: above the low end, even where no float lies between."""
        middle = self.low + (self.high - self.low) / 2
        return np.where(middle > self.low, middle, self.high)

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return ±1, and 0 where unknown."""
        return Plain().encode(np.where(rows >= self.middle, 1.0, -1.0), known)

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return low for −1, high for +1 and their middle for an undecided 0."""
        return np.where(states > 0, self.high, np.where(states < 0, self.low, self.middle))

    def keeps(self, rows: Rows) -> bool:
        """Say whether rows (K, N), which may hold NaN, are two-valued already, so that nothing of them is lost."""
        return bool(np.all((rows == self.low) | (rows == self.high) | np.isnan(rows)))


@dataclass(frozen=True, eq=False)
class Stretched:
    """Rows from −1 to 1 over the memories' range, one range for all or one (N,) for each column.

    >>> encoding = Stretched(low=np.array(0.0), high=np.array(10.0))
    >>> encoding.encode(np.array([[0.0, 5.0, 12.0]]), None)
    array([[-1.,  0.,  1.]])
    >>> encoding.decode(np.array([[-1.0, 0.0, 0.5]]), np.array([0]))
    array([[0. , 5. , 7.5]])
    """

    low: Rows
    high: Rows

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return −1 … 1, and 0 where unknown or where the memories are all one number."""
        middle, half = self._scale()
        return Plain().encode(np.clip((rows - middle) / np.where(half > 0, half, 1.0), -1.0, 1.0), known)

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return states as numbers of the memories' range."""
        middle, half = self._scale()
        return middle + half * states

    def _scale(self) -> tuple[Rows, Rows]:
        half = self.high / 2 - self.low / 2
        return self.low + half, half


@dataclass(frozen=True)
class Length:
    """Rows as directions; `lengths` (K,) are those of the memories."""

    lengths: Rows

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return the rows, 0 where unknown: the memory itself takes their direction."""
        return Plain().encode(rows, known)

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return the states with the length of their nearest memory."""
        return states * self.lengths[nearest][:, None]


@dataclass(frozen=True, eq=False)
class Scaled:
    """Rows with each column at mean 0 and spread 1 over the memories (K, N), and then as `inner` has it.

    >>> memories = np.array([[1.0, 1000.0], [3.0, 5000.0]])
    >>> encoding = Scaled(memories, *scale(memories), Plain())
    >>> encoding.encode(memories, None)
    array([[-1., -1.],
           [ 1.,  1.]])
    """

    memories: Rows
    mean: Rows
    spread: Rows
    inner: Plain | Length

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return the scaled rows as `inner` encodes them."""
        return self.inner.encode((rows - self.mean) / self.spread, known)

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return the states unscaled; what is within a recall's tolerance of the nearest memory is its number."""
        rows, found = self.mean + self.spread * self.inner.decode(states, nearest), self.memories[nearest]
        close = np.abs(rows - found) <= _REST * self.spread + np.finfo(float).eps * 4 * np.abs(found)
        return np.where(close, found, rows)


def encoding_of(neurons: Neurons, memories: Rows, *, columns: bool) -> Encoding:
    """Return the encoding that these neurons need for these memories (K, N), in one unit or each of the `columns`."""
    return column_encoding(neurons, memories) if columns else encoding(neurons, memories)


def encoding(neurons: Neurons, memories: Rows) -> Encoding:
    """Return the encoding that these neurons need for these memories (K, N), which may hold NaN; one unit for all.

    Raises InvalidArgument where ±1 neurons are to hold memories that are all one number.
    """
    if neurons.directions:
        return Length(np.sqrt(np.nansum(memories * memories, axis=1)))
    if neurons.bounded:
        return Stretched(*_ends(memories, None))
    return _threshold(*_ends(memories, None)) if neurons.discrete else Plain()


def column_encoding(neurons: Neurons, memories: Rows) -> Encoding:
    """Return the encoding that these neurons need for these memories (K, N), each column in a unit of its own.

    Raises InvalidArgument where ±1 neurons are to hold memories that are all one row.
    """
    if neurons.discrete:
        return _threshold(*_ends(memories, 0))
    if neurons.bounded:
        return Stretched(*_ends(memories, 0))
    mean, spread = scale(memories)
    inner = encoding(neurons, (memories - mean) / spread)
    return Scaled(memories, mean, spread, inner if isinstance(inner, Length) else Plain())


def scale(memories: Rows) -> tuple[Rows, Rows]:
    """Return the mean and the spread (N,) of each column, passing NaN over; 0 and 1 of a column without numbers."""
    low, high = _ends(memories, 0)
    there = ~np.isnan(memories)
    unit = np.where(high > low, np.maximum(np.abs(low), np.abs(high)), 1.0)  # squares of large numbers overflow
    count = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, memories / unit, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(there, memories / unit - mean, 0) ** 2).sum(axis=0) / count) * unit
    constant = (low == high) | (spread == 0)
    return np.where(constant, low, mean * unit), np.where(constant, 1.0, spread)


def _ends(memories: Rows, axis: int | None) -> tuple[Rows, Rows]:
    """Return the least and the greatest number of all, or of each column; 0 and 0 where there is none."""
    levels = levels_in(memories)
    if levels is not None and axis is None:
        return levels.ends()
    there = ~np.isnan(memories)
    low = np.min(memories, axis=axis, where=there, initial=np.inf)
    high = np.max(memories, axis=axis, where=there, initial=-np.inf)
    empty = low > high
    return np.where(empty, 0.0, low), np.where(empty, 0.0, high)


def _threshold(low: Rows, high: Rows) -> Threshold:
    if np.all(low == high):
        raise InvalidArgument(
            "memories: must hold two different numbers at least, to be told apart as ±1; all are the same. "
            "Choose a model with real neurons."
        )
    return Threshold(low, high)
