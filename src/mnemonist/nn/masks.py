r"""Masks: which stored patterns a state may be associated with.

    boolean     True where a state may be associated with a pattern; hidden scores are those of a pattern without a say
    of numbers  added to the scores β x·ξ; −∞ hides

A row that hides every pattern gives 0, and no NaN. torch's layers have booleans the other way round, True where a
pattern is hidden: that is `padding` here, of numbers it is the same.

Shapes: masks broadcast to (..., L, S): L states, S stored patterns.
"""

import math

import torch
from torch import Tensor

from mnemonist.errors import InvalidArgument, InvalidType, shown


def visible(mask: Tensor) -> Tensor:
    """Return where a mask hides nothing."""
    return mask if mask.dtype == torch.bool else mask != -math.inf


def heard(mask: Tensor) -> Tensor:
    """Return (..., 1) whether a row of a mask hides less than everything."""
    return visible(mask).any(dim=-1, keepdim=True)


def opened(mask: Tensor) -> Tensor:
    """Return the mask, with rows that hide everything hiding nothing."""
    if mask.dtype == torch.bool:
        return mask | ~heard(mask)
    return torch.where(heard(mask), mask, torch.zeros_like(mask))


def check_mask(who: str, name: str, mask: Tensor, shape: tuple[int, ...], *, letters: str, fix: str) -> None:
    """Refuse what is no mask, or does not broadcast to a shape, which ends as the letters say."""
    if not isinstance(mask, Tensor) or not (mask.dtype == torch.bool or mask.is_floating_point()):
        got = f"a tensor of {mask.dtype}" if isinstance(mask, Tensor) else shown(mask)
        raise InvalidType(
            f"{who}: {name} must be a tensor of booleans, or of floats to be added to the scores; got {got}. "
            f"Pass {name}.bool(), or {name}.float()."
        )
    longer = mask.ndim > len(shape)
    if longer or any(a not in (1, b) for a, b in zip(mask.shape[::-1], shape[::-1], strict=False)):
        raise InvalidArgument(
            f"{who}: {name} must broadcast to {letters} = {shape}; got a {name} of shape {tuple(mask.shape)}. {fix}"
        )


def padded(mask: Tensor | None, padding: Tensor) -> Tensor:
    """Return a mask (..., L, S) or None together with a padding (..., 1, S), True or −∞ where a pattern is hidden."""
    if padding.dtype == torch.bool:
        padding = ~padding
    if mask is None or mask.dtype == padding.dtype == torch.bool:
        return padding if mask is None else mask & padding
    return added(mask) + added(padding)


def finite(mask: Tensor) -> Tensor:
    """Return what a mask of numbers adds to the scores that it leaves."""
    return torch.where(visible(mask), mask, torch.zeros_like(mask))


def added(mask: Tensor) -> Tensor:
    """Return what a mask adds to scores: 0 and −∞ of booleans."""
    if mask.dtype != torch.bool:
        return mask
    return torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, -math.inf)
