r"""The associative memory: store patterns, recall them whole from a cue that is partial or damaged.

    patterns (K, N) → scores (B, K) → weights (B, K) → pull (B, N) → state (B, N) → again, until it rests

A memory is put together from a similarity, a separation and neurons; `memories.named` holds the field's models. It is
the one object here that changes: everything it computes, it asks of a frozen `Landscape` of its present patterns.

Letters: K memories, N neurons, B cues, D width of a value.
"""

import math
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.expectation import Expectation, Mean
from mnemonist.core.neurons import Binary, Neurons, Real
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Similarity
from mnemonist.core.softmax import Softmax
from mnemonist.errors import IllegalCombination, InvalidType, NoEnergy, shown
from mnemonist.memories.automatic_beta import with_beta
from mnemonist.memories.choice import landscape_of
from mnemonist.memories.compatibility import check_parts, check_unshared, largest_beta
from mnemonist.memories.landscape import Landscape
from mnemonist.memories.textbook_scale import with_scale
from mnemonist.memories.weighing import (
    TOP,
    Asked,
    Completion,
    Weighing,
    asked,
    check_expectation,
    check_top,
    complete,
    weigh,
)  # fmt: skip
from mnemonist.readout.choice import reader_of
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.model import RecallModel
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.storing import check_mapped
from mnemonist.stores.levels import LevelPatterns, is_levels
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.protocol import GrowableStore
from mnemonist.stores.tiles import tiles

MEAN = Mean()


class AssociativeMemory(PatternMemory):
    """A memory of patterns (K, N).

    Raises `IllegalCombination` where the parts make no model. Threads may share a memory: a recall is of what it held
    at one time, and `store` and `forget` come one after another; `copy.copy(memory)` stays as it is. See
    `PatternMemory`.

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

    weighs = True
    saved_as = "associative"

    def __init__(
        self, similarity: Similarity, separation: Separation, neurons: Neurons, *, unshared: str = "rescaled"
    ) -> None:
        check_parts(similarity, separation, neurons)
        check_unshared(unshared, similarity)
        self._similarity, self._separation, self._neurons = similarity, separation, neurons
        self._unshared = unshared
        super().__init__()

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
        """How sharply memories are told apart; numbers for "auto" and "textbook" once patterns are stored."""
        contents = self._contents
        return contents.model(self._make).separation if len(contents) else self._separation

    @property
    def landscape(self) -> Landscape:
        """The frozen model of the present patterns, for `dynamics`. Raises `EmptyMemory` if there are none."""
        return self._contents.model(self._make)

    def _make(self, contents: Contents) -> Landscape:
        contents.require()
        separation = with_scale(self._separation, contents.patterns.like.shape[-1])
        parts = self._similarity, self._neurons, contents.patterns
        separation = with_beta(separation, *parts, largest_beta(self._neurons))
        unshared = self._unshared
        return landscape_of(
            reader_of(self._similarity, separation, self._neurons, contents.patterns, unshared=unshared)
        )

    def _store_for(self, rows: Array) -> GrowableStore:
        """Return an empty store for rows like these: ±1 patterns of NumPy are packed."""
        if isinstance(self._neurons, Binary) and isinstance(rows, np.ndarray):
            return PackedPatterns(next_id=self._contents.patterns.next_id, owner=type(self).__name__)
        if is_levels(rows):
            return LevelPatterns(next_id=self._contents.patterns.next_id, owner=type(self).__name__)
        return super()._store_for(rows)

    def _described(self, inventory: Inventory) -> Description:
        parts = {"similarity": self._similarity, "separation": self._separation, "neurons": self._neurons}
        told: Description = {name: inventory.part(name, part) for name, part in parts.items()}
        told |= {} if self._unshared == "rescaled" else {"unshared": self._unshared}
        return super()._described(inventory) | told

    def _mapped(self, patterns: MappedPatterns, values: Any, known: Any) -> MappedPatterns:
        held = self._contents.patterns
        return check_mapped(self._who("store"), held, self.neurons, patterns, values=values, known=known)

    def _spread(self, model: RecallModel, executor: Executor) -> Landscape:
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
        landscape = cast(Landscape, model)
        return replace(landscape, reader=replace(landscape.reader, executor=executor))

    def __repr__(self) -> str:
        contents = self._contents
        separation = self._separation if contents.made is None else contents.made.separation
        unshared = "" if self._unshared == "rescaled" else f", unshared={self._unshared!r}"
        return f"AssociativeMemory({self._similarity}, {separation}, {self._neurons}{unshared}){contents}"

    # --- the landscape -------------------------------------------------------------------------------------------

    def scores(self, states: Any) -> Array:
        """Return the similarities h (B, K) of states (B, N), or (K,) of (N,); columns follow `ids`."""
        landscape, names = self._present()
        rows, single = self._states("scores", states, landscape, names)
        scores = landscape.reader.scores(rows)
        return scores[0, :] if single else scores

    def weigh(self, cues: Any, *, known: Any = None, leave_out: Any = None, top: int = TOP) -> Weighing:
        """Return how much say each memory has in cues (B, N), of which `known` is given: in one look, and no update.

        What a recall ends at is weighed by its own guess; the evidence is the cue. `leave_out` (B,) are ids, one per
        cue, of memories that may not answer: a stored row that is to be told by the others. The `top` memories of the
        greatest score are listed, and all weights are of these. Costs O(K N) per cue.
        Raises `InvalidArgument`, `UnknownId`, `EmptyMemory`.

        >>> import mnemonist as mn
        >>> memory = mn.kernel_memory(beta=1.0)
        >>> memory.store([[0.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
        array([0, 1, 2])
        >>> memory.weigh([0.0, 0.0], known=[True, False]).weights.round(2)
        array([0.5, 0.5, 0. ])
        """
        return weigh(self._asked("weigh", cues, known, leave_out), check_top("AssociativeMemory.weigh", top))

    def complete(
        self, cues: Any, *, known: Any = None, expectation: Expectation = MEAN, leave_out: Any = None, top: int = TOP
    ) -> Completion:
        """Return cues (B, N) with what Mean() or LocalLinear() makes one expect of all that is not `known`.

        Unlike `recall` it makes one look: iterating moves from the conditional mean to the mode. `leave_out` (B,) are
        ids, one per cue, that may not answer. Costs O(K N) per cue, and LocalLinear O(reach N² + N³) besides.
        Raises `InvalidArgument`, `InvalidType`, `UnknownId`, `EmptyMemory`.

        >>> import mnemonist as mn
        >>> memory = mn.kernel_memory(beta=1.0)
        >>> ids = memory.store([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
        >>> line = mn.LocalLinear(ridge=0.0, reach=None)
        >>> memory.complete([5.0, 0.0], known=[True, False], expectation=line).state.round(2)
        array([ 5., 10.])
        """
        asked = self._asked("complete", cues, known, leave_out)
        return complete(asked, check_expectation(expectation), check_top("AssociativeMemory.complete", top))

    def _asked(self, method: str, cues: Any, known: Any, leave_out: Any) -> Asked:
        landscape, names = self._present()
        cues, known, _ = self._cues(method, cues, known, None, landscape, names)
        return asked(self._who(method), landscape, cues, known, leave_out)

    def energy_constants(self) -> float:
        """Return the constant that makes the energy of a Softmax memory ≥ 0 within the hull of its patterns.

        Under dot β⁻¹ ln K + ½ M², M the largest norm of a pattern, with which 0 ≤ E ≤ 2 M² for ‖x‖ ≤ M; under
        Euclidean β⁻¹ ln K. Source: Ramsauer et al. 2021, arXiv:2008.02217, eq. 2.
        """
        landscape = self.landscape
        separation = landscape.separation
        if not (isinstance(separation, Softmax) and isinstance(self._neurons, Real) and landscape.has_energy):
            raise NoEnergy(
                "AssociativeMemory.energy_constants: the model must be Softmax on Real neurons with an energy; "
                f"got {self!r}."
            )
        some = () if self._similarity.confining else tiles(landscape.patterns)
        half = max((_largest_square(tile.rows) for tile in some), default=0.0) / 2
        return math.log(len(landscape.patterns)) / float(separation.beta) + half


def _largest_square(rows: Array) -> float:
    """Return the largest squared norm of a row."""
    xp = namespace(rows)
    return float(xp.max(xp.sum(rows * rows, axis=-1)))
