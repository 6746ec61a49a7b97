r"""Separations of limited support: only the scores near the top have any weight, and a threshold τ says which.

Their weights follow from τ, and τ from the scores that can still be alive, so a summary is those scores themselves;
blocks are read twice, once for the summary, once for the readout. τ solves an equation that falls in τ: bisection
between bounds that do not depend on the scores, then one Newton step on the scores, which makes its gradient exact.

Source: Martins & Astudillo 2016, arXiv:1602.02068 (sparsemax); Peters, Niculae & Martins 2019, arXiv:1905.05702
(entmax by bisection). Shapes: h is (..., K); a threshold is (..., 1).
"""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from mnemonist._array import Array, largest, namespace
from mnemonist.core.separation import Separation, Summary

_HALVINGS = 40  # of an interval of length 1, to 1e-12; the Newton step squares that


class LiveSeparation(Separation):
    """A normalised separation whose summary is the scores that may have weight, as (0, scores (..., m))."""

    normalised: ClassVar[bool] = True
    one_pass: ClassVar[bool] = False

    @abstractmethod
    def shares(self, h: Array, live: Array) -> Array:
        """Return the weights (..., k) of scores h (..., k), where `live` (..., m) are all that may have one."""

    @abstractmethod
    def conjugate(self, live: Array) -> Array:
        """Return L (...) of all scores that may have a weight."""

    def summary(self, h: Array) -> Summary:
        """Return all scores: which of them live is known when all are."""
        return Summary(namespace(h).zeros_like(namespace(h).sum(h, axis=-1)), h)

    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the scores of both."""
        return Summary(one.peak, namespace(one.mass).concat([one.mass, other.mass], axis=-1))

    def value(self, summary: Summary) -> Array:
        """Return L (...)."""
        return self.conjugate(summary.mass)

    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return the weights themselves."""
        return self.shares(h, summary.mass)

    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return 1 (...): a readout is only ever made with the summary of the whole."""
        return namespace(new.peak).ones_like(new.peak)

    @abstractmethod
    def alive(self, scores: Array) -> Array:
        """Return which of the scores (..., m) found so far may still have weight, whatever is found besides."""

    def pruned(self, summary: Summary) -> Summary:
        """Return the summary with only as many scores as are alive in any state."""
        xp = namespace(summary.mass)
        if summary.mass.shape[-1] == 0:
            return summary
        count = int(xp.max(xp.sum(xp.astype(self.alive(summary.mass), xp.int64), axis=-1)))
        return Summary(summary.peak, largest(summary.mass, count)[0])

    def gauge(self, summary: Summary) -> Array:
        """Return 1 (...)."""
        return namespace(summary.peak).ones_like(summary.peak)


def threshold(excess: Callable[[Array], tuple[Array, Array]], like: Array) -> Array:
    """Return τ (..., 1) in [−1, 0] at which `excess` crosses 0.

    `excess(τ)` is (what the weights sum to too much, which falls in τ; its slope, or 0 where it is flat).
    """
    xp = namespace(like)
    low, high = -xp.ones_like(like), xp.zeros_like(like)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = excess(middle)[0] > 0
        low, high = xp.where(above, middle, low), xp.where(above, high, middle)
    tau = (low + high) / 2
    over, slope = excess(tau)
    return tau + xp.where(slope > 0, over / xp.where(slope > 0, slope, xp.ones_like(slope)), xp.zeros_like(over))


def raised(t: Array, power: Array | float) -> Array:
    """Return max(t, 0)^power, 0 where t ≤ 0 for any power, with finite gradients."""
    xp = namespace(t)
    positive = t > 0
    return xp.where(positive, xp.where(positive, t, xp.ones_like(t)) ** power, xp.zeros_like(t))
