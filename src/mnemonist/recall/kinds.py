r"""The kinds of states: one memory, its mirror image, a mixture of a few, or none of these.

    one memory     it has nine tenths of the weight (continuous), or an overlap of 0.9 (discrete), and the state is in
                   its own ball:  ‖x − ξ‖² < ½ d² (discrete, d² counts sites), ‖x − ξ‖ < ½ d (continuous); a discrete
                   one is also no nearer to what all patterns have in common, as a blank among sparse ones is
    a mixture      k > 1 weights reach 0.9, k ≤ K/2; or a discrete state agrees 0.9 with sign(Σ ± ξ) of its 3, 5 or 7
                   best, and is nearer to that than half the way from there to what all patterns have in common

d is the distance from that memory to its own nearest other one, so balls do not overlap. Copies of the nearest one
count as one memory. Where the last of the best ties with the next, which are the best is not said.

Source: Ramsauer et al. 2021, arXiv:2008.02217, §2 (k); Amit, Gutfreund & Sompolinsky 1985 (mixtures).
Shapes: state (B, N), of which NaN has no value; everything returned is (B,).
"""

from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.core.similarity import Euclidean
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.neighbours import Neighbours, Numbers
from mnemonist.readout.reader import Reader
from mnemonist.recall.identify import Identity
from mnemonist.recall.kind import Kind

REACHED = 0.9
_FAINT = 0.01  # graded neurons below it all say nothing, however well their directions agree
_MIXTURES = (3, 5, 7)
_WEIGHTS = 2**21  # weights that are sorted at one time, where the top does not reach 0.9


class Told(NamedTuple):
    """The kinds (B,), and of how many memories each state is made (B,)."""

    kind: Numbers
    components: Numbers


def tell(reader: Reader, state: Array, found: Identity, evidence: Evidence | None) -> Told:
    """Return what kinds of states these are, of which so much was found."""
    if reader.by_overlap:
        return _discrete(reader, state, found)
    return _continuous(reader, state, found, evidence)


def untold(neurons: Neurons, state: Array) -> Told:
    """Return what can be said of states without patterns to compare them with."""
    kind = np.full(state.shape[0], Kind.UNKNOWN, dtype=object)
    kind[undecided(neurons, to_numpy(state))] = Kind.UNDECIDED
    return Told(kind, np.zeros(len(kind), np.int64))


def undecided(neurons: Neurons, x: Numbers) -> Numbers:
    """Return (B,), True where a discrete site has no value, or a bounded state is as good as none."""
    if neurons.bounded:
        return np.asarray((np.abs(x) < _FAINT).all(axis=-1))
    return np.asarray(neurons.undecided(x))


# --- by weights --------------------------------------------------------------------------------------------------


def _continuous(reader: Reader, state: Array, found: Identity, evidence: Evidence | None) -> Told:
    weights, count = to_numpy(found.top.weights), len(reader.patterns)
    components = _fewest(weights)
    doubtful, size = np.flatnonzero(components == 0), max(1, _WEIGHTS // count)
    for start in range(0, len(doubtful), size):
        cues = doubtful[start : start + size]
        every = to_numpy(reader.weights(_rows(state, cues), evidence=_part(evidence, cues)))
        components[cues] = _fewest(-np.sort(-np.abs(every), axis=-1))
    components = _copies_as_one(reader, state, found, evidence, components)
    kind = np.full(len(components), Kind.UNDECIDED, dtype=object)
    kind[components <= count / 2] = Kind.MIXTURE
    kind[components == 1] = Kind.MEMORY
    kind[(components == 1) & (weights[:, :1] < 0).any(axis=-1)] = Kind.MIRROR
    one = np.flatnonzero(components == 1)
    kind[one[~_near(reader, state, found, one, kind[one] == Kind.MIRROR)]] = Kind.SPURIOUS
    components[to_numpy(reader.neurons.undecided(state)) | (found.positions < 0)] = 0
    kind[components == 0] = Kind.UNDECIDED
    return Told(kind, components)


def _fewest(falling: Numbers) -> Numbers:
    """Return how many of the largest weights (B, k) reach 0.9; 0 where all of them do not."""
    reached = np.cumsum(np.abs(falling), axis=-1) >= REACHED - 1e-9
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1, 0).astype(np.int64)


def _copies_as_one(
    reader: Reader, state: Array, found: Identity, evidence: Evidence | None, components: Numbers
) -> Numbers:
    """Return of how many memories states are made, those that are the same as the first counted once."""
    weights, components = to_numpy(found.top.weights), components.copy()
    for b in np.flatnonzero(components > 1).tolist():
        best, mine = found.best[b], weights[b]
        if components[b] > len(best):
            every = to_numpy(reader.weights(_rows(state, np.asarray([b])), evidence=_part(evidence, np.asarray([b]))))[
                0
            ]
            best = np.argsort(-np.abs(every), kind="stable")[: components[b]]
            mine = every[best]
        same = _same(reader, best[: components[b]])
        merged = np.concatenate([[mine[: components[b]][same].sum()], mine[: components[b]][~same]])
        components[b] = max(1, int(_fewest(merged[None])[0]))
    return components


def _same(reader: Reader, positions: Numbers) -> Numbers:
    """Return which patterns (k,) are copies of the first."""
    block = reader.patterns.at(positions)
    rows, known = to_numpy(block.rows), None if block.known is None else to_numpy(block.known)
    same = (rows == rows[:1]).all(axis=1)
    return np.asarray(same if known is None else same & (known == known[:1]).all(axis=1))


# --- by overlaps -------------------------------------------------------------------------------------------------


def _discrete(reader: Reader, state: Array, found: Identity) -> Told:
    overlap, x = to_numpy(found.overlap), to_numpy(state)
    kind = np.full(len(overlap), Kind.SPURIOUS, dtype=object)
    components = np.zeros(len(overlap), dtype=np.int64)
    alike = np.flatnonzero(np.abs(overlap) >= REACHED)
    mine = alike[_near(reader, state, found, alike, overlap[alike] < 0)]
    components[mine] = 1
    kind[mine] = Kind.MEMORY
    kind[mine[overlap[mine] < 0]] = Kind.MIRROR
    left = np.flatnonzero(components == 0)
    for count in reversed([m for m in _MIXTURES if m <= found.best.shape[1]]) if len(left) else ():
        blend = left[_blends(reader, x[left], found, left, count)]
        kind[blend], components[blend] = Kind.MIXTURE, count
    empty = undecided(reader.neurons, x) | (found.positions < 0)
    kind[empty], components[empty] = Kind.UNDECIDED, 0
    return Told(kind, components)


def _blends(reader: Reader, x: Numbers, found: Identity, cues: Numbers, count: int) -> Numbers:
    """Return which states (b, N), those of some cues, are a blend of their `count` best memories, and of no more."""
    salience, scores = found.salience[cues], found.scores[cues]
    said = np.ones(len(cues), np.bool_)
    if salience.shape[1] > count:  # which are the best is open where the last of them ties
        said = salience[:, count - 1] > salience[:, count]
    best = [_raised(reader, found.best[cues, j]) for j in range(count)]
    total = np.asarray(sum(np.sign(scores[:, j, None]) * best[j] for j in range(count)))
    agrees = reader.neurons.agreement(total, x.astype(np.float64)) >= REACHED
    if len(reader.patterns) <= count:
        return np.asarray(said & agrees)
    common = reader.neurons.confine(reader.kept(Neighbours).common(reader)[None] + reader.neurons.rest)
    vote = reader.neurons.confine(total + reader.neurons.rest)
    rest = reader.neurons.rest
    return np.asarray(said & agrees & (2 * _differ(vote, x, rest) < _differ(vote, common, rest)))


def _differ(vote: Numbers, other: Numbers, rest: float) -> Numbers:
    """Return in how many columns others differ from what a vote has decided."""
    return np.asarray(((vote != rest) & (vote != other)).sum(axis=-1))


def _raised(reader: Reader, positions: Numbers) -> Numbers:
    """Return patterns (B, N) less the value of an undecided neuron, 0 where they know nothing."""
    block = reader.patterns.at(positions)
    raised = to_numpy(block.rows) - reader.neurons.rest
    return np.asarray(raised if block.known is None else np.where(to_numpy(block.known), raised, 0.0))


# --- nearness ----------------------------------------------------------------------------------------------------


def _near(reader: Reader, state: Array, found: Identity, cues: Numbers, turned: Numbers) -> Numbers:
    """Return which of some cues have a state (b, N) in the ball of its nearest memory, or of its mirror image."""
    positions = found.positions[cues]
    near = np.zeros(len(cues), np.bool_)
    there = np.flatnonzero(positions >= 0)
    if not len(there):
        return near
    apart = _apart(reader, _rows(state, cues[there]), positions[there], turned[there])
    share = 0.5 if reader.by_overlap else 0.25
    sure = _surely(reader, found, cues[there], apart)
    near[there[sure]] = True
    left = there[~sure]
    if len(left):
        near[left] = apart[~sure] < share * reader.kept(Neighbours).squared(reader, positions[left])
    faulty = there[near[there] & (apart > 0) & ~turned[there]]
    if reader.by_overlap and len(faulty):
        common = reader.neurons.confine(reader.kept(Neighbours).common(reader)[None] + reader.neurons.rest)
        blank = ((to_numpy(_rows(state, cues[faulty])) - common) ** 2).sum(axis=-1)
        near[faulty] = apart[np.isin(there, faulty)] <= blank
    return near


def _apart(reader: Reader, state: Array, positions: Numbers, turned: Numbers) -> Numbers:
    """Return ‖x − ξ‖² (b,), or of mirror images ‖x + ξ‖², in the units of the similarity, over what both know."""
    block, metric = reader.patterns.at(positions), reader.similarity.metric
    xp = namespace(state)
    sign = beside(np.where(turned, -1.0, 1.0)[:, None], state)
    x = metric(state) - xp.astype(sign, state.dtype) * metric(xp.astype(block.rows, state.dtype))
    x = xp.astype(x, xp.float64)
    known = xp.isfinite(x) if block.known is None else xp.isfinite(x) & block.known
    squared = xp.sum(xp.where(known, x * x, xp.zeros_like(x)), axis=-1)
    count = to_numpy(xp.sum(xp.astype(known, xp.int64), axis=-1))
    return np.asarray(to_numpy(squared) * state.shape[-1] / np.maximum(count, 1))


def _surely(reader: Reader, found: Identity, cues: Numbers, apart: Numbers) -> Numbers:
    """Return which states are in a ball by the triangle inequality: three times as far from the second best."""
    scores = found.scores[cues]
    if len(reader.patterns) == 1:
        return np.ones(len(cues), np.bool_)
    if type(reader.similarity) is not Euclidean or reader.holes or scores.shape[1] < 2:
        return np.zeros(len(cues), np.bool_)
    plain = reader.patterns.block(0, 1).strength is None
    first = found.best[cues, 0] == found.positions[cues]
    return np.asarray(plain & first & (9 * apart < -2 * scores[:, 1]))


def _rows(state: Array, cues: Numbers) -> Array:
    return namespace(state).take(state, beside(cues, state), axis=0)


def _part(evidence: Evidence | None, cues: Any) -> Evidence | None:
    return None if evidence is None else Evidence(_rows(evidence.given, cues), _rows(evidence.asked, cues))
