"""What a recall asks of a model beyond what dynamics ask: how its patterns are read, and what it promises.

Shapes: state (B, W), of which (B, N) are visible.
"""

from typing import Protocol

from mnemonist._array import Array
from mnemonist.core.separation import Separation, Summary
from mnemonist.dynamics.model import Model
from mnemonist.readout.reader import Reader


class RecallModel(Model, Protocol):
    """A model that cues are recalled on."""

    @property
    def reader(self) -> Reader | None:
        """How the patterns are read, so that a state can be told in terms of them; None where none are known."""

    @property
    def separation(self) -> Separation:
        """How the scores of the patterns become the weights that a recall reports."""

    @property
    def like(self) -> Array:
        """An array (…, N) of the library, on the device and of the width that cues must have."""

    @property
    def has_energy(self) -> bool:
        """Whether the update follows an energy."""

    @property
    def single_step(self) -> bool:
        """Whether one readout is all there is, because nothing says that a second one is better."""

    @property
    def batch_size(self) -> int | None:
        """How many cues may be moved together in bounded memory; None for all."""

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,) in float64, from the summary of the scores where that is known. Raises `NoEnergy`."""
