r"""Layers of the reference package, by their weights.

`update_steps_max` = k makes k + 1 readouts there, so `steps` = k + 1 here. There all of a batch stop together, once
none of them changes by `update_steps_eps`; here every sample makes all its steps, so results differ by what that
threshold leaves undone.

Source: the package hflayers of Ramsauer et al. 2021, arXiv:2008.02217; docs/from-hflayers.md has each argument.
Shapes there: queries (1, Q, w) of `HopfieldPooling`, memories (1, K, w) of `HopfieldLayer`, both without a 1 here.
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor
from torch.nn import Module, Parameter

from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.nn.hflayers_arguments import WHO, Arguments, checked
from mnemonist.nn.hflayers_weights import made_of
from mnemonist.nn.hopfield import Hopfield
from mnemonist.nn.lookup import HopfieldLayer
from mnemonist.nn.pooling import HopfieldPooling


def from_hflayers(state_dict: Mapping[str, Tensor], **arguments: Any) -> Module:
    """Return the layer with the weights of a `Hopfield`, `HopfieldPooling` or `HopfieldLayer` of the reference package.

    `arguments` are those that its constructor was given, by their names. Which class it was, its weights say. What is
    not taken over is refused, with what to do instead. The layer is in training, as a new one.

    >>> import torch
    >>> weights = {f"norm_{of}.{end}": torch.ones(8) for of in ("state_pattern", "stored_pattern", "pattern_projection")
    ...            for end in ("weight", "bias")}
    >>> weights |= {"association_core.in_proj_weight": torch.ones(24, 8)}
    >>> from_hflayers(weights, input_size=8, num_heads=2, input_bias=False, disable_out_projection=True).heads
    2
    """
    if not isinstance(state_dict, Mapping) or not all(isinstance(each, Tensor) for each in state_dict.values()):
        raise InvalidType(
            f"{WHO}: state_dict must be a dictionary of tensors; got {shown(state_dict)}. Pass layer.state_dict()."
        )
    asked = checked(arguments)
    weights = {name.removeprefix("hopfield."): weight.detach() for name, weight in state_dict.items()}
    own = {name: weights.pop(name, None) for name in ("pooling_weights", "lookup_weights", "target_weights")}
    layer = made_of(weights, asked)
    if weights:
        raise InvalidArgument(
            f"{WHO}: state_dict must hold only what the arguments ask for; got {', '.join(sorted(weights))} besides. "
            "Pass the arguments that the layer was made with."
        )
    if own["pooling_weights"] is not None:
        return _pooling(layer, own["pooling_weights"], asked)
    if own["lookup_weights"] is not None:
        return _lookup(layer, own["lookup_weights"], own["target_weights"], asked)
    return layer


def _pooling(layer: Hopfield, queries: Tensor, asked: Arguments) -> HopfieldPooling:
    rows = queries.reshape(-1, queries.shape[-1])
    pooling = HopfieldPooling(layer, *rows.shape)
    pooling.queries = Parameter(rows.clone(), requires_grad=asked.trainable)
    return pooling


def _lookup(layer: Hopfield, memories: Tensor, targets: Tensor | None, asked: Arguments) -> HopfieldLayer:
    rows = memories.reshape(-1, memories.shape[-1])
    lookup = HopfieldLayer(layer, *rows.shape)
    lookup.memories = Parameter(rows.clone(), requires_grad=asked.trainable)
    if targets is not None:
        lookup.values = Parameter(
            targets.reshape(-1, targets.shape[-1]).clone(), requires_grad=asked.lookup_targets_as_trainable
        )
    return lookup
