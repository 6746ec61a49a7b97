"""The answer to a request: settle its cues on the model, then say what the states are.

Shapes: states (B, W), of which (B, N) are seen; a trace has the T + 1 steps in front.
"""

import math
from dataclasses import replace

from mnemonist._array import Array, device, namespace
from mnemonist.dynamics.model import FlowModel, Model
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.settle import Settled, settle
from mnemonist.recall.identify import identify
from mnemonist.recall.model import Remembering
from mnemonist.recall.request import Request
from mnemonist.recall.result import Recall, Trace


def answer(model: Remembering, request: Request) -> Recall:
    """Return the recall of the request's cues."""
    settled = _in_currents(model.currents, request) if request.dynamics.in_currents else _settled(model, request)
    if model.one_step:
        settled.outcome[settled.steps > 0] = Outcome.ONE_STEP
    found = identify(model, settled.state)
    settled.outcome[~found.reached] = Outcome.OUT_OF_REACH
    recall = Recall(
        state=_valued(model, _seen(model, settled.state, request), request.known),
        steps=settled.steps, outcome=settled.outcome, period=settled.period,
        nearest=found.nearest, overlap=found.overlap, kind=found.kind, parts=found.parts, values=found.values,
        top=found.top, trace=_trace(model, settled, request) if request.limits.trace else None,
        _energy=found.energy, _model=model,
    )  # fmt: skip
    return recall[0] if request.single else recall


def _settled(model: Model, request: Request) -> Settled:
    """Return where the cues come to rest."""
    start = model.start(request.cues, request.known)
    return settle(
        model, start, widened(request.free, start), compare=request.known,
        dynamics=request.dynamics, limits=request.limits, seed=request.seed,
    )  # fmt: skip


def _in_currents(model: FlowModel, request: Request) -> Settled:
    """Return where the cues come to rest in continuous time, as states of the model that is asked."""
    settled = _settled(model, request)
    path = [model.uncovered(state) for state in settled.path]
    return replace(settled, state=model.uncovered(settled.state), path=path)


def _seen(model: Remembering, state: Array, request: Request) -> Array:
    """Return what is seen (B, N) of states; what was held is what it was, to the last digit."""
    xp, seen = namespace(state), model.visible(state)
    held = request.cues if request.known is None else xp.where(request.free, xp.zeros_like(request.cues), request.cues)
    return xp.where(request.free, seen, xp.astype(held, seen.dtype))


def widened(free: Array, state: Array) -> Array:
    """Return what may move (B, W) of states (B, W): what is not seen is never held."""
    xp, hidden = namespace(state), state.shape[-1] - free.shape[-1]
    if not hidden:
        return free
    return xp.concat([free, xp.ones((state.shape[0], hidden), dtype=xp.bool, device=device(state))], axis=-1)


def _valued(model: Remembering, state: Array, known: Array | None) -> Array:
    """Return states with NaN in real columns of which neither the cue nor any memory knows a value."""
    if known is None or model.neurons.discrete or not len(model.patterns) or model.patterns.known_by_some is None:
        return state
    xp, discrete = namespace(state), ~model.neurons.continuous(state)
    valued = known | model.patterns.known_by_some | discrete
    return xp.where(valued, state, xp.full_like(state, math.nan))


def _trace(model: Remembering, settled: Settled, request: Request) -> Trace:
    """Return states and energies of every step; no energy where a coordinate has no value yet."""
    xp = namespace(settled.state)
    energies = None
    if model.has_energy:
        energies = xp.stack([model.energy(state) for state in settled.path])
        valued = xp.ones(energies.shape, dtype=xp.bool, device=device(energies))
        if request.known is not None:
            start = xp.all(request.known, axis=-1)[None, :]
            valued = xp.concat([start, valued[1:, :]], axis=0)
        valued = valued & ~xp.stack([model.neurons.undecided(state) for state in settled.path])
        energies = xp.where(valued, energies, xp.full_like(energies, math.nan))
    return Trace(xp.stack([_seen(model, state, request) for state in settled.path]), energies)
