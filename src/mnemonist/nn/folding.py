r"""Folding: where a batch of states shares its stored patterns, all of them are states of one set.

    (p…, b…, L, d) against (b…, S, d)      is      (b…, p…·L, d) against (b…, S, d)

So stored patterns are not copied for each sample, nor their gradients kept apart: learned memories stay as small as
they are.

Shapes: states (p…, b…, L, d); what is folded (b…, p…·L, d); masks broadcast to (p…, b…, L, S).
"""

from math import prod

from torch import Tensor


def folded(state: Tensor, mask: Tensor | None, ndim: int) -> tuple[Tensor, Tensor | None]:
    """Return states and their mask with `ndim` dimensions: what lies before them has joined L."""
    if mask is None:
        return _folded(state, ndim), None
    extra = state.ndim - ndim
    mask = mask[(None,) * (state.ndim - mask.ndim)]
    if prod(mask.shape[:extra]) * mask.shape[-2] == 1:
        return _folded(state, ndim), mask.reshape(mask.shape[extra:])
    rows = mask.expand(*state.shape[:extra], *mask.shape[extra:-2], state.shape[-2], mask.shape[-1])
    return _folded(state, ndim), _folded(rows, ndim)


def unfolded(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return what was computed of folded states (b…, p…·L, D) as it belongs to states of a shape (p…, b…, L, d)."""
    extra, at = len(shape) - x.ndim, x.ndim - 2
    if extra <= 0:
        return x
    parts = x.unflatten(-2, (*shape[:extra], shape[-2]))
    return parts.movedim(tuple(range(at, at + extra)), tuple(range(extra)))


def _folded(x: Tensor, ndim: int) -> Tensor:
    extra, at = x.ndim - ndim, ndim - 2
    return x.movedim(tuple(range(extra)), tuple(range(at, at + extra))).flatten(at, -2)
