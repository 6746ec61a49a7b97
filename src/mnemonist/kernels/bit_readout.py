r"""The weighted readout of packed patterns: a kernel. The slow twin is the matrix product of weights and unpacked rows.

    up_i = Σ_{μ: bit i of μ is 1} f(o_μ) = Σ_o f(o) · #{μ: o_μ = o, bit i is 1}

Scores are whole, so equal ones have equal weights: patterns are sorted by score, and the bits of those of one score are
*counted*, then weighed, so that the sums have one rounding for each score. See `bit_counts`.

A weight of size at most `cut` is skipped, and so is a tile that has no larger one: see `bit_runs`.

Shapes: see `packing` and `bit_overlaps`; tables (R, L) of sizes, of weights, and of more to be summed up: those of
score o are `tables[:, max(o, least) + start]`, start, least = `places[b]`; cuts (B,); live (B, T), beside the weights;
ups (B, 1 or 2, 64 W), of plus and known; totals (B, R); touched (B,). To work in, where V tiles of a block live: h
(1, 1, 256); which (V,); found (256 V, 2), order (256 V,), rows (256 V, 8) words; ends (2, L) of L scores; digits (D, 8)
words.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.bit_counts import add_counts, count_rows
from mnemonist.kernels.bit_overlaps import overlaps
from mnemonist.kernels.compiled import compiled, part
from mnemonist.stores.packing import TILE, WORDS

BLOCK = 64  # tiles whose patterns are sorted together: their words of 64 neurons take 128 KB


@compiled
def read(planes: Any, cues: Any, weights: Any, tiles: Any, out: Any, room: Any) -> None:
    """Sum up what patterns of those tiles (first, behind the last) that live weigh; cues with none stay untouched."""
    (plus, known, _), (tables, places, cuts, live), (ups, totals, touched) = planes, weights, out
    finding, (order, ends), adding = room
    found, which = finding[1:]
    for first in range(tiles[0], tiles[1], BLOCK):
        span = (first, min(first + BLOCK, tiles[1]))
        for cue in range(len(places)):
            number, some = _find(planes, cues, cue, (live, span), (tables[0], places[cue], cuts[cue]), finding)
            if number:
                if not touched[cue]:
                    ups[cue], totals[cue], touched[cue] = 0, 0, True
                least, levels = _sort(found, number, order, ends)
                table = (tables, least + places[cue, 0])
                _total(ends[0], levels, table, totals[cue])
                for side in range(ups.shape[1]):
                    _add((plus, known)[side], (which, some), (order, ends[0], levels), table, ups[cue, side], adding)


@part
def _find(planes: Any, cues: Any, cue: Any, tiles: Any, sizes: Any, finding: Any) -> Any:
    """Note which patterns of a part of the tiles count, and their scores, and which tiles live; return how many do."""
    (plus, known, count), (live, span), (table, place, cut), (h, found, which) = planes, tiles, sizes, finding
    number, some, start, lowest = 0, 0, place[0], place[1]
    for tile in range(span[0], span[1]):
        if live[cue, tile]:
            overlaps(h, (plus, known), cues, (cue, cue + 1), (tile, 0))
            for lane in range(min(TILE, count - tile * TILE)):
                if table[max(h[0, 0, lane], lowest) + start] > cut:
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
def _add(plane: Any, tiles: Any, by_score: Any, table: Any, up: Any, adding: Any) -> None:
    """Add the weights of patterns in this order to the neurons whose bit is 1, some words at a time, score by score."""
    (which, some), (order, ends, levels), (weights, start), (rows, digits) = tiles, by_score, table, adding
    for first in range(0, plane.shape[1], WORDS):
        wide = min(WORDS, plane.shape[1] - first)
        for i in range(some):
            for w in range(WORDS):  # the words of a pattern side by side
                for lane in range(TILE):
                    rows[i * TILE + lane, w] = plane[which[i], first + w, lane] if w < wide else np.uint64(0)
        for level in range(levels):
            if ends[level + 1] > ends[level]:
                count_rows(rows, order, (ends[level], ends[level + 1]), digits)
                for w in range(wide):
                    add_counts(up, 64 * (first + w), digits, w, weights[1, level + start])
