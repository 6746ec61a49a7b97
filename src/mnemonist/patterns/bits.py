"""Packed patterns read by compiled kernels, in runs of tiles on threads.

The runs are cut by the number of patterns alone and their sums added in order, so threads change nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.patterns.packing import TILE, WORDS, Numbers, Planes, words_of
from mnemonist.patterns.sweeps import enough
from mnemonist.patterns.threads import share

Words = tuple[Numbers, Numbers]  # bits of cues that are +1, and bits that are looked at

_RUNS = 16  # runs of tiles at most, each with sums of its own
_RUN = 64  # tiles in a run, of few
_WORDS = 2**18  # of patterns, compared with a cue, of which a run is worth handing to a thread
_CUES = 64  # cues that read together
_BLOCK = 64  # tiles whose patterns are sorted together: their words of 64 neurons take 128 KB
_DIGITS = 16  # of the number of patterns sorted together


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
        out = np.empty((len(cues[0]), tiles[1] - first, TILE), np.int32)
        _over_tiles(_kernels().scores, planes, cues, out, tiles)
        yield out.reshape(len(out), -1)[:, : planes.count - first * TILE]


def reach(planes: Planes, cues: Words) -> Numbers:
    """Return the least and the greatest score (B, T, 2) of each tile."""
    out = np.empty((len(cues[0]), len(planes.plus), 2), np.int32)

    def kernel(*where: Any) -> None:
        _kernels().reach(*where, np.empty((min(len(out), _CUES), 1, TILE), np.int32))

    _over_tiles(kernel, planes, cues, out, (0, len(planes.plus)))
    return out


def read(planes: Planes, cues: Words, reach: Numbers, weights: Weights) -> Readout:
    """Read out all patterns whose weights are not too small; sizes must be largest at the ends of any range of scores.

    Skipped weights are at most K cut together: with cuts of ε²/K of the largest weight less than ε² of it, which no
    sum of doubles can show.
    """
    tables, (row, start) = weights.tables, weights.places.T
    sizes = tables.take(reach + (row * tables[0].size + start)[:, None, None])
    live = np.maximum(sizes[..., 0], sizes[..., 1]) > weights.cuts[:, None]
    parts = [_read(planes, cues, live, weights, slice(i, i + _CUES)) for i in range(0, len(cues[0]), _CUES)]
    up, totals = parts[0] if len(parts) == 1 else (np.concatenate(sums, axis=-2) for sums in zip(*parts, strict=True))
    up = up[..., : planes.width]
    return Readout(up[0], up[1] if len(planes.known) else totals[:, 1:2], totals)


def _read(planes: Planes, cues: Words, live: Numbers, weights: Weights, part: slice) -> tuple[Numbers, Numbers]:
    """Return the sums (1 or 2, b, 64 W) and the totals (b, R) of some of the cues."""
    words, live, runs = (cues[0][part], cues[1][part]), live[part], _runs(len(planes.plus))
    mine = weights.tables, weights.places[part], weights.cuts[part], live
    alive = np.logical_or.reduceat(live, [first for first, _ in runs], axis=1)
    runs = [runs[i] for i in np.flatnonzero(np.any(alive, axis=0))]
    size, both, based = len(live), 1 + bool(len(planes.known)), _based(planes, words)
    ups = np.empty((len(runs), both, size, 64 * words[0].shape[1]))
    totals, touched = np.empty((len(runs), size, weights.tables.shape[1])), np.zeros((len(runs), size), np.bool_)
    kernel, arrays = _kernels().read, (planes.plus, planes.known, planes.count)

    def work(i: int) -> None:
        kernel(arrays, based, mine, runs[i], (ups[i], totals[i], touched[i]), _room(planes.width))

    share(work, len(runs))
    return _sum(ups, touched), _sum(totals, touched)


def _room(width: int) -> tuple[tuple[Numbers, ...], ...]:
    """Return what a readout works in: see `bit_readout`."""
    together = _BLOCK * TILE
    finding = np.empty((1, 1, TILE), np.int32), np.empty((together, 2), np.int32), np.empty(_BLOCK, np.int64)
    sorting = np.empty(together, np.uint32), np.empty((2, 2 * width + 2), np.int64)
    adding = np.empty((together, WORDS), np.uint64), np.zeros((_DIGITS, WORDS), np.uint64)
    return finding, sorting, adding


def _sum(parts: Numbers, touched: Numbers) -> Numbers:
    """Return the sum of the parts (P, …, b, n), in order, over what was touched (P, b) in each."""
    total = np.zeros(parts.shape[1:])
    for part, mine in zip(parts, touched, strict=True):
        total[..., mine, :] += part[..., mine, :]
    return total


def _over_tiles(kernel: Any, planes: Planes, cues: Words, out: Numbers, tiles: tuple[int, int]) -> None:
    """Let a kernel say something of some tiles, in `out` (B, tiles, …)."""
    arrays, based, number = (planes.plus, planes.known, planes.count), _based(planes, cues), tiles[1] - tiles[0]
    words = number * planes.plus[0].size * len(out)
    size = -(-number // min(_RUNS, 1 << (words // _WORDS).bit_length()))
    runs = [(start, min(start + size, tiles[1]), tiles[0]) for start in range(*tiles, size)]

    def work(i: int) -> None:
        for start in range(0, len(out), _CUES):
            part = slice(start, start + _CUES)
            kernel(arrays, tuple(x[part] for x in based), runs[i], out[part])

    share(work, len(runs))


def _based(planes: Planes, cues: Words) -> tuple[Numbers, ...]:
    """Return the cues, and what is left of their overlaps where all agree: see `bit_overlaps`."""
    x, seen = cues
    return x, seen, np.bitwise_count(x & seen if len(planes.known) else seen).sum(axis=-1, dtype=np.int64)


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
