r"""A sweep over ±1 neurons for as long as a few patterns decide it: those that lead, whose differences are the largest.

    cost_i = Σ_{leading} (a_μ or b_μ) + rest,    |rest| ≤ R

A neuron whose Σ_{leading} is larger than R goes where `overlap_sweep` would send it, at a price that does not grow with
K. At the first other one the sweep ends, for that kernel to go on. Who leads, and R, are told by all scores; or by the
least and the greatest score of each tile: then the few best tiles are scored, and the ends of another stand for all of
its patterns. See `leaders`.

Shapes: planes (plus, known, K): see `packing`; differences: `sites.tables`. A cue is (state (N,), scores (K,) int32,
movable (N,)); cues are (words, state (B, N), movable (B, N), reach (B, T, 2)). Room: see `leaders`; to score V tiles, h
(1, V, 256) and candidates, where (256 V,), int32 and int64.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.bit_overlaps import overlaps
from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.leaders import choose, closer_bound, gather, place_of, size_at, weigh
from mnemonist.stores.packing import TILE


@compiled
def sweep_led(planes: Any, visits: Any, differences: Any, cue: Any, room: Any) -> Any:
    """Visit sites in this order up to the first in doubt; return how many were visited. Only the state changes."""
    (state, scores, movable), (who, own, fallen, plus, known, levels) = cue, room
    levels[:] = 0
    middle = levels.shape[1] // 2
    others = (np.int64(middle), np.int64(-middle), np.int64(0), np.int64(planes[2]))
    count, others = choose(scores, differences, others, (who, own), levels)
    gather(planes, who, count, plus, known)
    return _follow(visits, differences, (state, movable), others, (count, own, fallen, plus, known, levels[1]))


@compiled
def sweep_by_tiles(planes: Any, visits: Any, differences: Any, cues: Any, out: Any, room: Any) -> None:
    """Do so in a part (first, behind the last) of the cues, from the ends of their tiles; set how many were visited."""
    (words, state, movable, reach), (part, done), (leading, scoring) = cues, out, room
    who, own, fallen, plus, known, levels = leading
    for cue in range(part[0], part[1]):
        levels[:] = 0
        _best(reach[cue], differences, scoring[0])
        number, others = _look(planes, words, cue, reach[cue], (levels[1], scoring))
        count, others = choose(scoring[2][:number], differences, others, (who, own), levels)
        for j in range(count):
            who[j] = scoring[3][who[j]]
        gather(planes, who, count, plus, known)
        mine = (count, own, fallen, plus, known, levels[1])
        done[cue] = _follow(visits, differences, (state[cue], movable[cue]), others, mine)


@part
def _look(planes: Any, words: Any, cue: Any, reach: Any, room: Any) -> Any:
    """Score the best tiles, and count all others; return how many candidates there are, and the others."""
    levels, (best, h, candidates, where) = room
    count, middle, number = planes[2], len(levels) // 2, 0
    least, most, some = np.int64(middle), np.int64(-middle), np.int64(0)
    for tile in range(len(reach)):
        if _among(best, tile):
            overlaps(h, (planes[0], planes[1]), words, (cue, cue + 1), (tile, 0))
            for lane in range(min(TILE, count - tile * TILE)):
                candidates[number], where[number] = h[0, 0, lane], tile * TILE + lane
                number += 1
        else:
            low, high = np.int64(reach[tile, 0]), np.int64(reach[tile, 1])
            levels[low + middle] += TILE
            levels[high + middle] += TILE
            least, most, some = min(least, low), max(most, high), some + 2 * TILE
    return number, (least, most, some, np.int64(count))


@part
def _best(reach: Any, differences: Any, best: Any) -> None:
    """Note the tiles that have the largest sizes at their ends; −1 where there are no more."""
    least, most = reach[0, 0], reach[0, 1]
    for tile in range(len(reach)):
        least, most = min(least, reach[tile, 0]), max(most, reach[tile, 1])
    place = place_of(differences, least, most)
    best[:] = -1
    for tile in range(len(reach)):
        size, at = _size_of(differences, place, reach[tile]), len(best)
        while at > 0 and (best[at - 1] < 0 or size > _size_of(differences, place, reach[best[at - 1]])):
            at -= 1
        for later in range(len(best) - 1, at, -1):
            best[later] = best[later - 1]
        if at < len(best):
            best[at] = tile


@part
def _size_of(differences: Any, place: Any, ends: Any) -> Any:
    """Return the largest size in a tile."""
    return max(size_at(differences, place, ends[0]), size_at(differences, place, ends[1]))


@part
def _among(few: Any, tile: Any) -> Any:
    """Say whether a tile is one of a few."""
    found = False
    for one in few:
        found |= one == tile
    return found


@part
def _follow(visits: Any, differences: Any, cue: Any, others: Any, leaders: Any) -> Any:
    """Visit sites up to the first in doubt; return how many were visited."""
    (state, movable), (count, own, fallen, plus, known, levels), moved = cue, leaders, np.int64(0)
    place, rest = weigh(differences, own, count, others, moved, fallen)
    close = False
    for i in range(len(visits)):
        site = visits[i]
        if movable[site]:
            total = _sum(plus, known, count, site, state[site], fallen)
            if not abs(total) > rest and not close:
                rest, close = closer_bound(differences, place, others, moved, levels), True
            if not abs(total) > rest:
                return i
            target = state[site]
            if target == 0:
                target = np.int8(1) if total > 0 else np.int8(-1)
            elif total < 0:
                target = -target
            if target != state[site]:
                step = target - state[site]
                _move(own, plus, known, count, site, step)
                state[site], moved, close = target, moved + abs(step), False
                place, rest = weigh(differences, own, count, others, moved, fallen)
    return len(visits)


@part
def _sum(plus: Any, known: Any, count: Any, site: Any, value: Any, fallen: Any) -> Any:
    """Return what a flip costs of those who lead; of a neuron without a value, the pull."""
    total = 0.0
    for j in range(count):
        if _bit(known[j], site):
            up = _bit(plus[j], site)
            if value == 0:
                total += fallen[2, j] if up else -fallen[2, j]
            else:
                total += fallen[0, j] if up == (value > 0) else fallen[1, j]
    return total


@part
def _move(own: Any, plus: Any, known: Any, count: Any, site: Any, step: Any) -> None:
    """Add step · ξ to the scores of those who lead."""
    for j in range(count):
        if _bit(known[j], site):
            own[j] += step if _bit(plus[j], site) else -step


@part
def _bit(words: Any, site: Any) -> Any:
    """Say whether the bit of a neuron is 1."""
    return (words[site >> 6] >> np.uint64(site & 63)) & np.uint64(1) != 0
