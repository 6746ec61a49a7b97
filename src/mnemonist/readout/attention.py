"""Softmax memories of torch tensors, read by torch's fused attention.

Shapes: state (B, N); rows (K, N).
"""

from typing import Any

from mnemonist._array import Array, fused_attention, is_torch, namespace
from mnemonist.readout.fast_path import FastPath


class FusedAttention(FastPath):
    """Dot products with all of every tensor: gradients flow, to β too."""

    def mean(self, reader: Any, state: Array) -> Array | None:
        """Return the mean, to rounding."""
        if not is_torch(state):
            return None
        rows = namespace(state).astype(reader.patterns.block().rows, state.dtype, copy=False)
        return fused_attention(state, rows, reader.separation.beta)
