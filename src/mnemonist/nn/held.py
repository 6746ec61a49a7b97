"""Which neurons of a hierarchy are held while the others move: whole layers by name, or masks of neurons.

Where a Lagrangian reads neurons together, as softmax and layer norm do, some of them cannot be held and the others move
downhill: a mask must say the same of all along that axis, and may be of size 1 there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown
from mnemonist.nn.graph_checks import check_name

Free = dict[str, Tensor | bool]


def free_neurons(graph: Any, who: str, state: Mapping[str, Tensor], held: Any) -> Free:
    """Return {layer: whether it is free, or where (..., *shape)}, of names, or of a dict of names and masks."""
    if isinstance(held, str):
        held = (held,)
    if held is not None and not isinstance(held, Iterable):
        raise InvalidType(
            f"{who}: held must be names, or a dict of masks by name; got {shown(held)}. Pass one of these."
        )
    masks: Mapping[str, Any] = held if isinstance(held, Mapping) else dict.fromkeys(held or (), True)
    free: Free = {name: name in graph.moving for name in graph.layers}
    for name, mask in masks.items():
        check_name(graph, who, name)
        if name in graph.moving:
            free[name] = (
                not mask if isinstance(mask, bool) else ~_checked(who, name, mask, graph.layers[name], state[name])
            )
    return free


def _checked(who: str, name: str, mask: Any, layer: Any, x: Tensor) -> Tensor:
    """Return a mask of neurons, or refuse what is none of these."""
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
        raise InvalidType(
            f"{who}: held of layer {name!r} must be True, False or a boolean tensor; got {shown(mask)}. Pass x.bool()."
        )
    try:
        same = torch.broadcast_shapes(mask.shape, x.shape) == x.shape
    except RuntimeError:
        same = False
    if not same:
        raise InvalidArgument(
            f"{who}: held of layer {name!r} must fit {tuple(x.shape)}; got shape {tuple(mask.shape)}. "
            "Pass one value for each neuron, or 1 along an axis."
        )
    if not layer.lagrangian.separable and not torch.compiler.is_compiling() and _torn(mask, layer, x):
        raise IllegalCombination(
            f"{who}: held of layer {name!r} must be the same for all neurons along axis {layer.axis}, which "
            f"{type(layer.lagrangian).__name__} reads together; got some of them. Hold all of these, or none."
        )
    return mask


def _torn(mask: Tensor, layer: Any, x: Tensor) -> bool:
    """Say whether a mask says both of neurons that are read together."""
    axes = tuple(range(-len(layer.shape), 0)) if layer.axis is None else (layer.axis,)
    whole = mask.expand(x.shape)
    return bool((whole.any(dim=axes) != whole.all(dim=axes)).any())
