"""Nearness: by what the nearest pattern is told.

Shapes: state (B, N); h (B, k) of the k patterns of a block.
"""

import math
from typing import Any, NamedTuple

from mnemonist._array import Array, namespace
from mnemonist.core.similarity import Similarity
from mnemonist.stores.block import Block


class Nearness(NamedTuple):
    """A similarity, or None for the scores themselves; `per_site`: what it says per site that a pattern knows."""

    similarity: Similarity | None
    per_site: bool

    def of(self, reader: Any, state: Array, h: Array, block: Block, *, cue_mask: Array | None = None) -> Array:
        """Return (B, k) that is greatest at the nearest pattern; that of one without a say is −∞."""
        xp, close = namespace(h), h
        if self.similarity is not None:
            metric = reader.similarity.metric
            close = self.similarity.careful_scores(
                metric(state), metric(block.rows), cue_mask=cue_mask, row_mask=block.known
            )
        if block.known is None:
            return close
        if self.per_site:
            shared = xp.astype(reader.neurons.known_sites(block.known), close.dtype)
            close = close / xp.where(shared > 0, shared, xp.ones_like(shared))
        return xp.where(h == -math.inf, h, close)
