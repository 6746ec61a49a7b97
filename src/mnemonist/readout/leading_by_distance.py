r"""Leading memories by distance, from one product of float32 per tile, and their scores exactly.

    −2h = Σ_i m_i k_i (x_i − ξ_i)² + Σ_i m_i (1 − k_i) c_i
        = [m x, m, m x²]·[−2ξ, ξ² − c k, k] + what is the same of all patterns

m is what a cue gives, k what a pattern knows, c what it costs where it does not (nothing where all is known). The
product picks some more than are asked for; of these the differences are squared one by one, in float64. Where distances
are lost in the lengths that they are differences of, it says None, and tiles are read with care.

Shapes: state, cue_mask (B, N); features (K, 2N), or (K, 3N) of patterns with unknown coordinates.
"""

from typing import Any

import numpy as np

from mnemonist.core.similarity import Euclidean
from mnemonist.readout.reader import Reader
from mnemonist.readout.variances import variances_of
from mnemonist.stores.block import Block
from mnemonist.stores.tiles import tiles

MORE = 1.25  # times as many are picked as are asked for
_LOST = 2e-5  # of the lengths: a distance below is not told from 0 in float32
_EQUAL = 1e-5  # of what patterns vary: less apart two are picked by lot
_ROWS = 2**18  # numbers of rows gathered at one time
_LEAST = 2**22  # scores below which care costs nothing

Numbers = np.ndarray[Any, Any]


def serves(reader: Reader, states: int) -> bool:
    """Return whether scores are distances of NumPy's floats, and many."""
    plain = type(reader.similarity) is Euclidean and isinstance(reader.patterns.like, np.ndarray)
    counted = not reader.holes or reader.unshared == "expected"
    many = states * len(reader.patterns) >= _LEAST
    if not (plain and counted and many) or reader.patterns.volatile:
        return False
    return reader.patterns.block(0, 1).strength is None and reader.patterns.like.dtype.kind == "f"


class Distances:
    """The patterns of a reader as features of a product."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        means = [(tile.rows.sum(axis=0, dtype=np.float64), _count(tile)) for tile in tiles(reader.patterns)]
        self.centre = sum(total for total, _ in means) / np.maximum(sum(count for _, count in means), 1)
        self.costs = 2 * variances_of(reader) if reader.holes else np.zeros_like(self.centre)
        self.rounding = _EQUAL * float(variances_of(reader).sum())

    def of_cues(self, state: Numbers, cue_mask: Numbers | None) -> Numbers:
        """Return the features (B, 2N or 3N) of cues, in float32."""
        mask = np.ones(state.shape, bool) if cue_mask is None else cue_mask
        x = np.where(mask, state - self.centre, 0.0)
        known = [x * x] if self.reader.holes else []
        return np.concatenate([x, mask, *known], axis=1, dtype=np.float32)

    def of_patterns(self, tile: Block) -> Numbers:
        """Return the features (k, 2N or 3N) of some patterns."""
        rows = (tile.rows - self.centre.astype(tile.rows.dtype)).astype(np.float32, copy=False)
        if not self.reader.holes:
            return np.concatenate([rows, -0.5 * rows * rows], axis=1)
        known = np.ones(rows.shape, bool) if tile.known is None else tile.known
        rows *= known
        squares = rows * rows - self.costs.astype(np.float32) * known
        return np.concatenate([rows, -0.5 * squares, -0.5 * known.astype(np.float32)], axis=1)


def rescored(reader: Reader, state: Numbers, cue_mask: Numbers | None, positions: Numbers, heard: Numbers) -> Numbers:
    """Return the scores (B, k) of picked patterns exactly, −∞ of those not `heard`."""
    scores = np.empty(positions.shape)
    mask = np.ones(state.shape, bool) if cue_mask is None else cue_mask
    costs = 2 * variances_of(reader) if reader.holes else None
    step = max(1, _ROWS // (positions.shape[1] * state.shape[1]))
    for start in range(0, len(state), step):
        part = slice(start, start + step)
        block = reader.patterns.at(np.maximum(positions[part], 0).ravel())
        shape = (*positions[part].shape, state.shape[1])
        apart = state[part, None, :].astype(np.float64) - block.rows.reshape(shape)
        apart *= apart
        there = mask[part, None, :]
        if block.known is not None:
            known = block.known.reshape(shape)
            apart = np.where(known, apart, costs)
        scores[part] = -0.5 * np.einsum("bkn,bn->bk", apart, there[:, 0, :].astype(np.float64))
    scores[~heard] = -np.inf
    return scores


def told(scores: Numbers, x: Numbers) -> bool:
    """Return whether float32 told the best apart: the last of their distances is no rounding of lengths ‖x‖²."""
    last = -2 * scores[:, -1]
    lengths = (x.astype(np.float64) ** 2).sum(axis=1)
    return bool((~np.isfinite(last) | (last > _LOST * lengths)).all())


def _count(tile: Block) -> Any:
    return len(tile.ids) if tile.known is None else tile.known.sum(axis=0)
