r"""The landscape of continuous neurons: L is linearised at the present scores, the rest minimised exactly.

    x ← argmin over the free coordinates of A(x) − f·h(x),    f = ∂L/∂h        (the concave-convex procedure)

so E never rises as long as L is convex. In continuous time neurons follow the same pull: dx/dt ∝ −∂E/∂x.

Source: Ramsauer et al. 2021, arXiv:2008.02217; Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: state, pull (B, N).
"""

import math
from dataclasses import dataclass
from typing import cast

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.core.neurons import ContinuousNeurons, LagrangianNeurons
from mnemonist.core.separation import Readout, Separation
from mnemonist.dynamics.currents import Currents
from mnemonist.errors import IllegalCombination
from mnemonist.memories.landscape import Landscape
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.reader import Reader


@dataclass(frozen=True, eq=False)
class ContinuousLandscape(Landscape):
    """The landscape of real neurons, of directions, of graded ones."""

    @property
    def descends(self) -> bool:
        """Whether L is convex, and the energy the one that the update minimises."""
        return self.has_energy and self.separation.convex and _minimises(self.reader)

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after one update of all free neurons at once."""
        return responded(self.reader, state, movable, cue_mask)

    def force(self, state: Array) -> Array:
        """Return −∂E/∂x (B, N), on a sphere its tangent part."""
        neurons, readout = self._lagrangian("force"), self.reader.readout(state)
        gauge = self.separation.gauge(readout.summary)[..., None]
        own = readout.mass * gauge * state if self.similarity.confining else neurons.current(state)
        return neurons.tangent(gauge * readout.pull - own, state)

    @property
    def currents(self) -> Currents:
        """The model in continuous time."""
        return Currents(self._lagrangian("currents"), self)

    @property
    def max_dt(self) -> float:
        """The time constant, 1."""
        return 1.0

    def drive(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return Σ f ξ (B, N), under real neurons the mean that they would take; x where nothing pulls on a direction.

        The energy linearised in L is least at the activations of these currents.
        """
        xp, neurons = namespace(state), self._lagrangian("drive")
        readout = self.reader.readout(state, cue_mask=cue_mask)
        if neurons.averages:
            return neurons.respond(readout.pull, readout.mass, state)
        pull = ungauged_pull(self.separation, readout)
        return xp.where(xp.any(pull != 0, axis=-1, keepdims=True), pull, state) if neurons.directions else pull

    def _lagrangian(self, who: str) -> LagrangianNeurons:
        """Return the neurons, or refuse if there is no slope for them to follow."""
        if not self.has_energy:
            raise IllegalCombination(
                f"Landscape.{who}: the model must have an energy; got {self.neurons} under {self.similarity}. "
                "Use Dot or Euclidean."
            )
        return cast(LagrangianNeurons, self.neurons)


def _minimises(reader: Reader) -> bool:
    """Return whether the update is where the linearised energy is least.

    Neurons that take the mean of the memories divide each coordinate by the weight of those that know it. Under dot,
    where some do not, that is no longer the minimum.
    """
    return not reader.neurons.averages or reader.similarity.confining or reader.patterns.known_by_some is None


def responded(reader: Reader, state: Array, movable: Array, cue_mask: Array | None) -> Array:
    """Return states (B, N) whose free continuous neurons responded to what pulls on them."""
    xp, neurons = namespace(state), cast(ContinuousNeurons, reader.neurons)
    mean = None if neurons.sized or cue_mask is not None else reader.mean(state)
    if mean is not None:
        target = mean if neurons.averages else neurons.respond(mean, xp.ones_like(mean[:, :1]), state)
        return xp.where(movable, target, state)
    if reader.holes:
        return _completed(reader, state, movable, cue_mask)
    readout = reader.readout(state, cue_mask=cue_mask)
    pull = ungauged_pull(reader.separation, readout) if neurons.sized else readout.pull
    return xp.where(movable, neurons.respond(pull, readout.mass, state), state)


def _completed(reader: Reader, state: Array, movable: Array, cue_mask: Array | None) -> Array:
    """Return the same for patterns with holes: those without a say are left out, and what nobody knows has no value.

    Where all that know a coordinate weigh nothing beside others, they are asked for it alone, in their own scale.
    """
    xp, neurons = namespace(state), cast(ContinuousNeurons, reader.neurons)
    asked = movable & reader.patterns.known_by_some
    evidence: Evidence | None = Evidence(~movable if cue_mask is None else cue_mask, asked)
    if neurons.mixed and cue_mask is None:
        evidence = None  # sweeps have moved the other columns, and all patterns had a say
    readout = reader.readout(state, cue_mask=cue_mask, evidence=evidence)
    pull = ungauged_pull(reader.separation, readout) if neurons.sized else readout.pull
    new = xp.where(movable, neurons.respond(pull, readout.mass, state), state)
    if not neurons.averages:
        return new
    valueless = xp.isnan(state) if cue_mask is None else ~cue_mask
    missing = movable & valueless & (readout.mass == 0) & neurons.continuous(state)
    new = xp.where(missing, xp.full_like(new, math.nan), new)
    given = ~movable if cue_mask is None else cue_mask
    columns = to_numpy(xp.any(missing & reader.patterns.known_by_some, axis=0)).nonzero()[0].tolist()
    for column in columns:
        only = xp.zeros_like(movable)
        only[:, column] = missing[:, column]
        told = reader.readout(state, cue_mask=cue_mask, evidence=Evidence(given, only))
        found = only & (told.mass > 0)
        new = xp.where(found, neurons.respond(told.pull, told.mass, new), new)
    return new


def ungauged_pull(separation: Separation, readout: Readout) -> Array:
    """Return Σ f ξ (B, N) in the units of the energy, where a readout has it up to its gauge; never overflows."""
    xp, most = namespace(readout.pull), math.sqrt(float(namespace(readout.pull).finfo(readout.pull.dtype).max))
    with np.errstate(over="ignore", invalid="ignore"):
        pull = separation.gauge(readout.summary)[..., None] * readout.pull
    return xp.clip(xp.where(readout.pull == 0, readout.pull, pull), -most, most)
