r"""The associative memory: store patterns, recall them whole from a cue that is partial or damaged.

    patterns (K, N) → scores (B, K) → weights (B, K) → pull (B, N) → state (B, N) → again, until it rests

A memory is put together from a similarity, a separation and neurons; `memories.named` holds the field's models. It is
the one object here that changes: everything it computes, it asks of a frozen `Landscape` of its present patterns.

Letters: K memories, N neurons, B cues, D width of a value.
"""

import math
from typing import Any

import numpy as np

from mnemonist._array import Array, as_array, computing_dtype, namespace
from mnemonist.core.neurons import Neurons, Real
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Similarity
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.movement import Dynamics
from mnemonist.dynamics.recall import Recall, representable
from mnemonist.errors import InvalidArgument, NoEnergy
from mnemonist.memories.answer import answer
from mnemonist.memories.inputs import (
    check_informed,
    check_mask,
    check_rows,
    check_values,
)
from mnemonist.memories.landscape import Landscape
from mnemonist.memories.legality import check_parts, largest_beta
from mnemonist.memories.request import check_request
from mnemonist.memories.sharpness import with_beta
from mnemonist.patterns.dense import DensePatterns, Ids


class AssociativeMemory:
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
        self._patterns = DensePatterns()
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
        if self._landscape is None:
            patterns = self._patterns
            _ = patterns.whole  # or there is nothing to make a landscape of
            separation = with_beta(self._separation, patterns, largest_beta(self._neurons))
            self._landscape = Landscape(self._similarity, separation, self._neurons, patterns)
        return self._landscape

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        return self._patterns.ids

    @property
    def patterns(self) -> Array:
        """The stored patterns (K, N), in the order of `ids`, NaN (±1 integers: 0) where unknown; a copy."""
        block = self._patterns.whole
        xp = namespace(block.rows)
        if block.known is None or not xp.isdtype(block.rows.dtype, "real floating"):
            return xp.asarray(block.rows, copy=True)
        return xp.where(block.known, block.rows, xp.full_like(block.rows, math.nan))

    @property
    def load(self) -> float:
        """K/N, the number of memories per neuron; 0 for an empty memory."""
        return len(self) / self._patterns.first.rows.shape[1] if len(self) else 0.0

    def __len__(self) -> int:
        return len(self._patterns)

    def __repr__(self) -> str:
        held = f"  # K={len(self)}, N={self._patterns.first.rows.shape[1]}" if len(self) else "  # empty"
        separation = self._separation if self._landscape is None else self._landscape.separation
        return f"AssociativeMemory({self._similarity}, {separation}, {self._neurons}){held}"

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, patterns: Any, *, values: Any = None, known: Any = None) -> Ids:
        """Store patterns (K, N), or one (N,), behind those there are; return their ids (K,), int64.

        `known` (K, N) boolean is False where a pattern has no value: that coordinate is never read. `values` (K, D) is
        what `recall.values` blends; either all patterns have values or none. Float32 and float64 are kept as they are,
        ±1 of discrete neurons as int8 where they come as integers; patterns on a sphere are kept at length 1.
        Arrays are copied. Raises `InvalidArgument` or `InvalidType`, and stores nothing then.
        """
        who = "AssociativeMemory.store"
        first = self._patterns.first.rows if len(self) else None
        rows, _ = check_rows(who, "patterns", patterns, None if first is None else first.shape[1], first)
        mask = None if known is None else check_mask(who, "known", known, rows)
        check_values(who, "patterns", rows, mask, self._neurons)
        xp = namespace(rows)
        rows = xp.astype(rows, self._kept_dtype(rows))
        if mask is not None:
            check_informed(who, mask)
            rows = xp.where(mask, rows, xp.zeros_like(rows))
            mask = None if bool(xp.all(mask)) else mask
        value = self._check_value_rows(values, rows)
        if not self._neurons.discrete:
            rows = self._neurons.confine(rows)
        new = self._patterns.next_id
        self._patterns = self._patterns.add(rows, known=mask, values=value)
        self._landscape = None
        return np.arange(new, self._patterns.next_id, dtype=np.int64)

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        self._patterns = self._patterns.forget(ids)
        self._landscape = None

    def _kept_dtype(self, rows: Array) -> Any:
        xp = namespace(rows)
        discrete = self._neurons.discrete and xp.isdtype(rows.dtype, "integral")
        return xp.int8 if discrete else computing_dtype(xp, rows)

    def _check_value_rows(self, values: Any, rows: Array) -> Array | None:
        """Return the values (K, D) as floats, or None."""
        who, kept = "AssociativeMemory.store", self._patterns.first.values if len(self) else None
        if (values is None) != (kept is None) and len(self):
            raise InvalidArgument(
                f"{who}: values must be given for all patterns or for none; the {len(self)} stored before have "
                f"{'none' if kept is None else 'some'}. {'Leave them out' if kept is None else 'Pass values='}."
            )
        if values is None:
            return None
        value = as_array(values, rows)
        value = value[:, None] if value.ndim == 1 and value.shape[0] == rows.shape[0] else value
        value, _ = check_rows(who, "values", value, None if kept is None else kept.shape[1], rows)
        if value.shape[0] != rows.shape[0]:
            raise InvalidArgument(
                f"{who}: values must have one row per pattern, {rows.shape[0]}; got shape {tuple(value.shape)}. "
                "Pass as many as patterns."
            )
        check_values(who, "values", value, None, Real())
        return namespace(value).astype(value, computing_dtype(namespace(value), value))

    # --- recall --------------------------------------------------------------------------------------------------

    def recall(
        self, cues: Any, *, known: Any = None, clamped: Any = None, dynamics: Dynamics | None = None,
        max_steps: int = 1000, tol: float | None = None, rng: Any = None, trace: bool = False,
    ) -> Recall:  # fmt: skip
        """Recall from cues (B, N), or one (N,): move each until it rests, and say what it is.

        `known` (B, N) or (N,) is True where a cue is given; the rest is never read and may be NaN. `clamped`, a subset
        of it, never changes: by default `known` where that was passed, nothing otherwise. So: completion passes known;
        denoising neither; damaged *and* hidden passes known with clamped=False.

        `dynamics` is asynchronous for discrete neurons and synchronous for continuous ones unless given. `max_steps`
        counts updates, 0 returns the start. `tol` is the relative change of a continuous state at rest, 1e-9 in float64
        and 1e-5 in float32 unless given. `rng` is a seed or a `numpy.random.Generator`, of which one number is
        drawn; None is seed 0. `trace` keeps states and energies of every step.

        Costs O(B K N) a step. Raises `EmptyMemory`, `InvalidArgument`, `InvalidType`, `IllegalCombination`.
        """
        landscape = self.landscape
        request = check_request(
            landscape,
            cues,
            known=known,
            clamped=clamped,
            dynamics=dynamics,
            max_steps=max_steps,
            tol=tol,
            rng=rng,
            trace=trace,
        )
        return answer(landscape, request)

    # --- the landscape -------------------------------------------------------------------------------------------

    def energy(self, states: Any) -> Array:
        """Return E (B,) of states (B, N), or one number of (N,), in float64.

        Raises `NoEnergy` for cosine and Manhattan, `EnergyOverflow` where float64 cannot hold it.
        """
        rows, single = self._states("AssociativeMemory.energy", states)
        energy = self.landscape.energy(rows)
        energy = energy if self._separation.local else representable("AssociativeMemory.energy", energy)
        return energy[0] if single else energy

    def scores(self, states: Any) -> Array:
        """Return the similarities h (B, K) of states (B, N), or (K,) of (N,); columns follow `ids`."""
        rows, single = self._states("AssociativeMemory.scores", states)
        scores = self.landscape.scores(rows)
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
        rows = landscape.patterns.whole.rows
        norms = namespace(rows).sum(rows * rows, axis=-1)
        half = 0.0 if self._similarity.confining else float(namespace(rows).max(norms)) / 2
        return math.log(len(self)) / float(separation.beta) + half

    def _states(self, who: str, states: Any) -> tuple[Array, bool]:
        landscape = self.landscape
        rows, single = check_rows(
            who, "states", states, landscape.patterns.whole.rows.shape[1], landscape.patterns.whole.rows
        )
        check_values(who, "states", rows, None, self._neurons)
        return landscape.start(rows, None), single
