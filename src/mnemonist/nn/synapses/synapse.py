r"""A synapse: an energy of the activations of the layers that it joins, whose negative gradient pulls on each of them.

    p_l = −∂E_s(g₁, g₂, …)/∂g_l

Any module that maps activations (..., *shape) to an energy (...) is a synapse of a hierarchy; where axes are left over
between the batch and what it reads, as tokens of a set, they are copies that share it, and their energies are added.
One that says it is `concave` has an energy that is concave in the activations of each of its layers while the others
stay: then no step of one layer towards its pull can raise the energy, and none needs to be looked at.

Source: Krotov 2021, arXiv:2107.06446 (as hypersynapses: Hoover et al. 2022, the HAMUX library).
"""

from typing import Any

import torch
from torch import Tensor, nn

from mnemonist.core.number import check_whole
from mnemonist.errors import InvalidArgument, InvalidType, shown


class Synapse(nn.Module):
    """An energy of activations; `concave` says that it is so in those of each layer alone."""

    concave: bool = False

    def forward(self, *activations: Tensor) -> Tensor:
        """Return the energy (...) of activations (..., *shape), one tensor for each layer that is joined."""
        raise NotImplementedError


def check_floats(who: str, activations: tuple[Tensor, ...], dtype: torch.dtype | None = None) -> None:
    """Refuse activations that are no tensors of floats, or of another dtype than the weights, unless torch casts."""
    for g in activations:
        if not isinstance(g, Tensor) or not g.dtype.is_floating_point:
            raise InvalidType(f"{who}: activations must be tensors of floats; got {shown(g)}. Pass x.float().")
        if dtype not in (None, g.dtype) and not torch.is_autocast_enabled(g.device.type):
            raise InvalidType(
                f"{who}: activations must be of {dtype}, as the weights are; got {g.dtype}. Pass x.to({dtype})."
            )


def check_axes(who: str, activations: tuple[Tensor, ...], *sizes: tuple[int, ...]) -> None:
    """Refuse activations of another number than there are sizes, or whose last axes do not have these."""
    if len(activations) != len(sizes):
        raise InvalidArgument(
            f"{who}: activations must be of {len(sizes)} layers; got {len(activations)}. Name as many as it joins."
        )
    for place, (g, size) in enumerate(zip(activations, sizes, strict=True), start=1):
        if tuple(g.shape[g.ndim - len(size) :] if len(size) <= g.ndim else ()) != size:
            raise InvalidArgument(
                f"{who}: activations of layer {place} must be (..., {', '.join(map(str, size))}); got shape "
                f"{tuple(g.shape)}. Join a layer of that shape, or make the synapse for this one."
            )
    leading = {tuple(g.shape[: g.ndim - len(size)]) for g, size in zip(activations, sizes, strict=True)}
    if len(leading) > 1:
        raise InvalidArgument(
            f"{who}: activations must have the same leading axes; got {' and '.join(map(str, sorted(leading)))}. "
            "Give each layer the same batch, and the same tokens."
        )


def checked_sizes(who: str, name: str, sizes: Any, *, least: int) -> tuple[int, ...]:
    """Return whole numbers >= 1, at least so many of them."""
    if len(sizes) < least:
        raise InvalidArgument(
            f"{who}: {name} must be {least} or more numbers; got {len(sizes)}. Pass those of the layers."
        )
    return tuple(check_whole(who, name, n, least=1) for n in sizes)


def parameter_of(who: str, name: str, given: Any, shape: tuple[int, ...]) -> Tensor:
    """Return a tensor that was given as weights, if it has this shape."""
    if not isinstance(given, Tensor) or not given.dtype.is_floating_point:
        raise InvalidType(f"{who}: {name} must be a tensor of floats; got {shown(given)}. Pass torch.as_tensor(x).")
    if tuple(given.shape) != shape:
        raise InvalidArgument(
            f"{who}: {name} must have shape {shape}; got {tuple(given.shape)}. Pass one of the sizes of the synapse."
        )
    return given


def hold_weights(module: nn.Module, name: str, given: Tensor) -> None:
    """Let a module hold weights that are learned, or a buffer where they are no parameter."""
    if isinstance(given, nn.Parameter):
        module.register_parameter(name, given)
    else:
        module.register_buffer(name, given)
