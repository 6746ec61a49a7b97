r"""Two layers in continuous time, N feature neurons and a memory neuron for each of K patterns: what a recall runs on.

    τ_f dv/dt = Σ_μ ξ_μ f_μ + b − α v        g = ∂L_v/∂v        the state that is seen
    τ_h dh/dt = ξ g − h                      f = ∂L_h/∂h
    E = [(v − b)·g − L_v] + [h·f − L_h] − f·ξ g           dE/dt = −τ_f v̇ᵀ Hess(L_v) v̇ − τ_h ḣᵀ Hess(L_h) ḣ ≤ 0

L_h is the separation of a memory, L_v belongs to its neurons. As τ_h → 0, h = ξ g, and E is A(g) − b·g − L_h(ξ g), that
of the memory of one layer. A step moves h by Euler's rule, then v under the new f: each time E is convex in what
moves, relative to its own Legendre term, so that no step of dt ≤ τ_f raises it, for any τ_h ≥ 0; with dt = τ_f ≥ τ_h in
softmax and real neurons it is attention. The Hessian of softmax has a zero mode: currents h may differ by a constant.

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: state (B, N + K) is [v | h]; cues (B, N); bias (N,).
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, beside, namespace
from mnemonist.core.lagrangian import Layer
from mnemonist.core.neurons import LagrangianNeurons
from mnemonist.core.separation import Separation, Summary
from mnemonist.errors import IllegalCombination
from mnemonist.memories.continuous_landscape import ContinuousLandscape, ungauged_pull
from mnemonist.readout.reader import Reader


@dataclass(frozen=True, eq=False)
class TwoLayers:
    """The memory of one layer that this is as τ_h → 0, its features, a memory neuron for each pattern, and the bias."""

    adiabatic: ContinuousLandscape
    features: Layer
    memories: Layer
    bias: np.ndarray[Any, Any]

    has_energy = True
    descends = True
    single_step = False

    @property
    def neurons(self) -> LagrangianNeurons:
        """The feature neurons."""
        return cast(LagrangianNeurons, self.adiabatic.neurons)

    @property
    def separation(self) -> Separation:
        """The Lagrangian of the memory neurons."""
        return self.adiabatic.separation

    @property
    def reader(self) -> Reader:
        """How the patterns are read, which are the couplings ξ (K, N) between the layers, by what is seen."""
        return self.adiabatic.reader

    @property
    def like(self) -> Array:
        """Cues must be of the library, device and width of the patterns."""
        return self.adiabatic.like

    @property
    def batch_size(self) -> int:
        """As many as in one layer."""
        return self.adiabatic.batch_size

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the currents of cues, 0 where unknown, with memory neurons that have followed them: h = ξ g."""
        v = self.neurons.current(self.adiabatic.start(cues, known))
        return namespace(v).concat([v, self._heard(v)], axis=-1)

    def visible(self, state: Array) -> Array:
        """Return the activations g (B, N) of the feature neurons."""
        return self.neurons.activation(self.split(state)[0])

    def split(self, state: Array) -> tuple[Array, Array]:
        """Return the currents v (B, N) and h (B, K)."""
        n = self.like.shape[-1]
        return state[:, :n], state[:, n:]

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after the memory neurons, then the free feature neurons, went to where they would rest."""
        xp, (v, h) = namespace(state), self.split(state)
        free_v, free_h = self.split(movable)
        h = xp.where(free_h, self._heard(v), h)
        return xp.concat([xp.where(free_v, self._pull(v, h), v), h], axis=-1)

    # --- continuous time -----------------------------------------------------------------------------------------

    @property
    def currents(self) -> "TwoLayers":
        """Itself: it moves in continuous time."""
        return self

    def observed(self, state: Array) -> Array:
        """Return the state as it is, hidden currents and all."""
        return state

    @property
    def max_dt(self) -> float:
        """The time constant of the feature neurons."""
        return self.features.tau

    def flow(self, state: Array, movable: Array, dt: float, *, cue_mask: Array | None = None) -> Array:
        """Return the state an Euler step later: the memory neurons first; where unknown a cue's currents began at 0."""
        xp, (v, h) = namespace(state), self.split(state)
        free_v, free_h = self.split(movable)
        h = xp.where(free_h, self.memories.moved(h, self._heard(v), dt), h)
        v = xp.where(free_v, self.features.moved(v, self._pull(v, h), dt), v)
        return xp.concat([v, h], axis=-1)

    def velocity(self, state: Array) -> Array:
        """Return d[v | h]/dt (B, N + K)."""
        if not self.memories.tau:
            raise IllegalCombination(
                "TwoLayers.velocity: tau_h must be > 0; got 0, where memory neurons follow at once. "
                "Ask the landscape of a memory of one layer."
            )
        v, h = self.split(state)
        moves = [self.features.velocity(v, self._pull(v, h)), self.memories.velocity(h, self._heard(v))]
        return namespace(state).concat(moves, axis=-1)

    def _heard(self, v: Array) -> Array:
        """Return ξ g (B, K)."""
        return self.neurons.activation(v) @ self._rows(v).T

    def _pull(self, v: Array, h: Array) -> Array:
        """Return Σ f ξ + b (B, N); v itself where nothing pulls on a direction."""
        xp = namespace(v)
        pull = ungauged_pull(self.separation, self.separation.readout(h, self._rows(v))) + self._bias(v)
        if not self.neurons.directions:
            return pull
        return xp.where(xp.any(pull != 0, axis=-1, keepdims=True), pull, v)

    def _rows(self, like: Array) -> Array:
        return namespace(like).astype(self.reader.patterns.block().rows, like.dtype, copy=False)

    def _bias(self, like: Array) -> Array:
        return namespace(like).astype(beside(self.bias, like), like.dtype)

    # --- the energy ----------------------------------------------------------------------------------------------

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,) of both layers, in float64; not finite where float64 cannot hold it.

        The summary of the scores says nothing of the memory neurons, which may not have followed yet.
        """
        xp = namespace(state)
        v, h = self.split(xp.astype(state, xp.float64))
        with np.errstate(over="ignore", invalid="ignore"):
            coupled = xp.sum(self.separation.activation(h) * self._heard(v), axis=-1)
            return self.features.energy(v, self._bias(v)) + self.memories.energy(h) - coupled

    def force(self, state: Array) -> Array:
        """Refuse: the currents of two layers follow no slope, though the energy falls."""
        raise IllegalCombination(
            "TwoLayers.force: the memory must have one layer; this one has two, moved by Flow(dt). "
            "Use an AssociativeMemory of the same parts."
        )
