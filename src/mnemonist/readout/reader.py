r"""How states read the patterns of a model: scores, the readout, and a survey of what the patterns say of a state.

    h_μ = similarity(ξ_μ, x) → f = ∂L/∂h → Σ_μ f_μ ξ_μ

A reader is frozen, and made once, with the model it belongs to. It goes tile by tile in array functions, unless its
fast path serves; an executor, where one is given, reads parts of the patterns, and they are merged.

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: state (B, N); h (B, K), or (B, k) of the k patterns of a tile.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial, reduce
from operator import methodcaller
from typing import Any, NamedTuple, cast

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Readout, Separation, Summary
from mnemonist.core.similarity import Similarity
from mnemonist.core.sparse import SparseSeparation, TooManyAlive, by_passes
from mnemonist.readout.executor import map_reduce
from mnemonist.readout.fast_path import NO_FAST_PATH, FastPath
from mnemonist.readout.survey import Survey, merge_surveys, survey_tile
from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles

_ALIVE = 2**19  # scores that are kept because they may have weight; of more, only sums are


class Nearness(NamedTuple):
    """By what the nearest pattern is told: a similarity, or the scores themselves; `per_site`: per site it knows."""

    similarity: Similarity | None
    per_site: bool


@dataclass(frozen=True, eq=False)
class Reader:
    """Patterns, and how they are compared, weighed and told; kinds go `by_overlap`, or by weights."""

    similarity: Similarity
    separation: Separation
    neurons: Neurons
    patterns: Store
    nearness: Nearness
    by_overlap: bool
    fast: FastPath = NO_FAST_PATH
    executor: Executor | None = None

    # --- scores --------------------------------------------------------------------------------------------------

    def scored(self, state: Array, *, cue_mask: Array | None = None) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block) some patterns at a time; only `cue_mask` (B, N) of a state is looked at."""
        found = self.fast.scored(self, state, cue_mask)
        return self._tiles(state, cue_mask) if found is None else found

    def _tiles(self, state: Array, cue_mask: Array | None) -> Iterator[tuple[Array, Block]]:
        xp = namespace(state)
        for tile in tiles(self.patterns):
            block = Block(tile.ids, xp.astype(tile.rows, state.dtype, copy=False), tile.known, tile.values)
            h = self.similarity.careful_scores(state, block.rows, cue_mask=cue_mask, row_mask=block.known)
            if cue_mask is not None and self.neurons.directions:
                h = h / _lengths(block.rows, cue_mask)  # the compared part of a direction is a direction too
            yield h, block

    def scores(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return h (B, K)."""
        return namespace(state).concat([h for h, _ in self.scored(state, cue_mask=cue_mask)], axis=-1)

    def weights(self, state: Array) -> Array:
        """Return f / Σ |f| (B, K), or (K,) of a single state; a coordinate without a value counts for nothing."""
        xp = namespace(state)
        states = xp.where(xp.isfinite(state), state, xp.zeros_like(state))
        h = xp.astype(self.scores(states[None, :] if state.ndim == 1 else states), xp.float64)
        weights = normalised(self.separation.scaled(h, self.separation.summary(h)))
        return weights[0, :] if state.ndim == 1 else weights

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest at the nearest pattern."""
        close, (similarity, per_site) = h, self.nearness
        if similarity is not None:
            metric = self.similarity.metric
            close = similarity.careful_scores(metric(state), metric(block.rows), row_mask=block.known)
        if not per_site or block.known is None:
            return close
        xp = namespace(close)
        shared = xp.astype(self.neurons.known_sites(block.known), close.dtype)
        return close / xp.where(shared > 0, shared, xp.ones_like(shared))

    # --- the readout ---------------------------------------------------------------------------------------------

    def readout(self, state: Array, *, cue_mask: Array | None = None) -> Readout:
        """Return the readout of all patterns: pull Σ f ξ (B, N) and its mass."""
        summary = None if self.separation.one_pass else self.summary(state, cue_mask=cue_mask)
        if self.executor is None:
            return self._readout(state, cue_mask, summary)
        return cast(Readout, map_reduce(self, methodcaller("_readout", state, cue_mask, summary), self.merge))

    def _readout(self, state: Array, cue_mask: Array | None, summary: Summary | None) -> Readout:
        found = self.fast.readout(self, state, cue_mask)
        if found is not None:
            return found
        masked = not self.neurons.directions
        readouts = (
            self.separation.readout(h, block.rows, block.known if masked else None, summary=summary)
            for h, block in self.scored(state, cue_mask=cue_mask)
        )
        return reduce(self.merge, readouts)

    def mean(self, state: Array) -> Array | None:
        """Return the mean Σ f ξ / Σ f (B, N) where there is a faster way to it than the readout, else None."""
        return None if self.executor is not None else self.fast.mean(self, state)

    def merge(self, one: Readout, other: Readout) -> Readout:
        """Return the readout of two runs of patterns together."""
        if self.separation.one_pass:
            return self.separation.merge_readouts(one, other)
        return Readout(one.summary, one.pull + other.pull, one.mass + other.mass)

    # --- what all scores sum up to -------------------------------------------------------------------------------

    def summary(self, state: Array, *, cue_mask: Array | None = None, dtype: Any = None) -> Summary:
        """Return the summary of all scores, of those converted to a dtype where one is given."""
        find = methodcaller("_summary", state, cue_mask, dtype)
        try:
            return self.separation.settled(map_reduce(self, find, self._merge_summaries))
        except TooManyAlive:
            sparse = cast(SparseSeparation, self.separation)

        def passed(ask: Any, merge: Any) -> Any:
            find = methodcaller("_passed", ask, merge, state, cue_mask, namespace(state).float64)
            return map_reduce(self, find, merge)

        return by_passes(sparse, passed).rounded(state.dtype if dtype is None else dtype)

    def _summary(self, state: Array, cue_mask: Array | None, dtype: Any) -> Summary:
        found = None if dtype is None else self.fast.summary(self, state, cue_mask)
        if found is not None:
            return found
        ask: Callable[[Array], Summary] = self.separation.summary
        return cast(Summary, self._passed(ask, self._merge_summaries, state, cue_mask, dtype))

    def _passed(self, ask: Any, merge: Any, state: Array, cue_mask: Array | None, dtype: Any) -> Any:
        """Return what is asked of the scores of all tiles, merged."""
        xp, scored = namespace(state), self.scored(state, cue_mask=cue_mask)
        return reduce(merge, (ask(h if dtype is None else xp.astype(h, dtype)) for h, _ in scored))

    def _merge_summaries(self, one: Summary, other: Summary) -> Summary:
        summary = self.separation.pruned(self.separation.merge(one, other))
        if not self.separation.one_pass and math.prod(summary.mass.shape) > _ALIVE:
            raise TooManyAlive
        return summary

    # --- the survey ----------------------------------------------------------------------------------------------

    def survey(self, state: Array) -> Survey:
        """Return what states (B, N) find in all patterns: sums in float64, the best 32, the nearest."""
        xp = namespace(state)
        summary = None if self.separation.one_pass else self.summary(state, dtype=xp.float64)
        return cast(Survey, map_reduce(self, methodcaller("_survey", state, summary), self._merge_surveys))

    def _survey(self, state: Array, summary: Summary | None) -> Survey:
        found = self.fast.survey(self, state)
        if found is not None:
            return found
        surveys = (self.survey_tile(state, h, block, summary) for h, block in self.scored(state))
        return reduce(self._merge_surveys, surveys)

    def survey_tile(self, state: Array, h: Array, block: Block, summary: Summary | None) -> Survey:
        """Return what states find in some patterns whose scores are h (B, k)."""
        return survey_tile(self.separation, h, self.closeness(state, h, block), block.values, summary=summary)

    @property
    def _merge_surveys(self) -> Callable[[Survey, Survey], Survey]:
        return partial(merge_surveys, merge=self.merge)


def normalised(weights: Array) -> Array:
    """Return f / Σ |f| over the last axis; 0 where all are 0."""
    xp = namespace(weights)
    total = xp.sum(xp.abs(weights), axis=-1, keepdims=True)
    return weights / xp.where(total > 0, total, xp.ones_like(total))


def _lengths(rows: Array, cue_mask: Array) -> Array:
    """Return the norms (B, K) of rows over the coordinates compared, 1 where they are 0."""
    xp = namespace(rows)
    length = xp.sqrt(xp.astype(cue_mask, rows.dtype) @ (rows * rows).T)
    return xp.where(length > 0, length, xp.ones_like(length))
