r"""How states read the patterns of a model: scores, the readout, and a survey of what the patterns say of a state.

    h_μ = similarity(ξ_μ, x) → f = ∂L/∂h → Σ_μ f_μ ξ_μ

A reader is frozen, and made once, with the model it belongs to. It goes tile by tile in array functions, unless its
fast path serves; an executor, where one is given, reads parts of the patterns, and they are merged.

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: state (B, N); h (B, K), or (B, k) of the k patterns of a tile.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import methodcaller
from typing import Any, TypeVar, cast

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Readout, Separation, Summary, normalised
from mnemonist.core.similarity import Similarity
from mnemonist.core.sparse import SparseSeparation, TooManyAlive, by_passes
from mnemonist.readout.evidence import Evidence, comparable, precision, valued
from mnemonist.readout.executor import map_reduce
from mnemonist.readout.fast_path import NO_FAST_PATH, FastPath
from mnemonist.readout.nearness import Nearness
from mnemonist.readout.strength import weighed
from mnemonist.readout.survey import Survey, merge_surveys, survey_tile
from mnemonist.readout.variances import variances_of
from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles

_ALIVE = 2**19  # scores that are kept because they may have weight; of more, only sums are


Kept = TypeVar("Kept")


@dataclass(frozen=True, eq=False)
class Reader:
    """Patterns, and how they are compared, weighed and told; kinds go `by_overlap`, or by weights.

    `unshared` says what a coordinate costs that a cue gives and a pattern does not know: see `evidence`.
    """

    similarity: Similarity
    separation: Separation
    neurons: Neurons
    patterns: Store
    nearness: Nearness
    by_overlap: bool
    unshared: str = "rescaled"
    fast: FastPath = NO_FAST_PATH
    executor: Executor | None = None
    findings: dict[type, Any] = field(default_factory=dict)

    def kept(self, kind: type[Kept]) -> Kept:
        """Return the one object of a kind that keeps what it found out of these patterns."""
        return cast(Kept, self.findings.setdefault(kind, kind()))

    @property
    def holes(self) -> bool:
        """Whether some pattern has unknown coordinates."""
        return self.patterns.known_by_some is not None

    @property
    def _rescales(self) -> bool:
        """Whether scores over few coordinates are raised to all; counts of agreements stay what they are."""
        additive = self.similarity.additive and not (self.neurons.discrete or self.neurons.directions)
        return additive and self.unshared == "rescaled"

    # --- scores --------------------------------------------------------------------------------------------------

    def scored(
        self, state: Array, *, cue_mask: Array | None = None, evidence: Evidence | None = None
    ) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block) some patterns at a time; only `cue_mask` (B, N) of a state is looked at.

        `evidence` says which patterns with unknown coordinates have no say. Strengths are left out: see `strength`.
        """
        found = self.fast.scored(self, state, cue_mask)
        counted = self._rescales or self.unshared == "expected"
        partial_states = counted or cue_mask is not None or evidence is not None
        for h, block in self._tiles(state, cue_mask) if found is None else found:
            if not partial_states or block.known is None:
                yield h, block
                continue
            parts = self.similarity, self.separation, h, block.known
            costs = 2 * variances_of(self) if self.unshared == "expected" else None
            told = comparable(*parts, seen=cue_mask, rescaled=self._rescales, costs=costs, evidence=evidence)
            yield told, block

    def _tiles(self, state: Array, cue_mask: Array | None) -> Iterator[tuple[Array, Block]]:
        xp = namespace(state)
        for tile in tiles(self.patterns):
            rows = xp.astype(tile.rows, state.dtype, copy=False)
            block = Block(tile.ids, rows, tile.known, tile.values, tile.strength)
            h = self.similarity.careful_scores(state, block.rows, cue_mask=cue_mask, row_mask=block.known)
            if cue_mask is not None and self.neurons.directions:
                h = h / _lengths(block.rows, cue_mask)  # the compared part of a direction is a direction too
            yield h, block

    def scores(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return h (B, K)."""
        return namespace(state).concat([h for h, _ in self.scored(state, cue_mask=cue_mask)], axis=-1)

    def weights(self, state: Array, *, evidence: Evidence | None = None) -> Array:
        """Return f / Σ |f| (B, K), or (K,) of a single state; a coordinate without a value counts for nothing."""
        xp = namespace(state)
        states, cue_mask = valued(state[None, :] if state.ndim == 1 else state, None)
        scored = self.scored(states, cue_mask=cue_mask, evidence=evidence)
        parts = [weighed(self.separation, xp.astype(h, xp.float64), block) for h, block in scored]
        h = xp.concat([h for h, _ in parts], axis=-1)
        f = self.separation.scaled(h, self.separation.summary(h))
        if any(factor is not None for _, factor in parts):
            f = f * xp.concat([xp.astype(xp.ones_like(h[0, :]) if c is None else c, f.dtype) for h, c in parts])
        weights = normalised(f)
        return weights[0, :] if state.ndim == 1 else weights

    # --- the readout ---------------------------------------------------------------------------------------------

    def readout(self, state: Array, *, cue_mask: Array | None = None, evidence: Evidence | None = None) -> Readout:
        """Return the readout of all patterns: pull Σ f ξ (B, N) and its mass."""
        state, cue_mask = valued(state, cue_mask) if self.holes else (state, cue_mask)
        summary = None if self.separation.one_pass else self.summary(state, cue_mask=cue_mask, evidence=evidence)
        if self.executor is None:
            return self._readout(state, cue_mask, evidence, summary)
        return cast(Readout, map_reduce(self, methodcaller("_readout", state, cue_mask, evidence, summary), self.merge))

    def _readout(
        self, state: Array, cue_mask: Array | None, evidence: Evidence | None, summary: Summary | None
    ) -> Readout:
        found = self.fast.readout(self, state, cue_mask)
        if found is not None:
            return found
        scored = self.scored(state, cue_mask=cue_mask, evidence=evidence)
        return reduce(self.merge, (self._read(h, block, summary) for h, block in scored))

    def _read(self, h: Array, block: Block, summary: Summary | None) -> Readout:
        """Return the readout of a block, each pattern counted with its strength and its precision."""
        h, factor = weighed(self.separation, h, block)
        known = None if self.neurons.directions else block.known
        if known is not None and self._rescales:
            own = precision(self.similarity, known)
            factor = own if factor is None else factor * namespace(h).astype(own, factor.dtype)
        return self.separation.readout(h, block.rows, known, summary=summary, factor=factor)

    def mean(self, state: Array) -> Array | None:
        """Return the mean Σ f ξ / Σ f (B, N) where there is a faster way to it than the readout, else None."""
        return None if self.executor is not None else self.fast.mean(self, state)

    def merge(self, one: Readout, other: Readout) -> Readout:
        """Return the readout of two runs of patterns together."""
        if self.separation.one_pass:
            return self.separation.merge_readouts(one, other)
        return Readout(one.summary, one.pull + other.pull, one.mass + other.mass)

    # --- what all scores sum up to -------------------------------------------------------------------------------

    def summary(
        self, state: Array, *, cue_mask: Array | None = None, evidence: Evidence | None = None, dtype: Any = None
    ) -> Summary:
        """Return the summary of all scores, of those converted to a dtype where one is given."""
        state, cue_mask = valued(state, cue_mask) if self.holes else (state, cue_mask)
        find = methodcaller("_summary", state, cue_mask, evidence, dtype)
        try:
            return self.separation.settled(map_reduce(self, find, self._merge_summaries))
        except TooManyAlive:
            sparse = cast(SparseSeparation, self.separation)

        def passed(ask: Any, merge: Any) -> Any:
            find = methodcaller("_passed", ask, merge, state, cue_mask, evidence, namespace(state).float64)
            return map_reduce(self, find, merge)

        return by_passes(sparse, passed).rounded(state.dtype if dtype is None else dtype)

    def _summary(self, state: Array, cue_mask: Array | None, evidence: Evidence | None, dtype: Any) -> Summary:
        found = None if dtype is None else self.fast.summary(self, state, cue_mask)
        if found is not None:
            return found
        ask: Callable[[Array], Summary] = self.separation.summary
        return cast(Summary, self._passed(ask, self._merge_summaries, state, cue_mask, evidence, dtype))

    def _passed(
        self, ask: Any, merge: Any, state: Array, cue_mask: Array | None, evidence: Evidence | None, dtype: Any
    ) -> Any:
        """Return what is asked of the scores of all tiles, merged."""
        xp = namespace(state)
        scored = self.scored(state, cue_mask=cue_mask, evidence=evidence)
        exact = ((h if dtype is None else xp.astype(h, dtype), block) for h, block in scored)
        return reduce(merge, (ask(weighed(self.separation, h, block)[0]) for h, block in exact))

    def _merge_summaries(self, one: Summary, other: Summary) -> Summary:
        summary = self.separation.pruned(self.separation.merge(one, other))
        if not self.separation.one_pass and math.prod(summary.mass.shape) > _ALIVE:
            raise TooManyAlive
        return summary

    # --- the survey ----------------------------------------------------------------------------------------------

    def survey(self, state: Array, *, evidence: Evidence | None = None) -> Survey:
        """Return what states (B, N) find in all patterns: sums in float64, the best 32, the nearest."""
        xp = namespace(state)
        state, cue_mask = valued(state, None) if self.holes else (state, None)
        one_pass = self.separation.one_pass
        summary = None if one_pass else self.summary(state, cue_mask=cue_mask, evidence=evidence, dtype=xp.float64)
        find = methodcaller("_survey", state, cue_mask, evidence, summary)
        return cast(Survey, map_reduce(self, find, self._merge_surveys))

    def _survey(
        self, state: Array, cue_mask: Array | None, evidence: Evidence | None, summary: Summary | None
    ) -> Survey:
        found = self.fast.survey(self, state) if cue_mask is None and evidence is None else None
        if found is not None:
            return found
        scored = self.scored(state, cue_mask=cue_mask, evidence=evidence)
        surveys = (self.survey_tile(state, h, block, summary, cue_mask=cue_mask) for h, block in scored)
        return reduce(self._merge_surveys, surveys)

    def survey_tile(
        self, state: Array, h: Array, block: Block, summary: Summary | None, *, cue_mask: Array | None = None
    ) -> Survey:
        """Return what states find in some patterns whose scores are h (B, k)."""
        close = self.nearness.of(self, state, h, block, cue_mask=cue_mask)
        h, factor = weighed(self.separation, namespace(h).astype(h, namespace(h).float64), block)
        return survey_tile(self.separation, h, close, block.values, summary=summary, factor=factor)

    @property
    def _merge_surveys(self) -> Callable[[Survey, Survey], Survey]:
        return partial(merge_surveys, merge=self.merge)


def _lengths(rows: Array, cue_mask: Array) -> Array:
    """Return the norms (B, K) of rows over the coordinates compared, 1 where they are 0."""
    xp = namespace(rows)
    length = xp.sqrt(xp.astype(cue_mask, rows.dtype) @ (rows * rows).T)
    return xp.where(length > 0, length, xp.ones_like(length))
