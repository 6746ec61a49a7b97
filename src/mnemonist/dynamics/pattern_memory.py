"""The face that all memories of patterns share: store, forget, recall, energy, ids.

What differs from one to another is the frozen model that a recall runs on, and what storing does to it.

Letters: K memories, N neurons, B cues, D width of a value.
"""

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.dynamics.answer import answer
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.inputs import check_rows, check_values
from mnemonist.dynamics.intake import check_patterns
from mnemonist.dynamics.movement import Dynamics
from mnemonist.dynamics.recall import Recall, representable
from mnemonist.dynamics.remembering import Remembering
from mnemonist.dynamics.request import check_request
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.patterns.dense import DensePatterns, Ids


class PatternMemory(ABC):
    """A memory of patterns (K, N); a member says what model they make, and may learn from each as it comes and goes."""

    def __init__(self) -> None:
        self._patterns = DensePatterns(owner=type(self).__name__)

    @property
    @abstractmethod
    def neurons(self) -> Neurons:
        """What a state may be."""

    @property
    @abstractmethod
    def landscape(self) -> Remembering:
        """The frozen model of the present patterns, for `dynamics`. Raises `EmptyMemory` if there is none."""

    @property
    def usual_dynamics(self) -> Dynamics:
        """How a recall moves unless told: asynchronously where neurons are discrete, else synchronously."""
        return Asynchronous() if self.neurons.discrete else Synchronous()

    def _learn(self, rows: Array, known: Array | None) -> None:  # noqa: B027 - nothing is a choice too
        """Take up checked rows (k, N) that are about to be stored, or refuse them."""

    def _unlearn(self, positions: Any) -> None:  # noqa: B027
        """Give up the patterns at these positions, which are about to be forgotten, or refuse to."""

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        return self._patterns.ids

    @property
    def patterns(self) -> Array:
        """The stored patterns (K, N), in the order of `ids`, NaN (integers: 0) where unknown; a copy."""
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

    def _held(self) -> str:
        """Return what is held, as a comment behind the representation."""
        return f"  # K={len(self)}, N={self._patterns.first.rows.shape[1]}" if len(self) else "  # empty"

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, patterns: Any, *, values: Any = None, known: Any = None) -> Ids:
        """Store patterns (K, N), or one (N,), behind those there are; return their ids (K,), int64.

        `known` (K, N) boolean is False where a pattern has no value: that coordinate is never read. `values` (K, D) is
        what `recall.values` blends; either all patterns have values or none. Float32 and float64 are kept as they are,
        integers of discrete neurons as int8; patterns on a sphere are kept at length 1. Arrays are copied. Raises
        `InvalidArgument` or `InvalidType`, and stores nothing then.
        """
        rows, mask, value = check_patterns(
            self._who("store"), self._patterns, self.neurons, patterns, values=values, known=known
        )
        if rows.shape[0]:
            self._learn(rows, mask)
        new = self._patterns.next_id
        self._patterns = self._patterns.add(rows, known=mask, values=value)
        return np.arange(new, self._patterns.next_id, dtype=np.int64)

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        self._unlearn(self._patterns.positions(ids))
        self._patterns = self._patterns.forget(ids)

    # --- recall --------------------------------------------------------------------------------------------------

    def recall(
        self, cues: Any, *, known: Any = None, clamped: Any = None, dynamics: Dynamics | None = None,
        max_steps: int = 1000, tol: float | None = None, rng: Any = None, trace: bool = False,
    ) -> Recall:  # fmt: skip
        """Recall from cues (B, N), or one (N,): move each until it rests, and say what it is.

        `known` (B, N) or (N,) is True where a cue is given; the rest is never read and may be NaN. `clamped`, a subset
        of it, never changes: by default `known` where that was passed, nothing otherwise. So: completion passes known;
        denoising neither; damaged *and* hidden passes known with clamped=False.

        `dynamics` are `usual_dynamics` unless given. `max_steps` counts updates, 0 returns the start. `tol` is the
        relative change of a continuous state at rest, 1e-9 in float64 and 1e-5 in float32 unless given. `rng` is a seed
        or a `numpy.random.Generator`, of which one number is drawn; None is seed 0. `trace` keeps states and energies
        of every step.

        Costs O(B K N) a step. Raises `EmptyMemory`, `InvalidArgument`, `InvalidType`, `IllegalCombination`.
        """
        model = self.landscape
        request = check_request(
            self._who("recall"),
            model,
            cues,
            known=known,
            clamped=clamped,
            dynamics=self.usual_dynamics if dynamics is None else dynamics,
            max_steps=max_steps,
            tol=tol,
            rng=rng,
            trace=trace,
        )
        return answer(model, request)

    def energy(self, states: Any) -> Array:
        """Return E (B,) of states (B, N), or one number of (N,), in float64.

        Raises `NoEnergy` where the model has none, `EnergyOverflow` where float64 cannot hold it.
        """
        rows, single = self._states("energy", states)
        energy = self.landscape.energy(rows)
        energy = energy if self.landscape.separation.local else representable(self._who("energy"), energy)
        return energy[0] if single else energy

    def _who(self, method: str) -> str:
        return f"{type(self).__name__}.{method}"

    def _states(self, method: str, states: Any) -> tuple[Array, bool]:
        """Return checked states (B, N), and whether there was a single one."""
        model = self.landscape
        rows, single = check_rows(self._who(method), "states", states, model.example.shape[-1], model.example)
        check_values(self._who(method), "states", rows, None, self.neurons)
        return model.start(rows, None), single
