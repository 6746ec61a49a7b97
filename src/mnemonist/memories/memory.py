r"""The associative memory: store patterns, recall them whole from a cue that is partial or damaged.

    patterns (K, N) → scores (B, K) → weights (B, K) → pull (B, N) → state (B, N) → again, until it rests

A memory is put together from a similarity, a separation and neurons; `memories.named` holds the field's models. It is
the one object here that changes: everything it computes, it asks of a frozen `Landscape` of its present patterns.

Letters: K memories, N neurons, B cues, D width of a value.
"""

import math
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Binary, Neurons, Real
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Similarity
from mnemonist.core.softmax import Softmax
from mnemonist.errors import IllegalCombination, InvalidType, NoEnergy, shown
from mnemonist.memories.automatic_beta import with_beta
from mnemonist.memories.compatibility import check_parts, largest_beta
from mnemonist.memories.continuous_landscape import ContinuousLandscape
from mnemonist.memories.discrete_landscape import DiscreteLandscape, MixedLandscape
from mnemonist.memories.landscape import Landscape
from mnemonist.readout.choice import reader_of
from mnemonist.readout.reader import Reader
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.storing import check_mapped
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.protocol import GrowableStore
from mnemonist.stores.tiles import tiles


class AssociativeMemory(PatternMemory):
    """A memory of patterns (K, N).

    Raises `IllegalCombination` where the parts make no model.

    >>> import numpy as np
    >>> import mnemonist as mn
    >>> memory = mn.AssociativeMemory(mn.Euclidean(), mn.Softmax(beta=16.0), mn.Real())
    >>> memory.store(np.eye(3))
    array([0, 1, 2])
    >>> recall = memory.recall([0.9, 0.1, 0.2])
    >>> recall.nearest, recall.kind, recall.outcome
    (np.int64(0), Kind.MEMORY, Outcome.CONVERGED)
    >>> recall.state.round(3)
    array([1., 0., 0.])
    """

    def __init__(self, similarity: Similarity, separation: Separation, neurons: Neurons) -> None:
        check_parts(similarity, separation, neurons)
        self._similarity, self._separation, self._neurons = similarity, separation, neurons
        super().__init__()
        self._landscape: Landscape | None = None

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def similarity(self) -> Similarity:
        """How alike state and memory are."""
        return self._similarity

    @property
    def neurons(self) -> Neurons:
        """What a state may be."""
        return self._neurons

    @property
    def separation(self) -> Separation:
        """How sharply memories are told apart; beta="auto" is the number in use as soon as patterns are stored."""
        return self.landscape.separation if len(self) else self._separation

    @property
    def landscape(self) -> Landscape:
        """The frozen model of the present patterns, for `dynamics`. Raises `EmptyMemory` if there are none."""
        patterns = self._patterns
        if self._landscape is None or self._landscape.patterns is not patterns:
            self._require_patterns()
            separation = with_beta(self._separation, patterns, largest_beta(self._neurons), self._similarity)
            self._landscape = landscape_of(reader_of(self._similarity, separation, self._neurons, patterns))
        return self._landscape

    def _store_for(self, rows: Array) -> GrowableStore:
        """Return an empty store for rows like these: ±1 patterns of NumPy are packed."""
        if isinstance(self._neurons, Binary) and isinstance(rows, np.ndarray):
            return PackedPatterns(next_id=self._patterns.next_id, owner=type(self).__name__)
        return super()._store_for(rows)

    def _mapped(self, patterns: MappedPatterns, values: Any, known: Any) -> MappedPatterns:
        return check_mapped(self._who("store"), self._patterns, self.neurons, patterns, values=values, known=known)

    def _spread(self, executor: Executor) -> Landscape:
        if not isinstance(executor, Executor):
            raise InvalidType(
                f"AssociativeMemory.recall: executor must be one of concurrent.futures; got {shown(executor)}. "
                "Of a Dask client pass client.get_executor()."
            )
        if self._neurons.discrete or self._neurons.mixed:
            raise IllegalCombination(
                f"AssociativeMemory.recall: executor must be left out where neurons are updated one by one, for which "
                f"all patterns stay together; these are {self._neurons}. Leave it out: sweeps use all processors."
            )
        return replace(self.landscape, reader=replace(self.landscape.reader, executor=executor))

    def __repr__(self) -> str:
        made = self._landscape
        fresh = made is not None and made.patterns is self._patterns
        separation = made.separation if made and fresh else self._separation
        return f"AssociativeMemory({self._similarity}, {separation}, {self._neurons}){self._held()}"

    # --- the landscape -------------------------------------------------------------------------------------------

    def scores(self, states: Any) -> Array:
        """Return the similarities h (B, K) of states (B, N), or (K,) of (N,); columns follow `ids`."""
        rows, single = self._states("scores", states)
        scores = self.landscape.reader.scores(rows)
        return scores[0, :] if single else scores

    def energy_constants(self) -> float:
        """Return the constant that makes the energy of a Softmax memory ≥ 0 within the hull of its patterns.

        Under dot β⁻¹ ln K + ½ M², M the largest norm of a pattern, with which 0 ≤ E ≤ 2 M² for ‖x‖ ≤ M; under
        Euclidean β⁻¹ ln K. Source: Ramsauer et al. 2021, arXiv:2008.02217, eq. 2.
        """
        landscape, separation = self.landscape, self.separation
        if not (isinstance(separation, Softmax) and isinstance(self._neurons, Real) and landscape.has_energy):
            raise NoEnergy(
                "AssociativeMemory.energy_constants: the model must be Softmax on Real neurons with an energy; "
                f"got {self!r}."
            )
        some = () if self._similarity.confining else tiles(landscape.patterns)
        half = max((_largest_square(tile.rows) for tile in some), default=0.0) / 2
        return math.log(len(self)) / float(separation.beta) + half


def landscape_of(reader: Reader) -> Landscape:
    """Return the landscape in which neurons of their kind move."""
    if reader.neurons.mixed:
        return MixedLandscape(reader)
    return DiscreteLandscape(reader) if reader.neurons.discrete else ContinuousLandscape(reader)


def _largest_square(rows: Array) -> float:
    """Return the largest squared norm of a row."""
    xp = namespace(rows)
    return float(xp.max(xp.sum(rows * rows, axis=-1)))
