"""Torch's attention as the reference of layers: what it is with their weights."""

import torch
from torch import nn

from mnemonist.nn import Hopfield


def attention_of(layer: Hopfield, width: int, heads: int) -> nn.MultiheadAttention:
    """Return torch's attention with the weights of a layer."""
    bias = layer.state.bias is not None
    attention = nn.MultiheadAttention(width, heads, bias=bias, batch_first=True)
    parts = (layer.state, layer.stored, layer.values)
    weights = {"in_proj_weight": torch.cat([part.weight for part in parts]), "out_proj.weight": layer.output.weight}
    if bias:
        weights |= {"in_proj_bias": torch.cat([part.bias for part in parts]), "out_proj.bias": layer.output.bias}
    attention.load_state_dict(weights)
    return attention
