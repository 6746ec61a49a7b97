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
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Readout
from mnemonist.readout.reader import Reader
from mnemonist.readout.survey import Survey
from mnemonist.recall.kind import Kind
from mnemonist.recall.model import RecallModel

_REACHED = 0.9
_FAINT = 0.01  # graded neurons below it all say nothing, however well their directions agree
_MIXTURES = (3, 5, 7)
_WEIGHTS = 2**21  # weights that are sorted at one time, where the top does not reach 0.9


class Top(NamedTuple):
    """The memories with the largest weights, falling by size: ids and normalised weights (B, ≤ 32)."""

    ids: Any
    weights: Array


@dataclass(frozen=True, eq=False)
class Identity:
    """What was found of B states; the fields are those of `Recall`."""

    energy: Array | None
    nearest: np.ndarray[Any, Any]
    overlap: Array
    kind: np.ndarray[Any, Any]
    components: np.ndarray[Any, Any]
    values: Array | None
    top: Top
    reached: np.ndarray[Any, Any]  # False where no memory has a weight because all end before this state


def identify(model: RecallModel, state: Array) -> Identity:
    """Say what states (B, W) are, some of them at a time."""
    if model.reader is None:
        return _unknown(model, state)
    count = state.shape[0]
    size = model.batch_size or max(1, count)
    starts = range(0, max(1, count), size)
    parts = [_identify(model, model.reader, state[start : min(start + size, count), ...]) for start in starts]
    return parts[0] if len(parts) == 1 else _concatenate(parts)


def _concatenate(parts: list[Identity]) -> Identity:
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
    names = ("energy", "nearest", "overlap", "kind", "components", "values", "reached")
    return Identity(top=top, **{name: joined(name) for name in names})


def _identify(model: RecallModel, reader: Reader, state: Array) -> Identity:
    full, state, patterns = state, model.visible(state), reader.patterns
    survey = reader.survey(state)
    nearest = to_numpy(survey.nearest)[:, 0]
    weights = _weights(reader, survey)
    overlap = _overlap(reader, state, nearest)
    if reader.by_overlap:
        kind, components = _discrete_kind(reader, state, survey, to_numpy(overlap))
    else:
        kind, components = _continuous_kind(reader, state, to_numpy(weights))
    local = reader.separation.local
    return Identity(
        energy=model.energy(full, survey.readout.summary) if model.has_energy else None,
        nearest=patterns.ids_at(nearest),
        overlap=overlap,
        kind=kind,
        components=components,
        values=_mean(survey.readout) if survey.readout.pull.shape[-1] else None,
        top=Top(patterns.ids_at(to_numpy(survey.positions)), weights),
        reached=to_numpy(survey.readout.mass)[:, 0] > 0 if local else np.ones(len(kind), np.bool_),
    )


def _unknown(model: RecallModel, state: Array) -> Identity:
    """Say of states that there is nothing to compare them with."""
    xp, count = namespace(state), state.shape[0]
    kind = np.full(count, Kind.UNKNOWN, dtype=object)
    kind[_undecided(model.neurons, to_numpy(state))] = Kind.UNDECIDED
    energy = model.energy(state) if model.has_energy else None
    return Identity(
        energy=energy,
        nearest=np.full(count, -1, np.int64),
        overlap=xp.full_like(state[:, 0], math.nan),
        kind=kind,
        components=np.zeros(count, np.int64),
        values=None,
        top=Top(np.empty((count, 0), np.int64), no_weights(state)),
        reached=np.ones(count, np.bool_) if energy is None else np.isfinite(to_numpy(energy)),
    )


def no_weights(state: Array) -> Array:
    """Return the weights (…, 0) of no patterns."""
    return namespace(state).astype(state[..., :0], namespace(state).float64)


def _mean(readout: Readout) -> Array:
    """Return Σ f v / Σ |f|."""
    xp = namespace(readout.mass)
    return readout.pull / xp.where(readout.mass > 0, readout.mass, xp.ones_like(readout.mass))


def _weights(reader: Reader, survey: Survey) -> Array:
    """Return the normalised weights (B, ≤ 32) of the top."""
    xp, mass = namespace(survey.scores), survey.readout.mass
    scaled = reader.separation.scaled(survey.scores, survey.readout.summary)
    return scaled / xp.where(mass > 0, mass, xp.ones_like(mass))


def _overlap(reader: Reader, state: Array, nearest: np.ndarray[Any, Any]) -> Array:
    """Return the overlap (B,) with the nearest memory, over what it knows."""
    block = reader.patterns.at(nearest)
    return reader.neurons.overlap(state, namespace(state).astype(block.rows, state.dtype), block.known)


def _continuous_kind(
    reader: Reader, state: Array, weights: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds and k, the fewest weights that reach 0.9, from the normalised weights (B, ≤ 32) of the top."""
    components, count = _fewest(weights), len(reader.patterns)
    doubtful, size = np.flatnonzero(components == 0), max(1, _WEIGHTS // count)
    for start in range(0, len(doubtful), size):
        cues = doubtful[start : start + size]
        every = to_numpy(reader.weights(namespace(state).take(state, beside(cues, state), axis=0)))
        components[cues] = _fewest(-np.sort(-np.abs(every), axis=-1))
    kind = np.full(len(components), Kind.UNDECIDED, dtype=object)
    kind[components <= count / 2] = Kind.MIXTURE
    kind[components == 1] = Kind.MEMORY
    kind[(components == 1) & (weights[:, 0] < 0)] = Kind.MIRROR
    components[to_numpy(reader.neurons.undecided(state))] = 0
    kind[components == 0] = Kind.UNDECIDED
    return kind, components


def _fewest(falling: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how many of the largest weights (B, k) reach 0.9; 0 where all of them do not."""
    reached = np.cumsum(np.abs(falling), axis=-1) >= _REACHED - 1e-9
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1, 0).astype(np.int64)


def _discrete_kind(
    reader: Reader, state: Array, survey: Survey, overlap: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the kinds, and of how many memories a mixture is made."""
    kind = np.full(len(overlap), Kind.SPURIOUS, dtype=object)
    components = np.zeros(len(overlap), dtype=np.int64)
    x, positions, scores = to_numpy(state), to_numpy(survey.positions), to_numpy(survey.scores)
    doubtful = np.flatnonzero(np.abs(overlap) < _REACHED)
    for count in reversed([m for m in _MIXTURES if m <= positions.shape[1]]) if len(doubtful) else ():
        best = [_raised(reader, positions[doubtful, j]) for j in range(count)]
        total = sum(np.sign(scores[doubtful, j, None]) * best[j] for j in range(count))
        agree = doubtful[reader.neurons.agreement(total, x[doubtful].astype(np.float64)) >= _REACHED]
        kind[agree], components[agree] = Kind.MIXTURE, count
    kind[overlap >= _REACHED], components[overlap >= _REACHED] = Kind.MEMORY, 1
    kind[overlap <= -_REACHED], components[overlap <= -_REACHED] = Kind.MIRROR, 1
    empty = _undecided(reader.neurons, x)
    kind[empty], components[empty] = Kind.UNDECIDED, 0
    return kind, components


def _undecided(neurons: Neurons, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return (B,), True where a discrete site has no value, or a bounded state is as good as none."""
    if neurons.bounded:
        return np.asarray((np.abs(x) < _FAINT).all(axis=-1))
    return np.asarray(neurons.undecided(x))


def _raised(reader: Reader, positions: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return patterns (B, N) less the value of an undecided neuron, 0 where they know nothing."""
    block = reader.patterns.at(positions)
    raised = to_numpy(block.rows) - reader.neurons.rest
    return np.asarray(raised if block.known is None else np.where(to_numpy(block.known), raised, 0.0))
