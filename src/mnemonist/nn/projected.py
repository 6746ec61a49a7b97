r"""The transformer's layer: a Hopfield layer with four linear projections of one width.

    q = W_q x + b_q,  k = W_k ξ + b_k,  v = W_v ξ + b_v,     y = W_o [heads] + b_o,     β = 1/√(width / heads)

With softmax and one step this is `torch.nn.MultiheadAttention`, number for number. With `norm` each projection
normalises what it is given first, as the reference package does.

Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2; Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: state (..., L, width), stored and values (..., S, width), each projection (..., rows, width).
"""

import math

from torch.nn import LayerNorm, Linear, Module, Sequential
from torch.nn.init import xavier_uniform_, zeros_

from mnemonist.core.number import check_flag, check_whole
from mnemonist.errors import InvalidArgument
from mnemonist.nn.association import Association
from mnemonist.nn.hopfield import Hopfield

WHO = "projected"


def projected(
    width: int, *, heads: int = 1, association: Association | None = None, bias: bool = True, norm: bool = False
) -> Hopfield:
    """Return a Hopfield layer with linear projections, uniform as Glorot has them, and biases of 0.

    Without an `association` it is one step of softmax at β = 1/√(width / heads).

    >>> import torch
    >>> projected(8, heads=2)(torch.zeros(3, 5, 8)).shape
    torch.Size([3, 5, 8])
    """
    width, heads = check_whole(WHO, "width", width, least=1), check_whole(WHO, "heads", heads, least=1)
    check_flag(WHO, "bias", bias), check_flag(WHO, "norm", norm)
    if width % heads:
        raise InvalidArgument(
            f"{WHO}: heads must divide width; got {heads} heads and width {width}. Choose other ones."
        )
    association = Association(beta=1 / math.sqrt(width // heads)) if association is None else association

    def projection() -> Module:
        linear = _linear(width, bias)
        return Sequential(LayerNorm(width), linear) if norm else linear

    state, stored, values = projection(), projection(), projection()
    return Hopfield(association, heads=heads, state=state, stored=stored, values=values, output=_linear(width, bias))


def _linear(width: int, bias: bool) -> Linear:
    linear = Linear(width, width, bias=bias)
    xavier_uniform_(linear.weight)
    if bias:
        zeros_(linear.bias)
    return linear
