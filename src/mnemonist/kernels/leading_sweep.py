r"""A sweep over ±1 neurons for as long as a few patterns decide it: those that lead, whose falls are the largest.

    cost_i = Σ_{leading} (a_μ or b_μ) + rest,    |rest| ≤ Σ_{others} max(S(o_μ − m), S(o_μ + m)) = R

where m bounds how far the others' scores have moved since they were counted, 2 by a flip, and S ≥ |a| + |b|, |c|
is largest at the ends of any range of scores. A neuron whose Σ_{leading} is larger than R goes where `overlap_sweep`
would send it, at a price that does not grow with K. At the first other one the sweep ends, for that kernel to go on.

R has room for what sums of K falls may be off by, (2K + 32) ε K max S: see there.

Shapes: columns and falls: see `overlap_sweep`. A cue is (state (N,), scores (K,) int32, movable (N,)). To work in, for
L leading patterns at most: who (L,) int64, their scores (L,) int32 and falls (3, L); levels (2N + 1,) int64.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled, part

_EPS = 2.0**-52
_A, _, _C, _SIZE, _, _B = range(6)  # rows of the tables
_FAINT = 2.0**-200  # of the largest size: a sum of others that is none, and will not soon be one
_SUMMED = 1 + 2.0**-20  # more than the rounding of a sum over levels can be


@compiled
def sweep_led(columns: Any, visits: Any, falls: Any, cue: Any, room: Any) -> Any:
    """Visit sites in this order up to the first in doubt; return how many were visited. Only the state changes."""
    (plus, known, _), (state, scores, movable), (who, own, fallen, levels) = columns, cue, room
    count, first, last = _choose(scores, falls, who, own, levels)
    others, moved = (levels, first, last, len(scores)), np.int64(0)
    rest = _weigh_leaders(own, count, falls, others, moved, fallen)
    for place in range(len(visits)):
        site = visits[place]
        if movable[site]:
            column = (plus[site], known[min(site, len(known) - 1)])
            target = _decide(column, state[site], who, count, fallen, rest)
            if target == 0:
                return place
            if target != state[site]:
                step = target - state[site]
                _move_leaders(own, column, who, count, step)
                state[site], moved = target, moved + abs(step)
                rest = _weigh_leaders(own, count, falls, others, moved, fallen)
    return len(visits)


@part
def _choose(scores: Any, falls: Any, who: Any, own: Any, levels: Any) -> Any:
    """Count scores by level, and note who leads; return how many do, and the range of scores left to the others.

    Both ends of the range are gone through inwards, the larger sizes first, for as long as there is room and what is
    left may count.
    """
    tables, ranks, places, _, _ = falls
    sizes = tables[_SIZE]
    middle = len(levels) // 2
    for level in range(len(levels)):
        levels[level] = 0
    first, last = scores[0], scores[0]
    for k in range(len(scores)):
        levels[scores[k] + middle] += 1
        first, last = min(first, scores[k]), max(last, scores[k])
    start, lowest = places[max(ranks[first + middle], ranks[last + middle])]
    count, least = 0, _FAINT * max(sizes[max(first, lowest) + start], sizes[max(last, lowest) + start])
    while first <= last:
        below, above = sizes[max(first, lowest) + start], sizes[max(last, lowest) + start]
        size, level = max(above, below), levels[(last if above >= below else first) + middle]
        if count + level > len(who) or (len(scores) - count) * size < least:
            break
        count += level
        first, last = (first, last - 1) if above >= below else (first + 1, last)
    place = 0
    for k in range(len(scores)):
        if scores[k] < first or scores[k] > last:
            who[place], own[place] = k, scores[k]
            place += 1
    return count, first, last


@part
def _weigh_leaders(own: Any, count: Any, falls: Any, others: Any, moved: Any, fallen: Any) -> Any:
    """Set the falls of those that lead; return the bound of what all others can do, who have moved so far at most."""
    (tables, ranks, places, largest, _), (levels, first, last, size) = falls, others
    middle = len(levels) // 2
    least, most = middle, -middle
    if first <= last:
        least, most = max(first - moved, -middle), min(last + moved, middle)
    for j in range(count):
        least, most = min(least, own[j]), max(most, own[j])
    rank = max(ranks[least + middle], ranks[most + middle])
    start, lowest = places[rank]
    for j in range(count):
        place = max(own[j], lowest) + start
        fallen[0, j], fallen[1, j], fallen[2, j] = tables[_A, place], tables[_B, place], tables[_C, place]
    total = 0.0
    for o in range(first, last + 1):
        low, high = max(o - moved, -middle), min(o + moved, middle)
        below, above = tables[_SIZE, max(low, lowest) + start], tables[_SIZE, max(high, lowest) + start]
        total += levels[o + middle] * max(below, above)
    return _SUMMED * total + (2 * size + 32) * _EPS * size * largest[rank]


@part
def _decide(column: Any, value: Any, who: Any, count: Any, fallen: Any, rest: Any) -> Any:
    """Return where a neuron goes; 0 where that is in doubt."""
    (plus, known), total = column, 0.0
    for j in range(count):
        if _has(known, who[j]):
            up = _has(plus, who[j])
            if value == 0:
                total += fallen[2, j] if up else -fallen[2, j]
            else:
                total += fallen[0, j] if up == (value > 0) else fallen[1, j]
    if abs(total) <= rest:
        return np.int8(0)
    if value == 0:
        return np.int8(1) if total > 0 else np.int8(-1)
    return -value if total < 0 else value


@part
def _move_leaders(own: Any, column: Any, who: Any, count: Any, step: Any) -> None:
    """Add step · ξ to the scores of those that lead."""
    plus, known = column
    for j in range(count):
        if _has(known, who[j]):
            own[j] += step if _has(plus, who[j]) else -step


@part
def _has(column: Any, k: Any) -> Any:
    """Say whether the bit of pattern k is 1."""
    return (column[k >> 6] >> np.uint64(k & 63)) & np.uint64(1) != 0
