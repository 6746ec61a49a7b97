r"""The Energy Transformer: tokens that descend one energy of attention and memory, in place of a stack of layers.

    E = E_attention(g) + E_Hopfield(g),      g = LayerNorm(x)          dx/dt = −∂E/∂g

It is a hierarchy of one layer: tokens under the layer-norm Lagrangian without decay, an attention synapse between them
and a Hopfield synapse on each, RectifiedPower(2) as in the paper. Steps are simultaneous for all tokens; one that would
raise E is halved, so E falls in every step, for any weights with γ ≥ 0.

Source: Hoover et al. 2023, arXiv:2302.07253. Shapes: tokens x are (..., T, D), present is (..., T), E is (...).
"""

from typing import Any

import torch
from torch import Tensor, nn

from mnemonist.core.layer_norm import LayerNorm
from mnemonist.core.number import check_number, check_whole
from mnemonist.core.power import RectifiedPower
from mnemonist.core.separation import Separation
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.nn.descent import Descent
from mnemonist.nn.graph import State
from mnemonist.nn.hierarchy import Hierarchy
from mnemonist.nn.neuron_layer import InputLayer, NeuronLayer
from mnemonist.nn.synapses.attention import Attention
from mnemonist.nn.synapses.hopfield import Hopfield

_HALF_SQUARE = RectifiedPower(2, scale=2**0.5)  # L = ½ Σ max(h, 0)², f = max(h, 0)


class EnergyTransformer(nn.Module):
    """A block of `heads` of attention and K `memories` on tokens of this `width`, which `steps` of `dt` ≤ 1 descend.

    `separation` is that of the memories, ½ max(h, 0)² unless given. `halvings` is how often a step may be halved that
    would raise the energy; 0 takes all as they are, as the paper does, and saves an energy a step. A block maps tokens
    to tokens, of any number: blocks stack, and `block.normalised(tokens)` is what a decoder reads.

    >>> block = EnergyTransformer(8, heads=2, head_width=4, memories=16)
    >>> tokens = torch.randn(5, 3, 8)
    >>> block(tokens).shape, bool((block.energy(block(tokens)) < block.energy(tokens)).all())
    (torch.Size([5, 3, 8]), True)
    """

    def __init__(
        self, width: int, heads: int, head_width: int, memories: int, *, steps: int = 12, dt: float = 0.1,
        separation: Separation | None = None, halvings: int = 20,
    ) -> None:  # fmt: skip
        super().__init__()
        who = "EnergyTransformer"
        self.steps = check_whole(who, "steps", steps, least=0)
        self.halvings = check_whole(who, "halvings", halvings, least=0)
        check_number(who, "dt", dt, least=0, strict=True)
        if dt > 1:
            raise InvalidArgument(f"{who}: dt must be at most 1; got {shown(dt)}. Pass a tenth, and more steps.")
        self.dt = float(dt)
        attention = Attention(width, heads, head_width)
        memory = Hopfield(width, memories, _HALF_SQUARE if separation is None else separation)
        norm = LayerNorm(nn.Parameter(torch.ones(())), nn.Parameter(torch.zeros(width)))
        layers = {"tokens": NeuronLayer(norm, (None, width), decay=0.0), "present": InputLayer((None,))}
        self.hierarchy = Hierarchy(layers, [(attention, ("tokens", "present")), (memory, "tokens")])

    def forward(self, tokens: Tensor, present: Tensor | None = None) -> Tensor:
        """Return tokens (..., T, D) after all steps; those that are not `present` (..., T) stay, and are not seen."""
        return self.descend(tokens, present).state["tokens"]

    def descend(
        self, tokens: Tensor, present: Tensor | None = None, *, held: Any = None, trace: bool = False
    ) -> Descent:
        """Return the descent; tokens `held` (..., T) stay as they are, and are seen. `trace` keeps the energies."""
        state = self._state(tokens, present)
        still = torch.zeros_like(state["present"], dtype=torch.bool) if present is None else ~present
        if held is not None:
            still = still | _checked("held", held, tokens)
        return self.hierarchy.descend(
            state, held={"tokens": still[..., None]}, steps=self.steps, dt=self.dt, tol=0.0, halvings=self.halvings,
            trace=trace,
        )  # fmt: skip

    def energy(self, tokens: Tensor, present: Tensor | None = None) -> Tensor:
        """Return E (...); a token that is absent adds what its memory says of it, which never changes."""
        return self.hierarchy.energy(self._state(tokens, present))

    def normalised(self, tokens: Tensor) -> Tensor:
        """Return g (..., T, D), the activations of tokens."""
        g: Tensor = self.hierarchy.layers["tokens"].activation(tokens)
        return g

    def extra_repr(self) -> str:
        """Return how it descends."""
        return f"steps={self.steps}, dt={self.dt:g}, halvings={self.halvings}"

    def _state(self, tokens: Any, present: Tensor | None) -> State:
        if not isinstance(tokens, Tensor) or tokens.ndim < 2:
            raise InvalidArgument(
                f"EnergyTransformer: tokens must be a tensor (..., T, D); got {shown(tokens)}. Give T tokens."
            )
        here = (
            torch.ones_like(tokens[..., 0])
            if present is None
            else _checked("present", present, tokens).to(tokens.dtype)
        )
        return {"tokens": tokens, "present": here}


def _checked(name: str, mask: Any, tokens: Tensor) -> Tensor:
    """Return a mask of tokens, or refuse what is none."""
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
        raise InvalidType(f"EnergyTransformer: {name} must be a boolean tensor; got {shown(mask)}. Pass x.bool().")
    if mask.shape != tokens.shape[:-1]:
        raise InvalidArgument(
            f"EnergyTransformer: {name} must be {tuple(tokens.shape[:-1])}, one value for each token; "
            f"got {tuple(mask.shape)}. Expand it to that."
        )
    return mask
