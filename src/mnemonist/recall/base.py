"""The face that all memories share: recall and energy.

    cues → a checked request → dynamics on a frozen model, until each rests → a `Recall`

What differs from one memory to another is the frozen model that it asks.

Shapes: N neurons, B cues; states (B, W), of which (B, N) are seen; a trace has the T + 1 steps in front.
"""

import math
from abc import abstractmethod
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, ClassVar, cast

from mnemonist._array import Array, device, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.dynamics.alternating import Alternating
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.model import FlowModel, Model
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.dynamics.settle import Settled, settle
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.errors import IllegalCombination, Renamed, shown
from mnemonist.readout.evidence import Evidence
from mnemonist.recall.checks import check_rows, check_values
from mnemonist.recall.identify import sweeps
from mnemonist.recall.model import RecallModel
from mnemonist.recall.named_columns import Names
from mnemonist.recall.plain import plain
from mnemonist.recall.request import UNFAMILIAR, Request, check_request
from mnemonist.recall.result import Recall, Resting, Trace, representable
from mnemonist.recall.saving import Saved


class Memory(Renamed, Saved, renamed={"usual_dynamics": "default_dynamics"}):
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
        executor: Executor | None = None, unfamiliar: float | None = UNFAMILIAR,
    ) -> Recall:  # fmt: skip
        """Recall from cues (B, N), or one (N,): move each until it rests; the `Recall` says what it then is.

        `known` (B, N) or (N,) is True where a cue is given; the rest is never read and may be NaN, and so are missing
        cells of a data frame, whose columns go by name where the memory stored a frame too. `clamped`, a subset
        of it, never changes: by default `known` where that was passed, nothing otherwise. So: completion passes known;
        denoising neither; damaged *and* hidden passes known with clamped=False.

        `dynamics` are `default_dynamics` unless given. `max_steps` counts updates, 0 returns the start. `tol` is the
        relative change of a continuous state at rest, 1e-9 in float64 and 1e-5 in float32 unless given. `rng` is a seed
        or a `numpy.random.Generator`, of which one number is drawn; None is seed 0. `trace` keeps states and energies
        of every step.

        `unfamiliar` is the familiarity below which a cue counts as unlike what is stored, whatever it came to rest at:
        at 0.01 one in a hundred cues that are drawn as the memories were is turned away; None asks nothing. Cues of a
        `MappedPatterns` are not asked unless a level is given here.

        `executor`, any of `concurrent.futures` (of a Dask client `client.get_executor()`), reads parts of the patterns
        in its threads, processes or machines. Patterns of a `MappedPatterns` are opened there by path, so only cues and
        sums travel; patterns in memory travel to processes with every update, which rarely pays. The result is the same
        to rounding, and a worker that dies costs no more than time. Only an `AssociativeMemory` of continuous neurons
        takes one.

        Costs O(B K N) a step, and as much when it is first asked what the states are; their familiarity, which is part
        of their kind, some 200 cues more for each set of coordinates that cues know. Raises `EmptyMemory`,
        `InvalidArgument`, `InvalidType`, `IllegalCombination`.
        """
        model, names = self._present()
        asked = model if executor is None else self._spread(model, executor)
        cues, known, clamped = self._cues("recall", cues, known, clamped, model, names)
        request = check_request(
            self._who("recall"),
            asked,
            cues,
            known=known,
            clamped=clamped,
            dynamics=self._usual(model) if dynamics is None else dynamics,
            max_steps=max_steps,
            tol=tol,
            rng=rng,
            trace=trace,
            unfamiliar=unfamiliar,
        )
        return run(asked, request, afterwards=None if executor is None else model)

    def _present(self) -> tuple[Any, Names | None]:
        """Return the landscape, and the names of its columns where there are some, of one moment."""
        return self.landscape, None

    def _usual(self, model: RecallModel) -> Dynamics:
        """Return the default dynamics of a model of this memory."""
        return self.default_dynamics

    def _spread(self, model: RecallModel, executor: Executor) -> RecallModel:
        """Return the model, its patterns read by an executor; or refuse."""
        raise IllegalCombination(
            f"{self._who('recall')}: executor must be left out, because this model does not recall from parts of its "
            f"patterns; got {shown(executor)}. Leave it out, or take an AssociativeMemory of continuous neurons."
        )

    def energy(self, states: Any) -> Array:
        """Return E (B,) of states (B, N), or one number of (N,), in float64.

        Raises `NoEnergy` where the model has none, `EnergyOverflow` where float64 cannot hold it.
        """
        model, names = self._present()
        rows, single = self._states("energy", states, model, names)
        energy = model.energy(rows)
        energy = energy if model.separation.local else representable(self._who("energy"), energy)
        return energy[0] if single else energy

    def _who(self, method: str) -> str:
        return f"{type(self).__name__}.{method}"

    def _cues(
        self, method: str, cues: Any, known: Any, clamped: Any, model: RecallModel, names: Names | None
    ) -> tuple[Any, Any, Any]:
        """Return cues, and what is known and clamped of them, as plain arrays of the columns of a model."""
        masks = ("known", known), ("clamped", clamped)
        cues, (known, clamped), _ = plain(
            self._who(method), "cues", cues, *masks, names=names, like=model.like, neurons=model.neurons
        )
        return cues, known, clamped

    def _states(self, method: str, states: Any, model: RecallModel, names: Names | None) -> tuple[Array, bool]:
        """Return checked states (B, N) of a model, and whether there was a single one."""
        who, like = self._who(method), model.like
        states = plain(who, "states", states, names=names, like=like, neurons=self.neurons).rows
        rows, single = check_rows(who, "states", states, like.shape[-1], like, self.neurons)
        check_values(self._who(method), "states", rows, None, self.neurons)
        return model.start(rows, None), single


def run(model: RecallModel, request: Request, *, afterwards: RecallModel | None = None) -> Recall:
    """Return the recall of the request's cues.

    What the states are is found when it is asked; at once where it decides the outcome, where patterns in files may
    change before, or where another model answers `afterwards`, because an executor may be gone by then.
    """
    settled = _settled_flow(model, request) if request.dynamics.needs == "flow" else _settled(model, request)
    if model.single_step:
        settled.outcome[settled.steps > 0] = Outcome.ONE_STEP
    resting = Resting(model, settled.state, request.cues, request.known, _evidence(model, request))
    resting.level = _level(model, request)
    if afterwards is not None or _is_told_at_once(model):
        settled.outcome[~resting.identity.reached] = Outcome.OUT_OF_REACH
        resting.model = afterwards or model
    state = _valued(model, _seen(model, settled.state, request), request.known)
    if model.reader is not None and model.reader.holes and not model.neurons.discrete:
        settled.outcome[to_numpy(namespace(state).any(~namespace(state).isfinite(state), axis=-1))] = Outcome.UNANSWERED
    recall = Recall(
        state=state,
        steps=settled.steps,
        outcome=settled.outcome,
        period=settled.period,
        trace=_trace(model, settled, request) if request.limits.trace else None,
        _resting=resting,
    )
    return recall[0] if request.single else recall


def _evidence(model: RecallModel, request: Request) -> Evidence | None:
    """Return what says which patterns have no say, where they have unknown coordinates: by what is held of the cues."""
    reader, held = model.reader, ~request.movable
    if reader is None or not reader.holes or not bool(namespace(held).any(held)):
        return None
    return Evidence(held, request.movable & reader.patterns.known_by_some)


def _level(model: RecallModel, request: Request) -> float | None:
    """Return the familiarity below which a cue is unfamiliar; by default of patterns in memory only."""
    volatile = model.reader is not None and model.reader.patterns.volatile
    return None if volatile and request.unfamiliar is UNFAMILIAR else request.unfamiliar


def _is_told_at_once(model: RecallModel) -> bool:
    reader = model.reader
    return reader is None or reader.separation.local or reader.patterns.volatile


def _settled(model: Model, request: Request) -> Settled:
    """Return where the cues come to rest."""
    start = model.start(request.cues, request.known)
    return settle(
        model, start, widened(request.movable, start), cue_mask=request.known,
        dynamics=request.dynamics, limits=request.limits, seed=request.seed,
    )  # fmt: skip


def _settled_flow(model: RecallModel, request: Request) -> Settled:
    """Return where the cues come to rest in continuous time, as states of the model that is asked."""
    currents: FlowModel = cast(Any, model).currents
    settled = _settled(currents, request)
    path = [currents.observed(state) for state in settled.path]
    return replace(settled, state=currents.observed(settled.state), path=path)


def _seen(model: Model, state: Array, request: Request) -> Array:
    """Return what is seen (B, N) of states; what was held is what it was, to the last digit."""
    xp, seen = namespace(state), model.visible(state)
    held = (
        request.cues if request.known is None else xp.where(request.movable, xp.zeros_like(request.cues), request.cues)
    )
    return xp.where(request.movable, seen, xp.astype(held, seen.dtype))


def widened(movable: Array, state: Array) -> Array:
    """Return what may move (B, W) of states (B, W): what is not seen is never held."""
    xp, hidden = namespace(state), state.shape[-1] - movable.shape[-1]
    if not hidden:
        return movable
    return xp.concat([movable, xp.ones((state.shape[0], hidden), dtype=xp.bool, device=device(state))], axis=-1)


def _valued(model: RecallModel, state: Array, known: Array | None) -> Array:
    """Return states with NaN in real columns of which neither the cue nor any memory knows a value."""
    if known is None or model.neurons.discrete or model.reader is None:
        return state
    by_some = model.reader.patterns.known_by_some
    if by_some is None:
        return state
    xp, discrete = namespace(state), ~model.neurons.continuous(state)
    return xp.where(known | by_some | discrete, state, xp.full_like(state, math.nan))


def _trace(model: RecallModel, settled: Settled, request: Request) -> Trace:
    """Return states and energies of every step; no energy where a coordinate has no value yet."""
    xp = namespace(settled.state)
    energies = None
    if model.has_energy:
        energies = xp.stack([_energy(model, state, request) for state in settled.path])
        valued = xp.ones(energies.shape, dtype=xp.bool, device=device(energies))
        if request.known is not None:
            start = xp.all(request.known, axis=-1)[None, :]
            valued = xp.concat([start, valued[1:, :]], axis=0)
        valued = valued & ~xp.stack([model.neurons.undecided(state) for state in settled.path])
        energies = xp.where(valued, energies, xp.full_like(energies, math.nan))
    return Trace(xp.stack([_seen(model, state, request) for state in settled.path]), energies)


def _energy(model: RecallModel, state: Array, request: Request) -> Array:
    """Return the energy (B,) of states on the way, by the memories that have a say."""
    evidence = _evidence(model, request)
    if evidence is None or model.reader is None or sweeps(model.neurons):
        return model.energy(state)
    xp = namespace(state)
    summary = model.reader.summary(model.visible(state), evidence=evidence, dtype=xp.float64)
    return model.energy(state, summary)
