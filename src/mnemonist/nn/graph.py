r"""A graph of neuron layers and synapses, and the one energy that they have together.

    E = Σ_l α_l (x_l·g_l − L_l(x_l)) + Σ_s E_s(g, …)          g_l = ∂L_l/∂x_l
    τ_l dx_l/dt = p_l − α_l x_l,        p_l = −Σ_s ∂E_s/∂g_l          dE/dt = −Σ_l τ_l ẋ_lᵀ Hess(L_l) ẋ_l ≤ 0

Pulls are gradients with respect to activations, by autograd, so that no synapse has to say what they are; they can be
differentiated in their turn.

Source: Krotov 2021, arXiv:2107.06446; Hoover et al. 2022 (HAMUX: any graph).
Shapes: a state is {layer: currents (..., *shape)} with leading axes in common; E is (...).
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from mnemonist.errors import IllegalCombination
from mnemonist.nn.graph_checks import check_layers, check_probe, check_state, check_synapses, labels
from mnemonist.nn.neuron_layer import NeuronLayer

State = dict[str, Tensor]


class Graph(nn.Module):
    """Layers by name, and synapses with the names of the layers that each joins."""

    def __init__(
        self, layers: Mapping[str, nn.Module], synapses: Sequence[tuple[nn.Module, Sequence[str] | str]]
    ) -> None:
        super().__init__()
        check_layers(layers)
        joined = check_synapses(synapses, layers)
        self.layers = nn.ModuleDict(layers)
        self.synapses = nn.ModuleList(synapse for synapse, _ in joined)
        self.joins = tuple(names for _, names in joined)
        self.labels = labels(joined)
        for label, synapse, names in zip(self.labels, self.synapses, self.joins, strict=True):
            check_probe(label, synapse, [self.layers[name] for name in names])
        self.moving = tuple(name for name, layer in self.layers.items() if isinstance(layer, NeuronLayer))
        self.largest_tau = max([0.0, *(self.layers[name].tau for name in self.moving)])

    def extra_repr(self) -> str:
        """Return which synapse joins what."""
        return ", ".join(self.labels)

    # --- the energy ----------------------------------------------------------------------------------------------

    def activations(self, state: Mapping[str, Tensor]) -> State:
        """Return {layer: g (..., *shape)} of currents."""
        return self.activated(check_state(self, "activations", state))

    def energies(self, state: Mapping[str, Tensor]) -> State:
        """Return the energy (...) of each layer by its name, and of each synapse as `Dense(pixels, features)`."""
        return self.parts(check_state(self, "energies", state))

    def energy(self, state: Mapping[str, Tensor]) -> Tensor:
        """Return E (...), the sum of `energies`."""
        return self.total(check_state(self, "energy", state))

    def velocity(self, state: Mapping[str, Tensor]) -> State:
        """Return {layer: dx/dt}, 0 of inputs. Raises `IllegalCombination` where some tau is 0."""
        state = check_state(self, "velocity", state)
        still = [name for name in self.moving if not self.layers[name].tau]
        if still:
            raise IllegalCombination(
                f"Hierarchy.velocity: tau must be > 0; got 0 of {still[0]!r}, whose neurons follow at once. "
                "Ask descend, or pass another tau."
            )
        pulls = self.pulls(self.activated(state))
        rest = {name: torch.zeros_like(x) for name, x in state.items() if name not in pulls}
        return rest | {
            name: (pull - self.layers[name].decay * state[name]) / self.layers[name].tau for name, pull in pulls.items()
        }

    # --- what a descent asks, of states that were checked ----------------------------------------------------------

    def activated(self, state: State) -> State:
        """Return {layer: g}."""
        return {name: layer.activation(state[name]) for name, layer in self.layers.items()}

    def parts(self, state: State) -> State:
        """Return the energy (...) of each layer and of each synapse."""
        g = self.activated(state)
        own = {name: self.layers[name].energy(state[name], g[name]) for name in self.moving}
        return own | {label: self.coupled(i, g) for i, label in enumerate(self.labels)}

    def total(self, state: State) -> Tensor:
        """Return E (...)."""
        return sum(self.parts(state).values(), torch.zeros(()))

    def coupled(self, synapse: int, g: Mapping[str, Tensor]) -> Tensor:
        """Return the energy (...) of one synapse, that of copies added."""
        names = self.joins[synapse]
        energy: Tensor = self.synapses[synapse](*(g[name] for name in names))
        leading = g[names[0]].ndim - len(self.layers[names[0]].shape)
        return energy.sum(tuple(range(leading, energy.ndim))) if energy.ndim > leading else energy

    def pulls(self, g: State, *moving: str) -> State:
        """Return {layer: −∂E_synapses/∂g}, of all layers but inputs unless some are named."""
        moving = moving or self.moving
        touching = [i for i, names in enumerate(self.joins) if not set(moving).isdisjoint(names)]
        if not touching:
            return {name: torch.zeros_like(g[name]) for name in moving}

        if not torch.compiler.is_compiling() and torch.is_inference_mode_enabled():  # in which nothing has slopes
            with torch.inference_mode(False), torch.no_grad():
                return self.pulls({name: x.clone() for name, x in g.items()}, *moving)

        def fallen(own: State) -> Tensor:
            now = {**g, **own}
            return -torch.stack(
                [self.synapses[i](*(now[name] for name in self.joins[i])).sum() for i in touching]
            ).sum()

        return slopes(fallen, {name: g[name] for name in moving})

    def around(self, name: str, x: Tensor, g: Mapping[str, Tensor]) -> list[Tensor]:
        """Return the parts (...) of E that depend on the currents of one layer, the others' activations being g."""
        layer = self.layers[name]
        own = layer.activation(x)
        now = {**g, name: own}
        return [layer.energy(x, own), *(self.coupled(i, now) for i, names in enumerate(self.joins) if name in names)]

    def descends(self, name: str) -> bool:
        """Say whether no step of a layer towards its pull can raise E: L convex, all synapses concave in its g."""
        touching = [(self.synapses[i], names) for i, names in enumerate(self.joins) if name in names]
        return bool(self.layers[name].lagrangian.convex) and all(
            getattr(synapse, "concave", False) is True and names.count(name) == 1 for synapse, names in touching
        )


def slopes(value: Callable[[State], Tensor], at: State) -> State:
    """Return {name: ∂value/∂x} of a sum over samples, which can be differentiated in its turn.

    By autograd, which is twice as fast on small layers and can be checkpointed; by torch.func, which gives the same,
    where a program is traced or mapped.
    """
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        found: State = torch.func.grad(value)(at)
        return found
    deep = torch.is_grad_enabled()
    with torch.enable_grad():  # x itself may lead to other layers, of which it is no part
        own = {name: x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for name, x in at.items()}
        made = torch.autograd.grad(value(own), list(own.values()), create_graph=deep, materialize_grads=True)
    return dict(zip(own, made, strict=True))
