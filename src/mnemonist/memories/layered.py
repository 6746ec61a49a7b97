r"""The layered memory: feature neurons, which are seen, and a memory neuron for each pattern, in continuous time.

    model_a    L_v = λ⁻¹ Σ ln cosh λ v    L_h = Σ F(h)               dense memory of graded neurons
    model_b    L_v = ½‖v‖²                L_h = β⁻¹ log Σ exp β h    modern Hopfield network
    model_c    L_v = ‖v‖                  L_h = Σ F(h)               spherical memory

Conventions: L_h = Σ F(h) and f = F′, so a power has f = n hⁿ⁻¹. The paper's model A has signs for features, λ → ∞,
whose currents do not enter E; its model B has β = 1. In C the decay of v is arbitrary, for only its direction counts:
at 0 its length grows for ever, and a recall ends with MAX_STEPS though what is seen rests. Hopfield's network of 1984
is L_h = ½ Σ h², that is Power(2, scale=√2), with graded features: couplings T = ξᵀξ, diagonal included; T = ξᵀξ/N with
Power(2, scale="textbook").

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Letters: K memories, N neurons, B cues.
"""

import math
from typing import Any

from mnemonist._array import Array, namespace
from mnemonist.core.graded import Graded
from mnemonist.core.lagrangian import Layer
from mnemonist.core.neurons import LagrangianNeurons, Neurons, Real, Sphere
from mnemonist.core.number import check_number
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.flow import Flow
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.errors import IllegalCombination, InvalidArgument, shown
from mnemonist.memories.automatic_beta import with_beta
from mnemonist.memories.compatibility import check_parts
from mnemonist.memories.continuous_landscape import ContinuousLandscape
from mnemonist.memories.textbook_scale import with_scale
from mnemonist.memories.two_layers import TwoLayers
from mnemonist.readout.choice import reader_of
from mnemonist.recall.checks import check_bias, check_rows, check_values
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.result import representable


class LayeredMemory(PatternMemory):
    """A memory of patterns (K, N) as couplings between feature neurons and memory neurons.

    The parts are those of an `AssociativeMemory` under Dot with continuous neurons, which it is as `tau_h` → 0; time
    constants are in any one unit, `tau_f` > 0, `tau_h` ≥ 0. A recall begins with memory neurons that have followed
    the cue, and is a `Flow` in steps of a tenth of tau_f unless told; `Synchronous` is the alternate rest of either
    layer. `recall.state` is what is seen, the activations of the features; energies are those of both layers. `decay`
    ≥ 0 is that of features that are directions; `bias`, a number or (N,), pulls on features. Raises
    `IllegalCombination` where the parts make no model.

    >>> import numpy as np
    >>> import mnemonist as mn
    >>> memory = LayeredMemory(mn.Softmax(beta=8.0), mn.Real(), tau_h=0.5)
    >>> memory.store(np.eye(3))
    array([0, 1, 2])
    >>> recall = memory.recall([0.9, 0.1, 0.2])
    >>> recall.nearest, recall.outcome, recall.state.round(3)
    (np.int64(0), Outcome.CONVERGED, array([0.999, 0.   , 0.   ]))
    """

    references = ("krotov2021", "krotov2021hierarchical")
    saved_as = "layered"

    def __init__(
        self, separation: Separation, neurons: Neurons, *, tau_f: float = 1.0, tau_h: float = 0.1, decay: float = 1.0,
        bias: Any = 0.0,
    ) -> None:  # fmt: skip
        if isinstance(neurons, Neurons) and not isinstance(neurons, LagrangianNeurons):
            raise IllegalCombination(
                f"LayeredMemory: neurons must have currents; got {neurons}. Pass Graded(gain) with a large gain."
            )
        check_parts(Dot(), separation, neurons)
        check_number("LayeredMemory", "tau_f", tau_f, least=0, strict=True)
        check_number("LayeredMemory", "tau_h", tau_h, least=0)
        check_number("LayeredMemory", "decay", decay, least=0)
        if decay != 1 and not neurons.directions:
            raise IllegalCombination(
                f"LayeredMemory: decay must be 1 unless features are directions; got {shown(decay)} with {neurons}. "
                "Leave it out: with another one the energy would not fall."
            )
        super().__init__()
        self._separation, self._neurons = separation, neurons
        self._tau_f, self._tau_h, self._decay = float(tau_f), float(tau_h), float(decay)
        self._bias = check_bias("LayeredMemory", bias)

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def neurons(self) -> Neurons:
        """The feature neurons."""
        return self._neurons

    @property
    def separation(self) -> Separation:
        """The Lagrangian of the memory neurons; numbers for "auto" and "textbook" once patterns are stored."""
        return self._separation_of(self._contents)

    def _separation_of(self, contents: Contents) -> Separation:
        return contents.model(self._make).separation if len(contents) else self._separation

    @property
    def default_dynamics(self) -> Dynamics:
        """A flow in steps of a tenth of tau_f."""
        return Flow(self._tau_f / 10)

    @property
    def landscape(self) -> TwoLayers:
        """The frozen model of the present patterns, for `dynamics`. Raises `EmptyMemory` if there are none."""
        return self._contents.model(self._make)

    def _make(self, contents: Contents) -> TwoLayers:
        contents.require()
        separation = with_scale(self._separation, contents.patterns.like.shape[-1])
        separation = with_beta(separation, Dot(), self._neurons, contents.patterns, math.inf)
        adiabatic = ContinuousLandscape(reader_of(Dot(), separation, self._neurons, contents.patterns))
        features = Layer(self._neurons, self._tau_f, self._decay)
        return TwoLayers(adiabatic, features, Layer(separation, self._tau_h), self._bias)

    def __repr__(self) -> str:
        contents = self._contents
        separation = self._separation_of(contents)
        more = "".join(
            f", {name}={value:g}"
            for name, value, usual in (
                ("tau_f", self._tau_f, 1), ("tau_h", self._tau_h, 0.1), ("decay", self._decay, 1)
            )
            if value != usual
        )  # fmt: skip
        bias = ", bias" if self._bias.any() else ""
        return f"LayeredMemory({separation}, {self._neurons}{more}{bias}){contents}"

    def _described(self, inventory: Inventory) -> Description:
        return super()._described(inventory) | {
            "separation": inventory.part("separation", self._separation),
            "neurons": inventory.part("neurons", self._neurons),
            "tau_f": self._tau_f, "tau_h": self._tau_h, "decay": self._decay,
            "bias": inventory.array("bias", self._bias),
        }  # fmt: skip

    def _learn(self, contents: Contents, rows: Array, known: Array | None) -> None:
        check_bias("LayeredMemory", self._bias, rows.shape[-1])

    # --- the energy ----------------------------------------------------------------------------------------------

    def energy(self, states: Any, hidden: Any = None) -> Array:
        """Return E (B,) of states (B, N) and currents `hidden` (B, K) of the memory neurons, in float64.

        Where `hidden` is left out they have followed, h = ξ g, and E is that of one layer. One state (N,) gives one
        number. Raises `EnergyOverflow` where float64 cannot hold it.
        """
        if hidden is None:
            return super().energy(states)
        who, (layers, names) = self._who("energy"), self._present()
        start, single = self._states("energy", states, layers, names)
        rows, _ = check_rows(who, "hidden", hidden, None, start)
        check_values(who, "hidden", rows, None, Real())
        v, followed = layers.split(start)
        if rows.shape != followed.shape:
            raise InvalidArgument(
                f"{who}: hidden must have shape {tuple(followed.shape)}, a current for each state and pattern; "
                f"got {tuple(rows.shape)}. Leave it out for memory neurons that have followed."
            )
        xp = namespace(v, rows)
        energy = representable(who, layers.energy(xp.concat([v, xp.astype(rows, v.dtype)], axis=-1)))
        return energy[0] if single else energy


def model_a(
    separation: Separation | None = None, *, gain: float = 1.0, tau_f: float = 1.0, tau_h: float = 0.1, bias: Any = 0.0
) -> LayeredMemory:
    """Return model A, the dense memory: graded features, RectifiedPower(3) unless another separation is given.

    `Exponential()` gives the exponential one. Source: Krotov & Hopfield 2021, arXiv:2008.06996.

    >>> model_a(gain=5.0)
    LayeredMemory(RectifiedPower(degree=3, scale=1.0), Graded(gain=5.0))  # empty
    """
    kind = RectifiedPower(3) if separation is None else separation
    return LayeredMemory(kind, Graded(gain), tau_f=tau_f, tau_h=tau_h, bias=bias)


def model_b(beta: Any = "auto", *, tau_f: float = 1.0, tau_h: float = 0.1, bias: Any = 0.0) -> LayeredMemory:
    """Return model B, the modern Hopfield network: real features, softmax memories; the paper has `beta` = 1.

    A step of dt = tau_f with tau_h ≤ tau_f is the update of `modern_hopfield`, attention.
    Source: Krotov & Hopfield 2021, arXiv:2008.06996.
    """
    return LayeredMemory(Softmax(beta), Real(), tau_f=tau_f, tau_h=tau_h, bias=bias)


def model_c(
    separation: Separation | None = None, *, decay: float = 1.0, tau_f: float = 1.0, tau_h: float = 0.1, bias: Any = 0.0
) -> LayeredMemory:
    """Return model C, the spherical memory: features are a direction, their decay is arbitrary.

    `separation` is Power(4) unless given. Source: Krotov & Hopfield 2021, arXiv:2008.06996.
    """
    kind = Power(4) if separation is None else separation
    return LayeredMemory(kind, Sphere(), decay=decay, tau_f=tau_f, tau_h=tau_h, bias=bias)
