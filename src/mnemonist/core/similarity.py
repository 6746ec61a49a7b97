r"""Similarities: how alike a state x and a stored pattern ξ are.

    Dot          h = x·ξ                 (on ±1, N − 2 × the Hamming distance)
    Cosine       h = x·ξ / ‖x‖‖ξ‖        (0 where either is zero)
    Euclidean    h = −½ ‖x − ξ‖²
    Manhattan    h = −‖x − ξ‖₁

Where `compare` or `known` is given, only coordinates known on both sides count, in the norms too.

Source: Millidge et al. 2022, arXiv:2202.04557 (there Euclidean and Manhattan are 1/distance).
Shapes: state and compare are (..., N); rows and known are (K, N), rows 0 where unknown; h is (..., K).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace

_COLUMNS = 64  # coordinates that Manhattan looks at in one go, to keep (B, K, columns) small


class Similarity(ABC):
    """How alike states and stored patterns are.

    `has_energy` says whether the readout Σ f ξ descends an energy; `confining` whether h falls like −½‖x‖², so that
    real states need no ½‖x‖² of their own; `negative` whether h ≤ 0.
    """

    has_energy: ClassVar[bool] = False
    confining: ClassVar[bool] = False
    negative: ClassVar[bool] = False

    @abstractmethod
    def scores(self, state: Array, rows: Array, *, compare: Array | None = None, known: Array | None = None) -> Array:
        """Return h (..., K) of states (..., N) against rows (K, N), in O(K N) per state."""


@dataclass(frozen=True)
class Dot(Similarity):
    """Return h = x·ξ.

    >>> import numpy as np
    >>> Dot().scores(np.array([1.0, -1.0, 1.0]), np.array([[1.0, -1.0, -1.0]]))
    array([1.])
    """

    has_energy: ClassVar[bool] = True

    def scores(self, state: Array, rows: Array, *, compare: Array | None = None, known: Array | None = None) -> Array:
        """Return x·ξ; an unknown coordinate of a row is 0 already."""
        return _kept(state, compare) @ rows.T


@dataclass(frozen=True)
class Cosine(Similarity):
    """Return h = x·ξ / ‖x‖‖ξ‖ over the coordinates known on both sides."""

    def scores(self, state: Array, rows: Array, *, compare: Array | None = None, known: Array | None = None) -> Array:
        """Return the cosines, 0 where a norm is 0."""
        xp = namespace(state, rows)
        x = _kept(state, compare)
        lengths = xp.sqrt(_totals(x * x, known) * _matched(rows * rows, compare))
        return (x @ rows.T) / xp.where(lengths > 0, lengths, xp.ones_like(lengths))


@dataclass(frozen=True)
class Euclidean(Similarity):
    """Return h = −½ ‖x − ξ‖², from one matrix product.

    Both sides are first moved by the mean of the rows, so that an offset that all data share cancels before squaring.
    """

    has_energy: ClassVar[bool] = True
    confining: ClassVar[bool] = True
    negative: ClassVar[bool] = True

    def scores(self, state: Array, rows: Array, *, compare: Array | None = None, known: Array | None = None) -> Array:
        """Return −½ of the squared distances."""
        xp = namespace(state, rows)
        if rows.shape[0] == 0:
            return xp.zeros((*state.shape[:-1], 0), dtype=state.dtype)
        centre = xp.sum(rows, axis=0) / _counts(rows, known)
        x, y = _kept(state - centre, compare), _kept(rows - centre, known)
        return x @ y.T - (_totals(x * x, known) + _matched(y * y, compare)) / 2


@dataclass(frozen=True)
class Manhattan(Similarity):
    """Return h = −‖x − ξ‖₁."""

    negative: ClassVar[bool] = True

    def scores(self, state: Array, rows: Array, *, compare: Array | None = None, known: Array | None = None) -> Array:
        """Return minus the summed distances, a few columns at a time."""
        xp = namespace(state, rows)
        h = xp.zeros((*state.shape[:-1], rows.shape[0]), dtype=xp.result_type(state, rows))
        for start in range(0, state.shape[-1], _COLUMNS):
            part = slice(start, min(start + _COLUMNS, state.shape[-1]))
            apart = xp.abs(state[..., None, part] - rows[:, part])  # (..., K, columns)
            if compare is not None:
                apart = xp.where(compare[..., None, part], apart, xp.zeros_like(apart))
            if known is not None:
                apart = xp.where(known[:, part], apart, xp.zeros_like(apart))
            h = h - xp.sum(apart, axis=-1)
        return h


def _kept(x: Array, mask: Array | None) -> Array:
    """Return x where the mask is True, else 0, whatever stood there."""
    return x if mask is None else namespace(x).where(mask, x, namespace(x).zeros_like(x))


def _totals(x: Array, known: Array | None) -> Array:
    """Return Σ_i x_i over the coordinates that each row knows: (..., N) -> (..., 1) or (..., K)."""
    xp = namespace(x)
    return xp.sum(x, axis=-1, keepdims=True) if known is None else x @ xp.astype(known, x.dtype).T


def _matched(y: Array, compare: Array | None) -> Array:
    """Return Σ_i y_i over the coordinates that each state knows: (K, N) -> (K,) or (..., K)."""
    xp = namespace(y)
    return xp.sum(y, axis=-1) if compare is None else xp.astype(compare, y.dtype) @ y.T


def _counts(rows: Array, known: Array | None) -> Array | int:
    """Return how many rows know each coordinate, 1 at least."""
    if known is None:
        return int(rows.shape[0])
    xp = namespace(rows)
    count = xp.sum(xp.astype(known, rows.dtype), axis=0)
    return xp.where(count > 0, count, xp.ones_like(count))
