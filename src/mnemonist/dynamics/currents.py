r"""A memory of one layer in its currents: what moves in continuous time.

    τ du/dt = F(x) − u,   x = g(u),   τ = 1

The state is u (B, N), not x, for a neuron whose x is 1 to all digits may still have far to go.

Source: Hopfield 1984, PNAS 81:3088. Shapes: state, cues (B, N).
"""

from dataclasses import dataclass
from typing import Protocol

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import LagrangianNeurons


class DrivenModel(Protocol):
    """A model of continuous neurons that tells where their currents tend."""

    @property
    def max_dt(self) -> float:
        """The longest time of an Euler step that does not raise the energy."""

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the first state (B, N) of cues."""

    def drive(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return F (B, N), the currents that what pulls on a state would hold; looking at `cue_mask` only."""


@dataclass(frozen=True, eq=False)
class Currents:
    """A model in continuous time: a `FlowModel` whose states are currents."""

    neurons: LagrangianNeurons
    model: DrivenModel

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the currents of cues, 0 where unknown."""
        return self.neurons.current(self.model.start(cues, known))

    def visible(self, state: Array) -> Array:
        """Return x = g(u)."""
        return self.neurons.activation(state)

    def observed(self, state: Array) -> Array:
        """Return the state of the model of one layer: x."""
        return self.visible(state)

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the currents once all free neurons went where they tend."""
        return namespace(state).where(movable, self.model.drive(self.visible(state), cue_mask=cue_mask), state)

    @property
    def max_dt(self) -> float:
        """The longest time of a `flow` that does not raise the energy."""
        return self.model.max_dt

    def flow(self, state: Array, movable: Array, dt: float, *, cue_mask: Array | None = None) -> Array:
        """Return the currents an Euler step later; a cue with coordinates that `cue_mask` leaves out makes a `step`."""
        xp, drive = namespace(state), self.model.drive(self.visible(state), cue_mask=cue_mask)
        moved = drive if dt == 1 else state + dt * (drive - state)
        if cue_mask is not None:
            moved = xp.where(xp.all(cue_mask, axis=-1, keepdims=True), moved, drive)
        return xp.where(movable, moved, state)

    def velocity(self, state: Array) -> Array:
        """Return du/dt (B, N)."""
        return self.model.drive(self.visible(state)) - state
