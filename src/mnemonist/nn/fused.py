r"""Fused attention: one softmax readout by torch's own kernel, which keeps none of the associations.

    softmax(scale x·ξ + b) v          b is 0 or −∞ where the mask is boolean

A row that hides every pattern gives 0, with gradients 0. Kernels on the processor do so by themselves since torch 2.5;
where others might make it NaN, such a row is shown everything, and what it reads is thrown away.

Source: Dao et al. 2022, arXiv:2205.14135 (attention in tiles); Ramsauer et al. 2021, arXiv:2008.02217 (β = scale).
Shapes: x is (..., L, d); ξ (..., S, d); v (..., S, D); masks (..., L, S); the batch dimensions broadcast.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from mnemonist.nn.masks import heard, opened

_SAFE = tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 5)


def serves() -> bool:
    """Say whether the kernel serves here: under `torch.func` transforms it would be called once a sample."""
    return not torch._C._are_functorch_transforms_active()


def fused_readout(
    state: Tensor, stored: Tensor, values: Tensor, *, mask: Tensor | None, scale: float, dropout: float
) -> Tensor:
    """Return the readout (..., L, D) of `values`; a mask of numbers is added to what `scale` multiplies."""
    options: dict[str, Any] = {"scale": scale, "dropout_p": dropout}
    guarded = mask is not None and not (_SAFE and state.device.type == "cpu")
    if mask is not None:
        shown = opened(mask) if guarded else mask
        shown = shown[(None,) * max(0, 2 - shown.ndim)]
        options["attn_mask"] = shown if shown.dtype == torch.bool else shown.to(state.dtype)
    batch = state.shape[:-2]
    if len(batch) == 2 and stored.shape[:-2] == values.shape[:-2] == batch:
        out = scaled_dot_product_attention(state, stored, values, **options)
    else:
        out = _in_four(state, stored, values, options)
    return torch.where(heard(mask), out, torch.zeros_like(out)) if guarded else out


def _in_four(state: Tensor, stored: Tensor, values: Tensor, options: dict[str, Any]) -> Tensor:
    """Return the same of tensors of any batch, as those of two dimensions, which the kernels of torch ask for."""
    batch = torch.broadcast_shapes(*(x.shape[:-2] for x in (state, stored, values)))

    def in_four(x: Tensor) -> Tensor:
        x = x.expand(*batch, *x.shape[-2:])
        return x.flatten(0, -4) if len(batch) > 2 else x[(None,) * (2 - len(batch))]

    options = {name: in_four(given) if name == "attn_mask" else given for name, given in options.items()}
    out = scaled_dot_product_attention(in_four(state), in_four(stored), in_four(values), **options)
    return out.reshape(*batch, *out.shape[-2:])
