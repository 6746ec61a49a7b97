"""A run: the cues of a request settle on a model.

Shapes: states (B, W), of which (B, N) are seen; a trace has the T + 1 steps in front.
"""

import math
from dataclasses import replace
from typing import Any, cast

from mnemonist._array import Array, device, namespace
from mnemonist.dynamics.model import FlowModel, Model
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.settle import Settled, settle
from mnemonist.recall.model import RecallModel
from mnemonist.recall.request import Request
from mnemonist.recall.result import Recall, Resting, Trace


def run(model: RecallModel, request: Request, *, afterwards: RecallModel | None = None) -> Recall:
    """Return the recall of the request's cues.

    What the states are is found when it is asked; at once where it decides the outcome, where patterns in files may
    change before, or where another model answers `afterwards`, because an executor may be gone by then.
    """
    settled = _settled_flow(model, request) if request.dynamics.needs == "flow" else _settled(model, request)
    if model.single_step:
        settled.outcome[settled.steps > 0] = Outcome.ONE_STEP
    resting = Resting(model, settled.state)
    if afterwards is not None or _is_told_at_once(model):
        settled.outcome[~resting.identity.reached] = Outcome.OUT_OF_REACH
        resting.model = afterwards or model
    recall = Recall(
        state=_valued(model, _seen(model, settled.state, request), request.known),
        steps=settled.steps,
        outcome=settled.outcome,
        period=settled.period,
        trace=_trace(model, settled, request) if request.limits.trace else None,
        _resting=resting,
    )
    return recall[0] if request.single else recall


def _is_told_at_once(model: RecallModel) -> bool:
    reader = model.reader
    return reader is None or reader.separation.local or reader.patterns.volatile


def _settled(model: Model, request: Request) -> Settled:
    """Return where the cues come to rest."""
    start = model.start(request.cues, request.known)
    return settle(
        model, start, widened(request.free, start), compare=request.known,
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
    held = request.cues if request.known is None else xp.where(request.free, xp.zeros_like(request.cues), request.cues)
    return xp.where(request.free, seen, xp.astype(held, seen.dtype))


def widened(free: Array, state: Array) -> Array:
    """Return what may move (B, W) of states (B, W): what is not seen is never held."""
    xp, hidden = namespace(state), state.shape[-1] - free.shape[-1]
    if not hidden:
        return free
    return xp.concat([free, xp.ones((state.shape[0], hidden), dtype=xp.bool, device=device(state))], axis=-1)


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
        energies = xp.stack([model.energy(state) for state in settled.path])
        valued = xp.ones(energies.shape, dtype=xp.bool, device=device(energies))
        if request.known is not None:
            start = xp.all(request.known, axis=-1)[None, :]
            valued = xp.concat([start, valued[1:, :]], axis=0)
        valued = valued & ~xp.stack([model.neurons.undecided(state) for state in settled.path])
        energies = xp.where(valued, energies, xp.full_like(energies, math.nan))
    return Trace(xp.stack([_seen(model, state, request) for state in settled.path]), energies)
