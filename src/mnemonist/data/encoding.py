"""Encodings: rows as a memory's neurons can hold them, and states as the rows' file can hold them.

    Plain       x                              real neurons hold rows as they are
    Threshold   s = +1 where x ≥ m, else −1    m = (low + high)/2, low, high the ends of the memories' range
                x = m + s (high − low)/2
    Length      x = ‖ξ‖ s                      the nearest memory lends its length to a state of length 1

Shapes: rows, states are (B, N); known is boolean (B, N) or None; nearest is (B,), memories' row numbers.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mnemonist.core.neurons import Neurons, Sphere
from mnemonist.data.table import Marks, Rows
from mnemonist.errors import InvalidArgument


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
        return rows if known is None else np.where(known, rows, rows.dtype.type(0))

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return the states."""
        return states


@dataclass(frozen=True)
class Threshold:
    """Rows as ±1: above or below the middle of the memories' range.

    >>> encoding = Threshold(low=0.0, high=10.0)
    >>> encoding.encode(np.array([[2.0, 5.0, 9.0]]), None)
    array([[-1.,  1.,  1.]])
    >>> encoding.decode(np.array([[-1.0, 0.0, 1.0]]), np.array([0]))
    array([[ 0.,  5., 10.]])
    """

    low: float
    high: float

    def encode(self, rows: Rows, known: Marks | None) -> Rows:
        """Return ±1, and 0 where unknown."""
        middle = (self.low + self.high) / 2
        return Plain().encode(np.where(rows >= middle, 1.0, -1.0), known)

    def decode(self, states: Rows, nearest: NDArray[np.int64]) -> Rows:
        """Return low for −1, high for +1 and their middle for an undecided 0."""
        return (self.low + self.high) / 2 + states * ((self.high - self.low) / 2)


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


def encoding(neurons: Neurons, memories: Rows) -> Encoding:
    """Return the encoding that these neurons need for these memories (K, N), which may hold NaN.

    Raises InvalidArgument where ±1 neurons are to hold memories that are all one number.
    """
    if isinstance(neurons, Sphere):
        return Length(np.sqrt(np.nansum(memories * memories, axis=1)))
    if not neurons.discrete:
        return Plain()
    seen = memories[~np.isnan(memories)]
    if seen.size == 0 or seen.min() == seen.max():
        raise InvalidArgument(
            "memories: must hold two different numbers at least, to be told apart as ±1; all are the same. "
            "Choose a model with real neurons."
        )
    return Threshold(float(seen.min()), float(seen.max()))
