r"""The dense synapse: every neuron of a layer with every neuron of the others.

    E = −g₁ᵀ W g₂                       p₁ = W g₂,  p₂ = Wᵀ g₁
    E = −Σ W_ijk g₁_i g₂_j g₃_k         over three layers, and more

W has the sizes of the layers in the order in which they are named: of (memories, features) its rows are the patterns.
A layer that is joined with itself is pulled by both sides, (W + Wᵀ) g; the textbook's −½ gᵀ W g takes W/2.

Source: Krotov 2021, arXiv:2107.06446. Shapes: g_l is (..., N_l), W is (N₁, N₂, …), E is (...).
"""

import math
import string

import torch
from torch import Tensor, nn

from mnemonist.nn.synapses.synapse import Synapse, check_axes, check_floats, checked_sizes, hold_weights, parameter_of


class Dense(Synapse):
    """Couplings between all neurons of layers of these `sizes`, two or more.

    `weight` of these sizes is held fixed unless it is a Parameter; left out it is drawn, such that activations of size
    1 pull with a size of 1 at most.

    >>> ring = Dense(2, 2, weight=torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    >>> ring(torch.tensor([3.0, 0.0]), torch.tensor([0.0, 5.0]))
    tensor(-15.)
    """

    concave: bool = True

    def __init__(self, *sizes: int, weight: Tensor | None = None) -> None:
        super().__init__()
        self.sizes = checked_sizes("Dense", "sizes", sizes, least=2)
        if weight is None:
            around = math.prod(self.sizes) / min(self.sizes)
            weight = nn.Parameter(torch.randn(self.sizes) / math.sqrt(around))
        hold_weights(self, "weight", parameter_of("Dense", "weight", weight, self.sizes))

    def forward(self, *activations: Tensor) -> Tensor:
        """Return E (...) of activations (..., N_l)."""
        check_floats("Dense", activations, self.weight.dtype)
        check_axes("Dense", activations, *((n,) for n in self.sizes))
        first, *others = activations
        if len(others) == 1:
            return -((first @ self.weight) * others[0]).sum(-1)
        letters = string.ascii_letters[: len(self.sizes)]
        terms = ",".join(f"...{letter}" for letter in letters)
        return -torch.einsum(f"{letters},{terms}->...", self.weight, first, *others)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return ", ".join(map(str, self.sizes))
