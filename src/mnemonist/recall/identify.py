r"""What a state is, in terms of the memories: nearest, overlap, kind, values.

One more pass over the patterns, tile by tile: the 32 largest weights, the nearest memory and the readout of the values
are carried along, so the scores never exist for all patterns at once.

Kinds of a discrete state, or of a network's, go by overlaps; of another one by k, the fewest weights that reach 0.9. A
model that knows no patterns, a network given as a matrix, has nothing to compare with: nearest −1, overlap NaN.

Source: Ramsauer et al. 2021, arXiv:2008.02217, §2 (k); Amit, Gutfreund & Sompolinsky 1985 (mixtures).
Shapes: state (B, N), or (B, W) with what is not seen; everything returned has the B cues in front.
"""

import math
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, largest, namespace, to_numpy
from mnemonist.core.separation import Reading, Summary
from mnemonist.dynamics.outcome import Kind
from mnemonist.kernels.softmax_survey import ROUNDINGS
from mnemonist.readout.executor import gathered
from mnemonist.readout.survey import TOP, Seen
from mnemonist.recall.model import Remembering
from mnemonist.recall.result import Top
from mnemonist.stores.block import Block

_REACHED = 0.9
_FAINT = 0.01  # graded neurons below it all say nothing, however well their directions agree
_MIXTURES = (3, 5, 7)
_WEIGHTS = 2**21  # weights that are sorted at one time, where the top does not reach 0.9


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
    reached: np.ndarray[Any, Any]  # False where no memory has a weight because all end before this state


def identify(model: Remembering, state: Array) -> Identity:
    """Say what states (B, W) are, some of them at a time."""
    if not len(model.patterns):
        return _stranger(model, state)
    count = state.shape[0]
    size = model.cues_at_once or max(1, count)
    starts = range(0, max(1, count), size)
    parts = [_identify(model, state[start : min(start + size, count), ...]) for start in starts]
    return parts[0] if len(parts) == 1 else _all_of(parts)


def _all_of(parts: list[Identity]) -> Identity:
    """Return what was found of several runs of states as one."""

    def joined(name: str) -> Any:
        found = [getattr(part, name) for part in parts]
        if found[0] is None:
            return None
        return np.concatenate(found) if isinstance(found[0], np.ndarray) else namespace(found[0]).concat(found, axis=0)

    top = Top(
        np.concatenate([part.top.ids for part in parts]),
        namespace(parts[0].top.weights).concat([part.top.weights for part in parts], axis=0),
    )
    names = ("energy", "nearest", "overlap", "kind", "parts", "values", "reached")
    return Identity(top=top, **{name: joined(name) for name in names})


def _identify(model: Remembering, state: Array) -> Identity:
    full, state = state, model.visible(state)
    whole = model.whole_summary(state, dtype=namespace(state).float64)
    seen = gathered(model, partial(_see, state=state, whole=whole), partial(_both, model))
    nearest = to_numpy(seen.nearest)[:, 0]
    weights = _weights(model, seen)
    overlap = _overlap(model, state, nearest)
    if model.by_overlap:
        kind, parts = _discrete_kind(model, state, seen, to_numpy(overlap))
    else:
        kind, parts = _continuous_kind(model, state, to_numpy(weights))
    return Identity(
        energy=model.energy_from(full, seen.reading.summary) if model.has_energy else None,
        nearest=model.patterns.ids_at(nearest),
        overlap=overlap,
        kind=kind,
        parts=parts,
        values=None if model.patterns.first.values is None else _mean(seen.reading),
        top=Top(model.patterns.ids_at(to_numpy(seen.positions)), weights),
        reached=to_numpy(seen.reading.mass)[:, 0] > 0 if model.separation.local else np.ones(len(kind), np.bool_),
    )


def _stranger(model: Remembering, state: Array) -> Identity:
    """Say of states that there is nothing to compare them with."""
    xp, count = namespace(state), state.shape[0]
    kind = np.full(count, Kind.UNKNOWN, dtype=object)
    kind[_undecided(model, to_numpy(state))] = Kind.UNDECIDED
    energy = model.energy(state) if model.has_energy else None
    return Identity(
        energy=energy,
        nearest=np.full(count, -1, np.int64),
        overlap=xp.full_like(state[:, 0], math.nan),
        kind=kind,
        parts=np.zeros(count, np.int64),
        values=None,
        top=Top(np.empty((count, 0), np.int64), model.weights(state)),
        reached=np.ones(count, np.bool_) if energy is None else np.isfinite(to_numpy(energy)),
    )


def _see(model: Remembering, state: Array, whole: Summary | None) -> Seen:
    """Return what is seen of the patterns of a model: at one look, or tile by tile."""
    tiles = (look_at(model, state, tile, whole=whole) for tile in model.scored(state))
    return model.look(state) or reduce(partial(_both, model), tiles)


def look_at(model: Remembering, state: Array, tile: tuple[Array, Block], *, whole: Summary | None) -> Seen:
    """Return what is seen of one tile (scores, patterns)."""
    xp, (h, block), separation = namespace(state), tile, model.separation
    exact = xp.astype(h, xp.float64)
    values = block.values if block.values is not None else h.T[:, :0]
    salience, columns = largest(separation.salience(exact), TOP)
    closeness = _closeness(model, state, h, block)
    best = xp.max(closeness, axis=-1, keepdims=True)
    first = xp.argmax(xp.astype(closeness >= best - _rounding(xp, best), xp.int8), axis=-1, keepdims=True)
    return Seen(
        count=len(block.ids),
        reading=separation.read(exact, xp.astype(values, xp.float64), whole=whole),
        salience=salience,
        scores=xp.take_along_axis(exact, columns, axis=-1),
        positions=columns,
        closeness=best,
        nearest=first,
    )


def _both(model: Remembering, one: Seen, other: Seen) -> Seen:
    """Return what was seen in two runs of patterns, the second behind the first; ties go to the first."""
    xp = namespace(one.closeness)
    salience, order = largest(xp.concat([one.salience, other.salience], axis=-1), TOP)
    scores = xp.take_along_axis(xp.concat([one.scores, other.scores], axis=-1), order, axis=-1)
    positions = xp.take_along_axis(xp.concat([one.positions, other.positions + one.count], axis=-1), order, axis=-1)
    better = other.closeness > one.closeness + _rounding(xp, one.closeness)
    return Seen(
        count=one.count + other.count,
        reading=model.together(one.reading, other.reading),
        salience=salience,
        scores=scores,
        positions=positions,
        closeness=xp.where(better, other.closeness, one.closeness),
        nearest=xp.where(better, other.nearest + one.count, one.nearest),
    )


def _closeness(model: Remembering, state: Array, h: Array, block: Block) -> Array:
    """Return (B, k) that is greatest at the nearest memory, or at the nearest mirror image where those are stored."""
    close = model.closeness(state, h, block)
    return _unturned(namespace(state), close) if model.separation.even else close


def _unturned(xp: Any, close: Array) -> Array:
    """Return |close|; of a pattern and the mirror image of another, equally close, the pattern comes first."""
    size = xp.abs(close)
    return xp.where(close > 0, size + 2 * _rounding(xp, size), size)


def _rounding(xp: Any, close: Array) -> Array:
    """Return the difference below which closenesses count as equal."""
    return ROUNDINGS * float(xp.finfo(close.dtype).eps) * xp.abs(close)


def _mean(reading: Reading) -> Array:
    """Return Σ f v / Σ |f|."""
    xp = namespace(reading.mass)
    return reading.pull / xp.where(reading.mass > 0, reading.mass, xp.ones_like(reading.mass))


def _weights(model: Remembering, seen: Seen) -> Array:
    """Return the normalised weights (B, ≤ 32) of the top."""
    xp = namespace(seen.scores)
    mass = seen.reading.mass
    scaled = model.separation.scaled(seen.scores, seen.reading.summary)
    return scaled / xp.where(mass > 0, mass, xp.ones_like(mass))


def _overlap(model: Remembering, state: Array, nearest: np.ndarray[Any, Any]) -> Array:
    """Return the overlap (B,) with the nearest memory, over what it knows."""
    block = model.patterns.at(nearest)
    return model.neurons.overlap(state, namespace(state).astype(block.rows, state.dtype), block.known)


def _continuous_kind(
    model: Remembering, state: Array, weights: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds and k, the fewest weights that reach 0.9, from the normalised weights (B, ≤ 32) of the top."""
    parts = _fewest(weights)
    doubtful, size = np.flatnonzero(parts == 0), max(1, _WEIGHTS // len(model.patterns))
    for start in range(0, len(doubtful), size):
        cues = doubtful[start : start + size]
        every = to_numpy(model.weights(namespace(state).take(state, beside(cues, state), axis=0)))
        parts[cues] = _fewest(-np.sort(-np.abs(every), axis=-1))
    kind = np.full(len(parts), Kind.UNDECIDED, dtype=object)
    kind[parts <= len(model.patterns) / 2] = Kind.MIXTURE
    kind[parts == 1] = Kind.MEMORY
    kind[(parts == 1) & (weights[:, 0] < 0)] = Kind.MIRROR
    empty = to_numpy(model.neurons.undecided(state))
    parts[empty] = 0
    kind[parts == 0] = Kind.UNDECIDED
    return kind, parts


def _fewest(falling: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how many of the largest weights (B, k) reach 0.9; 0 where all of them do not."""
    reached = np.cumsum(np.abs(falling), axis=-1) >= _REACHED - 1e-9
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1, 0).astype(np.int64)


def _discrete_kind(
    model: Remembering, state: Array, seen: Seen, overlap: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds, and of how many memories a mixture is made."""
    kind = np.full(len(overlap), Kind.SPURIOUS, dtype=object)
    parts = np.zeros(len(overlap), dtype=np.int64)
    x, positions, scores = to_numpy(state), to_numpy(seen.positions), to_numpy(seen.scores)
    doubtful = np.flatnonzero(np.abs(overlap) < _REACHED)
    for count in reversed([m for m in _MIXTURES if m <= positions.shape[1]]):
        best = [_raised(model, positions[doubtful, j]) for j in range(count)]
        total = sum(np.sign(scores[doubtful, j, None]) * best[j] for j in range(count))
        agree = doubtful[model.neurons.agreement(total, x[doubtful].astype(np.float64)) >= _REACHED]
        kind[agree], parts[agree] = Kind.MIXTURE, count
    kind[overlap >= _REACHED], parts[overlap >= _REACHED] = Kind.MEMORY, 1
    kind[overlap <= -_REACHED], parts[overlap <= -_REACHED] = Kind.MIRROR, 1
    empty = _undecided(model, x)
    kind[empty], parts[empty] = Kind.UNDECIDED, 0
    return kind, parts


def _undecided(model: Remembering, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return (B,), True where a discrete site has no value, or a bounded state is as good as none."""
    if model.neurons.bounded:
        return np.asarray((np.abs(x) < _FAINT).all(axis=-1))
    return np.asarray(model.neurons.undecided(x))


def _raised(model: Remembering, positions: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return patterns (B, N) less the value of an undecided neuron, 0 where they know nothing."""
    block = model.patterns.at(positions)
    raised = to_numpy(block.rows) - model.neurons.rest
    return np.asarray(raised if block.known is None else np.where(to_numpy(block.known), raised, 0.0))
