r"""Pooling: learned queries read a set out, however large it is.

    y_i = Hopfield(state = q_i, stored = the set),   i = 1 … Q

The queries are the layer's own states, learned and the same for all sets; what a set holds comes in no order.

Source: Ramsauer et al. 2021, arXiv:2008.02217, HopfieldPooling; Ilse et al. 2018, arXiv:1802.04712 (pooling).
Shapes: queries (Q, width); stored (..., S, w), values (..., S, D); what is read (..., Q, D).
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from mnemonist.core.number import check_whole
from mnemonist.errors import InvalidType, shown
from mnemonist.nn.hopfield import Hopfield

WHO = "HopfieldPooling"


class HopfieldPooling(Module):
    """A set as vectors: `queries` learned states of a `width`, which a `layer` associates with the set.

    >>> import torch
    >>> from mnemonist import nn
    >>> pool = nn.HopfieldPooling(nn.Hopfield(nn.Association()), queries=2, width=3)
    >>> pool(torch.zeros(4, 7, 3), padding=torch.zeros(4, 7, dtype=torch.bool)).shape
    torch.Size([4, 2, 3])
    """

    def __init__(self, layer: Hopfield, queries: int, width: int) -> None:
        super().__init__()
        check_layer(WHO, layer)
        count, width = check_whole(WHO, "queries", queries, least=1), check_whole(WHO, "width", width, least=1)
        self.layer = layer
        self.queries = Parameter(directions(count, width))

    def forward(
        self,
        stored: Tensor,
        values: Tensor | None = None,
        *,
        padding: Tensor | None = None,
        mask: Tensor | None = None,
        return_association: bool = False,
    ) -> Any:
        """Return what the queries read out of sets (..., S, w), as (..., Q, D); the rest as of `Hopfield.forward`."""
        return self.layer(
            self.queries, stored, values, padding=padding, mask=mask, return_association=return_association
        )


def check_layer(who: str, layer: Any) -> None:
    """Refuse what is no Hopfield layer."""
    if not isinstance(layer, Hopfield):
        raise InvalidType(f"{who}: layer must be a Hopfield; got {shown(layer)}. Pass Hopfield(Association()), say.")


def directions(count: int, width: int) -> Tensor:
    """Return random rows (count, width) of length 1 or near it."""
    return torch.randn(count, width) / math.sqrt(width)
