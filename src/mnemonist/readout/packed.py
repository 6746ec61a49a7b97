r"""What ±1 states see of packed patterns: scores are whole, so patterns are counted by score, and few looked at.

    Σ_μ F(o_μ) = Σ_o F(o) · #{μ: o_μ = o}

has one rounding for each score. Of the patterns those are looked at which may be among the best: all of the scores that
hold the 32 largest weights, and of the score that is nearest. The slow twin is `recall.identify`, tile by tile.

Shapes: state (B, N); h (K,) whole numbers, the scores of one state; levels, counts (L,) of the L scores that there are.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import AdditiveSeparation, Reading, Summary
from mnemonist.kernels.threads import share
from mnemonist.readout.survey import TOP, Seen
from mnemonist.recall.identify import look_at
from mnemonist.sites.synchronous import scores_of
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import Numbers

if TYPE_CHECKING:
    from mnemonist.memories.landscape import Landscape


def look_at_packed(model: "Landscape", state: Array) -> Seen | None:
    """Return what states (B, N) see of packed patterns; None where these have holes or values."""
    patterns = cast(PackedPatterns, model.patterns)
    if patterns.known_by_some is not None or patterns.first.values is not None:
        return None
    scores, seen = scores_of(patterns, state), cast(list[Seen], [None] * len(state))

    def work(i: int) -> None:
        seen[i] = _look(model, state[i : i + 1], scores[i])

    share(work, len(state))
    return _beside(seen)


def _look(model: "Landscape", state: Numbers, h: Numbers) -> Seen:
    """Return what one state (1, N) sees."""
    separation, least = cast(AdditiveSeparation, model.separation), h.min()
    every = np.bincount(h - least)
    there = np.flatnonzero(every)
    levels, counts = (least + there).astype(np.float64), every[there]
    reading, (below, above) = _reading(separation, levels, counts), _best(separation, levels, counts)
    few = h >= int(levels[above])
    if below:
        few |= h < int(levels[below])
    positions = np.flatnonzero(few)
    block = cast(PackedPatterns, model.patterns).whole.at(positions)
    seen = look_at(model, state, (h[None, positions].astype(state.dtype), block), whole=reading.summary)
    return replace(
        seen, count=len(h), reading=reading, positions=positions[seen.positions], nearest=positions[seen.nearest]
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


def _beside(seen: list[Seen]) -> Seen:
    """Return what several states see as one."""

    def joined(part: Callable[[Seen], Numbers]) -> Numbers:
        return np.concatenate([part(one) for one in seen])

    summary = Summary(joined(lambda one: one.reading.summary.peak), joined(lambda one: one.reading.summary.mass))
    return Seen(
        count=seen[0].count,
        reading=Reading(summary, joined(lambda one: one.reading.pull), joined(lambda one: one.reading.mass)),
        salience=joined(lambda one: one.salience),
        scores=joined(lambda one: one.scores),
        positions=joined(lambda one: one.positions),
        closeness=joined(lambda one: one.closeness),
        nearest=joined(lambda one: one.nearest),
    )
