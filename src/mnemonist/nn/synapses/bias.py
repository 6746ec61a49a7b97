r"""The bias synapse: a constant pull on each neuron of a layer.

    E = −b·g            p = b

Source: Krotov 2021, arXiv:2107.06446. Shapes: g is (..., *shape), b is shape, E is (...).
"""

import torch
from torch import Tensor, nn

from mnemonist.nn.synapses.synapse import Synapse, check_axes, check_floats, checked_sizes


class Bias(Synapse):
    """A pull of its own on every neuron of a layer of this shape, (N,), (T, D) or (C, H, W); 0 at first.

    >>> Bias(4, 2)(torch.ones(5, 4, 2)).shape
    torch.Size([5])
    """

    concave: bool = True

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(checked_sizes("Bias", "shape", shape, least=1)))

    def forward(self, *activations: Tensor) -> Tensor:
        """Return −b·g (...)."""
        check_floats("Bias", activations, self.bias.dtype)
        check_axes("Bias", activations, tuple(self.bias.shape))
        return -(activations[0] * self.bias).sum(tuple(range(-self.bias.ndim, 0)))

    def extra_repr(self) -> str:
        """Return the shape."""
        return ", ".join(map(str, self.bias.shape))
