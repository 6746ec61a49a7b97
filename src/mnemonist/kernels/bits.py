"""Packed patterns read by compiled kernels, in runs of tiles on threads.

The runs are cut by the number of patterns alone and their sums added in order, so threads change nothing.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.kernels.threads import share
from mnemonist.stores.packing import TILE, WORDS, Numbers, Planes, words_of

Words = tuple[Numbers, Numbers]  # bits of cues that are +1, and bits that are looked at

_RUNS = 16  # runs of tiles at most, each with sums of its own
_RUN = 64  # tiles in a run, of few
_WORDS = 2**18  # of patterns, compared with a cue, of which a run is worth handing to a thread
_PAIRS = 64  # of a cue and a tile, that one thread looks at
_CUES = 64  # whose scores of a tile are kept together
_NEURONS = 2**14  # that are decided together
_DIGITS = 16  # of the number of patterns sorted together


class Weights(NamedTuple):
    """Tables of sizes and weights by score, and where in them a cue finds its own: see `bit_runs`."""

    tables: Numbers
    ranks: Numbers
    places: Numbers


class Readout(NamedTuple):
    """Σ f over the patterns with a neuron at +1, `ups[:, 0]` (B, 64 W), and over those that know it, `ups[:, 1]`.

    The second is not there where all patterns know all: it is one of the sums of each table over all patterns, `totals`
    (B, R). No size is above `largest` (B,).
    """

    ups: Numbers
    totals: Numbers
    largest: Numbers


def words_of_cues(state: Numbers, cue_mask: Numbers | None = None) -> Words:
    """Return the bits of cues (B, N) that are +1, and those that are looked at and not 0."""
    seen = state != 0 if cue_mask is None else (state != 0) & cue_mask
    return words_of(state > 0), words_of(seen)


def scored(planes: Planes, cues: Words) -> Iterator[Numbers]:
    """Yield the scores (B, k) int32, some tiles of patterns at a time."""
    count = len(planes.plus)
    for first in range(0, count, _RUN):
        yield scores(planes, cues, (first, min(first + _RUN, count)))


def scores(planes: Planes, cues: Words, tiles: tuple[int, int] | None = None) -> Numbers:
    """Return the scores (B, k) int32 of the patterns of these tiles, or of all."""
    first, last = (0, len(planes.plus)) if tiles is None else tiles
    out = np.empty((len(cues[0]), last - first, TILE), np.int32)
    _over_tiles(_kernels().scores, planes, cues, out, (first, last))
    return out.reshape(len(out), -1)[:, : planes.count - first * TILE]


def reach(planes: Planes, cues: Words) -> Numbers:
    """Return the least and the greatest score (B, T, 2) of each tile."""
    out = np.empty((len(cues[0]), len(planes.plus), 2), np.int32)

    def kernel(*where: Any) -> None:
        _kernels().reach(*where, np.empty((min(len(out), _CUES), 1, TILE), np.int32))

    _over_tiles(kernel, planes, cues, out, (0, len(planes.plus)))
    return out


def picked(planes: Planes, cues: Words, pairs: Numbers, ends: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return what patterns of pairs (P, 2) of a cue and a tile have scores up to, or from, the ends (B, 2) on.

    They are (the number of the pair, position, score), each (M,), in the order of the pairs and then of the patterns.
    """
    count = len(pairs)
    out = np.empty((count, TILE), np.int64), np.empty((count, TILE), np.int32), np.empty(count, np.int64)
    arrays, kernel = (planes.plus, planes.known, planes.count), _kernels().pick
    share(
        lambda i: kernel(arrays, cues, pairs, ends, (i * _PAIRS, min((i + 1) * _PAIRS, count)), out),
        -(-count // _PAIRS),
    )
    positions, scores, counts = out
    there = np.arange(counts.max(initial=0)) < counts[:, None]
    which = np.repeat(np.arange(count), counts)
    return which, positions[:, : there.shape[1]][there], scores[:, : there.shape[1]][there]


def read(planes: Planes, cues: Words, reach: Numbers, weights: Weights) -> Readout:
    """Read out all patterns whose weights are not too small; sizes must be largest at the ends of any range."""
    size, runs, kernels = len(reach), _runs(len(planes.plus)), _kernels()
    aimed = np.empty((size, 2), np.int64), np.empty(size), np.empty(reach.shape[:2], np.bool_)
    largest, numbers = np.empty(size), np.zeros(len(runs), np.int64)
    kernels.aim(reach, tuple(weights), planes.count, (*aimed, largest, runs, numbers))
    alive = [(run, number) for run, number in enumerate(numbers.tolist()) if number]
    ups = np.empty((1 + len(alive), size, 1 + bool(len(planes.known)), 64 * planes.plus.shape[1]))
    totals = np.empty((1 + len(alive), size, len(weights.tables)))
    touched = np.zeros((len(alive), size), np.bool_)
    arrays, mine = (planes.plus, planes.known, planes.count), (weights.tables, *aimed)

    def work(i: int) -> None:
        (run, number), out = alive[i], (ups[1 + i], totals[1 + i], touched[i])
        kernels.read(arrays, cues, mine, runs[run], out, _room(planes.width, number))

    share(work, len(alive))
    kernels.add_up(ups, totals, touched)
    return Readout(ups[0], totals[0], largest)


def _room(width: int, tiles: int) -> tuple[tuple[Numbers, ...], ...]:
    """Return what a readout works in, where so many tiles of a run live: see `bit_readout`."""
    number = min(tiles, _kernels().block)
    together = number * TILE
    finding = np.empty((1, 1, TILE), np.int32), np.empty((together, 2), np.int32), np.empty(number, np.int64)
    sorting = np.empty(together, np.uint32), np.empty((2, 2 * width + 2), np.int64)
    adding = np.empty((together, WORDS), np.uint64), np.zeros((_DIGITS, WORDS), np.uint64)
    return finding, sorting, adding


def decide(readouts: tuple[Readout, ...], off: float, signs: Numbers, movable: Numbers) -> Numbers:
    """Send free neurons (B, N) of int8 where readouts say, and return which cues (B,) are left: see `bit_decisions`."""
    count, kernel = len(signs), _kernels().decide
    states, sums = (signs, movable, np.empty(count, np.bool_)), tuple(tuple(readout) for readout in readouts)
    size = max(1, _NEURONS // signs.shape[1])
    share(lambda i: kernel(sums, off, states, (i * size, min((i + 1) * size, count))), -(-count // size))
    return states[2]


def _over_tiles(kernel: Any, planes: Planes, cues: Words, out: Numbers, tiles: tuple[int, int]) -> None:
    """Let a kernel say something of some tiles, in `out` (B, tiles, …)."""
    arrays, (first, last) = (planes.plus, planes.known, planes.count), tiles
    words = (last - first) * planes.plus[0].size * len(out)
    size = -(-(last - first) // min(_RUNS, 1 << (words // _WORDS).bit_length()))
    runs = [(start, min(start + size, last), first) for start in range(first, last, size)]
    share(lambda i: kernel(arrays, cues, runs[i], out), len(runs))


@cache
def _runs(tiles: int) -> Numbers:
    """Return runs of tiles (first, behind the last) that are read together, about as long each."""
    size = -(-tiles // min(_RUNS, -(-tiles // _RUN)))
    starts = np.arange(0, tiles, size)
    return np.stack([starts, np.minimum(starts + size, tiles)], axis=-1)


class _Kernels(NamedTuple):
    scores: Any
    reach: Any
    pick: Any
    aim: Any
    read: Any
    add_up: Any
    decide: Any
    block: int


@cache
def _kernels() -> _Kernels:
    """Return the compiled kernels."""
    from mnemonist.kernels import bit_decisions, bit_picks, bit_readout, bit_runs, bit_scores

    scored, added = (bit_scores.scores, bit_scores.reach), (bit_runs.aim, bit_readout.read, bit_runs.add_up)
    return _Kernels(*scored, bit_picks.pick, *added, bit_decisions.decide, bit_readout.BLOCK)
