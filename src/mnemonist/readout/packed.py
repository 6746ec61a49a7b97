r"""A survey of packed patterns by ±1 states: scores are whole, so patterns are counted by score, and few looked at.

    Σ_μ F(o_μ) = Σ_o F(o) · #{μ: o_μ = o}

has one rounding for each score. Of the patterns those are looked at which may be among the best: all of the scores that
hold the 32 largest weights, and of the score that is nearest. Where weights are sharp, the least and the greatest score
of each tile tell which few tiles hold one of these, or a weight that counts (`faint`); only those are scored. The slow
twin is the survey tile by tile.

Shapes: state (B, N); h (K,) whole numbers, the scores of one state; reach (B, T, 2), see `kernels.bit_reach`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import AdditiveSeparation, Readout, Summary
from mnemonist.kernels import bit_reach, bits
from mnemonist.kernels.threads import share
from mnemonist.readout.faint import Faint, faint_of
from mnemonist.readout.fast_path import FastPath
from mnemonist.readout.survey import TOP, Survey
from mnemonist.sites import synchronous
from mnemonist.stores.block import Block
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import Numbers, Planes

_BY_SCORE = 2**23  # products of a survey that is made by score
_LEAST = 4 * TOP  # tiles of which few may hold all that counts
_FEW = 2  # one of so many tiles, at most


class Found(NamedTuple):
    """What one state finds: positions, rising, and scores (M,) of the patterns that may be among the best.

    Of the patterns that weigh anything `counts` (L,) have a score of `levels` (L,).
    """

    positions: Numbers
    scores: Numbers
    levels: Numbers
    counts: Numbers


class PackedKernels(FastPath):
    """States of −1, 0 and 1 are compared bit by bit."""

    def scored(self, reader: Any, state: Array, cue_mask: Array | None) -> Iterator[tuple[Array, Block]] | None:
        """Return whole scores (B, k), and packed blocks."""
        if not synchronous.in_bits(reader.patterns, state):
            return None
        return synchronous.scored(reader.patterns, state, cue_mask)

    def survey(self, reader: Any, state: Array) -> Survey | None:
        """Return a survey by score of many products; patterns with holes or values are surveyed tile by tile.

        How many is all that decides: sums by score are rounded otherwise than sums tile by tile, and what a recall says
        must not depend on what the process did before.
        """
        patterns: PackedPatterns = reader.patterns
        if len(patterns) * state.size < _BY_SCORE or not synchronous.in_bits(patterns, state):
            return None
        first = patterns.block(0, 1)
        if patterns.known_by_some is not None or first.values is not None or first.strength is not None:
            return None
        return _survey(reader, patterns, state)


def _survey(reader: Any, patterns: PackedPatterns, state: Numbers) -> Survey:
    """Return what states (B, N) find."""
    separation = cast(AdditiveSeparation, reader.separation)
    found = find(separation, patterns.planes, bits.words_of_cues(state))
    readout, most = _readout(separation, found), max(len(one.positions) for one in found)
    positions, h = np.zeros((len(found), most), np.int64), np.empty((len(found), most), state.dtype)
    for i, one in enumerate(found):
        count = len(one.positions)
        positions[i, :count], h[i, :count] = one.positions, one.scores
        if count < most:  # one of the least salient again, behind it: of equal ones the first counts
            h[i, count:] = one.scores[np.argmin(separation.salience(one.scores + 0.0))]
    survey: Survey = reader.survey_tile(state, h, patterns.block(0, most), readout.summary)
    best, nearest = (np.take_along_axis(positions, at, axis=-1) for at in (survey.positions, survey.nearest))
    return replace(survey, count=len(patterns), readout=readout, positions=best, nearest=nearest)


def find(separation: AdditiveSeparation, planes: Planes, cues: bits.Words) -> list[Found]:
    """Return what each cue finds."""
    found = _by_tiles(separation, planes, cues)
    left = np.asarray([i for i, one in enumerate(found) if one is None], np.int64)
    scores = bits.scores(planes, (cues[0][left], cues[1][left])) if len(left) else left

    def work(j: int) -> None:
        found[left[j]] = _by_score(separation, scores[j])

    share(work, len(left))
    return cast(list[Found], found)


# --- by all scores -----------------------------------------------------------------------------------------------


def _by_score(separation: AdditiveSeparation, h: Numbers) -> Found:
    """Return what one state finds, by all scores."""
    least = h.min()
    every = np.bincount(h - least)
    there = np.flatnonzero(every)
    levels, counts = least + there, every[there]
    below, above = _best(separation, levels + 0.0, counts)
    few = h >= levels[above]
    if below:
        few |= h < levels[below]
    positions = np.flatnonzero(few)
    return Found(positions, h[positions], levels, counts)


def _best(separation: AdditiveSeparation, levels: Numbers, counts: Numbers) -> tuple[int, int]:
    """Return how many levels from below, and from which one on, hold the most salient patterns and the nearest one.

    Salience rises with a score, or with its size: then a mirror image may be nearest, too.
    """
    salience: Numbers = separation.salience(levels)
    falling = np.argsort(-salience)
    enough = min(int(np.searchsorted(np.cumsum(counts[falling]), TOP)), len(falling) - 1)
    rest = np.flatnonzero(salience < salience[falling[enough]])
    if not len(rest):
        return 0, 0
    return max(int(rest[0]), int(separation.even)), min(int(rest[-1]) + 1, len(levels) - 1)


# --- by tiles ----------------------------------------------------------------------------------------------------


def _by_tiles(separation: AdditiveSeparation, planes: Planes, cues: bits.Words) -> list[Found | None]:
    """Return what cues find in few tiles; None where all may count."""
    found: list[Found | None] = [None] * len(cues[0])
    faint = faint_of(separation, planes.width, planes.count) if len(planes.plus) >= _LEAST else None
    if faint is None or not faint.ever(planes.width):
        return found
    reach = bit_reach.take(planes, cues)
    ends = _ends(separation, faint, reach)
    live = (reach[:, :, 0] <= ends[:, :1]) | (reach[:, :, 1] >= ends[:, 1:])
    live[live.sum(axis=-1) > reach.shape[1] // _FEW] = False
    pairs = np.argwhere(live)
    which, positions, scores = bits.picked(planes, cues, pairs, ends)
    cuts = np.searchsorted(pairs[which, 0], np.arange(len(found) + 1))
    for i in np.flatnonzero(live.any(axis=-1)):
        mine = slice(cuts[i], cuts[i + 1])
        found[i] = _among(separation, positions[mine], scores[mine])
    return found


def _ends(separation: AdditiveSeparation, faint: Faint, reach: Numbers) -> Numbers:
    """Return the scores (B, 2) up to which and from which on patterns count, or may be among the best."""
    least, most = reach[:, :, 0].min(axis=-1), reach[:, :, 1].max(axis=-1)
    scores = np.arange(least.min(), most.max() + 1)
    salience = separation.salience(scores + 0.0)
    middle, first = int(salience.argmin()), int(scores[0])
    in_tiles = np.maximum(salience[reach[:, :, 0] - first], salience[reach[:, :, 1] - first])
    enough = np.partition(in_tiles, -TOP, axis=-1)[:, -TOP]  # there are as many patterns of this salience
    down = first + middle - np.searchsorted(salience[middle::-1], enough)
    up = first + middle + np.searchsorted(salience[middle:], enough)
    below, above = faint.window(least, most)
    if separation.even:
        down = np.maximum(down, least)
    return np.stack([np.maximum(down, below), np.minimum(np.minimum(up, above), most)], axis=-1)


def _among(separation: AdditiveSeparation, positions: Numbers, scores: Numbers) -> Found:
    """Return what one state finds, from all patterns that count or may be among the best."""
    salience: Numbers = separation.salience(scores + 0.0)
    few = (salience >= np.partition(salience, -TOP)[-TOP]) | (scores == scores.max())
    if separation.even:
        few |= scores == scores.min()
    return Found(positions[few], scores[few], scores, np.ones(len(scores), np.int64))


# --- the sums ----------------------------------------------------------------------------------------------------


def _readout(separation: AdditiveSeparation, found: Sequence[Found]) -> Readout:
    """Return the readout of nothing by so many patterns at each level: sums know nothing of the other states."""
    peak = separation.summary(np.stack([[one.levels.min(), one.levels.max()] for one in found]) + 0.0).peak
    lengths = [len(one.levels) for one in found]
    levels, counts = (np.concatenate(parts) for parts in zip(*(one[2:] for one in found), strict=True))
    row, starts = np.repeat(np.arange(len(found)), lengths), np.cumsum([0, *lengths[:-1]])
    h = levels[:, None] + 0.0
    each = separation.merge(separation.summary(h), Summary(peak[row], np.zeros(len(row))))  # in one scale
    summary = Summary(peak, np.add.reduceat(counts * each.mass, starts))
    sizes = counts * np.abs(separation.scaled(h, Summary(peak[row], summary.mass[row]))[:, 0])
    return Readout(summary, np.empty((len(found), 0)), np.add.reduceat(sizes, starts)[:, None])
