"""The answer to a request: settle its cues on the landscape, then say what the states are.

Shapes: states (B, N); a trace has the T + 1 steps in front.
"""

import math

from mnemonist._array import Array, device, namespace
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.recall import Recall, Trace
from mnemonist.dynamics.settle import Settled, settle
from mnemonist.memories.identify import identify
from mnemonist.memories.landscape import Landscape
from mnemonist.memories.request import Request


def answer(landscape: Landscape, request: Request) -> Recall:
    """Return the recall of the request's cues."""
    settled = settle(
        landscape, landscape.start(request.cues, request.known), request.free, compare=request.known,
        dynamics=request.dynamics, limits=request.limits, seed=request.seed,
    )  # fmt: skip
    if not landscape.has_energy:
        settled.outcome[settled.steps > 0] = Outcome.ONE_STEP
    found = identify(landscape, settled.state)
    settled.outcome[~found.reached] = Outcome.OUT_OF_REACH
    recall = Recall(
        state=_valued(landscape, settled.state, request.known),
        steps=settled.steps, outcome=settled.outcome, period=settled.period,
        nearest=found.nearest, overlap=found.overlap, kind=found.kind, parts=found.parts, values=found.values,
        top=found.top, trace=_trace(landscape, settled, request) if request.limits.trace else None,
        ids=landscape.patterns.ids, _energy=found.energy, _weigh=landscape.weights,
        _unbounded=landscape.separation.local,
    )  # fmt: skip
    return recall[0] if request.single else recall


def _valued(landscape: Landscape, state: Array, known: Array | None) -> Array:
    """Return real states with NaN where neither the cue nor any memory has a value: nothing can be said there."""
    rows = landscape.patterns.whole.known
    if rows is None or known is None or landscape.neurons.discrete:
        return state
    xp = namespace(state)
    return xp.where(known | xp.any(rows, axis=0), state, xp.full_like(state, math.nan))


def _trace(landscape: Landscape, settled: Settled, request: Request) -> Trace:
    """Return states and energies of every step; no energy where a coordinate has no value yet."""
    xp = namespace(settled.state)
    energies = None
    if landscape.has_energy:
        energies = xp.stack([landscape.energy(state) for state in settled.path])
        valued = xp.ones(energies.shape, dtype=xp.bool, device=device(energies))
        if request.known is not None:
            start = xp.all(request.known, axis=-1)[None, :]
            valued = xp.concat([start, valued[1:, :]], axis=0)
        if landscape.neurons.discrete:
            valued = valued & xp.stack([xp.all(state != 0, axis=-1) for state in settled.path])
        energies = xp.where(valued, energies, xp.full_like(energies, math.nan))
    return Trace(xp.stack(settled.path), energies)
