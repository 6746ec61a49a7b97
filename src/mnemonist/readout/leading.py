"""Leading memories: of each state those of the greatest score, found tile by tile.

Of all scores none are kept but those that may still be among the best, so K may be large. Of equal scores the first
counts. Shapes: B states; scores, positions (B, k), falling; left_out (B,), a position or −1.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, to_numpy
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.leading_by_distance import MORE, Distances, rescored, serves, told
from mnemonist.readout.reader import Reader
from mnemonist.readout.strength import weighed
from mnemonist.stores.tiles import tiles

_STATES = 256  # that are scored together in one product

Numbers = np.ndarray[Any, Any]


class Leading(NamedTuple):
    """The best scores (B, k), falling, −∞ of a pattern without a say; and the positions they are of."""

    scores: Numbers
    positions: Numbers


def leading(
    reader: Reader,
    state: Array,
    count: int,
    *,
    cue_mask: Array | None = None,
    evidence: Evidence | None = None,
    left_out: Numbers | None = None,
) -> Leading:
    """Return the `count` memories of the greatest score, or all there are; in O(K N) per state."""
    if serves(reader, state.shape[0]):
        quick = _in_batches(reader, state, count, cue_mask, evidence, left_out)
        if quick is not None:
            return quick
    best, start = _nothing(state.shape[0]), 0
    for scored, block in reader.scored(state, cue_mask=cue_mask, evidence=evidence):
        h, factor = weighed(reader.separation, scored, block)
        found = to_numpy(h)
        if factor is not None:
            found = found + _logarithm(reader, to_numpy(factor))
        if left_out is not None:
            found = found.copy()
            _leave_out(found, left_out - start)
        best = _merged(best, found, start, count)
        start += len(block.ids)
    return _falling(best)


def _in_batches(
    reader: Reader, state: Any, count: int, cue_mask: Any, evidence: Evidence | None, left_out: Numbers | None
) -> Leading | None:
    """Return the leading memories of so many states at a time that their scores stay in cache."""
    distances, found = Distances(reader), []
    for start in range(0, len(state), _STATES):
        at = slice(start, start + _STATES)
        mask, out = (None if given is None else given[at] for given in (cue_mask, left_out))
        asked = None if evidence is None else Evidence(evidence.given[at], evidence.asked[at])
        quick = _by_distance(distances, state[at], count, mask, asked, out)
        if quick is None:
            return None
        found.append(quick)
    return Leading(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _by_distance(
    distances: Distances, state: Any, count: int, cue_mask: Any, evidence: Evidence | None, left_out: Numbers | None
) -> Leading | None:
    """Return the leading memories, picked by one product and scored exactly; None where that tells too little."""
    reader, picked = distances.reader, min(math.ceil(MORE * count), len(distances.reader.patterns))
    cues, best, start = distances.of_cues(state, cue_mask), _nothing(state.shape[0]), 0
    for tile in tiles(reader.patterns):
        h = cues @ distances.of_patterns(tile).T
        if evidence is not None and tile.known is not None:
            holed = np.flatnonzero(~tile.known.all(axis=1))
            h[:, holed] = np.where(evidence.heard(reader.similarity, tile.known[holed]), h[:, holed], -np.inf)
        if left_out is not None:
            _leave_out(h, left_out - start)
        best = _merged(best, h, start, picked)
        start += len(tile.ids)
    exact = rescored(reader, state, cue_mask, best.positions, np.isfinite(best.scores))
    found = _falling(Leading(exact, best.positions))
    found = Leading(found.scores[:, :count], found.positions[:, :count])
    return found if told(found.scores, cues[:, : state.shape[1]]) else None


def _nothing(states: int) -> Leading:
    return Leading(np.empty((states, 0)), np.empty((states, 0), np.int64))


def _falling(best: Leading) -> Leading:
    """Return the same, the best first; of equal scores the first pattern."""
    order = np.lexsort((best.positions, -best.scores), axis=1)
    return Leading(np.take_along_axis(best.scores, order, 1), np.take_along_axis(best.positions, order, 1))


def _logarithm(reader: Reader, factor: Numbers) -> Numbers:
    """Return what strengths add to scores: ln(s)/β of a softmax, nothing where there is no β."""
    beta = getattr(reader.separation, "beta", None)
    return np.log(factor) / float(beta) if beta is not None else np.zeros_like(factor)


def _leave_out(h: Numbers, left_out: Numbers) -> None:
    """Put −∞ at the columns left out, where they are in this tile."""
    here = np.flatnonzero((left_out >= 0) & (left_out < h.shape[1]))
    h[here, left_out[here]] = -np.inf


def _merged(best: Leading, h: Numbers, start: int, count: int) -> Leading:
    """Return the best of those before and of a tile, in no order; only scores above the least kept are looked at."""
    if best.scores.shape[1] == count:
        least = best.scores.min(axis=1, keepdims=True).astype(h.dtype)
        rows, columns = np.divmod(np.flatnonzero(h > least), h.shape[1])
        new = np.bincount(rows, minlength=len(h))
        place = np.arange(len(rows)) - np.repeat(np.cumsum(new) - new, new)
        scores = np.full((len(h), int(new.max(initial=0))), -np.inf)
        positions = np.full(scores.shape, -1, np.int64)
        scores[rows, place], positions[rows, place] = h[rows, columns], start + columns
    else:
        scores = h.astype(np.float64)
        positions = np.broadcast_to(np.arange(start, start + h.shape[1]), h.shape)
    scores = np.concatenate([best.scores, scores], axis=1)
    positions = np.concatenate([best.positions, positions], axis=1)
    if scores.shape[1] > count:
        kept = _largest(scores, count)
        scores, positions = np.take_along_axis(scores, kept, 1), np.take_along_axis(positions, kept, 1)
    return Leading(scores, positions)


def _largest(scores: Numbers, count: int) -> Numbers:
    """Return the columns (B, count) of the largest scores; of equal ones at the edge the first, where there are few."""
    order = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    least = np.take_along_axis(scores, order, 1).min(axis=1, keepdims=True)
    torn = np.flatnonzero((scores >= least).sum(axis=1) > count)  # equal ones at the edge
    for row in torn.tolist():
        order[row] = np.argsort(-scores[row], kind="stable")[:count]
    return order
