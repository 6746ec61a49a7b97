r"""What a state is, in terms of the memories: nearest, overlap, energy, values, the largest weights.

One more pass over the patterns, tile by tile: the 32 largest weights, the nearest memory and the readout of the values
are carried along, so the scores never exist for all patterns at once. Which kind of state it is follows: see `kinds`.

Of memories that are equally near that one is nearest whose numbers come first, so that it does not depend on the order
in which they were stored; of copies, and of equal weights, the one with the smaller id. A model that knows no
patterns, a network given as a matrix, has nothing to compare with: nearest −1, overlap NaN; so has a cue that shares
nothing with any.

Shapes: state (B, N), or (B, W) with what is not seen; everything returned has the B cues in front.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Readout, Summary
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.reader import Reader
from mnemonist.readout.survey import ROUNDINGS, Survey
from mnemonist.recall.model import RecallModel

Numbers = np.ndarray[Any, Any]
_HEAVIEST = 4  # memories of which some may be as near as the nearest


class Top(NamedTuple):
    """The memories with the largest weights, falling by size: ids and normalised weights (B, ≤ 32)."""

    ids: Any
    weights: Array


@dataclass(frozen=True, eq=False)
class Identity:
    """What was found of B states: fields of `Recall`, and what kinds are told by.

    `positions` (B,) are those of the nearest, −1 where there is none; `best`, `scores`, `salience` (B, ≤ 32) are
    positions, scores and ranks of the largest weights.
    """

    energy: Array | None
    nearest: Numbers
    overlap: Array
    values: Array | None
    top: Top
    reached: Numbers  # False where no memory has a weight because all end before this state
    positions: Numbers
    best: Numbers
    scores: Numbers
    salience: Numbers


def identify(model: RecallModel, state: Array, evidence: Evidence | None = None) -> Identity:
    """Say what states (B, W) are, some of them at a time; by memories that have a say, where there is `evidence`."""
    if model.reader is None:
        return _unknown(model, state)
    count = state.shape[0]
    size = model.batch_size or max(1, count)
    parts = []
    for start in range(0, max(1, count), size):
        part = slice(start, min(start + size, count))
        mine = None if evidence is None else Evidence(evidence.given[part, :], evidence.asked[part, :])
        parts.append(_identify(model, model.reader, state[part, ...], mine))
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
    return Identity(top=top, **{name: joined(name) for name in vars(parts[0]) if name != "top"})


def _identify(model: RecallModel, reader: Reader, state: Array, evidence: Evidence | None) -> Identity:
    full, state, patterns = state, model.visible(state), reader.patterns
    survey = reader.survey(state, evidence=evidence)
    positions = _nearest(reader, state, survey)
    best, scores, salience, weights = _ordered(reader, survey)
    overlap = _overlap(reader, state, positions)
    local, heard = reader.separation.local, positions >= 0
    return Identity(
        energy=_energy(model, full, None if evidence and sweeps(reader.neurons) else survey.readout.summary),
        nearest=np.where(heard, patterns.ids_at(np.maximum(positions, 0)), -1),
        overlap=overlap,
        values=_mean(survey.readout) if survey.readout.pull.shape[-1] else None,
        top=Top(patterns.ids_at(best), beside(weights, state)),
        reached=to_numpy(survey.readout.mass)[:, 0] > 0 if local else np.ones(len(heard), np.bool_),
        positions=positions,
        best=best,
        scores=scores,
        salience=salience,
    )


def sweeps(neurons: Neurons) -> bool:
    """Return whether some neurons move in sweeps, which all patterns have a say in once every site has a value."""
    return neurons.discrete or neurons.mixed


def _energy(model: RecallModel, state: Array, summary: Summary | None) -> Array | None:
    return model.energy(state, summary) if model.has_energy else None


def _unknown(model: RecallModel, state: Array) -> Identity:
    """Say of states that there is nothing to compare them with."""
    xp, count = namespace(state), state.shape[0]
    energy = model.energy(state) if model.has_energy else None
    none, nothing = np.full(count, -1, np.int64), np.empty((count, 0))
    return Identity(
        energy=energy,
        nearest=none,
        overlap=xp.full_like(state[:, 0], math.nan),
        values=None,
        top=Top(np.empty((count, 0), np.int64), no_weights(state)),
        reached=np.ones(count, np.bool_) if energy is None else np.isfinite(to_numpy(energy)),
        positions=none,
        best=np.empty((count, 0), np.int64),
        scores=nothing,
        salience=nothing,
    )


def no_weights(state: Array) -> Array:
    """Return the weights (…, 0) of no patterns."""
    return namespace(state).astype(state[..., :0], namespace(state).float64)


def _mean(readout: Readout) -> Array:
    """Return Σ f v / Σ |f|."""
    xp = namespace(readout.mass)
    return readout.pull / xp.where(readout.mass > 0, readout.mass, xp.ones_like(readout.mass))


def _overlap(reader: Reader, state: Array, positions: Numbers) -> Array:
    """Return the overlap (B,) with the nearest memory, over what it knows and has a value; NaN with none."""
    xp, block = namespace(state), reader.patterns.at(np.maximum(positions, 0))
    known, x = block.known, state
    if known is not None:
        there = xp.isfinite(state)
        known, x = known & there, xp.where(there, state, xp.zeros_like(state))
    overlap = reader.neurons.overlap(x, xp.astype(block.rows, state.dtype), known)
    heard = beside(positions >= 0, overlap)
    return xp.where(heard, overlap, xp.full_like(overlap, math.nan))


# --- what does not depend on the order of storage ----------------------------------------------------------------


def _nearest(reader: Reader, state: Array, survey: Survey) -> Numbers:
    """Return the positions (B,) of the nearest, among equals of the first by its numbers; −1 where none has a say."""
    positions, close = to_numpy(survey.nearest)[:, 0].copy(), to_numpy(survey.closeness)[:, 0]
    best, (similarity, per_site) = to_numpy(survey.positions), reader.nearness
    plain = reader.patterns.block(0, 1).strength is None
    if plain and similarity is None and not (per_site and reader.holes):  # by scores, as the top is
        rounding = ROUNDINGS * float(np.finfo(close.dtype).eps)
        near = _nearness(reader, to_numpy(survey.scores), rounding)
        finite = np.where(np.isfinite(close), np.abs(close), 0.0)
        tied = near >= (close - rounding * finite)[:, None]
    else:  # those that may tie are among the heaviest
        best = np.concatenate([positions[:, None], best[:, :_HEAVIEST]], axis=1)
        apart = np.stack([_apart(reader, state, best[:, column]) for column in range(best.shape[1])], axis=1)
        tied = apart <= apart[:, :1] * (1 + 1e-6)
    for b in np.flatnonzero(tied.sum(axis=1) > 1).tolist():
        equal = np.unique(best[b, tied[b]])
        positions[b] = _first(reader, equal) if len(equal) > 1 else positions[b]
    positions[close == -np.inf] = -1
    return positions


def _apart(reader: Reader, state: Array, positions: Numbers) -> Numbers:
    """Return ‖x − ξ‖² (B,) from patterns, one for each state, in the units of the similarity; per coordinate known."""
    block, metric = reader.patterns.at(positions), reader.similarity.metric
    xp = namespace(state)
    x = xp.astype(metric(state) - metric(xp.astype(block.rows, state.dtype)), xp.float64)
    known = xp.isfinite(x) if block.known is None else xp.isfinite(x) & block.known
    squares = xp.sum(xp.where(known, x * x, xp.zeros_like(x)), axis=-1)
    return np.asarray(to_numpy(squares) / np.maximum(to_numpy(xp.sum(xp.astype(known, xp.int64), axis=-1)), 1))


def _nearness(reader: Reader, scores: Numbers, rounding: float) -> Numbers:
    """Return how near memories with these scores are: a mirror image as near as a memory comes behind it."""
    if not reader.separation.even:
        return scores
    size = np.abs(scores)
    return np.asarray(np.where(scores > 0, (1 + 2 * rounding) * size, size))


def _ordered(reader: Reader, survey: Survey) -> tuple[Numbers, ...]:
    """Return positions, scores, salience and weights (B, ≤ 32) of the top, falling."""
    of = (survey.positions, survey.scores, survey.salience, _weights(reader, survey))
    found = tuple(to_numpy(x) for x in of)
    if reader.patterns.block(0, 1).strength is None:
        return found
    order = np.argsort(-np.abs(found[-1]), axis=1, kind="stable")
    return tuple(np.take_along_axis(x, order, axis=1) for x in found)


def _weights(reader: Reader, survey: Survey) -> Array:
    """Return the normalised weights (B, ≤ 32) of the top."""
    xp, mass = namespace(survey.scores), survey.readout.mass
    scaled = reader.separation.scaled(survey.scores, survey.readout.summary)
    if reader.patterns.block(0, 1).strength is not None:
        factor = reader.separation.prior(reader.patterns.block().strength)[0]
        scaled = scaled * (factor if isinstance(factor, float) else factor[survey.positions])
    return scaled / xp.where(mass > 0, mass, xp.ones_like(mass))


def _first(reader: Reader, positions: Numbers) -> int:
    """Return that of some patterns whose numbers come first; of copies the one stored first."""
    return int(positions[np.lexsort((positions, _ranks(reader, positions)))[0]])


def _ranks(reader: Reader, positions: Numbers) -> Numbers:
    """Return the places (k,) of some patterns among each other by their numbers, and by what they know."""
    block = reader.patterns.at(positions)
    rows = to_numpy(block.rows) + 0.0  # −0 is 0
    if block.known is not None:
        rows = np.concatenate([rows, to_numpy(block.known).astype(rows.dtype)], axis=1)
    return np.asarray(np.unique(rows, axis=0, return_inverse=True)[1]).ravel()
