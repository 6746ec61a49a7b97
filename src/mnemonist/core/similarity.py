r"""Similarities: how alike a state x and a stored pattern ξ are.

    Dot          h = x·ξ                 (on ±1, N − 2 × the Hamming distance)
    Cosine       h = x·ξ / ‖x‖‖ξ‖        (0 where either is zero)
    Euclidean    h = −½ ‖x − ξ‖²
    Manhattan    h = −‖x − ξ‖₁

Where `cue_mask` or `row_mask` is given, only coordinates known on both sides count, in the norms too. What they add up
to is then less than it would be; `extent` says of how much of a state it is, so that whoever reads can make up for it.

Source: Millidge et al. 2022, arXiv:2202.04557 (there Euclidean and Manhattan are 1/distance).
Shapes: state and cue_mask are (..., N); rows and row_mask (K, N), rows 0 where unknown; h is (..., K). Sets of patterns
side by side broadcast as in a matrix product: of states (..., B, N) and rows (..., K, N) h is (..., B, K).
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Neurons

_CLOSE = 0.1  # squared distances below this share of the terms they are the difference of are computed directly
_NUMBERS = 2**20  # numbers of pairs computed directly in one go


class Similarity(ABC):
    """How alike states and stored patterns are.

    `has_energy` says whether the readout Σ f ξ descends an energy; `confining` whether h falls like −½‖x‖², so that
    real states need no ½‖x‖² of their own; `negative` whether h ≤ 0; `additive` whether h is a sum over coordinates,
    which grows with how many are shared; `references` which papers it comes from, by their keys in the bibliography or
    as BibTeX entries.
    """

    has_energy: ClassVar[bool] = False
    confining: ClassVar[bool] = False
    negative: ClassVar[bool] = False
    additive: ClassVar[bool] = True
    references: ClassVar[tuple[str, ...]] = ()

    @property
    def layout(self) -> tuple[Any, ...]:
        """The columns that neurons must be made of too; () where they may be any."""
        return ()

    @abstractmethod
    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return h (..., K) of states (..., N) against rows (K, N), in O(K N) per state.

        Or h (..., B, K) of states (..., B, N), each against the rows of its own set, (..., K, N).
        """

    def careful_scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return h (B, K) of one set of rows (K, N), with the digits that `scores` may lose to cancellation.

        It may look at the data to do so.
        """
        return self.scores(state, rows, cue_mask=cue_mask, row_mask=row_mask)

    def own(self, neurons: Neurons, state: Array) -> Array:
        """Return A (...), the part of the energy of states (..., N) that is the neurons' own."""
        return namespace(state).zeros_like(state[..., 0]) if self.confining else neurons.energy(state)

    def extent(self, mask: Array) -> Array:
        """Return how much (...) of a state masks (..., N) are of: a coordinate counts 1."""
        return namespace(mask).sum(self.counted(mask), axis=-1)

    def counted(self, mask: Array) -> Array:
        """Return what each coordinate of masks (..., N) counts, 0 where they are False: as floats that hold it."""
        return namespace(mask).astype(mask, namespace(mask).float32)

    def metric(self, x: Array) -> Array:
        """Return x (..., N) in the units in which squared distances count as much as scores do: as it is."""
        return x


@dataclass(frozen=True)
class Dot(Similarity):
    """Return h = x·ξ.

    >>> import numpy as np
    >>> Dot().scores(np.array([1.0, -1.0, 1.0]), np.array([[1.0, -1.0, -1.0]]))
    array([1.])
    """

    has_energy: ClassVar[bool] = True

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return x·ξ; an unknown coordinate of a row is 0 already."""
        return _masked(state, cue_mask) @ rows.mT


@dataclass(frozen=True)
class CentredDot(Similarity):
    """Return h = (x − c)·(ξ − c) over the coordinates known on both sides, c the mean of a neuron."""

    centre: float

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return the products of the differences."""
        return _masked(state - self.centre, cue_mask) @ _masked(rows - self.centre, row_mask).mT


@dataclass(frozen=True)
class Cosine(Similarity):
    """Return h = x·ξ / ‖x‖‖ξ‖ over the coordinates known on both sides."""

    additive: ClassVar[bool] = False
    references = ("millidge2022",)

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return the cosines, 0 where a norm is 0."""
        xp = namespace(state, rows)
        x = _masked(state, cue_mask)
        lengths = xp.sqrt(_totals(x * x, row_mask)) * xp.sqrt(_matched(rows * rows, x, cue_mask))
        return (x @ rows.mT) / xp.where(lengths > 0, lengths, xp.ones_like(lengths))


@dataclass(frozen=True)
class Euclidean(Similarity):
    """Return h = −½ ‖x − ξ‖², from one matrix product.

    Both sides are first moved by the mean of the states, so that an offset that all share cancels before squaring. What
    still cancels, a state close to a pattern and both far from that mean, `careful_scores` computes pair by pair.
    """

    has_energy: ClassVar[bool] = True
    confining: ClassVar[bool] = True
    negative: ClassVar[bool] = True

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return −½ of the squared distances."""
        product, squares = self._terms(state, rows, cue_mask, row_mask)
        return product - squares / 2

    def careful_scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return −½ of the squared distances, the small ones of them directly from the differences."""
        product, squares = self._terms(state, rows, cue_mask, row_mask)
        h = product - squares / 2
        close = -2 * h < _CLOSE * squares
        xp = namespace(h)
        cues, patterns = xp.nonzero(close)
        if cues.shape[0]:
            h[close] = self._directly((state, cue_mask, cues), (rows, row_mask, patterns))
        return h

    @staticmethod
    def _terms(state: Array, rows: Array, cue_mask: Array | None, row_mask: Array | None) -> tuple[Array, Array]:
        """Return x·ξ and ‖x‖² + ‖ξ‖², both moved by the mean of the states, over what both sides know."""
        xp = namespace(state, rows)
        centre = _masked(state, cue_mask)
        if rows.ndim > 2 and state.ndim > 1:  # a mean for each set
            centre = xp.sum(centre, axis=-2, keepdims=True) / _counts(state, cue_mask, (-2,), keepdims=True)
        elif state.ndim > 1:
            axes = tuple(range(state.ndim - 1))
            centre = xp.sum(centre, axis=axes) / _counts(state, cue_mask, axes)
        x, y = _masked(state - centre, cue_mask), _masked(rows - centre, row_mask)
        return x @ y.mT, _totals(x * x, row_mask) + _matched(y * y, x, cue_mask)

    @staticmethod
    def _directly(states: tuple[Array, ...], rows: tuple[Array, ...]) -> Array:
        """Return −½ ‖x − ξ‖² (P,) of P pairs: (values, mask or None, which of them (P,)) of either side."""
        xp, size = namespace(states[0], rows[0]), max(1, _NUMBERS // states[0].shape[-1])
        found = []
        for start in range(0, states[2].shape[0], size):
            part = slice(start, min(start + size, states[2].shape[0]))
            x, y = (xp.take(values, which[part], axis=0) for values, _, which in (states, rows))
            apart = x - y
            for _, mask, which in (states, rows):
                apart = _masked(apart, None if mask is None else xp.take(mask, which[part], axis=0))
            found.append(-xp.sum(apart * apart, axis=-1) / 2)
        return xp.concat(found)


@dataclass(frozen=True)
class Manhattan(Similarity):
    """Return h = −‖x − ξ‖₁."""

    negative: ClassVar[bool] = True
    references = ("millidge2022",)

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return minus the summed distances, a coordinate at a time, so that nothing is larger than h."""
        xp, h = namespace(state, rows), 0
        for i in range(state.shape[-1]):
            apart = xp.abs(state[..., i, None] - _across(rows[..., i], state))  # (..., K)
            if cue_mask is not None:
                apart = xp.where(cue_mask[..., i, None], apart, xp.zeros_like(apart))
            if row_mask is not None:
                apart = xp.where(_across(row_mask[..., i], state), apart, xp.zeros_like(apart))
            h = h - apart
        return h


def _masked(x: Array, mask: Array | None) -> Array:
    """Return x where the mask is True, else 0, whatever stood there."""
    return x if mask is None else namespace(x).where(mask, x, namespace(x).zeros_like(x))


def _totals(x: Array, row_mask: Array | None) -> Array:
    """Return Σ_i x_i over the coordinates that each row knows: (..., N) -> (..., 1) or (..., K)."""
    xp = namespace(x)
    return xp.sum(x, axis=-1, keepdims=True) if row_mask is None else x @ xp.astype(row_mask, x.dtype).mT


def _matched(y: Array, state: Array, cue_mask: Array | None) -> Array:
    """Return Σ_i y_i over the coordinates that each state knows: (..., K, N) -> (..., 1, K) or (..., B, K)."""
    xp = namespace(y)
    return _across(xp.sum(y, axis=-1), state) if cue_mask is None else xp.astype(cue_mask, y.dtype) @ y.mT


def _across(of_rows: Array, state: Array) -> Array:
    """Return what is said of rows, (..., K), beside all states of a set: (..., 1, K), or as it is beside one state."""
    return of_rows if state.ndim == 1 else of_rows[..., None, :]


def _counts(x: Array, mask: Array | None, axes: tuple[int, ...], *, keepdims: bool = False) -> Array | int:
    """Return how many values there are of each coordinate, 1 at least."""
    xp = namespace(x)
    if mask is None:
        return max(1, math.prod(x.shape[axis] for axis in axes))
    count = xp.sum(xp.astype(mask, x.dtype), axis=axes, keepdims=keepdims)
    return xp.where(count > 0, count, xp.ones_like(count))
