"""The answer to a request: settle its cues on the model, then say what the states are.

Shapes: states (B, N); a trace has the T + 1 steps in front.
"""

import math

from mnemonist._array import Array, device, namespace
from mnemonist.dynamics.identify import identify
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.recall import Recall, Trace
from mnemonist.dynamics.remembering import Remembering
from mnemonist.dynamics.request import Request
from mnemonist.dynamics.settle import Settled, settle


def answer(model: Remembering, request: Request) -> Recall:
    """Return the recall of the request's cues."""
    settled = settle(
        model, model.start(request.cues, request.known), request.free, compare=request.known,
        dynamics=request.dynamics, limits=request.limits, seed=request.seed,
    )  # fmt: skip
    if model.one_step:
        settled.outcome[settled.steps > 0] = Outcome.ONE_STEP
    found = identify(model, settled.state)
    settled.outcome[~found.reached] = Outcome.OUT_OF_REACH
    recall = Recall(
        state=_valued(model, settled.state, request.known),
        steps=settled.steps, outcome=settled.outcome, period=settled.period,
        nearest=found.nearest, overlap=found.overlap, kind=found.kind, parts=found.parts, values=found.values,
        top=found.top, trace=_trace(model, settled, request) if request.limits.trace else None,
        ids=model.patterns.ids, _energy=found.energy, _weigh=model.weights,
        _unbounded=model.separation.local,
    )  # fmt: skip
    return recall[0] if request.single else recall


def _valued(model: Remembering, state: Array, known: Array | None) -> Array:
    """Return states with NaN in real columns of which neither the cue nor any memory knows a value."""
    if known is None or model.neurons.discrete or model.patterns.whole.known is None:
        return state
    xp, discrete = namespace(state), ~model.neurons.continuous(state)
    valued = known | xp.any(model.patterns.whole.known, axis=0) | discrete
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
    return Trace(xp.stack(settled.path), energies)
