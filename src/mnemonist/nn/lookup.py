r"""Look-up: states read learned memories out.

    y = Hopfield(state = x, stored = ξ, values = v),     ξ and v the layer's own parameters

The memories are there for all states, so that no batch of them is ever made. Where they have no values of their own,
they are these themselves.

Source: Ramsauer et al. 2021, arXiv:2008.02217, HopfieldLayer.
Shapes: memories (K, width), their values (K, D); state (..., L, w); what is read (..., L, D).
"""

from typing import Any

from torch import Tensor
from torch.nn import Module, Parameter

from mnemonist.core.number import check_whole
from mnemonist.nn.hopfield import Hopfield
from mnemonist.nn.pooling import check_layer, directions

WHO = "HopfieldLayer"


class HopfieldLayer(Module):
    """A memory of `memories` learned patterns of a `width`, and with `values` = D learned values of that width.

    `memories` and `values` are its parameters, which may be set to what is known: `layer.memories.data = patterns`.

    >>> import torch
    >>> from mnemonist import nn
    >>> lookup = nn.HopfieldLayer(nn.Hopfield(nn.Association(beta=8.0)), memories=10, width=3, values=2)
    >>> lookup(torch.zeros(4, 3)).shape
    torch.Size([4, 2])
    """

    def __init__(self, layer: Hopfield, memories: int, width: int, values: int | None = None) -> None:
        super().__init__()
        check_layer(WHO, layer)
        count, width = check_whole(WHO, "memories", memories, least=1), check_whole(WHO, "width", width, least=1)
        self.layer = layer
        self.memories = Parameter(directions(count, width))
        own = None if values is None else check_whole(WHO, "values", values, least=1)
        self.values = None if own is None else Parameter(directions(count, own))

    def forward(
        self,
        state: Tensor,
        *,
        padding: Tensor | None = None,
        mask: Tensor | None = None,
        return_association: bool = False,
    ) -> Any:
        """Return what states (..., L, w) read out, (..., L, D); the rest as of `Hopfield.forward`."""
        return self.layer(
            state, self.memories, self.values, padding=padding, mask=mask, return_association=return_association
        )
