r"""Separations of limited support: only the scores near the top have any weight, and a level says which.

    z = s (h − h₀),     f ∝ height(z − τ),     τ such that Σ rise(z − τ) = target

h₀ is the least of the `leaders` largest scores above −∞, and τ solves an equation that falls in τ. What is needed of
the scores are sums, so blocks are read twice or more: for the level, then for the readout. Mostly few scores are alive,
those that can still have weight: a summary is these scores themselves, and τ is found among them by bisection between
bounds that do not depend on them, then one Newton step, which makes its gradient exact. Where too many are alive to be
kept, every sum is a pass over all blocks (`by_passes`), and τ is found by Newton's method, kept between the bounds.

Source: Martins & Astudillo 2016, arXiv:1602.02068 (sparsemax); Peters, Niculae & Martins 2019, arXiv:1905.05702
(entmax by bisection). Shapes: h is (..., K); peak, base, τ and sums are (..., 1).
"""

import math
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from mnemonist._array import Array, largest, leading, namespace
from mnemonist.core.separation import Separation, Summary, filled, multiplied

_HALVINGS, _SHORT = 40, 24  # of an interval of length 1, to 1e-12, in float32 6e-8; the Newton step squares that
_PASSES = 100  # at most; ten are usual
_FINE = 1e-11  # a relative step after which the next, being squared, would change nothing

Look = Callable[[Array], tuple[Array, ...]]
Survey = Callable[[Look, Callable[[Any, Any], Any]], tuple[Array, ...]]


class TooManyAlive(Exception):
    """More scores may have weight than are kept."""


class Threshold(Summary):
    """What is left of all scores once the level is found: peak is L (...); mass is (..., 4): max h, h₀, τ, Σ height."""

    __slots__ = ()

    def rounded(self, dtype: Any) -> "Threshold":
        """Return the threshold in a dtype."""
        return Threshold(*(namespace(x).astype(x, dtype) for x in self))


class SparseSeparation(Separation):
    """A normalised separation whose summary is the scores that may have weight, (0, scores (..., m)), or a `Threshold`.

    `leaders` of the largest scores say where z is counted from; `target` is what the rises add up to.
    """

    normalised: ClassVar[bool] = True
    one_pass: ClassVar[bool] = False
    leaders: int = 1
    target: float = 1.0

    @property
    @abstractmethod
    def unit(self) -> Array | float:
        """s: what a score is multiplied with."""

    @abstractmethod
    def rise(self, t: Array) -> Array:
        """Return what each score (..., k) adds to the sum at t = z − τ."""

    @abstractmethod
    def slope(self, t: Array) -> Array:
        """Return how steeply that falls in τ."""

    @abstractmethod
    def height(self, t: Array) -> Array:
        """Return the weight (..., k) of each score at t = z − τ, not normalised."""

    @abstractmethod
    def worth(self, peak: Array, sums: tuple[Array, ...]) -> Array:
        """Return L (..., 1) from the largest score and Σ height, Σ height (h − peak), Σ of `moment` of the heights."""

    def moment(self, height: Array) -> Array:
        """Return what else of the heights is summed for L: here their squares."""
        return height * height

    # --- the level -----------------------------------------------------------------------------------------------

    def lead(self, h: Array, base: Array) -> Array:
        """Return z (..., k) of scores, −∞ of those of −∞."""
        return multiplied(self.unit, h - base)

    def weighed(self, h: Array, peak: Array, base: Array, tau: Array) -> Array:
        """Return the weights (..., k) of scores, not normalised."""
        return self.height(self.lead(h, base) - tau)

    def threshold(self, live: Array, base: Array) -> Array:
        """Return τ from all scores (..., m) that are alive."""
        z = self.lead(live, base)
        return threshold(
            lambda tau: summed(self.rise(z - tau)) - self.target, lambda tau: summed(self.slope(z - tau)), base
        )

    def surveyed(self, survey: Survey, base: Array) -> Array:
        """Return τ by passes over all scores."""

        def at(tau: Array) -> tuple[Array, ...]:
            over, slope = survey(partial(rises, self, base=base, tau=tau), added)
            return over - self.target, slope

        return _crossing(at, base)

    def level(self, live: Array) -> Threshold:
        """Return the level of scores (..., m) of which no other one is alive."""
        peak = kth_largest(live, 1)
        base = peak if self.leaders == 1 else kth_largest(live, self.leaders)
        tau = self.threshold(live, base)
        return _level(self, peak, base, tau, _sums(self, live, peak, base, tau))

    # --- as a separation -----------------------------------------------------------------------------------------

    def settled(self, summary: Summary) -> Threshold:
        """Return the level of a summary of all scores."""
        return summary if isinstance(summary, Threshold) else self.level(summary.mass)

    def summary(self, h: Array) -> Summary:
        """Return all scores: which of them live is known when all are."""
        return Summary(namespace(h).zeros_like(namespace(h).sum(h, axis=-1)), h)

    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the scores of both."""
        return Summary(one.peak, namespace(one.mass).concat([one.mass, other.mass], axis=-1))

    def value(self, summary: Summary) -> Array:
        """Return L (...)."""
        return self.settled(summary).peak

    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return the weights themselves."""
        level = self.settled(summary).mass
        peak, base, tau, height = (level[..., i : i + 1] for i in range(4))
        return self.weighed(h, peak, base, tau) / height

    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return 1 (...): a readout is only ever made with the summary of the whole."""
        return namespace(new.peak).ones_like(new.peak)

    def alive(self, scores: Array) -> Array:
        """Return which of the scores (..., m) found so far may still have weight, whatever is found besides."""
        return self.lead(scores, kth_largest(scores, self.leaders)) > -1

    def pruned(self, summary: Summary) -> Summary:
        """Return the summary with only as many scores as are alive in any state."""
        xp = namespace(summary.mass)
        if summary.mass.shape[-1] == 0:
            return summary
        count = int(xp.max(xp.sum(xp.astype(self.alive(summary.mass), xp.int64), axis=-1)))
        return Summary(summary.peak, largest(summary.mass, max(1, count))[0])

    def gauge(self, summary: Summary) -> Array:
        """Return 1 (...)."""
        return namespace(summary.peak).ones_like(summary.peak)


def by_passes(separation: SparseSeparation, survey: Survey) -> Threshold:
    """Return the level of all scores, in float64; survey(look, merge) makes a pass over their blocks."""
    (leading,) = survey(partial(_leading, separation), partial(_leaders, count=separation.leaders))
    peak, base = _least(leading[..., :1]), _least(leading)
    tau = separation.surveyed(survey, base)
    return _level(separation, peak, base, tau, survey(partial(_sums, separation, peak=peak, base=base, tau=tau), added))


def _level(separation: SparseSeparation, peak: Array, base: Array, tau: Array, sums: tuple[Array, ...]) -> Threshold:
    xp, nothing = namespace(peak), sums[0] == 0
    sums = tuple(xp.where(nothing, xp.ones_like(x), x) for x in sums)
    worth = separation.worth(peak, sums)
    worth = xp.where(nothing, xp.full_like(worth, -math.inf), worth)
    return Threshold(worth[..., 0], xp.concat([peak, base, tau, sums[0]], axis=-1))


def _leading(separation: SparseSeparation, h: Array) -> tuple[Array]:
    return (largest(h, separation.leaders)[0],)


def rises(separation: SparseSeparation, h: Array, base: Array, tau: Array) -> tuple[Array, ...]:
    """Return what scores (..., k) add to the sum at τ, and how steeply that falls."""
    t = separation.lead(h, base) - tau
    return summed(separation.rise(t)), summed(separation.slope(t))


def _sums(separation: SparseSeparation, h: Array, peak: Array, base: Array, tau: Array) -> tuple[Array, ...]:
    f = separation.weighed(h, peak, base, tau)
    return summed(f), summed(f * (filled(h, peak) - peak)), summed(separation.moment(f))


def kth_largest(scores: Array, k: int) -> Array:
    """Return the k-th largest of scores (..., m) as (..., 1); where fewer are above −∞ the smallest of these, or 0."""
    if k == 1:
        return _least(namespace(scores).max(scores, axis=-1, keepdims=True))
    return _least(leading(scores, min(k, scores.shape[-1])))


def _least(falling: Array) -> Array:
    """Return the last (..., 1) of falling scores (..., k) that is above −∞, 0 where none is."""
    xp = namespace(falling)
    above = xp.where(falling == -math.inf, falling[..., :1], falling)
    least = xp.min(above, axis=-1, keepdims=True)
    return filled(least, xp.zeros_like(least))


def summed(x: Array) -> Array:
    """Return the sum over all scores, as (..., 1)."""
    return namespace(x).sum(x, axis=-1, keepdims=True)


def threshold(excess: Callable[[Array], Array], slope: Callable[[Array], Array], like: Array) -> Array:
    """Return τ (..., 1) in [−1, 0] at which `excess` crosses 0.

    `excess(τ)` is what the weights sum to too much, which falls in τ; `slope(τ)` how steeply, 0 where it is flat.
    """
    xp = namespace(like)
    low, high = -xp.ones_like(like), xp.zeros_like(like)
    for _ in range(_HALVINGS if xp.finfo(like.dtype).bits > 32 else _SHORT):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = xp.where(above, middle, low), xp.where(above, high, middle)
    tau = (low + high) / 2
    return tau + _newton(excess(tau), slope(tau))


def _crossing(excess: Callable[[Array], tuple[Array, ...]], like: Array) -> Array:
    """Return the same τ from as few calls as the data allow: Newton steps, and halvings where they leave the bounds."""
    xp = namespace(like)
    low, high, tau = -xp.ones_like(like), xp.zeros_like(like), -xp.ones_like(like)
    for _ in range(_PASSES):
        over, slope = excess(tau)
        low, high = xp.where(over > 0, tau, low), xp.where(over > 0, high, tau)
        step = tau + _newton(over, slope)
        found = (xp.abs(step - tau) <= _FINE * xp.abs(tau)) & ((slope > 0) | (over == 0))
        tau = xp.where(found | ((step > low) & (step < high)), step, (low + high) / 2)
        if bool(xp.all(found)):
            break
    return tau


def _newton(over: Array, slope: Array) -> Array:
    """Return the Newton step from a point, 0 where all is flat."""
    xp = namespace(over)
    return xp.where(slope > 0, over / xp.where(slope > 0, slope, xp.ones_like(slope)), xp.zeros_like(over))


def added(one: tuple[Array, ...], other: tuple[Array, ...]) -> tuple[Array, ...]:
    """Return the sums of two runs of scores."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _leaders(one: tuple[Array], other: tuple[Array], count: int) -> tuple[Array]:
    return (largest(namespace(one[0]).concat([*one, *other], axis=-1), count)[0],)


def raised(t: Array, power: Array | float) -> Array:
    """Return max(t, 0)^power, 0 where t ≤ 0 for any power, with finite gradients."""
    xp = namespace(t)
    positive = t > 0
    return xp.where(positive, xp.where(positive, t, xp.ones_like(t)) ** power, xp.zeros_like(t))
