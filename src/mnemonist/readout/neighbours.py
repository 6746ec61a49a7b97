r"""Neighbours: how far a stored pattern is from its own nearest other one, and what all patterns have in common.

    d²_μ = min_{ν ≠ μ} ‖ξ_μ − ξ_ν‖²        in the units of the similarity; per coordinate known to both, times N

Copies are no neighbours; where patterns are stored with their mirror images (an even separation), that of another one
is a neighbour too. A state within half that distance of a memory is nearer to it than to any other.

What was found is kept, a number for each pattern that was asked about. Shapes: positions (k,); d² (k,).
"""

from typing import Any

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.core.similarity import Euclidean
from mnemonist.stores.block import Block
from mnemonist.stores.tiles import few_enough, tiles

_AT_ONCE = 256
_COPY = 1e-12  # of the squared lengths of two patterns: less far apart they are copies

Numbers = np.ndarray[Any, Any]


class Neighbours:
    """The squared distances that were found, and the votes of all."""

    def __init__(self) -> None:
        self._found: dict[int, float] = {}
        self._common: Numbers | None = None

    def __reduce__(self) -> Any:
        return Neighbours, ()

    def squared(self, reader: Any, positions: Numbers) -> Numbers:
        """Return d² (k,) of patterns, infinite of an only one; costs O(K N) for each that was not asked before."""
        new = np.asarray([place for place in np.unique(positions).tolist() if place not in self._found], np.int64)
        size = few_enough(reader.patterns, _AT_ONCE)
        for start in range(0, len(new), size):
            part = new[start : start + size]
            self._found.update(zip(part.tolist(), _squared(reader, part).tolist(), strict=True))
        return np.asarray([self._found[place] for place in positions.tolist()], np.float64)

    def common(self, reader: Any) -> Numbers:
        """Return Σ_μ ξ_μ (N,), of raised values, 0 where unknown: what most patterns say of each neuron."""
        if self._common is None:
            rest = reader.neurons.rest
            self._common = np.sum([_total(tile, rest) for tile in tiles(reader.patterns)], axis=0)
        return np.asarray(self._common)


def _total(block: Block, rest: float) -> Numbers:
    """Return Σ (ξ_μ − rest) (N,) over a block, of what each knows; rows are 0 where they know nothing."""
    count = len(block.ids) if block.known is None else to_numpy(block.known).sum(axis=0)
    return np.asarray(to_numpy(block.rows).sum(axis=0, dtype=np.float64) - rest * count)


def _squared(reader: Any, positions: Numbers) -> Numbers:
    """Return d² (k,) of some patterns."""
    quick = _by_scores(reader, positions)
    return _by_distances(reader, positions) if quick is None else quick


def _by_scores(reader: Any, positions: Numbers) -> Numbers | None:
    """Return d² of ±1 patterns, and of variables, from the scores that a survey has of them: ‖ξ‖² = h(ξ)."""
    if not reader.by_overlap or reader.holes or reader.patterns.block(0, 1).strength is not None:
        return None
    block = reader.patterns.at(positions)
    xp = namespace(block.rows)
    survey = reader.survey(xp.astype(block.rows, reader.neurons.dtype(block.rows)))
    scores = to_numpy(survey.scores)
    scores = np.abs(scores) if reader.separation.even else scores
    own = scores.max(axis=1, keepdims=True)
    apart = np.where(scores < own, 2 * (own - scores), np.inf).min(axis=1)
    told = np.isfinite(apart) | (scores.shape[1] == len(reader.patterns))
    return apart if told.all() else None


def _by_distances(reader: Any, positions: Numbers) -> Numbers:
    """Return d² from the distances to all."""
    block, metric = reader.patterns.at(positions), reader.similarity.metric
    xp = namespace(block.rows)
    state = metric(xp.astype(block.rows, reader.neurons.dtype(block.rows)))
    best = np.full(len(positions), np.inf)
    for tile in tiles(reader.patterns):
        rows = metric(xp.astype(tile.rows, state.dtype, copy=False))
        turned = (rows, -rows) if mirrored(reader) else (rows,)
        for other in turned:
            best = np.minimum(best, _nearest(state, other, block.known, tile.known))
    return best


def _nearest(state: Array, rows: Array, mine: Array | None, theirs: Array | None) -> Numbers:
    """Return the least squared distance (k,) to rows that are no copies."""
    xp = namespace(state)
    apart = -2 * to_numpy(Euclidean().careful_scores(state, rows, cue_mask=mine, row_mask=theirs)).astype(np.float64)
    sizes = to_numpy(xp.sum(state * state, axis=-1))[:, None] + to_numpy(xp.sum(rows * rows, axis=-1))[None, :]
    if mine is not None and theirs is not None:
        shared = to_numpy(xp.astype(mine, xp.float32) @ xp.astype(theirs, xp.float32).T)
        apart = np.where(shared > 0, apart * state.shape[-1] / np.maximum(shared, 1), np.inf)
    return np.asarray(np.where(apart > _COPY * sizes, apart, np.inf).min(axis=1))


def mirrored(reader: Any) -> bool:
    """Return whether a pattern turned round is stored with it."""
    neurons = reader.neurons
    turned = neurons.discrete or neurons.directions or neurons.bounded
    return bool(reader.separation.even and neurons.rest == 0 and turned)
