r"""The energy landscape that a set of stored patterns makes: the model that dynamics run on.

    E(x) = A(x) − L(h(x)),        h_μ = similarity(ξ_μ, x)

A landscape is frozen. How a state moves in it depends on the neurons: see `continuous_landscape`, where L is linearised
at the present scores, and `discrete_landscape`, where energies are compared.

Source: Krotov & Hopfield 2021, arXiv:2008.06996. Shapes: cues, state (B, N); h (B, K).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Separation, Summary
from mnemonist.core.similarity import Similarity
from mnemonist.errors import NoEnergy
from mnemonist.readout.evidence import valued
from mnemonist.readout.reader import Reader
from mnemonist.stores.protocol import Store

CUES = 1024  # that are moved, and told, together


@dataclass(frozen=True, eq=False)
class Landscape(ABC):
    """A reader of the patterns, whose separation has a number as beta by now; a member says how a state moves."""

    reader: Reader

    @property
    def similarity(self) -> Similarity:
        """How alike state and memory are."""
        return self.reader.similarity

    @property
    def separation(self) -> Separation:
        """How sharply memories are told apart."""
        return self.reader.separation

    @property
    def neurons(self) -> Neurons:
        """What a state may be."""
        return self.reader.neurons

    @property
    def patterns(self) -> Store:
        """The memories."""
        return self.reader.patterns

    @property
    def like(self) -> Array:
        """Cues must be of the library, device and width of the patterns."""
        return self.reader.patterns.like

    @property
    def has_energy(self) -> bool:
        """Whether the update follows an energy."""
        return self.similarity.has_energy

    @property
    def single_step(self) -> bool:
        """Whether one readout is all there is: without an energy."""
        return not self.has_energy

    @property
    def batch_size(self) -> int:
        """How many cues to move together in bounded memory."""
        return CUES

    @property
    @abstractmethod
    def descends(self) -> bool:
        """Whether the default update promises not to raise the energy."""

    @abstractmethod
    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after one synchronous update of `movable`; only `cue_mask` (B, N) of it is looked at."""

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues in the dtype to compute in, 0 where unknown, moved to the nearest allowed state."""
        xp = namespace(cues, self.like)
        x = xp.astype(cues, self.neurons.dtype(cues, self.like))
        return self.neurons.confine(x if known is None else xp.where(known, x, xp.zeros_like(x)))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,) in float64, from the summary of the scores where that is known; infinite beyond float64."""
        if not self.has_energy:
            raise NoEnergy(
                f"AssociativeMemory.energy: the similarity must be Dot or Euclidean; {self.similarity} has no energy "
                "that the readout descends. See recall.top for how well a memory fits."
            )
        xp = namespace(state)
        if summary is None:
            summary = self.reader.summary(state, dtype=xp.float64)
        state = valued(state, None)[0] if self.reader.holes else state
        own = self.similarity.own(self.neurons, xp.astype(state, xp.float64))
        with np.errstate(over="ignore"):
            return own - self.separation.value(summary)
