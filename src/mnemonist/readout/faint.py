r"""Whole scores that weigh nothing: so little that K of them together change no digit of a sum in float64.

    |F(o)|, |f(o)| ≤ ε²/K of those of the score that weighs most        ⇒        Σ over all such ≤ ε² of its own

With ε = 2⁻⁵² that is less than one rounding of the largest term, so they may be left out of Σ F and Σ |f|. They are a
window of scores: all below some distance from the greatest score (exponentials), or all around 0 (powers). Powers are
weighed in the scale of the largest score, a power of two; of all scores in a scale the least is taken to weigh most.

Shapes: R ranks, see `sites.tables`; scores o (R,).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mnemonist.core.separation import AdditiveSeparation, Summary
from mnemonist.sites.tables import fixed, ranks_of
from mnemonist.stores.packing import Numbers

_EPS = 2.0**-52


class Faint(NamedTuple):
    """Scores that weigh nothing beside one of rank r: those between `below[r]` and `above[r]`, these not among them.

    The rank of score o is `ranks[o + N]`. Shapes: ranks (2N + 1,); below, above (R,).
    """

    ranks: Numbers
    below: Numbers
    above: Numbers

    def window(self, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
        """Return below and above (B,) for states (B,) whose scores go from the least to the most."""
        middle = len(self.ranks) // 2
        rank = np.maximum(self.ranks[least + middle], self.ranks[most + middle])
        return self.below[rank], self.above[rank]

    def ever(self, width: int) -> bool:
        """Say whether usual scores, of ±2 √N, weigh nothing at least beside a pattern itself."""
        below, above = self.window(np.asarray([0]), np.asarray([width]))
        return bool(max(-int(below[0]), 0) >= 2 * width**0.5 and above[0] > 2 * width**0.5)


def faint_of(separation: AdditiveSeparation, width: int, count: int) -> Faint | None:
    """Return which scores of so many neurons weigh nothing among `count` patterns; None where that is not known."""
    return _faint(separation, width, count) if fixed(separation) else None


@lru_cache(16)
def _faint(separation: AdditiveSeparation, width: int, count: int) -> Faint:
    """Find the windows, by halving."""
    _, ranks = ranks_of(separation, width)
    if separation.translates:
        weighs = _weighing(separation, np.zeros(1), np.zeros(1), count)
        nothing = _first(lambda distance: ~weighs(-distance), np.asarray([2 * width + 1]))
        scores = np.arange(-width, width + 1)
        return Faint(ranks, np.full(len(scores), -width - 1), scores - nothing + 1)
    least = np.unique(ranks[width:], return_index=True)[1]
    weighs = _weighing(separation, least, np.append(least[1:] - 1, width), count)
    end = np.full(len(least), width + 1)
    return Faint(ranks, -_first(lambda o: weighs(-o), end), _first(weighs, end))


def _weighing(
    separation: AdditiveSeparation, least: Numbers, most: Numbers, count: int
) -> Callable[[Numbers], Numbers]:
    """Return what says whether scores (R,) weigh anything beside the least of scores in the scale of the most (R,)."""
    peak = separation.summary(most[:, None] + 0.0).peak

    def sizes(o: Numbers) -> tuple[Numbers, Numbers]:
        """Return |F| and |f| (R,) in the scale of the most."""
        h = o[:, None] + 0.0
        mass = separation.merge(separation.summary(h), Summary(peak, np.zeros_like(peak))).mass
        return np.abs(mass), np.abs(separation.scaled(h, Summary(peak, np.ones_like(peak)))[:, 0])

    cuts = tuple(_EPS**2 / count * size for size in sizes(least))

    def weighs(o: Numbers) -> Numbers:
        mass, weight = sizes(o)
        return (mass > cuts[0]) | (weight > cuts[1])

    return weighs


def _first(holds: Callable[[Numbers], Numbers], end: Numbers) -> Numbers:
    """Return the least of 0, …, end (R,) from which on something holds; it holds at the end, whatever it is."""
    low, high = np.full_like(end, -1), end
    while (high - low > 1).any():
        middle = (low + high) // 2
        held = holds(middle)
        low, high = np.where(held, low, middle), np.where(held, middle, high)
    return high
