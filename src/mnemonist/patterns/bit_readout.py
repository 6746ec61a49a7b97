r"""The weighted readout of packed patterns: a kernel. The slow twin is the matrix product of weights and unpacked rows.

    up_i = Σ_{μ: bit i of μ is 1} f(o_μ) = Σ_o f(o) · #{μ: o_μ = o, bit i is 1}

Scores are whole, so equal ones have equal weights: patterns are sorted by score, and the bits of those of one score are
*counted*, then weighed. Counting is adding with carry, 64 neurons at a time: bit i of planes[j] is digit j of the count
of neuron i. Eight patterns at a time pass adders (a, b, c) → (a ⊕ b ⊕ c, at least two of them) before a carry goes on
(Harley & Seal). That is a few operations for 64 neurons and a pattern, and the sums have one rounding for each score.

A weight of size at most `cut` is skipped, and so is a tile that has no larger one: a tile that does not live.

Shapes: see `packing` and `bit_scores`; tables (rows, R, L) of sizes, of weights, and of more to be summed up: those of
score o are `tables[row, :, o + start]`, row, start = `places[b]`; cuts (B,); ups (1 or 2, B, 64 W), of plus and known;
totals (B, R); live (B, T); touched (B,).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.bit_scores import compare
from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.packing import TILE

_BLOCK = 64  # tiles whose patterns are sorted together: their words of 64 neurons take 128 KB
_DIGITS = 16


@compiled
def read(planes: Any, cues: Any, live: Any, weights: Any, tiles: Any, out: Any) -> None:
    """Sum up what patterns of those tiles (first, behind the last) that live weigh; cues with none stay untouched."""
    (plus, known, count), (tables, places, cuts), (ups, totals, touched) = planes, weights, out
    scratch, found = np.zeros((2, TILE), np.int64), np.empty((_BLOCK * TILE, 2), np.int32)
    order = np.empty(_BLOCK * TILE, np.uint32)
    for first in range(tiles[0], tiles[1], _BLOCK):
        last = min(first + _BLOCK, tiles[1])
        for cue in range(len(places)):
            row, start = places[cue]
            sizes, number = (tables[row, 0], start, cuts[cue]), 0
            for tile in range(first, last):
                if live[cue, tile]:
                    base = compare(planes, tile, cues, cue, scratch)
                    lanes = min(TILE, count - tile * TILE)
                    number = _gather(scratch, (base, lanes), (tile - first) * TILE, sizes, found, number)
            if number:
                if not touched[cue]:
                    ups[:, cue], totals[cue], touched[cue] = 0, 0, True
                least, ends = _sort(found[:number], order)
                _total(ends, tables[row], least + start, totals[cue])
                table = (tables[row, 1], least + start)
                _add(plus[first:last], order, ends, table, ups[0, cue])
                if len(known):
                    _add(known[first:last], order, ends, table, ups[1, cue])


@compiled
def _gather(scratch: Any, base: Any, first: Any, sizes: Any, found: Any, number: Any) -> Any:
    """Note which patterns of a tile count, with their scores; return how many there are by now."""
    table, start, cut = sizes
    for lane in range(base[1]):
        h = base[0] - 2 * scratch[0, lane] + scratch[1, lane]
        if table[h + start] > cut:
            found[number, 0], found[number, 1] = first + lane, h
            number += 1
    return number


@compiled
def _total(ends: Any, tables: Any, start: Any, totals: Any) -> None:
    """Add the weights of all patterns found, by each of the tables."""
    for level in range(len(ends) - 1):
        for table in range(len(tables)):
            totals[table] += (ends[level + 1] - ends[level]) * tables[table, level + start]


@compiled
def _sort(found: Any, order: Any) -> Any:
    """Set the order of the patterns found by score; return the least score and where each score begins and ends."""
    least, most = found[0, 1], found[0, 1]
    for i in range(len(found)):
        least, most = min(least, found[i, 1]), max(most, found[i, 1])
    ends = np.zeros(most - least + 2, np.int64)
    for i in range(len(found)):
        ends[found[i, 1] - least + 1] += 1
    for level in range(len(ends) - 1):
        ends[level + 1] += ends[level]
    free = ends.copy()
    for i in range(len(found)):
        level = found[i, 1] - least
        order[free[level]] = found[i, 0]
        free[level] += 1
    return least, ends


@compiled
def _add(plane: Any, order: Any, ends: Any, table: Any, up: Any) -> None:
    """Add the weights of patterns in this order to the neurons whose bit is 1, word by word and score by score."""
    weights, start = table
    planes, counts, words = np.zeros(_DIGITS, np.uint64), np.empty(64, np.int64), np.empty(len(plane) * TILE, np.uint64)
    for w in range(plane.shape[1]):
        for tile in range(len(plane)):  # side by side: where they are, all fall into few places of the cache
            for lane in range(TILE):
                words[tile * TILE + lane] = plane[tile, w, lane]
        for level in range(len(ends) - 1):
            if ends[level + 1] > ends[level]:
                _count(words, order, (ends[level], ends[level + 1]), planes)
                _convert(planes, counts)
                f = weights[level + start]
                for j in range(64):
                    up[64 * w + j] += f * counts[j]


@compiled
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


@compiled
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


@compiled
def _full(a: Any, b: Any, c: Any) -> Any:
    """Return sums and carries."""
    either = a ^ b
    return either ^ c, (a & b) | (either & c)


@compiled
def _carry(planes: Any, digit: Any, word: Any) -> None:
    """Add a word to the counts, at this digit."""
    while word:
        planes[digit], word = planes[digit] ^ word, planes[digit] & word
        digit += 1


@compiled
def _convert(planes: Any, counts: Any) -> None:
    """Turn planes into counts (64,), and leave them 0."""
    counts[:] = 0
    for digit in range(len(planes)):
        word = planes[digit]
        if word:
            for j in range(64):
                counts[j] += np.int64((word >> np.uint64(j)) & np.uint64(1)) << digit
            planes[digit] = 0
