r"""What some weighed memories make one expect of the coordinates m that a cue leaves open, o being those it gives.

    Mean          x̂_m = ξ̄_m                                          variance S_mm
    LocalLinear   x̂_m = ξ̄_m + S_mo (S_oo + λV_o)⁻¹ (x_o − ξ̄_o)       variance S_mm − S_mo (S_oo + λV_o)⁻¹ S_om

ξ̄ and S are the mean and covariance of memories weighed by f, V the variances of all memories. Of a cue's own weights

    Mean(β)              f = softmax(βh), or the memory's own separation
    LocalLinear(reach)   f = softmax(β_b h), β_b such that the reach-th memory weighs e⁻² of the first; None: all alike

so that one number leads from ridge regression, which is the projection rule with a rest, to the nearest memory.

Source: Cleveland & Devlin 1988, JASA 83:596 (local regression); Hoerl & Kennard 1970 (ridge).
Shapes: cues, known (B, N); scores h (B, k), falling; rows, present (B, k, N), 0 where unknown; V (N,).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_number, check_whole, hold
from mnemonist.core.separation import Separation, normalised

_DECAY = 2.0  # the reach-th memory weighs exp(−2) of the first
_FAR, _TINY = 800.0, 1e-300  # e⁻⁸⁰⁰ is 0 in float64; keeps β = 0 from being divided by
_BEYOND = 2  # times the reach are looked at: what lies farther weighs less than e⁻⁴


class Expected(NamedTuple):
    """What is expected: mean and variance (B, N); the mean is NaN where no memory knows a coordinate."""

    mean: Array
    variance: Array


class Expectation(ABC):
    """A way to expect what is not known from memories that were weighed; those of one `kernel` weigh alike."""

    linear: ClassVar[bool] = False

    @property
    @abstractmethod
    def count(self) -> int | None:
        """How many memories it looks at, the best by score; None: as many as were weighed."""

    @property
    @abstractmethod
    def kernel(self) -> tuple[bool, float | None]:
        """What the weights depend on; expectations of one kernel share their moments."""

    @abstractmethod
    def weights(self, h: Array, separation: Separation) -> Array:
        """Return f (B, k), of sum 1, of falling scores (B, k); −∞ weighs nothing."""

    @abstractmethod
    def expect(
        self, cues: Array, known: Array, moments: "Moments", variances: Array, *, spread: bool = True
    ) -> Expected:
        """Return what is expected of cues (B, N), of which `known` is given; without `spread` variances may be 0."""


class Moments(NamedTuple):
    """The weighted mean (B, N), NaN where no memory knows a coordinate, and covariance (B, N, N), or its diagonal."""

    mean: Array
    covariance: Array


@dataclass(frozen=True)
class Mean(Expectation):
    """The mean of the memories, weighed by softmax(βh), or as the memory weighs them where `beta` is None."""

    beta: float | None = None

    def __post_init__(self) -> None:
        if self.beta is not None:
            check_number("Mean", "beta", self.beta, least=0)
            object.__setattr__(self, "beta", float(self.beta))

    @property
    def count(self) -> int | None:
        """As many as were weighed."""
        return None

    @property
    def kernel(self) -> tuple[bool, float | None]:
        """By β."""
        return False, self.beta

    def weights(self, h: Array, separation: Separation) -> Array:
        """Return softmax(βh)."""
        if self.beta is None:
            return normalised(separation.scaled(h, separation.settled(separation.summary(h))))
        return _softmax(h, self.beta)

    def expect(self, cues: Array, known: Array, moments: Moments, variances: Array, *, spread: bool = True) -> Expected:
        """Return the mean and the variances."""
        return Expected(moments.mean, moments.covariance)

    def __str__(self) -> str:
        return "mean" if self.beta is None else f"mean, β = {self.beta:.3g}"


@dataclass(frozen=True)
class LocalLinear(Expectation):
    """Linear regression among the memories that are near.

    `reach` is how many memories count, the reach-th of them with e⁻² of the weight of the first; None: all alike, which
    is ridge regression. `ridge` λ ≥ 0 is a share of each coordinate's variance over all memories.
    """

    ridge: float = 0.1
    reach: int | None = 80
    linear: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_number("LocalLinear", "ridge", self.ridge, least=0)
        object.__setattr__(self, "ridge", float(self.ridge))
        if self.reach is not None:
            check_whole("LocalLinear", "reach", self.reach, least=2)
        hold(self, "reach")

    @property
    def count(self) -> int | None:
        """Twice the reach."""
        return None if self.reach is None else _BEYOND * self.reach

    @property
    def kernel(self) -> tuple[bool, float | None]:
        """By the reach."""
        return True, self.reach

    def weights(self, h: Array, separation: Separation) -> Array:
        """Return softmax(β_b h), β_b from the lead over the reach-th."""
        xp = namespace(h)
        first = h[:, :1]
        if self.reach is None:
            return normalised(xp.astype(xp.isfinite(h), h.dtype))
        place = min(self.reach, h.shape[-1]) - 1
        first = xp.where(xp.isfinite(first), first, xp.zeros_like(first))
        lead = first - h[:, place : place + 1]
        lead = xp.where(xp.isfinite(lead), lead, _last_lead(h, first))
        floor = 1e-12 * xp.abs(first) + 1e-290
        return _softmax(h, _DECAY / xp.where(lead > floor, lead, floor))

    def expect(self, cues: Array, known: Array, moments: Moments, variances: Array, *, spread: bool = True) -> Expected:
        """Return the regression on what is given."""
        xp, (mean, covariance) = namespace(cues), moments
        given = xp.astype(known & xp.isfinite(mean), mean.dtype)
        base = xp.where(xp.isfinite(mean), mean, xp.zeros_like(mean))
        off = xp.where(given > 0, xp.astype(cues, mean.dtype) - base, xp.zeros_like(base))
        of_given = covariance * given[:, :, None]  # S_om, 0 elsewhere
        floor = xp.where(variances > 0, variances, xp.ones_like(variances)) * max(self.ridge, 1e-9)
        diagonal = given * floor + (1 - given)
        system = of_given * given[:, None, :] + diagonal[:, :, None] * xp.eye(mean.shape[-1], dtype=mean.dtype)
        if not spread:
            pull = xp.linalg.solve(system, off[:, :, None])  # (S_oo + λV)⁻¹ (x_o − ξ̄_o)
            found = mean + xp.matmul(xp.matrix_transpose(of_given), pull)[:, :, 0]
            return Expected(found, xp.zeros_like(found))
        slope = xp.linalg.solve(system, of_given)  # (S_oo + λV)⁻¹ S_om
        found = mean + xp.matmul(off[:, None, :], slope)[:, 0, :]
        left = xp.linalg.diagonal(covariance) - xp.sum(of_given * slope, axis=1)
        return Expected(found, xp.where(left > 0, left, xp.zeros_like(left)))

    def __str__(self) -> str:
        return f"local linear, {'all rows' if self.reach is None else f'reach {self.reach}'}, ridge {self.ridge:g}"


def moments(f: Array, rows: Array, present: Array | None, *, full: bool) -> Moments:
    """Return the moments of rows (B, k, N) weighed by f (B, k): of those that know a coordinate.

    A row counts at the mean of the others where it knows nothing, so that it adds nothing to a covariance.
    """
    xp = namespace(f)
    if present is None:
        mean = xp.matmul(f[:, None, :], rows)[:, 0, :]
        off = rows - mean[:, None, :]
        mass = xp.sum(f, axis=-1, keepdims=True) + xp.zeros_like(mean)
        mean = xp.where(mass > 0, mean, xp.full_like(mean, float("nan")))
    else:
        there = xp.astype(present, f.dtype)
        mass = xp.matmul(f[:, None, :], there)[:, 0, :]
        mean = xp.matmul(f[:, None, :], rows * there)[:, 0, :] / xp.where(mass > 0, mass, xp.ones_like(mass))
        off = (rows - mean[:, None, :]) * there
        mean = xp.where(mass > 0, mean, xp.full_like(mean, float("nan")))
    if not full:
        spread = xp.matmul(f[:, None, :], off * off)[:, 0, :]
        return Moments(mean, spread / xp.where(mass > 0, mass, xp.ones_like(mass)))
    off = off * xp.sqrt(f)[:, :, None]
    return Moments(mean, xp.matmul(xp.matrix_transpose(off), off))


def _softmax(h: Array, beta: Any) -> Array:
    """Return softmax(βh), 0 of −∞; what is too far to weigh anything is brought near enough to be multiplied."""
    xp = namespace(h)
    first = xp.max(h, axis=-1, keepdims=True)
    off = h - xp.where(xp.isfinite(first), first, xp.zeros_like(first))
    least = xp.zeros_like(h) - _FAR / (beta + _TINY)
    near = xp.exp(beta * xp.where(off > least, off, least))
    return normalised(xp.where(xp.isfinite(h), near, xp.zeros_like(h)))


def _last_lead(h: Array, first: Array) -> Array:
    """Return by how much the first score leads the last that is finite, (B, 1)."""
    xp = namespace(h)
    least = xp.min(xp.where(xp.isfinite(h), h, xp.full_like(h, float("inf"))), axis=-1, keepdims=True)
    lead = first - least
    return xp.where(xp.isfinite(lead), lead, xp.zeros_like(lead))
