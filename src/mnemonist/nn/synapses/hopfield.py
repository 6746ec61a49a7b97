r"""The Hopfield synapse: a layer and K patterns, their memory neurons integrated out.

    E = −L_K(ξ g)            p = Σ_μ f_μ ξ_μ,  f = ∂L_K/∂h,  h = ξ g

L_K is any separation. It is what a dense synapse to a layer of memory neurons gives when these follow at once, τ = 0:
one synapse in place of a layer, with the energy of a dense associative memory (powers), or of attention (softmax).

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: g is (..., N), ξ is (K, N), E is (...).
"""

import math

import torch
from torch import Tensor, nn

from mnemonist.core.number import check_whole
from mnemonist.core.separation import Separation
from mnemonist.core.softmax import Softmax
from mnemonist.errors import InvalidType, shown
from mnemonist.nn.learned import Learned, check_numbers
from mnemonist.nn.synapses.synapse import Synapse, check_axes, check_floats, hold_weights, parameter_of


class Hopfield(Synapse):
    """A memory of `memories` patterns for a layer of `neurons`, told apart by `separation`, Softmax() unless given.

    `patterns` (K, N) are held fixed unless they are a Parameter; left out they are drawn, of length 1. The β of a
    separation may be a Parameter too.

    >>> memory = Hopfield(2, 2, Softmax(100.0), patterns=torch.eye(2))
    >>> memory(torch.tensor([[3.0, 0.0], [0.0, 2.0]]))
    tensor([-3., -2.])
    """

    def __init__(
        self, neurons: int, memories: int, separation: Separation | None = None, *, patterns: Tensor | None = None
    ) -> None:
        super().__init__()
        shape = tuple(
            check_whole("Hopfield", name, n, least=1) for name, n in (("memories", memories), ("neurons", neurons))
        )
        separation = Softmax() if separation is None else separation
        if not isinstance(separation, Separation):
            raise InvalidType(
                f"Hopfield: separation must be a Separation; got {shown(separation)}. Pass Softmax(beta) or another."
            )
        check_numbers("Hopfield", separation)
        if patterns is None:
            patterns = nn.Parameter(torch.randn(shape) / math.sqrt(shape[1]))
        hold_weights(self, "patterns", parameter_of("Hopfield", "patterns", patterns, shape))
        self._learned = Learned(separation)
        self.concave = separation.convex

    @property
    def separation(self) -> Separation:
        """The separation, of its parameters as they are now."""
        part: Separation = self._learned.part
        return part

    def forward(self, *activations: Tensor) -> Tensor:
        """Return −L_K(ξ g) (...)."""
        check_floats("Hopfield", activations, self.patterns.dtype)
        check_axes("Hopfield", activations, (self.patterns.shape[1],))
        energy: Tensor = -self.separation.lagrangian(activations[0] @ self.patterns.mT)
        return energy

    def extra_repr(self) -> str:
        """Return N and K."""
        return f"{self.patterns.shape[1]}, {self.patterns.shape[0]}"
