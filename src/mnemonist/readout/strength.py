r"""Strength: a prior that multiplies the say of a memory.

    L_s(h) = L(c h + b),    f = c ∂L/∂h        (c, b) of a strength s as the separation has it: see `prior`

so that L sums s F(h_μ) where it sums over memories: a memory of strength 2 is two copies of it.

Shapes: h (B, k) of the k patterns of a block; strength, c, b (k,).
"""

from typing import Any

from mnemonist._array import Array, beside, namespace
from mnemonist.core.separation import Separation
from mnemonist.stores.block import Block


def weighed(separation: Separation, h: Array, block: Block) -> tuple[Array, Array | None]:
    """Return scores (B, k) with the strengths of a block in them, and the factor c (k,) of its weights; None for 1."""
    if block.strength is None:
        return h, None
    c, b = (_like(x, h) for x in separation.prior(block.strength))
    return c * h + b, None if isinstance(c, float) and c == 1 else namespace(h).zeros_like(h[0, :]) + c


def _like(x: Any, h: Array) -> Any:
    """Return a number as it is, an array in the dtype of scores."""
    return float(x) if isinstance(x, (int, float)) else namespace(h).astype(beside(x, h), h.dtype)
