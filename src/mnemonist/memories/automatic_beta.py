r"""Choosing β from the patterns: beta = "auto".

With d² the median squared distance from a memory to its nearest other one, each separation says which β sets such
neighbours apart: for Softmax β = 2 ln(512 K)/d², with which a rival ½ d² behind in score weighs at most 1/(512 K) of
the memory.

Zero distances (duplicates) are left out. Where nothing is left, β = 1. Above 2048 patterns the median is over 2048 of
them, spread evenly along a fixed random direction, so that the order of storage does not matter; their rivals are
still all K.

Source: the separation condition of Ramsauer et al. 2021, arXiv:2008.02217, Theorem 5, solved for β.
"""

import math
from dataclasses import replace
from functools import reduce
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, computing_dtype, namespace, to_numpy
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Euclidean, Similarity
from mnemonist.errors import InvalidArgument
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles

_SAMPLE = 2048


def with_beta(separation: Separation, patterns: Store, largest: float, similarity: Similarity) -> Separation:
    """Return the separation, its beta="auto" made the number for these patterns, `largest` at most."""
    if not isinstance(getattr(separation, "beta", None), str):
        return separation
    beta = min(automatic_beta(separation, patterns, similarity), largest)
    if not 0 < beta < math.inf:
        raise InvalidArgument(
            f"{type(separation).__name__}: beta='auto' must find a finite number > 0 that sets the patterns apart; got "
            f"{beta:g} for how far they are. Store them in a unit in which they are of the order of 1, or pass beta."
        )
    return cast(Separation, replace(cast(Any, separation), beta=beta))


def automatic_beta(separation: Separation, patterns: Store, similarity: Similarity) -> float:
    """Return β for these patterns, at distances as the similarity sees them; costs O(min(K, 2048) · K · N)."""
    block = patterns.block() if len(patterns) <= _SAMPLE else patterns.at(_spread(patterns))
    xp = namespace(block.rows)
    state = xp.astype(block.rows, computing_dtype(xp, block.rows))
    nearest = reduce(np.minimum, (_nearest(similarity, state, block.known, tile) for tile in tiles(patterns)))
    distances = nearest[np.isfinite(nearest)]
    return separation.automatic_beta(len(patterns), float(np.median(distances))) if distances.size else 1.0


def _nearest(similarity: Similarity, state: Array, cue_mask: Array | None, tile: Any) -> np.ndarray[Any, Any]:
    """Return the squared distance (B,) from states to the nearest row of a tile that is not the same; else infinity."""
    xp = namespace(state)
    rows = xp.astype(tile.rows, state.dtype)
    x, y = similarity.metric(state), similarity.metric(rows)
    scores = Euclidean().careful_scores(x, y, cue_mask=cue_mask, row_mask=tile.known)
    squares = -2 * to_numpy(scores).astype(np.float64)
    if tile.known is not None or cue_mask is not None:
        squares *= _share(xp, state, cue_mask, tile)
    return np.asarray(np.where(squares > 0, squares, np.inf).min(axis=-1))


def _spread(patterns: Store) -> np.ndarray[Any, Any]:
    """Return the positions of 2048 patterns, evenly spread along a fixed random direction."""
    direction = np.random.default_rng(0).standard_normal(patterns.like.shape[-1])
    places = [to_numpy(tile.rows).astype(np.float64) @ direction for tile in tiles(patterns)]
    along = np.argsort(np.concatenate(places), kind="stable")
    return np.asarray(along[np.linspace(0, len(patterns) - 1, _SAMPLE).astype(int)])


def _share(xp: Any, state: Array, cue_mask: Array | None, tile: Any) -> np.ndarray[Any, Any]:
    """Return N over the number of coordinates that both sides know: (B, k)."""
    mine = xp.ones_like(state) if cue_mask is None else xp.astype(cue_mask, state.dtype)
    theirs = xp.ones(tile.rows.shape, dtype=state.dtype) if tile.known is None else xp.astype(tile.known, state.dtype)
    return np.asarray(state.shape[-1] / np.maximum(to_numpy(mine @ theirs.T), 1))
