r"""The softmax and the exponential separation: exponentially sharp.

    Softmax(β)        L = β⁻¹ log Σ_μ exp(β h_μ)        f = softmax(β h)
    Exponential(β)    L = β⁻¹ Σ_μ exp(β h_μ)            f = exp(β h)

On ±1 neurons both decide alike, for the logarithm only rises with the sum; take Softmax, which never overflows. With
the dot similarity, real neurons and one step Softmax is attention. β multiplies scores: its unit is one over theirs.
A score of −∞ has no weight; where all are, L is −∞ and that of nothing at all.

Source: Demircigil et al. 2017, arXiv:1702.01929 (β = 1, ±1); Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

import math
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_beta, hold
from mnemonist.core.separation import AdditiveSeparation, Summary, filled, multiplied

_LONG = 300.0  # a rise of β h after which what was before is nothing


class _Exponentials(AdditiveSeparation):
    """What both share: sums of exp β h relative to the largest."""

    beta: float | Array
    translates: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_beta(type(self).__name__, self.beta)
        hold(self, "beta")

    def summary(self, h: Array) -> Summary:
        """Return (max h, Σ exp β(h − max)); (−∞, 0) of nothing."""
        xp = namespace(h)
        if h.shape[-1] == 0:
            nothing = xp.sum(h, axis=-1)
            return Summary(nothing - math.inf, nothing)
        peak = xp.max(h, axis=-1)
        return Summary(peak, xp.sum(self._relative(h, peak[..., None]), axis=-1))

    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the sums in the scale of the larger peak."""
        peak = namespace(one.peak).maximum(one.peak, other.peak)
        mass = self._relative(one.peak, peak) * one.mass + self._relative(other.peak, peak) * other.mass
        return Summary(peak, mass)

    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return exp β(h − peak)."""
        return self._relative(h, summary.peak[..., None])

    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return exp β(peak_old − peak_new)."""
        return self._relative(old.peak, new.peak)

    def reference(self, h: Array) -> Array:
        """Return max h (..., 1)."""
        return namespace(h).max(h, axis=-1, keepdims=True)

    def difference(self, h: Array, to: Array, reference: Array) -> Array:
        """Return −exp β(h − max) · expm1 β(to − h); where that is a long way, what is left of exp β(to − max)."""
        xp, rise = namespace(h), self.beta * (to - h)
        near = rise <= _LONG
        close = -xp.exp(self.beta * (h - reference)) * xp.expm1(xp.where(near, rise, xp.zeros_like(rise)))
        return xp.where(near, close, -xp.exp(self.beta * (to - reference)))

    def _relative(self, h: Array, peak: Array) -> Array:
        """Return exp β(h − peak), 0 where h is −∞."""
        xp = namespace(h)
        return xp.exp(multiplied(self.beta, h - filled(peak, xp.zeros_like(peak))))


@dataclass(frozen=True)
class Softmax(_Exponentials):
    """L = β⁻¹ log Σ exp(β h).

    `beta` is a number > 0, an array of one (a learned β), or "auto": a memory then chooses it from its patterns.

    >>> import numpy as np
    >>> Softmax(1.0).weights(np.log(np.array([1.0, 3.0])))
    array([0.25, 0.75])
    """

    beta: float | Array = 1.0
    normalised: ClassVar[bool] = True

    def value(self, summary: Summary) -> Array:
        """Return β⁻¹ log Σ exp(β h); −∞ of nothing."""
        xp, nothing = namespace(summary.mass), summary.mass == 0
        peak = xp.where(nothing, xp.zeros_like(summary.peak), summary.peak)
        value = peak + xp.log(_nonzero(summary.mass)) / self.beta
        return xp.where(nothing, xp.full_like(value, -math.inf), value)

    def gauge(self, summary: Summary) -> Array:
        """Return one over the mass, 1 of nothing."""
        return 1 / _nonzero(summary.mass)


@dataclass(frozen=True)
class Exponential(_Exponentials):
    """L = β⁻¹ Σ exp(β h), for graded neurons and directions. `beta` as that of `Softmax`.

    >>> import numpy as np
    >>> Exponential(1.0).weights(np.log(np.array([1.0, 3.0])))
    array([1., 3.])
    """

    beta: float | Array = 1.0
    separable: ClassVar[bool] = True

    def value(self, summary: Summary) -> Array:
        """Return β⁻¹ Σ exp(β h); infinite where float64 cannot hold it."""
        return summary.mass * self.gauge(summary) / self.beta

    def gauge(self, summary: Summary) -> Array:
        """Return exp(β peak)."""
        return self._relative(summary.peak, namespace(summary.peak).zeros_like(summary.peak))

    def drop(self, h: Array, to: Array) -> Array:
        """Return L(h) − L(to) from the differences, which keep their digits."""
        xp, reference = namespace(h), self.reference(h)
        total = xp.sum(self.difference(h, to, reference), axis=-1) / self.beta
        unit = xp.exp(self.beta * reference[..., 0])
        return total * xp.where(total == 0, xp.ones_like(unit), unit)


def _nonzero(mass: Array) -> Array:
    """Return the mass, 1 where it is 0."""
    xp = namespace(mass)
    return xp.where(mass == 0, xp.ones_like(mass), mass)
