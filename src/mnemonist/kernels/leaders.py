r"""Patterns that lead, whose differences are largest, and a bound of what all others together can do: parts of kernels.

    |Σ_{others}| ≤ Σ_{others} max(S(o_μ − m), S(o_μ + m)) = R

where m bounds how far scores have moved since they were counted, and S ≥ |a| + |b|, |c| is largest at the ends of any
range of scores. Others are counted by score. R has room for what sums of K terms may be off by, (2K + 32) ε K max S:
see `overlap_sweep`.

Shapes: h (C,) int32, scores of candidates; others are (least, greatest score, how many, K), counted in `levels[1]`, and
candidates in `levels[0]`; levels (2, 2N + 1). Room for L leaders: who (L,) int64, their scores own (L,) int32, falls
(3, L), and plus, known (L, W) words.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import part
from mnemonist.stores.packing import TILE

_EPS = 2.0**-52
_FAINT = 2.0**-200  # of the largest size: a sum of others that is none, and will not soon be one
_SUMMED = 1 + 2.0**-20  # more than the rounding of a sum over levels can be
_A, _, _C, _SIZE, _, _B = range(6)  # rows of the tables


@part
def place_of(differences: Any, least: Any, most: Any) -> Any:
    """Return where the differences of scores in a range stand in the tables, and what none is above."""
    _, ranks, places, largest, _ = differences
    middle = len(ranks) // 2
    rank = max(ranks[least + middle], ranks[most + middle])
    return places[rank, 0], places[rank, 1], largest[rank]


@part
def size_at(differences: Any, place: Any, score: Any) -> Any:
    """Return S of a score."""
    return differences[0][_SIZE, max(score, place[1]) + place[0]]


@part
def counted(h: Any, levels: Any) -> Any:
    """Count scores by level; return the least and the greatest."""
    middle, least, most = len(levels) // 2, h[0], h[0]
    for k in range(len(h)):
        levels[h[k] + middle] += 1
        least, most = min(least, h[k]), max(most, h[k])
    return np.int64(least), np.int64(most)


@part
def choose(h: Any, differences: Any, others: Any, leaders: Any, levels: Any) -> Any:
    """Note which candidates lead, and their scores; return how many do, and the others with those who do not.

    Both ends of the range are gone through inwards, the larger sizes first, for as long as there is room, and what is
    left may count beside the others.
    """
    (who, own), (least, most, number, count) = leaders, others
    middle, (first, last) = levels.shape[1] // 2, counted(h, levels[0])
    place = place_of(differences, min(first, least), max(last, most))
    faint = _FAINT * max(size_at(differences, place, first), size_at(differences, place, last))
    there = _summed(differences, place, others, 0, levels[1]) / len(who)
    chosen = 0
    while first <= last:
        below, above = size_at(differences, place, first), size_at(differences, place, last)
        level, size = levels[0, (last if above >= below else first) + middle], max(below, above)
        if chosen + level > len(who) or (len(h) - chosen) * size < faint or size < there:
            break
        chosen += level
        first, last = (first, last - 1) if above >= below else (first + 1, last)
    taken = 0
    for i in range(len(h)):
        if h[i] < first or h[i] > last:
            who[taken], own[taken] = i, h[i]
            taken += 1
    for o in range(first, last + 1):
        levels[1, o + middle] += levels[0, o + middle]
    if first <= last:
        least, most = min(least, first), max(most, last)
    return chosen, (least, most, number + len(h) - chosen, count)


@part
def gather(planes: Any, who: Any, count: Any, plus: Any, known: Any) -> None:
    """Set the words of those who lead."""
    for j in range(count):
        for w in range(plus.shape[1]):
            plus[j, w] = planes[0][who[j] // TILE, w, who[j] % TILE]
            known[j, w] = planes[1][who[j] // TILE, w, who[j] % TILE] if len(planes[1]) else ~np.uint64(0)


@part
def weigh(differences: Any, own: Any, count: Any, others: Any, moved: Any, fallen: Any) -> Any:
    """Set the differences of those who lead; return their place, and a bound of what others can do, without a sum."""
    tables, middle = differences[0], len(differences[1]) // 2
    least, most = middle, -middle
    if others[2]:
        least, most = max(others[0] - moved, -middle), min(others[1] + moved, middle)
    low, high = least, most
    for j in range(count):
        low, high = min(low, own[j]), max(high, own[j])
    place = place_of(differences, low, high)
    for j in range(count):
        at = max(own[j], place[1]) + place[0]
        fallen[0, j], fallen[1, j], fallen[2, j] = tables[_A, at], tables[_B, at], tables[_C, at]
    total = others[2] * max(size_at(differences, place, least), size_at(differences, place, most)) if others[2] else 0.0
    return place, _SUMMED * total + _doubt(place, others[3])


@part
def closer_bound(differences: Any, place: Any, others: Any, moved: Any, levels: Any) -> Any:
    """Return the bound of what all others can do, summed over their scores."""
    return _SUMMED * _summed(differences, place, others, moved, levels) + _doubt(place, others[3])


@part
def _summed(differences: Any, place: Any, others: Any, moved: Any, levels: Any) -> Any:
    """Return the sum of sizes of all others."""
    total, middle = 0.0, len(levels) // 2
    for o in range(others[0], others[1] + 1):
        low, high = max(o - moved, -middle), min(o + moved, middle)
        total += levels[o + middle] * max(size_at(differences, place, low), size_at(differences, place, high))
    return total


@part
def _doubt(place: Any, count: Any) -> Any:
    """Return what sums of so many differences may be off by."""
    return (2 * count + 32) * _EPS * count * place[2]
