"""Leading memories: of each state those of the greatest score, found tile by tile.

Of all scores none are kept but those that may still be among the best, so K may be large. Of equal scores at the edge
lots decide, not the order in which patterns are stored: a table may be sorted.

Shapes: B states; scores, positions (B, k), falling; left_out (B,), a position or −1.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.leading_by_distance import MORE, Distances, rescored, serves, told
from mnemonist.readout.reader import Reader
from mnemonist.readout.strength import weighed
from mnemonist.readout.variances import variances_of
from mnemonist.stores.tiles import tiles

_EQUAL, _NOTHING = 1e-15, 1e-20  # of a score, and of what patterns vary: so little apart two are equal
_STATES = 128  # that are scored together in one product

Numbers = np.ndarray[Any, Any]


class Leading(NamedTuple):
    """The best scores (B, k), falling, −∞ of a pattern without a say; and the positions they are of."""

    scores: Numbers
    positions: Numbers


class _Picked(NamedTuple):
    """The best keys so far (B, k), in no order, the scores they are of, and the positions."""

    keys: Numbers
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
    best, start, lots = _nothing(state.shape[0]), 0, _lots(reader)
    scale = _NOTHING * float(namespace(variances_of(reader)).sum(variances_of(reader)))
    for scored, block in reader.scored(state, cue_mask=cue_mask, evidence=evidence):
        h, factor = weighed(reader.separation, scored, block)
        found = to_numpy(h).astype(np.float64)
        if factor is not None:
            found = found + _logarithm(reader, to_numpy(factor))
        if left_out is not None:
            _leave_out(found, left_out - start)
        size = np.abs(np.where(np.isfinite(found), found, 0.0))
        keys = found - lots[start : start + len(block.ids)] * (_EQUAL * size + scale)
        best = _merged(best, keys, found, start, count)
        start += len(block.ids)
    return _falling(best.scores, best.positions)


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
    lots = _lots(reader)
    for tile in tiles(reader.patterns):
        h = cues @ distances.of_patterns(tile).T
        h -= (lots[start : start + len(tile.ids)] * distances.rounding).astype(np.float32)
        if evidence is not None and tile.known is not None:
            holed = np.flatnonzero(~tile.known.all(axis=1))
            h[:, holed] = np.where(evidence.heard(reader.similarity, tile.known[holed]), h[:, holed], -np.inf)
        if left_out is not None:
            _leave_out(h, left_out - start)
        best = _merged(best, h, h, start, picked)
        start += len(tile.ids)
    exact = rescored(reader, state, cue_mask, best.positions, np.isfinite(best.keys))
    order = np.lexsort((lots[best.positions], -exact), axis=1)[:, :count]
    found = _falling(np.take_along_axis(exact, order, 1), np.take_along_axis(best.positions, order, 1))
    return found if told(found.scores, cues[:, : state.shape[1]]) else None


def _lots(reader: Reader) -> Numbers:
    """Return a lot in [0, 1) for each pattern: of equal scores at the edge the smallest stay, wherever they stand."""
    return np.random.default_rng(0).random(len(reader.patterns))


def _nothing(states: int) -> _Picked:
    return _Picked(np.empty((states, 0)), np.empty((states, 0)), np.empty((states, 0), np.int64))


def _falling(scores: Numbers, positions: Numbers) -> Leading:
    """Return them, the best first; of equal scores the first pattern."""
    order = np.lexsort((positions, -scores), axis=1)
    return Leading(np.take_along_axis(scores, order, 1), np.take_along_axis(positions, order, 1))


def _logarithm(reader: Reader, factor: Numbers) -> Numbers:
    """Return what strengths add to scores: ln(s)/β of a softmax, nothing where there is no β."""
    beta = getattr(reader.separation, "beta", None)
    return np.log(factor) / float(beta) if beta is not None else np.zeros_like(factor)


def _leave_out(h: Numbers, left_out: Numbers) -> None:
    """Put −∞ at the columns left out, where they are in this tile."""
    here = np.flatnonzero((left_out >= 0) & (left_out < h.shape[1]))
    h[here, left_out[here]] = -np.inf


def _merged(best: _Picked, keys: Numbers, h: Numbers, start: int, count: int) -> _Picked:
    """Return the best of those before and of a tile, in no order; only keys above the least kept are looked at."""
    if best.keys.shape[1] == count:
        least = best.keys.min(axis=1, keepdims=True).astype(keys.dtype)
        rows, columns = np.divmod(np.flatnonzero(keys > least), h.shape[1])
        new = np.bincount(rows, minlength=len(h))
        place = np.arange(len(rows)) - np.repeat(np.cumsum(new) - new, new)
        shape = len(h), int(new.max(initial=0))
        tile = _Picked(np.full(shape, -np.inf), np.full(shape, -np.inf), np.full(shape, -1, np.int64))
        for mine, theirs in zip(tile, (keys[rows, columns], h[rows, columns], start + columns), strict=True):
            mine[rows, place] = theirs
    else:
        tile = _best(_Picked(keys, h, np.broadcast_to(np.arange(start, start + h.shape[1]), h.shape)), count)
    return _best(_Picked(*(np.concatenate(both, axis=1) for both in zip(best, tile, strict=True))), count)


def _best(found: _Picked, count: int) -> _Picked:
    """Return those of the largest keys, in no order."""
    if found.keys.shape[1] <= count:
        return found
    kept = np.argpartition(found.keys, -count, axis=1)[:, -count:]
    return _Picked(*(np.take_along_axis(each, kept, 1) for each in found))
