"""What layers refuse: tensors that do not fit together, named with the shapes that the caller wrote.

    state (..., L, d), stored (..., S, d), values (..., S, D), the batch dimensions broadcast; mask (..., L, S)

Only shapes and dtypes are looked at, so that layers trace.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import LayerNorm, Linear, Module, Sequential

from mnemonist.core.number import check_number
from mnemonist.core.separation import Separation
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown
from mnemonist.nn.masks import check_mask

MAY = "True is where a state may be associated with a pattern."


def check_separation(who: str, separation: Any) -> None:
    """Refuse what is no separation, one of distances, one that a memory has to complete, and one that is learned."""
    if not isinstance(separation, Separation):
        raise InvalidType(f"{who}: separation must be a Separation; got {shown(separation)}. Pass Softmax(), say.")
    if separation.local:
        raise IllegalCombination(
            f"{who}: the separation must suit products; got {separation!r}, of memories that reach so far: its scores "
            "must be distances. Take Softmax or Entmax, or an epanechnikov_memory."
        )
    for name, value in vars(separation).items():
        if isinstance(value, (str, Tensor)):
            raise InvalidArgument(
                f"{who}: {name} of the separation must be a number; got {shown(value)}. A word is for memories, which "
                f"choose from their patterns; a learned beta is the layer's own: {who}(beta=...)."
            )


def check_share(who: str, name: str, value: Any) -> None:
    """Refuse what is no share, 0 <= p < 1."""
    check_number(who, name, value, least=0)
    if value >= 1:
        raise InvalidArgument(f"{who}: {name} must be below 1; got {shown(value)}. It is a share: pass 0 for none.")


def check_beta(who: str, beta: Any) -> float | Tensor:
    """Return β as a float, or as the tensor of one, or of one a head, that was given."""
    if not isinstance(beta, Tensor):
        check_number(who, "beta", beta, least=0, strict=True)
        return float(beta)
    if beta.ndim > 1 or not beta.numel() or not beta.is_floating_point():
        raise InvalidArgument(
            f"{who}: beta must be one float, or one a head, of shape (H,); got {beta.dtype} of shape "
            f"{tuple(beta.shape)}. Flatten or cast it."
        )
    if beta.device.type != "meta" and not bool(((beta > 0) & beta.isfinite()).all()):
        raise InvalidArgument(f"{who}: every beta must be finite and > 0; got {beta.tolist()}. Start above 0.")
    return beta


def check_patterns(who: str, *, state: Any, stored: Any, values: Any = None) -> None:
    """Refuse states, stored patterns and values that do not fit together."""
    given = {"state": state, "stored": stored} | ({} if values is None else {"values": values})
    for name, x in given.items():
        check_rows(who, name, x)
    check_alike(who, given)
    if state.shape[-1] != stored.shape[-1]:
        raise InvalidArgument(
            f"{who}: state and stored must be of one width; got a state of shape {tuple(state.shape)} and stored of "
            f"shape {tuple(stored.shape)}. Project one, or store patterns of width {state.shape[-1]}."
        )
    check_count(who, stored, values)
    joint_batch(who, **given)


def check_count(who: str, stored: Tensor, values: Tensor | None) -> None:
    """Refuse no stored patterns, and values of others."""
    if stored.shape[-2] == 0 or (values is not None and values.shape[-2] != stored.shape[-2]):
        raise InvalidArgument(
            f"{who}: there must be a stored pattern at least, and as many values; got stored of shape "
            f"{tuple(stored.shape)}{'' if values is None else f', values of shape {tuple(values.shape)}'}. "
            "Pass a row of each for every pattern."
        )


def check_projection(who: str, name: str, module: Module | None, x: Tensor) -> None:
    """Refuse what is not of the width and the dtype of the linear map or the norm that it meets first."""
    while isinstance(module, Sequential) and len(module):
        module = module[0]
    if not isinstance(module, (Linear, LayerNorm)):
        return
    width = module.in_features if isinstance(module, Linear) else module.normalized_shape[-1]
    if x.shape[-1] != width:
        raise InvalidArgument(
            f"{who}: {name} must be of width {width}, as its projection is; got shape {tuple(x.shape)}. "
            f"Pass rows of {width}."
        )
    if module.weight is not None and module.weight.dtype != x.dtype and not torch.is_autocast_enabled(x.device.type):
        raise InvalidType(
            f"{who}: {name} must be of {module.weight.dtype}, as the layer is; got {x.dtype}. "
            f"Pass {name}.to(dtype), or cast the layer."
        )


def check_rows(who: str, name: str, x: Any) -> None:
    """Refuse what is no tensor (..., rows, width) of floats."""
    if not isinstance(x, Tensor):
        raise InvalidType(f"{who}: {name} must be a tensor; got {shown(x)}. Pass torch.as_tensor({name}).")
    if not x.is_floating_point():
        raise InvalidType(f"{who}: {name} must be of floats; got {x.dtype}. Pass {name}.float().")
    if x.ndim < 2:
        raise InvalidArgument(
            f"{who}: {name} must be rows, (..., rows, width); got shape {tuple(x.shape)}. Pass {name}[None]."
        )


def check_alike(who: str, given: dict[str, Tensor]) -> None:
    """Refuse tensors of several dtypes, which autocast alone brings together, or on several devices."""
    first = next(iter(given.values()))
    if any(x.device != first.device for x in given.values()):
        places = ", ".join(f"{name} on {x.device}" for name, x in given.items())
        raise InvalidArgument(f"{who}: all must be on one device; got {places}. Move them with .to(device).")
    if any(x.dtype != first.dtype for x in given.values()) and not torch.is_autocast_enabled(first.device.type):
        dtypes = ", ".join(f"{name} of {x.dtype}" for name, x in given.items())
        raise InvalidType(f"{who}: all must be of one dtype; got {dtypes}. Cast them with .to(dtype).")


def joint_batch(who: str, **given: Tensor) -> tuple[int, ...]:
    """Return the batch (...) of tensors (..., rows, width) together, or refuse what does not broadcast."""
    first, *others = given.values()
    if all(x.shape[:-2] == first.shape[:-2] for x in others):
        return tuple(first.shape[:-2])
    batch: list[int] = []
    for x in given.values():
        sizes = x.shape[:-2][::-1]
        batch += [1] * (len(sizes) - len(batch))
        for i, size in enumerate(sizes):
            if batch[i] == 1:
                batch[i] = size
            elif size not in (1, batch[i]):
                shapes = ", ".join(f"{name} of shape {tuple(x.shape)}" for name, x in given.items())
                raise InvalidArgument(
                    f"{who}: the batches must be the same, or one set shared by all; got {shapes}. "
                    "Give shared patterns without a batch, (S, width)."
                )
    return tuple(batch[::-1])


def check_association(who: str, state: Tensor, stored: Tensor, mask: Tensor | None, beta: Any) -> None:
    """Refuse a mask that does not fit, and a β a head where there are not as many heads."""
    batch = joint_batch(who, state=state, stored=stored)
    if mask is not None:
        shape = (*batch, state.shape[-2], stored.shape[-2])
        check_mask(who, "mask", mask, shape, letters="(..., L, S)", fix=MAY)
    if isinstance(beta, Tensor) and beta.ndim == 1 and batch[-1:] != tuple(beta.shape):
        raise InvalidArgument(
            f"{who}: state must be (..., H, L, d) with H = {beta.shape[0]} heads, one for each beta; got shapes "
            f"{tuple(state.shape)} and {tuple(stored.shape)}. Pass one beta, or heads={beta.shape[0]} to Hopfield."
        )
