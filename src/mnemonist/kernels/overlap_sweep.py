r"""A sweep over ±1 neurons whose energy is −Σ_μ F(o_μ), cue by cue, with differences of F from tables.

    a_μ = F(o_μ) − F(o_μ − 2),    b_μ = F(o_μ) − F(o_μ + 2),    cost_i = Σ_{ξ_μi = s_i} a_μ + Σ_{ξ_μi = −s_i} b_μ

Where all patterns know a neuron, each has one of the two in the sum, so most decisions need one run through memory:

    cost_i = Σ_μ b_μ + Σ_{ξ_μi = s_i} d_μ,    d_μ = a_μ − b_μ

In any order that is off by less than (2K + 32) ε K max(|a| + |b|, |c|), errors and tie of the slow twin included.
Only within that are both sums taken, as by that twin, `sites.binary.OverlapSites`. A flip makes d and Σ b anew: 2 K
look-ups, or parabolas of powers up to 3; so does a neuron without a value, for which c_μ = F(o_μ + 1) − F(o_μ − 1)
stands in for d: it goes to the sign of Σ ξ c. Whole numbers sum exactly up to 2⁵³: there the two agree on every tie.

Shapes: columns are (plus, known, whole), see `columns`: bits (N, V), known (1, V) where all know all, and (N,). Cues
are (state, scores, movable, room for d): (B, N), (B, K) int32, (B, N), zeros (64 V,). Falls: see `sites.tables`.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.bit_masks import add_signs, sum_where
from mnemonist.kernels.compiled import compiled, part, reordered

_EPS = 2.0**-52
_A, _, _C, _, _D, _B = range(6)  # rows of the tables


@compiled
def sweep(columns: Any, visits: Any, differences: Any, tie: Any, cues: Any, at_once: Any) -> None:
    """Visit sites in this order in each of the cues; `at_once` they all see the first state.

    The state changes in place, and so do the scores, unless at once.
    """
    (plus, known, whole), (state, scores, movable, contrasts) = columns, cues
    for cue in range(len(state)):
        h, s = scores[cue], state[cue]
        table, sums = _weigh(h, differences, contrasts)
        for site in visits:
            if not movable[cue, site]:
                continue
            column = (plus[site], known[min(site, len(known) - 1)])
            target, pulled = 0, whole[site] and s[site] == 0
            if pulled:
                target = _pulled(plus[site], h, table, contrasts, sums[1])
            elif whole[site]:
                target = _quick(plus[site], s[site], contrasts, sums)
            if target == 0:
                target = _careful(column, s[site], h, table, tie)
            moves = target != s[site] and not at_once
            if moves:
                _move(h, column, target - s[site])
            if moves or pulled:
                table, sums = _weigh(h, differences, contrasts)
            s[site] = target


@part
def _weigh(h: Any, differences: Any, contrasts: Any) -> Any:
    """Set the contrasts d of the scores; return where their differences stand, Σ b, and a bound of the rounding."""
    tables, ranks, places, largest, parabolas = differences
    least, most = _range(h)
    middle = len(ranks) // 2
    rank = max(ranks[least + middle], ranks[most + middle])
    place = places[rank]
    if len(parabolas):
        second = _compute(h, parabolas[rank], contrasts)
    else:
        _look_up(h, tables[_D], place, contrasts)
        second = _total(h, tables[_B], place)
    return (tables, place), (second, (2 * len(h) + 32) * _EPS * len(h) * largest[rank])


@part
def _range(h: Any) -> Any:
    """Return the least and the greatest score."""
    least, most = h[0], h[0]
    for k in range(len(h)):
        least, most = h[k] if h[k] < least else least, h[k] if h[k] > most else most
    return least, most


@reordered
def _compute(h: Any, parabolas: Any, contrasts: Any) -> Any:
    """Set the differences of the scores where they are a parabola, as b is; return Σ b."""
    b0, b1, b2 = parabolas[0, 0], parabolas[0, 1], parabolas[0, 2]
    d0, d1, d2 = parabolas[1, 0], parabolas[1, 1], parabolas[1, 2]
    second = 0.0
    for k in range(len(h)):
        o = float(h[k])
        contrasts[k] = d0 + o * (d1 + o * d2)
        second += b0 + o * (b1 + o * b2)
    return second


@part
def _look_up(h: Any, table: Any, place: Any, differences: Any) -> None:
    """Set the differences (K,) of the scores; an unsigned index needs no second look at its sign."""
    start, least = place[0], place[1]
    for k in range(len(h)):
        differences[k] = table[np.uint64(max(h[k], least) + start)]


@reordered
def _total(h: Any, table: Any, place: Any) -> Any:
    """Return the sum of the differences of the scores."""
    total, start, least = 0.0, place[0], place[1]
    for k in range(len(h)):
        total += table[np.uint64(max(h[k], least) + start)]
    return total


@part
def _quick(column: Any, value: Any, contrasts: Any, sums: Any) -> Any:
    """Return where a neuron goes that has a value; 0 where that is in doubt."""
    second, doubt = sums
    cost = second + sum_where(column, np.uint64(0) if value > 0 else ~np.uint64(0), contrasts)
    return np.int8(0) if abs(cost) <= doubt else -value if cost < 0 else value


@part
def _pulled(column: Any, h: Any, table: Any, differences: Any, doubt: Any) -> Any:
    """Return where a neuron without a value goes, the sign of Σ ξ c; 0 where that is in doubt. Sets contrasts to c."""
    tables, place = table
    _look_up(h, tables[_C], place, differences)
    pull = sum_where(column, np.uint64(0), differences) - sum_where(column, ~np.uint64(0), differences)
    return np.int8(0) if abs(pull) <= doubt else np.int8(1) if pull > 0 else np.int8(-1)


@part
def _careful(column: Any, value: Any, h: Any, table: Any, tie: Any) -> Any:
    """Return where a neuron goes as the twin decides it: one without a value goes to the sign of Σ ξ c, or stays."""
    differences, place = table
    if value != 0:
        cost, size = _cost(column, value, h, (differences[_A], differences[_B], 1.0), place)
        return -value if cost < -tie * size else value
    pull, size = _cost(column, np.int8(1), h, (differences[_C], differences[_C], -1.0), place)
    return np.int8(0) if abs(pull) <= tie * size else np.int8(1) if pull > 0 else np.int8(-1)


@reordered
def _cost(column: Any, value: Any, h: Any, differences: Any, where: Any) -> Any:
    """Return Σ a over the patterns of this value + sign · Σ b over those of the other, and the sum of the sizes."""
    (plus, known), (a, b, sign), start, least = column, differences, where[0], where[1]
    cost, size = 0.0, 0.0
    for v in range(len(plus)):
        alike = plus[v] if value > 0 else ~plus[v]
        for j in range(min(64, len(h) - 64 * v)):
            place = np.uint64(max(h[64 * v + j], least) + start)
            difference = a[place] if _bit(alike, j) else sign * b[place]
            difference = difference if _bit(known[v], j) else 0.0
            cost += difference
            size += abs(difference)
    return cost, size


@part
def _move(h: Any, column: Any, step: Any) -> None:
    """Add step · ξ to the scores."""
    plus, known = column
    add_signs(h, plus, known, np.int32(step))
    whole = len(h) // 64
    for j in range(len(h) - 64 * whole):
        pattern = np.int32(2) * np.int32(_bit(plus[whole], j)) - np.int32(1)
        h[64 * whole + j] += np.int32(step) * pattern * np.int32(_bit(known[whole], j))


@part
def _bit(word: Any, j: Any) -> Any:
    """Return bit j of a word."""
    return (word >> np.uint64(j)) & np.uint64(1)
