"""What a recall asks of a model beyond what dynamics ask: its patterns, and how to read them.

Shapes: state (B, N); h (B, k) of the k patterns of a block.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any, Protocol

from mnemonist._array import Array
from mnemonist.core.separation import Reading, Separation, Summary
from mnemonist.dynamics.model import FlowModel, Model
from mnemonist.readout.survey import Seen
from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Patterns


class Remembering(Model, Protocol):
    """A model that knows what it remembers, so that a state can be told in terms of the memories."""

    @property
    def patterns(self) -> Patterns:
        """The patterns; a network given as a matrix knows none."""

    @property
    def executor(self) -> Executor | None:
        """Who looks at the patterns, part by part; None where that is done here."""

    @property
    def example(self) -> Array:
        """An array (…, N) of the library, on the device and of the width that cues must have."""

    @property
    def separation(self) -> Separation:
        """How the scores of the patterns become the weights that a recall reports."""

    @property
    def has_energy(self) -> bool:
        """Whether the update follows an energy."""

    @property
    def one_step(self) -> bool:
        """Whether one readout is all there is, because nothing says that a second one is better."""

    @property
    def by_overlap(self) -> bool:
        """Whether a state's kind is told by its overlaps with the memories, not by their weights."""

    @property
    def cues_at_once(self) -> int | None:
        """How many cues may be moved together in bounded memory; None for all."""

    @property
    def currents(self) -> FlowModel:
        """The model in continuous time, where its neurons are continuous."""

    def scored(self, state: Array) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block), some patterns at a time."""

    def look(self, state: Array) -> Seen | None:
        """Return what is seen of the patterns, where there is a faster way to see it than by scores and closeness."""

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest where the distance to a pattern is least, per coordinate that it knows."""

    def whole_summary(self, state: Array, *, dtype: Any = None) -> Summary | None:
        """Return the summary of all scores, where the separation cannot read without; None where one pass will do."""

    def together(self, one: Reading, other: Reading) -> Reading:
        """Return the reading of two runs of patterns together."""

    def weights(self, state: Array) -> Array:
        """Return f / Σ |f| (B, K), or (K,) of a single state."""

    def energy(self, state: Array) -> Array:
        """Return E (B,) in float64. Raises `NoEnergy` for a model without one."""

    def energy_from(self, state: Array, summary: Summary) -> Array:
        """Return E (B,) of states whose scores are summarised already, for models whose energy is made of them."""
