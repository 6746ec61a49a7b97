r"""Hierarchical associative memory: any graph of neuron layers and synapses, which descends one energy.

    E = Σ_l α_l (x_l·g_l − L_l(x_l)) + Σ_s E_s(g, …)            τ_l dx_l/dt = −Σ_s ∂E_s/∂g_l − α_l x_l

What it completes is what is not held: hold the pixels that are seen, and the rest of the image, its features and its
memories find each other. It is trained by backpropagation through the descent, with any optimiser.

Two layers and a dense synapse are the models A, B and C of `LayeredMemory`, by their Lagrangians.

Source: Krotov 2021, arXiv:2107.06446; Hoover et al. 2022 (HAMUX). `docs/hierarchies.md` builds one from scratch.
Shapes: a state is {layer: currents (..., *shape)} with leading axes in common; E is (...).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from mnemonist.core.number import check_flag, check_number, check_whole
from mnemonist.errors import InvalidArgument, shown
from mnemonist.nn.descent import Descent, Stride, descend
from mnemonist.nn.graph import Graph, State
from mnemonist.nn.graph_checks import (
    check_currents,
    check_finite,
    check_name,
    check_state,
    checked_mapping,
    checked_names,
    weights_like,
)
from mnemonist.nn.held import free_neurons

_REST = {torch.float64: 1e-9}  # and 1e-5 of what has fewer digits


class Hierarchy(Graph):
    """A memory of `layers` {name: NeuronLayer or InputLayer} and `synapses` [(energy, names of the layers joined)].

    Any module that maps activations to an energy (...) is a synapse; those of `mnemonist.nn.synapses` are the usual.
    Layers move in the order in which they are listed.

    >>> from mnemonist import Real, Softmax
    >>> from mnemonist.nn import Hierarchy, NeuronLayer, synapses
    >>> layers = {"features": NeuronLayer(Real(), 3), "memories": NeuronLayer(Softmax(8.0), 2)}
    >>> patterns = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    >>> memory = Hierarchy(layers, [(synapses.Dense(2, 3, weight=patterns), ("memories", "features"))])
    >>> start = memory.start({"features": torch.tensor([0.9, 0.5, 0.2])}, follow="memories")
    >>> found = memory.descend(start)
    >>> found.activations["features"].round(decimals=2), bool(found.rests)
    (tensor([1., 1., 0.]), True)
    """

    def start(
        self, currents: Mapping[str, Tensor] | None = None, *, activations: Mapping[str, Tensor] | None = None,
        follow: str | Iterable[str] = (),
    ) -> State:  # fmt: skip
        """Return a state of the currents, or of the activations, that are given; other layers are 0.

        Those named by `follow` then go to where they are pulled, one after another: a feed-forward pass. Raises
        `IllegalCombination` where a Lagrangian does not tell currents from activations.
        """
        who, given = "Hierarchy.start", dict(checked_mapping("Hierarchy.start", "currents", currents))
        for name, g in checked_mapping(who, "activations", activations).items():
            check_currents(self, who, {name: g})
            if name in given:
                raise InvalidArgument(f"{who}: layer {name!r} must be given once; got currents and activations of it.")
            given[name] = self.layers[name].current(g)
        leading = check_currents(self, who, given)
        check_finite(who, given, "Put 0 where nothing is known, and hold the rest.")
        state = {name: given[name] if name in given else self._rest(name, leading, given) for name in self.layers}
        for name in checked_names(who, "follow", follow):
            check_name(self, who, name)
            if name in given:
                raise InvalidArgument(
                    f"{who}: follow must name layers that were not given; got {name!r}. Leave it out."
                )
            state[name] = self.pulls(self.activated(state), name)[name] / (self.layers[name].decay or 1.0)
        return state

    def descend(
        self, state: Mapping[str, Tensor], *, held: Any = None, steps: int = 50, dt: float | None = None,
        tol: float | None = None, halvings: int = 20, trace: bool = False,
    ) -> Descent:  # fmt: skip
        """Return where `steps` sweeps at most lead, none of which raises the energy; each sample stops where it rests.

        `held` names layers that stay, or says of which neurons in a dict of masks, True where they stay. `dt` is in the
        unit of tau, at most the largest tau, which it is unless given: each layer in turn then goes to where it is
        pulled. A sample rests once no current is pulled by more than `tol` · max(1, max|x|): 1e-9 in float64, 1e-5
        otherwise, unless given; 0 makes all steps, as tracing must. Where synapses are not concave steps are halved,
        `halvings` times at most; 0 takes them as they are. `trace` keeps the energies of all sweeps.
        """
        who, state = "Hierarchy.descend", check_state(self, "descend", state)
        check_whole(who, "steps", steps, least=0)
        check_whole(who, "halvings", halvings, least=0)
        trace, free = check_flag(who, "trace", trace), free_neurons(self, who, state, held)
        check_finite(who, state, "Put 0 where nothing is known.")
        if tol is None:
            tol = _REST.get(state[next(iter(state))].dtype, 1e-5)
        check_number(who, "tol", tol, least=0)
        found = descend(self, state, free, Stride(self._dt(who, dt), halvings), steps=steps, tol=tol, trace=trace)
        check_finite(who, found.state, "Take smaller weights, or a Lagrangian that is bounded.")
        return found

    def forward(self, state: Mapping[str, Tensor], **options: Any) -> Descent:
        """Return `descend` of the same."""
        return self.descend(state, **options)

    def _rest(self, name: str, leading: tuple[int, ...], given: Mapping[str, Tensor]) -> Tensor:
        """Return currents of 0 for a layer that was not given."""
        layer, fixed = self.layers[name], name not in self.moving
        if fixed or None in layer.shape:
            why = "nothing moves it" if fixed else "its size may be any"
            raise InvalidArgument(
                f"Hierarchy.start: layer {name!r} must be given, for {why}; "
                f"got {', '.join(map(repr, given)) or 'none'}. Pass it too."
            )
        like = next(iter(given.values()), weights_like(self, torch.zeros(())))
        return torch.zeros((*leading, *layer.shape), dtype=like.dtype, device=like.device)

    def _dt(self, who: str, dt: float | None) -> float:
        """Return the step, at most the largest tau."""
        most = self.largest_tau or 1.0
        if dt is None:
            return most
        check_number(who, "dt", dt, least=0, strict=True)
        if dt > most:
            raise InvalidArgument(
                f"{who}: dt must be at most {most:g}, the largest tau; got {shown(dt)}. There each layer goes all "
                "the way to where it is pulled, and beyond it the energy could rise."
            )
        return float(dt)
