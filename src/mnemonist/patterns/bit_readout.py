r"""The weighted readout of packed patterns: a kernel. The slow twin is the matrix product of weights and unpacked rows.

    up_i = Σ_{μ: bit i of μ is 1} f(o_μ) = Σ_o f(o) · #{μ: o_μ = o, bit i is 1}

Scores are whole, so equal ones have equal weights: patterns are sorted by score, and the bits of those of one score are
*counted*, then weighed. Counting is adding with carry, 64 neurons at a time: bit i of planes[j] is digit j of the count
of neuron i. Eight patterns at a time pass adders (a, b, c) → (a ⊕ b ⊕ c, at least two of them) before a carry goes on
(Harley & Seal). That is a few operations for 64 neurons and a pattern, and the sums have one rounding for each score.

A weight of size at most `cut` is skipped, and so is a tile that has no larger one: a tile that does not live.

Shapes: see `packing` and `bit_overlaps`; tables (rows, R, L) of sizes, of weights, and of more to be summed up: those
of score o are `tables[row, :, o + start]`, row, start = `places[b]`; cuts (B,); live (B, T), beside the weights; ups (1
or 2, B, 64 W), of plus and known; totals (B, R); touched (B,). To work in, for P patterns sorted together: h (1, 1,
256); found (P, 2), order (P,), words (P,); which (P / 256,); ends (2, L) of L scores.
"""

from typing import Any

import numpy as np

from mnemonist.patterns.bit_counts import add_counts
from mnemonist.patterns.bit_overlaps import overlaps
from mnemonist.patterns.compiled import compiled, part
from mnemonist.patterns.packing import TILE

_DIGITS = 16  # of the number of patterns sorted together


@compiled
def read(planes: Any, cues: Any, weights: Any, tiles: Any, out: Any, room: Any) -> None:
    """Sum up what patterns of those tiles (first, behind the last) that live weigh; cues with none stay untouched."""
    (plus, known, _), (tables, places, cuts, live), (ups, totals, touched) = planes, weights, out
    finding, (order, ends), words = room
    found, which = finding[1:]
    for first in range(tiles[0], tiles[1], len(which)):
        part = (first, min(first + len(which), tiles[1]))
        for cue in range(len(places)):
            row, start = places[cue]
            number, some = _find(planes, cues, cue, (live, part), (tables[row, 0], start, cuts[cue]), finding)
            if number:
                if not touched[cue]:
                    ups[:, cue], totals[cue], touched[cue] = 0, 0, True
                least, levels = _sort(found, number, order, ends)
                table = (tables[row], least + start)
                _total(ends[0], levels, table, totals[cue])
                _add(plus, (which, some), (order, ends[0], levels), table, ups[0, cue], words)
                if len(known):
                    _add(known, (which, some), (order, ends[0], levels), table, ups[1, cue], words)


@part
def _find(planes: Any, cues: Any, cue: Any, tiles: Any, sizes: Any, finding: Any) -> Any:
    """Note which patterns of a part of the tiles count, and their scores, and which tiles live; return how many do."""
    (plus, known, count), (live, part), (table, start, cut), (h, found, which) = planes, tiles, sizes, finding
    number, some = 0, 0
    for tile in range(part[0], part[1]):
        if live[cue, tile]:
            overlaps(h, (plus, known), cues, (cue, cue + 1), (tile, 0))
            for lane in range(min(TILE, count - tile * TILE)):
                if table[h[0, 0, lane] + start] > cut:
                    found[number, 0], found[number, 1] = some * TILE + lane, h[0, 0, lane]
                    number += 1
            which[some] = tile
            some += 1
    return number, some


@part
def _total(ends: Any, levels: Any, table: Any, totals: Any) -> None:
    """Add the weights of all patterns found, by each of the tables."""
    weights, start = table
    for level in range(levels):
        for kind in range(len(weights)):
            totals[kind] += (ends[level + 1] - ends[level]) * weights[kind, level + start]


@part
def _sort(found: Any, number: Any, order: Any, ends: Any) -> Any:
    """Set the order of the patterns found by score, and where each score begins and ends; return the least, how many.

    Patterns of score `least + i` are those of the order from ends[0, i] to ends[0, i + 1].
    """
    least, most = found[0, 1], found[0, 1]
    for i in range(number):
        least, most = min(least, found[i, 1]), max(most, found[i, 1])
    levels = most - least + 1
    for level in range(levels + 1):
        ends[0, level] = 0
    for i in range(number):
        ends[0, found[i, 1] - least + 1] += 1
    for level in range(levels):
        ends[1, level] = ends[0, level]
        ends[0, level + 1] += ends[0, level]
    for i in range(number):
        level = found[i, 1] - least
        order[ends[1, level]] = found[i, 0]
        ends[1, level] += 1
    return least, levels


@part
def _add(plane: Any, tiles: Any, by_score: Any, table: Any, up: Any, words: Any) -> None:
    """Add the weights of patterns in this order to the neurons whose bit is 1, word by word and score by score."""
    (which, some), (order, ends, levels), (weights, start) = tiles, by_score, table
    digits = np.zeros(_DIGITS, np.uint64)
    for w in range(plane.shape[1]):
        for i in range(some):  # side by side: where they are, all fall into few places of the cache
            for lane in range(TILE):
                words[i * TILE + lane] = plane[which[i], w, lane]
        for level in range(levels):
            if ends[level + 1] > ends[level]:
                _count(words, order, (ends[level], ends[level + 1]), digits)
                add_counts(up, 64 * w, digits, weights[1, level + start])


@part
def _count(words: Any, order: Any, part: Any, planes: Any) -> None:
    """Count the bits of the words of a part of the order in planes that are 0 before."""
    zero = np.uint64(0)
    digits, eights = (zero, zero, zero), zero
    first, end = part
    sixteens = (end - first) // 16
    for i in range(sixteens):
        digits, a = _eight(words, order, first + 16 * i, digits)
        digits, b = _eight(words, order, first + 16 * i + 8, digits)
        eights, carry = _full(eights, a, b)
        _carry(planes, 4, carry)
    planes[0], planes[1], planes[2], planes[3] = digits[0], digits[1], digits[2], eights
    for i in range(first + 16 * sixteens, end):
        _carry(planes, 0, words[order[i]])


@part
def _eight(words: Any, order: Any, i: Any, digits: Any) -> Any:
    """Add eight words to three digits; return those and the carry."""
    ones, twos, fours = digits
    ones, a = _full(ones, words[order[i]], words[order[i + 1]])
    ones, b = _full(ones, words[order[i + 2]], words[order[i + 3]])
    twos, c = _full(twos, a, b)
    ones, a = _full(ones, words[order[i + 4]], words[order[i + 5]])
    ones, b = _full(ones, words[order[i + 6]], words[order[i + 7]])
    twos, d = _full(twos, a, b)
    fours, eights = _full(fours, c, d)
    return (ones, twos, fours), eights


@part
def _full(a: Any, b: Any, c: Any) -> Any:
    """Return sums and carries."""
    either = a ^ b
    return either ^ c, (a & b) | (either & c)


@part
def _carry(planes: Any, digit: Any, word: Any) -> None:
    """Add a word to the counts, at this digit."""
    while word:
        planes[digit], word = planes[digit] ^ word, planes[digit] & word
        digit += 1
