r"""Power separations: L = Σ_μ (h_μ / scale)ⁿ and its rectified twin.

    Power(n)             F(h) = (h/scale)ⁿ           f = n/scale (h/scale)ⁿ⁻¹
    RectifiedPower(n)    F(h) = (max(h, 0)/scale)ⁿ   f likewise

n = 2 is the classical network; with ±1 neurons, n holds of the order of Nⁿ⁻¹ patterns, whatever the scale, which is a
unit of energies, forces and temperatures. Powers are taken of h/m, with m the power of two at or above max|h|: nothing
overflows, and integer scores keep exact differences as long as their powers fit into 53 bits. An odd Power is not
convex: its synchronous update can raise the energy.

Source: Krotov & Hopfield 2016, arXiv:1606.01164.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_number, hold, is_whole
from mnemonist.core.separation import AdditiveSeparation, Summary
from mnemonist.errors import InvalidArgument, shown

TEXTBOOK = "textbook"  # the scale of a quadratic energy in the units of the Hebbian network


class _PowerLaw(AdditiveSeparation):
    """What both powers share; they differ in what they keep of a score."""

    degree: int
    scale: Any
    silence: ClassVar[float] = 0.0
    separable: ClassVar[bool] = True

    def __post_init__(self) -> None:
        who = type(self).__name__
        given: Any = self.degree
        if not is_whole(given, 1, 100):
            raise InvalidArgument(
                f"{who}: degree must be a whole number from 1 to 100; got {shown(given)}. "
                "2 is the classical network; for a sharper memory than degree 100 take Softmax."
            )
        self._check_scale(who)

    def _check_scale(self, who: str) -> None:
        """Refuse a scale that is no number > 0."""
        if isinstance(self.scale, str):
            raise InvalidArgument(
                f"{who}: scale must be a number > 0, or {TEXTBOOK!r} of Power(2), which alone has one; got "
                f"{shown(self.scale)} at degree {self.degree}. Pass a number."
            )
        check_number(who, "scale", self.scale, least=0, strict=True)
        hold(self, "degree", "scale")

    def prior(self, strength: Array) -> tuple[Array | float, Array | float]:
        """Return s^(1/n) and 0: (s^(1/n) h)ⁿ = s hⁿ."""
        return strength ** (1 / self.degree), 0.0

    @property
    def unit(self) -> Any:
        """The scale, which must be a number by now."""
        if isinstance(self.scale, str):
            raise InvalidArgument(
                f"{type(self).__name__}: scale must be a number to compute with; got {self.scale!r}, which a memory "
                "makes one when it stores. Pass √(2N)."
            )
        return self.scale

    @abstractmethod
    def kept(self, h: Array) -> Array:
        """Return the part of a score that counts."""

    def summary(self, h: Array) -> Summary:
        """Return (m, Σ (h/m)ⁿ), m the power of two at or above max|h|; (0, 0) of nothing."""
        xp = namespace(h)
        kept = self.kept(h)
        peak = _binade(xp.max(xp.abs(kept), axis=-1)) if h.shape[-1] else xp.sum(kept, axis=-1)
        return Summary(peak, xp.sum((kept / _nonzero(peak)[..., None]) ** self.degree, axis=-1))

    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the sums in the scale of the larger peak."""
        peak = namespace(one.peak).maximum(one.peak, other.peak)
        a, b = one.peak / _nonzero(peak), other.peak / _nonzero(peak)
        return Summary(peak, a**self.degree * one.mass + b**self.degree * other.mass)

    def value(self, summary: Summary) -> Array:
        """Return Σ (h/scale)ⁿ; infinite where float64 cannot hold it."""
        xp = namespace(summary.mass)
        unit = (_nonzero(summary.peak) / self.unit) ** self.degree
        nothing = (summary.mass == 0) & ~xp.isfinite(unit)
        return xp.where(nothing, xp.zeros_like(unit), unit) * summary.mass

    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return (h/m)ⁿ⁻¹."""
        return (self.kept(h) / _nonzero(summary.peak)[..., None]) ** (self.degree - 1) * self._slope(h)

    def gauge(self, summary: Summary) -> Array:
        """Return n/scale (m/scale)ⁿ⁻¹."""
        return self.degree / self.unit * (_nonzero(summary.peak) / self.unit) ** (self.degree - 1)

    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return (m_old / m_new)ⁿ⁻¹."""
        return (old.peak / _nonzero(new.peak)) ** (self.degree - 1)

    def reference(self, h: Array) -> Array:
        """Return m (..., 1), 1 at least: discrete overlaps change by whole numbers."""
        xp = namespace(h)
        peak = xp.max(xp.abs(self.kept(h)), axis=-1, keepdims=True)
        return _binade(xp.where(peak > 1, peak, xp.ones_like(peak)))

    def difference(self, h: Array, to: Array, reference: Array) -> Array:
        """Return xⁿ − yⁿ = (x − y) Σ_j xⁿ⁻¹⁻ʲ yʲ of x = h/m and y = to/m, whose terms cancel only where |h| ≤ 2."""
        xp = namespace(h)
        x, y = self.kept(h) / reference, self.kept(to) / reference
        total, power = xp.ones_like(x), xp.ones_like(x)
        for _ in range(self.degree - 1):
            power = power * y
            total = total * x + power
        return (x - y) * total

    def drop(self, h: Array, to: Array) -> Array:
        """Return L(h) − L(to) from the differences, which keep their digits."""
        xp, reference = namespace(h), self.reference(h)
        total = xp.sum(self.difference(h, to, reference), axis=-1)
        unit = (reference[..., 0] / self.unit) ** self.degree
        return total * xp.where(total == 0, xp.ones_like(unit), unit)

    def _slope(self, h: Array) -> Array | float:
        """Return dkept/dh, which only matters for n = 1, where kept⁰ is 1 everywhere."""
        return 1.0


@dataclass(frozen=True)
class Power(_PowerLaw):
    """L = Σ (h/scale)ⁿ.

    `scale` is a number > 0; of degree 2 also "textbook": a memory then makes it √(2N) of the N neurons it stores, with
    which energies, forces and temperatures are those of the Hebbian network. Other degrees have no such convention: at
    scale 1 the energy of a pattern at itself is −Nⁿ, and N^(1 − 1/n) makes it −N.

    >>> import numpy as np
    >>> Power(3).weights(np.array([1.0, -2.0]))
    array([ 3., 12.])
    """

    degree: int
    scale: float | Any = 1.0

    def _check_scale(self, who: str) -> None:
        if not (self.degree == 2 and isinstance(self.scale, str) and self.scale == TEXTBOOK):
            super()._check_scale(who)

    @property
    def convex(self) -> bool:  # type: ignore[override]
        """Whether L is convex: for even degrees, and 1."""
        return self.degree % 2 == 0 or self.degree == 1

    @property
    def even(self) -> bool:  # type: ignore[override]
        """Whether −ξ is stored with ξ: for even degrees."""
        return self.degree % 2 == 0

    def kept(self, h: Array) -> Array:
        """Return all of it."""
        return h

    def salience(self, h: Array) -> Array:
        """Return |h|: a large negative score weighs as much as a positive one."""
        return namespace(h).abs(h)


@dataclass(frozen=True)
class RectifiedPower(_PowerLaw):
    """L = Σ (max(h, 0)/scale)ⁿ: patterns that point away count for nothing.

    >>> import numpy as np
    >>> RectifiedPower(3).weights(np.array([1.0, -2.0]))
    array([3., 0.])
    """

    degree: int
    scale: float = 1.0

    def kept(self, h: Array) -> Array:
        """Return max(h, 0)."""
        xp = namespace(h)
        return xp.where(h > 0, h, xp.zeros_like(h))

    def _slope(self, h: Array) -> Array:
        xp = namespace(h)
        return xp.astype(h > 0, h.dtype)


def _nonzero(peak: Array) -> Array:
    """Return the peak, 1 where it is 0."""
    xp = namespace(peak)
    return xp.where(peak > 0, peak, xp.ones_like(peak))


def _binade(peak: Array) -> Array:
    """Return the power of two at or above the peak, 0 where it is 0: dividing by it rounds nothing."""
    xp = namespace(peak)
    power = xp.pow(2 * xp.ones_like(peak), xp.ceil(xp.log2(_nonzero(peak))))
    return xp.where(peak > 0, power, xp.zeros_like(peak))
