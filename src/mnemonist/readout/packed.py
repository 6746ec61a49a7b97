r"""A survey of packed patterns by ±1 states: scores are whole, so patterns are counted by score, and few looked at.

    Σ_μ F(o_μ) = Σ_o F(o) · #{μ: o_μ = o}

has one rounding for each score. Of the patterns those are looked at which may be among the best: all of the scores that
hold the 32 largest weights, and of the score that is nearest. The slow twin is `recall.identify`, tile by tile.

Shapes: state (B, N); h (K,) whole numbers, the scores of one state; levels, counts (L,) of the L scores that there are.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import AdditiveSeparation, Reading, Summary
from mnemonist.kernels.threads import share
from mnemonist.readout.fast_path import FastPath
from mnemonist.readout.survey import TOP, Survey
from mnemonist.sites import synchronous
from mnemonist.stores.block import Block
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import Numbers

_BY_SCORE = 2**23  # products of a survey that is made by score


class PackedKernels(FastPath):
    """States of −1, 0 and 1 are compared bit by bit."""

    def scored(self, reader: Any, state: Array, compare: Array | None) -> Iterator[tuple[Array, Block]] | None:
        """Return whole scores (B, k), and packed blocks."""
        if not synchronous.in_bits(reader.patterns, state):
            return None
        return synchronous.scored(reader.patterns, state, compare)

    def survey(self, reader: Any, state: Array) -> Survey | None:
        """Return a survey by score of many products; patterns with holes or values are surveyed tile by tile.

        How many is all that decides: sums by score are rounded otherwise than sums tile by tile, and what a recall says
        must not depend on what the process did before.
        """
        patterns: PackedPatterns = reader.patterns
        if len(patterns) * state.size < _BY_SCORE or not synchronous.in_bits(patterns, state):
            return None
        if patterns.known_by_some is not None or patterns.block(0, 1).values is not None:
            return None
        scores, found = synchronous.scores_of(patterns, state), cast(list[Survey], [None] * len(state))

        def work(i: int) -> None:
            found[i] = _survey(reader, state[i : i + 1], scores[i])

        share(work, len(state))
        return _concatenate(found)


def _survey(reader: Any, state: Numbers, h: Numbers) -> Survey:
    """Return what one state (1, N) finds, from its scores (K,)."""
    separation, least = cast(AdditiveSeparation, reader.separation), h.min()
    every = np.bincount(h - least)
    there = np.flatnonzero(every)
    levels, counts = (least + there).astype(np.float64), every[there]
    reading, (below, above) = _reading(separation, levels, counts), _best(separation, levels, counts)
    few = h >= int(levels[above])
    if below:
        few |= h < int(levels[below])
    positions = np.flatnonzero(few)
    block = cast(PackedPatterns, reader.patterns).block().at(positions)
    survey: Survey = reader.survey_tile(state, h[None, positions].astype(state.dtype), block, reading.summary)
    return replace(
        survey, count=len(h), readout=reading, positions=positions[survey.positions], nearest=positions[survey.nearest]
    )


def _reading(separation: AdditiveSeparation, levels: Numbers, counts: Numbers) -> Reading:
    """Return the reading of nothing by so many patterns at each level."""
    peak = separation.summary(levels[None]).peak
    each = separation.merge(separation.summary(levels[:, None]), Summary(peak, np.zeros(1)))  # in one scale
    summary = Summary(peak, (counts * each.mass).sum(keepdims=True))
    mass = counts * np.abs(separation.scaled(levels[None], summary))
    return Reading(summary, np.empty((1, 0)), mass.sum(axis=-1, keepdims=True))


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


def _concatenate(surveys: list[Survey]) -> Survey:
    """Return the surveys of several states as one."""

    def joined(part: Callable[[Survey], Numbers]) -> Numbers:
        return np.concatenate([part(one) for one in surveys])

    summary = Summary(joined(lambda one: one.readout.summary.peak), joined(lambda one: one.readout.summary.mass))
    return Survey(
        count=surveys[0].count,
        readout=Reading(summary, joined(lambda one: one.readout.pull), joined(lambda one: one.readout.mass)),
        salience=joined(lambda one: one.salience),
        scores=joined(lambda one: one.scores),
        positions=joined(lambda one: one.positions),
        closeness=joined(lambda one: one.closeness),
        nearest=joined(lambda one: one.nearest),
    )
