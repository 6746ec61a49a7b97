"""Settling: repeat an update until every cue rests, each by itself.

A discrete state rests when a full pass changed nothing, a continuous one when

    max|Δx| ≤ tol · (max x − min x)        or max|x|, of a state that spans nothing; or 4 ε max|x|

so that it rests alike in any unit, and with any offset; where states are within ±1, ≤ tol · max(1, max|x|). A mixed one
rests when both hold of its columns. A cue that rests is
left alone, so its result does not depend on its batch-mates. A first update that compared only known
coordinates is never counted as rest: the next one looks at all. Nor is one that noise may yet move.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.dynamics.model import Model
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.protocol import Dynamics

TOLERANCE = {"float32": 1e-5, "float64": 1e-9}
_ROUNDINGS = 4  # of the largest number of a state, within which it has not moved


@dataclass(frozen=True)
class Limits:
    """When to stop: `max_steps` updates at most; `tol` on continuous states, None for the default of their dtype.

    At most `batch_size` are moved together, None for all: which ones are changes nothing but the memory needed.
    `trace` keeps the states of every step.
    """

    max_steps: int = 1000
    tol: float | None = None
    batch_size: int | None = None
    trace: bool = False


@dataclass(frozen=True)
class Settled:
    """Where the states came to rest: state (B, W); steps, outcome, period (B,); states per step where traced."""

    state: Array
    steps: np.ndarray[Any, Any]
    outcome: np.ndarray[Any, Any]
    period: np.ndarray[Any, Any]
    path: list[Array] = field(default_factory=list)


def settle(
    model: Model,
    state: Array,
    movable: Array,
    *,
    cue_mask: Array | None,
    dynamics: Dynamics,
    limits: Limits,
    seed: int = 0,
) -> Settled:
    """Move states (B, W) until each rests, cycles, or has made `limits.max_steps` updates.

    `movable` (B, W) may move; the first update looks at `cue_mask` (B, N) only, where that is given.
    """
    count = state.shape[0]
    size = limits.batch_size or max(1, count)
    if count <= size:
        everyone = np.arange(count)
        return _settle(
            model, state, movable, cue_mask=cue_mask, cues=everyone, dynamics=dynamics, limits=limits, seed=seed
        )
    parts = [slice(start, min(start + size, count)) for start in range(0, max(1, count), size)]
    seen = [None if cue_mask is None else cue_mask[part, ...] for part in parts]
    return _joined(
        [
            _settle(
                model,
                state[part, ...],
                movable[part, ...],
                cue_mask=mask,
                cues=np.arange(part.start, part.stop),
                dynamics=dynamics,
                limits=limits,
                seed=seed,
            )
            for part, mask in zip(parts, seen, strict=True)
        ]
    )


def _settle(
    model: Model,
    state: Array,
    movable: Array,
    *,
    cue_mask: Array | None,
    cues: np.ndarray[Any, Any],
    dynamics: Dynamics,
    limits: Limits,
    seed: int,
) -> Settled:
    xp, count = namespace(state), state.shape[0]
    steps, period = np.zeros(count, np.int64), np.zeros(count, np.int64)
    outcome = np.full(count, Outcome.MAX_STEPS, dtype=object)
    visits = _Visits(state, model.neurons.rest) if model.neurons.discrete and dynamics.repeatable else None
    moving, path = np.arange(count), [state]
    for sweep in range(1, limits.max_steps + 1):
        if not moving.size:
            break
        seen = cue_mask if sweep == 1 else None
        old, moves, asked = state, movable, cues
        if len(moving) < count:
            index, asked = beside(moving, state), cues[moving]
            old, moves = xp.take(state, index, axis=0), xp.take(movable, index, axis=0)
        new = dynamics.update(model, old, moves, cue_mask=seen, cues=asked, seed=seed, sweep=sweep)
        state = _replaced(state, moving, new)
        steps[moving] = sweep
        at_rest = to_numpy(_rests(model, old, new, limits.tol)) & dynamics.rests(sweep)
        if seen is not None and not model.neurons.discrete:
            at_rest = at_rest & to_numpy(xp.all(seen, axis=-1))
        resting = np.count_nonzero(at_rest)
        if resting:
            outcome[moving[at_rest]] = Outcome.CONVERGED
        if visits is not None:
            period[moving] = np.where(at_rest, 0, visits.period(moving, new, sweep))
            outcome[moving[period[moving] > 0]] = Outcome.CYCLE
            moving = moving[~at_rest & (period[moving] == 0)]
        elif resting:
            moving = moving[~at_rest]
        if limits.trace:
            path.append(state)
    return Settled(state, steps, outcome, period, path)


def _joined(parts: list[Settled]) -> Settled:
    """Return what was settled in parts as one; a part that rested sooner repeats its last states."""
    if len(parts) == 1:
        return parts[0]
    xp, length = namespace(parts[0].state), max(len(part.path) for part in parts)
    paths = [part.path + [part.path[-1]] * (length - len(part.path)) for part in parts]
    return Settled(
        xp.concat([part.state for part in parts], axis=0),
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.outcome for part in parts]),
        np.concatenate([part.period for part in parts]),
        [xp.concat(list(states), axis=0) for states in zip(*paths, strict=True)],
    )


def _rests(model: Model, old: Array, new: Array, tol: float | None) -> Array:
    """Return (B,), True where an update left a state as it was."""
    xp, neurons = namespace(new), model.neurons
    if neurons.discrete:
        return ~xp.any(new != old, axis=-1)
    if tol is None:
        tol = TOLERANCE["float32" if new.dtype == xp.float32 else "float64"]
    moved = abs(new - old)
    if neurons.bounded or neurons.directions:  # 1 is what such a state may span
        return xp.max(moved, axis=-1) <= tol * xp.maximum(xp.max(abs(new), axis=-1), xp.ones_like(new[:, 0]))
    if not neurons.mixed:
        return _within(moved, new, tol)
    continuous, zero = neurons.continuous(new), xp.zeros_like(new)
    first = xp.take(new, xp.argmax(xp.astype(continuous, xp.int8), keepdims=True), axis=-1)
    still = ~xp.any((new != old) & ~continuous, axis=-1)
    return _within(xp.where(continuous, moved, zero), xp.where(continuous, new, first), tol) & still


def _within(moved: Array, new: Array, tol: float) -> Array:
    """Return where max|Δx| is tol of what the state spans, or as little as its largest number is rounded by.

    A state that spans nothing is measured by its size. A coordinate without a value has not moved.
    """
    xp = namespace(new)
    most = xp.max(moved, axis=-1)
    if bool(xp.any(xp.isnan(most))):
        there = ~xp.isnan(moved)
        moved, new = (xp.where(there, x, xp.zeros_like(x)) for x in (moved, new))
        most = xp.max(moved, axis=-1)
    high, low = xp.max(new, axis=-1), xp.min(new, axis=-1)
    size, spans = xp.maximum(high, -low), high - low
    unit = xp.where(spans > 0, spans, size)
    return (most <= tol * unit) | (most <= min(tol, _ROUNDINGS * float(xp.finfo(new.dtype).eps)) * size)


def _replaced(state: Array, moving: np.ndarray[Any, Any], rows: Array) -> Array:
    """Return the states with those of the moving cues exchanged; the given array is not written to."""
    if len(moving) == state.shape[0]:
        return rows
    xp = namespace(state)
    source, moved = np.zeros(state.shape[0], np.int64), np.zeros((state.shape[0], 1), np.bool_)
    source[moving], moved[moving] = np.arange(len(moving)), True
    return xp.where(beside(moved, state), xp.take(rows, beside(source, state), axis=0), state)


class _Visits:
    """Which states each cue has been in, and when: of a discrete state a few bits per neuron are kept."""

    def __init__(self, state: Array, rest: float) -> None:
        self._rest = rest
        self.seen: list[dict[bytes, int]] = [{key: 0} for key in keys(state, rest)]

    def period(self, cues: np.ndarray[Any, Any], state: Array, sweep: int) -> np.ndarray[Any, Any]:
        """Return how many updates ago each of these cues was in its present state; 0 where never."""
        earlier = [
            self.seen[cue].setdefault(key, sweep)
            for cue, key in zip(cues.tolist(), keys(state, self._rest), strict=True)
        ]
        return sweep - np.asarray(earlier, dtype=np.int64)


def keys(state: Array, rest: float) -> list[bytes]:
    """Return the discrete states (B, W), of values below, at and above that of an undecided neuron, as bytes."""
    host = to_numpy(state)
    level = np.asarray(rest, host.dtype)
    planes = np.concatenate([host > level, host < level], axis=-1)
    return [row.tobytes() for row in np.packbits(planes, axis=-1)]
