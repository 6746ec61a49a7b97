r"""What a state is, in terms of the memories: nearest, overlap, kind, values.

One more pass over the patterns, tile by tile: the 32 largest weights, the nearest memory and the readout of the values
are carried along, so the scores never exist for all patterns at once.

Kinds of a discrete state go by overlaps; of a continuous one by k, the fewest weights that reach 0.9. A model that
knows no patterns, a network given as a matrix, has nothing to compare with: nearest is −1 and the overlap NaN.

Source: Ramsauer et al. 2021, arXiv:2008.02217, §2 (k); Amit, Gutfreund & Sompolinsky 1985 (mixtures).
Shapes: state (B, N); everything returned has the B cues in front.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, largest, namespace, to_numpy
from mnemonist.core.separation import Reading
from mnemonist.dynamics.outcome import Kind
from mnemonist.dynamics.recall import Top
from mnemonist.dynamics.remembering import Remembering
from mnemonist.patterns.dense import Block

TOP = 32
_REACHED = 0.9
_MIXTURES = (3, 5, 7)
_CUES = 256  # cues whose weights are sorted whole at one time, where the top does not reach 0.9


@dataclass(frozen=True, eq=False)
class Identity:
    """What was found of B states; the fields are those of `Recall`."""

    energy: Array | None
    nearest: np.ndarray[Any, Any]
    overlap: Array
    kind: np.ndarray[Any, Any]
    parts: np.ndarray[Any, Any]
    values: Array | None
    top: Top


@dataclass(frozen=True, eq=False)
class _Seen:
    """What has been carried along so far: the reading, the best entries by salience and by closeness, as positions."""

    reading: Reading
    salience: Array  # (B, ≤ 32), falling
    scores: Array  # (B, ≤ 32), of the same memories
    positions: Array  # (B, ≤ 32)
    closeness: Array  # (B, 1)
    nearest: Array  # (B, 1)


def identify(model: Remembering, state: Array) -> Identity:
    """Say what states (B, N) are."""
    if not len(model.patterns):
        return _stranger(model, state)
    tiles = model.scored(state)
    seen, start = None, 0
    for h, block in tiles:
        new = _look(model, state, h, block, start)
        seen = new if seen is None else _both(model, seen, new)
        start += len(block.ids)
    assert seen is not None  # there are patterns
    ids = model.patterns.ids
    nearest = to_numpy(seen.nearest)[:, 0]
    weights = _weights(model, seen)
    top = Top(ids[to_numpy(seen.positions)], weights)
    overlap = _overlap(model, state, nearest)
    name = _discrete_kind if model.neurons.discrete else _continuous_kind
    kind, parts = name(model, state, seen, to_numpy(overlap), to_numpy(weights))
    return Identity(
        energy=model.energy_from(state, seen.reading.summary) if model.has_energy else None,
        nearest=ids[nearest],
        overlap=overlap,
        kind=kind,
        parts=parts,
        values=None if model.patterns.whole.values is None else _mean(seen.reading),
        top=top,
    )


def _stranger(model: Remembering, state: Array) -> Identity:
    """Say of states that there is nothing to compare them with."""
    xp, count = namespace(state), state.shape[0]
    kind = np.full(count, Kind.SPURIOUS, dtype=object)
    kind[_undecided(model, to_numpy(state))] = Kind.UNDECIDED
    return Identity(
        energy=model.energy(state) if model.has_energy else None,
        nearest=np.full(count, -1, np.int64),
        overlap=xp.full_like(state[:, 0], math.nan),
        kind=kind,
        parts=np.zeros(count, np.int64),
        values=None,
        top=Top(np.empty((count, 0), np.int64), model.weights(state)),
    )


def _look(model: Remembering, state: Array, h: Array, block: Block, start: int) -> _Seen:
    """Look at one tile, whose first pattern stands at position `start`."""
    xp = namespace(state)
    separation = model.separation
    exact = xp.astype(h, xp.float64)
    values = block.values if block.values is not None else block.rows[:, :0]
    salience, columns = largest(separation.salience(exact), TOP)
    closeness = _closeness(model, state, h, block)
    best = xp.max(closeness, axis=-1, keepdims=True)
    within = _rounding(xp, h) * xp.max(xp.abs(closeness), axis=-1, keepdims=True)
    first = xp.argmax(xp.astype(closeness >= best - within, xp.int8), axis=-1, keepdims=True)
    return _Seen(
        reading=separation.read(exact, xp.astype(values, xp.float64)),
        salience=salience,
        scores=xp.take_along_axis(exact, columns, axis=-1),
        positions=columns + start,
        closeness=best,
        nearest=first + start,
    )


def _both(model: Remembering, one: _Seen, other: _Seen) -> _Seen:
    """Return what was seen in two runs of patterns, the second behind the first; ties go to the first."""
    xp = namespace(one.closeness)
    salience, order = largest(xp.concat([one.salience, other.salience], axis=-1), TOP)
    scores = xp.take_along_axis(xp.concat([one.scores, other.scores], axis=-1), order, axis=-1)
    positions = xp.take_along_axis(xp.concat([one.positions, other.positions], axis=-1), order, axis=-1)
    better = other.closeness > one.closeness + _rounding(xp, one.closeness) * xp.abs(one.closeness)
    return _Seen(
        reading=model.separation.join(one.reading, other.reading),
        salience=salience,
        scores=scores,
        positions=positions,
        closeness=xp.where(better, other.closeness, one.closeness),
        nearest=xp.where(better, other.nearest, one.nearest),
    )


def _closeness(model: Remembering, state: Array, h: Array, block: Block) -> Array:
    """Return (B, k) that is greatest at the nearest memory: per shared coordinate where some are unknown."""
    xp = namespace(state)
    close = xp.abs(h) if model.separation.even else model.closeness(state, h, block)
    if block.known is None:
        return close
    shared = xp.sum(xp.astype(block.known, close.dtype), axis=-1)
    return close / xp.where(shared > 0, shared, xp.ones_like(shared))


def _rounding(xp: Any, like: Array) -> float:
    """Return the relative difference below which two closenesses count as equal."""
    return 16 * float(xp.finfo(like.dtype).eps)


def _mean(reading: Reading) -> Array:
    """Return Σ f v / Σ |f|."""
    xp = namespace(reading.mass)
    return reading.pull / xp.where(reading.mass > 0, reading.mass, xp.ones_like(reading.mass))


def _weights(model: Remembering, seen: _Seen) -> Array:
    """Return the normalised weights (B, ≤ 32) of the top."""
    xp = namespace(seen.scores)
    mass = seen.reading.mass
    scaled = model.separation.scaled(seen.scores, seen.reading.summary)
    return scaled / xp.where(mass > 0, mass, xp.ones_like(mass))


def _overlap(model: Remembering, state: Array, nearest: np.ndarray[Any, Any]) -> Array:
    """Return the overlap (B,) with the nearest memory, over what it knows."""
    block = model.patterns.whole.at(nearest)
    return model.neurons.overlap(state, namespace(state).astype(block.rows, state.dtype), block.known)


def _continuous_kind(
    model: Remembering, state: Array, seen: _Seen, overlap: Any, weights: Any
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds and k, the fewest weights that reach 0.9."""
    parts = _fewest(weights)
    for cues in np.array_split(np.flatnonzero(parts == 0), max(1, np.sum(parts == 0) // _CUES)):
        if cues.size:
            every = to_numpy(model.weights(namespace(state).take(state, beside(cues, state), axis=0)))
            parts[cues] = _fewest(-np.sort(-np.abs(every), axis=-1))
    kind = np.full(len(parts), Kind.UNDECIDED, dtype=object)
    kind[parts <= len(model.patterns) / 2] = Kind.MIXTURE
    kind[parts == 1] = Kind.MEMORY
    kind[(parts == 1) & (weights[:, 0] < 0)] = Kind.MIRROR
    kind[parts == 0] = Kind.UNDECIDED
    return kind, parts


def _fewest(falling: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how many of the largest weights (B, k) reach 0.9; 0 where all of them do not."""
    reached = np.cumsum(np.abs(falling), axis=-1) >= _REACHED - 1e-9
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1, 0).astype(np.int64)


def _discrete_kind(
    model: Remembering, state: Array, seen: _Seen, overlap: Any, weights: Any
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds, and of how many memories a mixture is made."""
    (low, high), rest = model.neurons.levels, model.neurons.rest
    kind = np.full(len(overlap), Kind.SPURIOUS, dtype=object)
    parts = np.zeros(len(overlap), dtype=np.int64)
    x, positions, scores = to_numpy(state), to_numpy(seen.positions), to_numpy(seen.scores)
    doubtful = np.flatnonzero(np.abs(overlap) < _REACHED)
    for count in reversed([m for m in _MIXTURES if m <= positions.shape[1]]):
        best = [_raised(model, positions[doubtful, j]) for j in range(count)]
        total = sum(np.sign(scores[doubtful, j, None]) * best[j] for j in range(count))
        blend = np.where(total > 0, high, np.where(total < 0, low, rest))
        agree = doubtful[model.neurons.overlap(blend, x[doubtful].astype(np.float64)) >= _REACHED]
        kind[agree], parts[agree] = Kind.MIXTURE, count
    kind[overlap >= _REACHED], parts[overlap >= _REACHED] = Kind.MEMORY, 1
    kind[overlap <= -_REACHED], parts[overlap <= -_REACHED] = Kind.MIRROR, 1
    kind[_undecided(model, x)], parts[_undecided(model, x)] = Kind.UNDECIDED, 0
    return kind, parts


def _undecided(model: Remembering, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return (B,), True where a site of a discrete state has no value."""
    return np.asarray((x == np.asarray(model.neurons.rest, x.dtype)).any(axis=-1))


def _raised(model: Remembering, positions: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return patterns (B, N) less the value of an undecided neuron, 0 where they know nothing."""
    block = model.patterns.whole.at(positions)
    raised = to_numpy(block.rows) - model.neurons.rest
    return np.asarray(raised if block.known is None else np.where(to_numpy(block.known), raised, 0.0))
