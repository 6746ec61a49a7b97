r"""Scores of patterns of levels, a run of columns at a time: only so much of them is ever float.

    h = x·ξ = Σ_c x_c·ξ_c        −½ ‖x − ξ‖² = −½ Σ_c (‖x_c‖² − 2 x_c·ξ_c + ‖ξ_c‖²)        over runs c of columns

Products are summed in float64, in which those of levels are exact, so that no digits of small distances are lost. The
readout is that of the softmax kernels, for which rows are made some at a time.

Shapes: state (B, N); levels (K, N); h (B, K).
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.readout.softmax import SoftmaxKernels
from mnemonist.stores.block import Block
from mnemonist.stores.levels import LevelBlock, LevelPatterns
from mnemonist.stores.tiles import tiles

_NUMBERS = 2**20  # of states and patterns that are float64 at one time
_TOGETHER = 4096  # patterns of which all scores are kept

Numbers = np.ndarray[Any, Any]


class LevelKernels(SoftmaxKernels):
    """Softmax kernels over rows that are made some at a time, and scores over columns that are."""

    def scored(self, reader: Any, state: Array, cue_mask: Array | None) -> Iterator[tuple[Array, Block]] | None:
        """Return (h (B, k), block) some patterns at a time; parts of directions are compared as directions."""
        if type(state) is not np.ndarray or reader.neurons.directions:
            return None
        return self._scored(reader.patterns, state, cue_mask)

    def _scored(self, store: LevelPatterns, state: Numbers, cue_mask: Numbers | None) -> Iterator[tuple[Array, Block]]:
        for start in range(0, len(store), _TOGETHER):
            part = store.part(start, min(start + _TOGETHER, len(store)))
            found, first = scores(state, cast(LevelBlock, part.block()), cue_mask, self._euclidean), 0
            for tile in tiles(part):
                yield found[:, first : first + len(tile.ids)], tile
                first += len(tile.ids)


def scores(state: Numbers, block: LevelBlock, cue_mask: Numbers | None, euclidean: bool) -> Numbers:
    """Return h (B, k) in the dtype of the states; of these only what is in `cue_mask` (B, N) is compared."""
    width = state.shape[1]
    step = max(64, _NUMBERS // (len(state) + len(block.ids)))
    product, squares = np.zeros((2, len(state), len(block.ids)))
    for start in range(0, width, step):
        part = slice(start, min(start + step, width))
        x, y = state[:, part].astype(np.float64), block.levels[:, part].astype(np.float64)
        seen = None if cue_mask is None else cue_mask[:, part].astype(np.float64)
        y /= block.depth
        x = x if seen is None else x * seen
        product += x @ y.T
        if euclidean:
            squares += np.einsum("bn,bn->b", x, x)[:, None]
            squares += np.einsum("kn,kn->k", y, y) if seen is None else seen @ (y * y).T
    h = product - squares / 2 if euclidean else product
    return np.asarray((np.minimum(h, 0) if euclidean else h).astype(state.dtype))
