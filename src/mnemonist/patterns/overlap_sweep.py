r"""A sweep over ±1 neurons whose energy is −Σ_μ F(o_μ), cue by cue, with falls of F from tables.

    a_μ = F(o_μ) − F(o_μ − 2),    b_μ = F(o_μ) − F(o_μ + 2),    cost_i = Σ_{ξ_μi = s_i} a_μ + Σ_{ξ_μi = −s_i} b_μ

A pattern that knows all neurons has one of the two in every sum, so that most decisions need one run through memory:

    cost_i = Σ_μ b_μ + Σ_{ξ_μi = s_i} (a_μ − b_μ)

Rounded, that is off by less than (2K + 32) ε Σ_μ (|a_μ| + |b_μ|), what the slow twin may be off by and its tie
included. Only within that are both sums taken, as `memories.sites.OverlapSites`, the slow twin, takes them. A flip makes
a and b anew: 2 K look-ups. Whole numbers are summed without rounding up to 2⁵³, so there the two agree on every tie.

Shapes: columns (N, K), −1, 0 (unknown) or 1; scores (B, K) int32; state (B, N); tables (rows, 3, 2N + 1), the falls a, b
and F(o + 1) − F(o − 1); ranks (2N + 1,); places (ranks, 2): see `memories.falls.Falls`.
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled, reordered

_EPS = 2.0**-52


@compiled
def sweep(columns: Any, visits: Any, falls: Any, tie: Any, cues: Any, at_once: Any) -> None:
    """Visit sites in this order in each of the cues (state, scores, movable); `at_once` they all see the first state.

    The state changes in place, and so do the scores, unless at once.
    """
    state, scores, movable = cues
    whole = np.empty(len(columns), np.bool_)
    for site in visits:
        whole[site] = _whole(columns[site])
    weights = np.empty((3, columns.shape[1]))
    for cue in range(len(state)):
        h, s = scores[cue], state[cue]
        table, sums = _weigh(h, falls, weights)
        for site in visits:
            if not movable[cue, site]:
                continue
            if s[site] == 0:
                target = _decided(columns[site], h, table, tie)
            else:
                target = _flipped(columns[site], s[site], weights, sums, whole[site], tie)
            if target != s[site]:
                if not at_once:
                    _move(h, columns[site], target - s[site])
                    table, sums = _weigh(h, falls, weights)
                s[site] = target


@compiled
def _weigh(h: Any, falls: Any, weights: Any) -> Any:
    """Set a, b and a − b (3, K) of the scores; return where their falls stand, and Σ b, Σ (a − b), Σ |a| + |b|."""
    tables, ranks, places = falls
    least, most = _range(h)
    middle = len(ranks) // 2
    row, start = places[max(ranks[least + middle], ranks[most + middle])]
    _look_up(h, tables[row, 0], start, weights[0])
    _look_up(h, tables[row, 1], start, weights[1])
    return (tables[row, 2], start), _sums(weights[0], weights[1], weights[2])


@compiled
def _range(h: Any) -> Any:
    """Return the least and the greatest score."""
    least, most = h[0], h[0]
    for k in range(len(h)):
        least, most = min(least, h[k]), max(most, h[k])
    return least, most


@compiled
def _look_up(h: Any, table: Any, start: Any, falls: Any) -> None:
    """Set the falls (K,) of the scores; an unsigned index needs no second look at its sign."""
    for k in range(len(h)):
        falls[k] = table[np.uint64(h[k] + start)]


@reordered
def _sums(a: Any, b: Any, difference: Any) -> Any:
    """Set a − b; return Σ b, Σ (a − b) and Σ |a| + |b|."""
    second, differences, size = 0.0, 0.0, 0.0
    for k in range(len(a)):
        difference[k] = a[k] - b[k]
        second += b[k]
        differences += a[k] - b[k]
        size += abs(a[k]) + abs(b[k])
    return second, differences, size


@compiled
def _whole(column: Any) -> Any:
    """Say whether all patterns know a neuron."""
    unknown = 0
    for k in range(len(column)):
        unknown += column[k] == 0
    return unknown == 0


@compiled
def _flipped(column: Any, value: Any, weights: Any, sums: Any, whole: Any, tie: Any) -> Any:
    """Return where a neuron of value ±1 goes."""
    if whole:
        second, differences, size = sums
        up = _above(column, weights[2])
        cost = second + (up if value > 0 else differences - up)
        if abs(cost) > (2 * len(column) + 32) * _EPS * size:
            return -value if cost < 0 else value
    cost, size = _cost(column, value, weights[0], weights[1])
    return -value if cost < -tie * size else value


@reordered
def _above(column: Any, difference: Any) -> Any:
    """Return the sum of the differences at the patterns that are +1."""
    total = 0.0
    for k in range(len(column)):
        total += difference[k] if column[k] > 0 else 0.0
    return total


@reordered
def _cost(column: Any, value: Any, a: Any, b: Any) -> Any:
    """Return the cost of a flip, and the sum of its terms' sizes."""
    cost, size = 0.0, 0.0
    for k in range(len(column)):
        fall = a[k] if column[k] == value else b[k]
        fall = fall if column[k] != 0 else 0.0
        cost += fall
        size += abs(fall)
    return cost, size


@compiled
def _decided(column: Any, h: Any, table: Any, tie: Any) -> Any:
    """Return where an undecided neuron goes: to the sign of Σ ξ (F(o + 1) − F(o − 1)), nowhere at a tie."""
    pull, size = _pull(column, h, *table)
    if abs(pull) <= tie * size:
        return np.int8(0)
    return np.int8(1) if pull > 0 else np.int8(-1)


@reordered
def _pull(column: Any, h: Any, falls: Any, start: Any) -> Any:
    """Return Σ ξ (F(o + 1) − F(o − 1)), and the sum of its terms' sizes."""
    pull, size = 0.0, 0.0
    for k in range(len(column)):
        fall = falls[np.uint64(h[k] + start)] * column[k]
        pull += fall
        size += abs(fall)
    return pull, size


@compiled
def _move(h: Any, column: Any, step: Any) -> None:
    """Add step · ξ to the scores."""
    for k in range(len(h)):
        h[k] += np.int32(step) * np.int32(column[k])
