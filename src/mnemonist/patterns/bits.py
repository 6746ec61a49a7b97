"""Packed patterns read by compiled kernels, in runs of tiles on threads.

The runs are cut by the number of patterns alone and their sums added in order, so threads change nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.patterns.packing import TILE, Numbers, Planes, words_of
from mnemonist.patterns.sweeps import enough
from mnemonist.patterns.threads import share

Words = tuple[Numbers, Numbers]  # bits of cues that are +1, and bits that are looked at

_RUNS = 16  # runs of tiles at most, each with sums of its own
_RUN = 64  # tiles in a run, of few
_WORDS = 2**19  # of patterns, compared with a cue, of which a run is worth handing to a thread
_CUES = 64  # cues that read together


class Weights(NamedTuple):
    """Tables by score, where in them each cue finds its own, and what size may be skipped: see `bit_readout`."""

    tables: Numbers
    places: Numbers
    cuts: Numbers


class Readout(NamedTuple):
    """Σ f over the patterns with a neuron at +1 (B, N), and over those that know it, (B, N), or (B, 1) where all do.

    `totals` (B, R) are the sums of each table over all patterns.
    """

    up: Numbers
    seen: Numbers
    totals: Numbers


def worth_it(products: int) -> bool:
    """Say whether so many products are better made bit by bit, and can be."""
    return enough(products, _kernels)


def words_of_cues(state: Numbers, compare: Numbers | None = None) -> Words:
    """Return the bits of cues (B, N) that are +1, and those that are looked at and not 0."""
    seen = state != 0 if compare is None else (state != 0) & compare
    return words_of(state > 0), words_of(seen)


def scored(planes: Planes, cues: Words) -> Iterator[Numbers]:
    """Yield the scores (B, k) int32, some tiles of patterns at a time."""
    for first in range(0, len(planes.plus), _RUN):
        tiles = (first, min(first + _RUN, len(planes.plus)))
        out = np.empty((len(cues[0]), min(planes.count, tiles[1] * TILE) - first * TILE), np.int32)
        _over_tiles(_kernels().scores, planes, cues, out, tiles=tiles, width=TILE)
        yield out


def reach(planes: Planes, cues: Words) -> Numbers:
    """Return the least and the greatest score (B, T, 2) of each tile."""
    out = np.empty((len(cues[0]), len(planes.plus), 2), np.int32)
    _over_tiles(_kernels().reach, planes, cues, out, tiles=(0, len(planes.plus)), width=1)
    return out


def read(planes: Planes, cues: Words, reach: Numbers, weights: Weights) -> Readout:
    """Read out all patterns whose weights are not too small; sizes must be largest at the ends of any range of scores.

    Skipped weights are at most K cut together: with cuts of ε²/K of the largest weight less than ε² of it, which no
    sum of doubles can show.
    """
    row, start = weights.places.T[..., None]
    sizes = weights.tables[:, 0]
    ends = np.maximum(sizes[row, reach[:, :, 0] + start], sizes[row, reach[:, :, 1] + start])
    live = ends > weights.cuts[:, None]
    parts = [_read(planes, cues, live, weights, slice(i, i + _CUES)) for i in range(0, len(cues[0]), _CUES)]
    up, totals = (np.concatenate([part[i] for part in parts], axis=-2) for i in (0, 1))
    up = up[..., : planes.width]
    return Readout(up[0], up[1] if len(planes.known) else totals[:, 1:2], totals)


def _read(planes: Planes, cues: Words, live: Numbers, weights: Weights, part: slice) -> tuple[Numbers, Numbers]:
    """Return the sums (1 or 2, b, 64 W) and the totals (b, R) of some of the cues."""
    words, mine = (cues[0][part], cues[1][part]), (weights.tables, weights.places[part], weights.cuts[part])
    runs = [run for run in _runs(len(planes.plus)) if live[part, run[0] : run[1]].any()]
    size, both = len(mine[1]), 1 + bool(len(planes.known))
    ups = np.empty((len(runs), both, size, 64 * words[0].shape[1]))
    totals, touched = np.empty((len(runs), size, weights.tables.shape[1])), np.zeros((len(runs), size), np.bool_)
    kernel, arrays = _kernels().read, (planes.plus, planes.known, planes.count)

    def work(i: int) -> None:
        kernel(arrays, words, live[part], mine, runs[i], (ups[i], totals[i], touched[i]))

    share(work, len(runs))
    return _sum(ups, touched), _sum(totals, touched)


def _sum(parts: Numbers, touched: Numbers) -> Numbers:
    """Return the sum of the parts (P, …, b, n), in order, over what was touched (P, b) in each."""
    total = np.zeros(parts.shape[1:])
    for part, mine in zip(parts, touched, strict=True):
        total[..., mine, :] += part[..., mine, :]
    return total


def _over_tiles(kernel: Any, planes: Planes, cues: Words, out: Numbers, *, tiles: tuple[int, int], width: int) -> None:
    """Let a kernel say something of some tiles, in `width` columns of `out` (B, …) for each."""
    arrays, number = (planes.plus, planes.known, planes.count), tiles[1] - tiles[0]
    size = max(-(-number // _RUNS), min(number, _WORDS // (planes.plus[0].size * len(out)) + 1))
    runs = [(start, min(start + size, tiles[1])) for start in range(*tiles, size)]

    def work(i: int) -> None:
        mine = out[:, width * (runs[i][0] - tiles[0]) : width * (runs[i][1] - tiles[0])]
        for start in range(0, len(out), _CUES):
            part = slice(start, start + _CUES)
            kernel(arrays, (cues[0][part], cues[1][part]), runs[i], mine[part])

    share(work, len(runs))


def _runs(tiles: int) -> list[tuple[int, int]]:
    """Return runs of tiles (first, behind the last) that are read together, about as long each."""
    size = -(-tiles // min(_RUNS, -(-tiles // _RUN)))
    return [(start, min(start + size, tiles)) for start in range(0, tiles, size)]


class _Kernels(NamedTuple):
    scores: Any
    reach: Any
    read: Any


@cache
def _kernels() -> _Kernels:
    from mnemonist.patterns import bit_readout, bit_scores

    return _Kernels(bit_scores.scores, bit_scores.reach, bit_readout.read)
