"""The face that all memories share: recall and energy.

    cues → a checked request → dynamics on a frozen model, until each rests → a `Recall`

What differs from one memory to another is the frozen model that it asks. Letters: N neurons, B cues.
"""

from abc import ABC, abstractmethod
from concurrent.futures import Executor
from typing import Any, ClassVar

from mnemonist._array import Array
from mnemonist.core.neurons import Neurons
from mnemonist.dynamics.alternating import Alternating
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.errors import IllegalCombination, Renamed
from mnemonist.recall.checks import check_rows, check_values
from mnemonist.recall.model import RecallModel
from mnemonist.recall.request import check_request
from mnemonist.recall.result import Recall, representable
from mnemonist.recall.run import run


class Memory(Renamed, ABC, renamed={"usual_dynamics": "default_dynamics"}):
    """A memory that can be asked; a member says what model answers, and of which `references` it comes as a whole.

    These are keys of the bibliography, or BibTeX entries; its parts have their own.
    """

    references: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def neurons(self) -> Neurons:
        """What a state may be."""

    @property
    @abstractmethod
    def landscape(self) -> RecallModel:
        """The frozen model of the present patterns, for `dynamics`. Raises `EmptyMemory` if there is none."""

    @property
    def default_dynamics(self) -> Dynamics:
        """How a recall moves unless told: one at a time where neurons are discrete, all at once where not, or both."""
        if self.neurons.mixed:
            return Alternating()
        return Asynchronous() if self.neurons.discrete else Synchronous()

    def recall(
        self, cues: Any, *, known: Any = None, clamped: Any = None, dynamics: Dynamics | None = None,
        max_steps: int = 1000, tol: float | None = None, rng: Any = None, trace: bool = False,
        executor: Executor | None = None,
    ) -> Recall:  # fmt: skip
        """Recall from cues (B, N), or one (N,): move each until it rests; the `Recall` says what it then is.

        `known` (B, N) or (N,) is True where a cue is given; the rest is never read and may be NaN. `clamped`, a subset
        of it, never changes: by default `known` where that was passed, nothing otherwise. So: completion passes known;
        denoising neither; damaged *and* hidden passes known with clamped=False.

        `dynamics` are `default_dynamics` unless given. `max_steps` counts updates, 0 returns the start. `tol` is the
        relative change of a continuous state at rest, 1e-9 in float64 and 1e-5 in float32 unless given. `rng` is a seed
        or a `numpy.random.Generator`, of which one number is drawn; None is seed 0. `trace` keeps states and energies
        of every step.

        `executor`, any of `concurrent.futures` (of a Dask client `client.get_executor()`), reads parts of the patterns
        in its threads, processes or machines. Patterns of a `MappedPatterns` are opened there by path, so only cues and
        sums travel; patterns in memory travel to processes with every update, which rarely pays. The result is the same
        to rounding, and a worker that dies costs no more than time. Only an `AssociativeMemory` of continuous neurons
        takes one.

        Costs O(B K N) a step, and as much when it is first asked what the states are. Raises `EmptyMemory`,
        `InvalidArgument`, `InvalidType`, `IllegalCombination`.
        """
        model = self.landscape if executor is None else self._spread(executor)
        request = check_request(
            self._who("recall"),
            model,
            cues,
            known=known,
            clamped=clamped,
            dynamics=self.default_dynamics if dynamics is None else dynamics,
            max_steps=max_steps,
            tol=tol,
            rng=rng,
            trace=trace,
        )
        return run(model, request, afterwards=None if executor is None else self.landscape)

    def _spread(self, executor: Executor) -> RecallModel:
        """Return the model, its patterns read by an executor; or refuse."""
        raise IllegalCombination(
            f"{self._who('recall')}: executor must be left out, because this model does not recall from parts of its "
            f"patterns; got {executor!r}. Leave it out, or take an AssociativeMemory of continuous neurons."
        )

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
        rows, single = check_rows(self._who(method), "states", states, model.like.shape[-1], model.like)
        check_values(self._who(method), "states", rows, None, self.neurons)
        return model.start(rows, None), single
