r"""Weighing: what the memories say of a cue in one look, and what that makes one expect of the rest of it.

    f = ∂L/∂h at the coordinates that the cue gives      ids, weights, scores: the evidence
    x̂_m = E[x_m | x_o, f]                                 see `core.expectation`

Neither moves a state. A recall iterates, and ends at what is stored; its weights are those of its own guess.

Shapes: cues, known (B, N); weights, ids (B, k), falling; one cue gives results without B.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mnemonist._array import Array, as_array, beside, namespace, to_numpy
from mnemonist.core.expectation import Expectation, Expected, Mean, Moments, moments
from mnemonist.core.number import check_whole
from mnemonist.errors import InvalidArgument, InvalidType, MnemonistError, UnknownId, shown
from mnemonist.memories.landscape import Landscape
from mnemonist.readout.evidence import Evidence
from mnemonist.readout.leading import Leading, leading
from mnemonist.readout.reader import Reader
from mnemonist.readout.variances import Spread, spread_of, variances_of
from mnemonist.recall.checks import check_mask, check_rows, check_values
from mnemonist.recall.familiarity import Familiarity
from mnemonist.stores.tiles import tiles

TOP = 512  # memories that are weighed, unless told otherwise
LISTED = 32  # of which a completion names those that lead
_CUES = 256  # that are weighed together
_NUMBERS = 2**18  # of rows gathered, or of covariances, at one time

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Asked:
    """Checked cues (B, N), what is known of them, None for all; the positions left out, and the model that is asked."""

    landscape: Landscape
    cues: Array
    known: Array | None
    left_out: Numbers | None
    single: bool

    @property
    def reader(self) -> Reader:
        """The reader of the patterns."""
        return self.landscape.reader

    def batches(self) -> Iterator["Asked"]:
        """Yield so many cues at a time."""
        for start in range(0, self.cues.shape[0], _CUES):
            part = slice(start, min(start + _CUES, self.cues.shape[0]))
            known = None if self.known is None else self.known[part, :]
            left_out = None if self.left_out is None else self.left_out[part]
            yield Asked(self.landscape, self.cues[part, :], known, left_out, False)

    def leading(self, count: int) -> Leading:
        """Return the leading memories of a batch."""
        xp, evidence = namespace(self.cues), None
        if self.known is not None and self.reader.holes:
            evidence = Evidence(self.known, ~self.known)
        cues = self.cues if self.known is None else xp.where(self.known, self.cues, xp.zeros_like(self.cues))
        state = self.landscape.start(cues, self.known)
        return leading(self.reader, state, count, cue_mask=self.known, evidence=evidence, left_out=self.left_out)


@dataclass(frozen=True, eq=False)
class Weighing:
    """The evidence: ids and weights (B, k) of the leading memories, falling, of sum 1; and their scores.

    `energy` (B,) is that of the cue among the memories listed. An id is −1 where there are fewer.
    """

    ids: Numbers
    weights: Numbers
    scores: Numbers
    energy: Numbers
    _asked: Asked

    @cached_property
    def familiarity(self) -> Numbers:
        """How familiar the cues are (B,), in (0, 1]: see `Recall.familiarity`; nothing is left out here."""
        asked = self._asked
        found = asked.reader.kept(Familiarity).of(asked.reader, asked.cues, asked.known)
        return found[0] if asked.single else found


@dataclass(frozen=True, eq=False)
class Completion:
    """Cues completed: `state` (B, N) is what is known and what is expected of the rest, NaN where no memory knows it.

    `spread` (B, N) is the standard deviation of what is expected, as its memories have it, 0 where known; `weighing`
    the evidence, of which 32 are listed.
    """

    state: Array
    spread: Array
    weighing: Weighing


def asked(who: str, landscape: Landscape, cues: Any, known: Any, leave_out: Any) -> Asked:
    """Return the cues checked, or refuse them."""
    like, neurons = landscape.like, landscape.neurons
    rows, single = check_rows(who, "cues", cues, like.shape[-1], like, neurons)
    mask = None if known is None else check_mask(who, "known", known, rows, neurons)
    check_values(who, "cues", rows, mask, neurons)
    left_out = None if leave_out is None else _positions(who, leave_out, landscape, len(rows))
    return Asked(landscape, rows, mask, left_out, single)


def _positions(who: str, leave_out: Any, landscape: Landscape, count: int) -> Numbers:
    """Return the positions (B,) of ids, −1 of −1, or refuse them."""
    fix = "Pick one per cue from memory.ids, -1 for none."
    try:
        ids = np.atleast_1d(to_numpy(as_array(leave_out)))
    except MnemonistError as error:
        raise InvalidType(f"{who}: leave_out must be ids ({count},); {error.got}. {fix}") from None
    if ids.dtype.kind not in "iu" or ids.shape != (count,):
        raise InvalidArgument(f"{who}: leave_out must be ids ({count},); got {shown(leave_out)}. {fix}")
    found, some = np.full(count, -1, np.int64), ids >= 0
    try:
        found[some] = landscape.patterns.positions(ids[some])  # type: ignore[attr-defined]
    except UnknownId:
        raise UnknownId(f"{who}: leave_out must be ids that are stored; got {shown(leave_out)}. {fix}") from None
    return found


def check_top(who: str, top: Any) -> int:
    """Return how many memories to weigh, or refuse."""
    return check_whole(who, "top", top, least=1)


def check_expectation(given: Any) -> Expectation:
    """Return a way to expect, or refuse what is none."""
    if not isinstance(given, Expectation):
        raise InvalidType(
            f"AssociativeMemory.complete: expectation must be Mean() or LocalLinear(); got {shown(given)}. Pass one."
        )
    return given


def weigh(asked: Asked, top: int) -> Weighing:
    """Return the evidence of all cues."""
    count = min(top, len(asked.reader.patterns))
    found = _together([part.leading(count) for part in asked.batches()] or [asked.leading(count)])
    return _told(asked, found, Mean().weights(found.scores, asked.reader.separation))


def _together(parts: list[Leading]) -> Leading:
    return Leading(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _told(asked: Asked, found: Leading, weights: Numbers) -> Weighing:
    """Return leading memories as evidence, by their ids."""
    separation, patterns = asked.reader.separation, asked.reader.patterns
    with np.errstate(over="ignore"):
        energy = -to_numpy(separation.value(separation.summary(found.scores)))
    ids = np.where(
        found.positions < 0, -1, patterns.ids_at(np.maximum(found.positions, 0).ravel()).reshape(found.positions.shape)
    )
    cut = 0 if asked.single else slice(None)
    return Weighing(ids[cut], weights[cut], found.scores[cut], energy[cut], asked)


def complete(asked: Asked, expectation: Expectation, top: int) -> Completion:
    """Return the cues completed, by batches, of which only the leading memories that are listed are kept."""
    count = min(expectation.count or top, len(asked.reader.patterns))
    parts, evidence, weights = [], [], []
    for part in [*asked.batches()] or [asked]:
        found = part.leading(count)
        parts.append(expected(part, found, expectation)[0] if part.cues.shape[0] else Expected(part.cues, part.cues))
        weights.append(expectation.weights(found.scores, asked.reader.separation)[:, :LISTED])
        evidence.append(Leading(found.scores[:, :LISTED], found.positions[:, :LISTED]))
    xp = namespace(asked.cues)
    mean, variance = (xp.concat(each, axis=0) for each in zip(*parts, strict=True))
    open_ = xp.zeros(mean.shape, dtype=xp.bool) if asked.known is None else ~asked.known
    state = xp.where(open_, mean, xp.astype(asked.cues, mean.dtype))
    spread = xp.where(open_, xp.sqrt(variance), xp.zeros_like(variance))
    told = _told(asked, _together(evidence), np.concatenate(weights))
    return Completion(state[0, :], spread[0, :], told) if asked.single else Completion(state, spread, told)


def expected(asked: Asked, found: Leading, *expectations: Expectation, spread: bool = True) -> tuple[Expected, ...]:
    """Return what leading memories make one expect of a batch of cues (B, N), in float64; all of one kernel.

    Without `spread` variances are not asked for, and may be 0: regressions are solved for one right side only.
    """
    xp, reader, width = namespace(asked.cues), asked.reader, asked.cues.shape[-1]
    cues = xp.astype(asked.cues, xp.float64)
    known = xp.ones(cues.shape, dtype=xp.bool) if asked.known is None else asked.known
    scale = variances_of(reader)
    total = reader.kept(Total).of(reader) if _of_all(expectations[0]) else None
    blank = ~xp.any(known, axis=-1, keepdims=True)
    many = width if total is not None else max(width, min(found.scores.shape[1], expectations[0].count or TOP))
    step, parts = max(1, _NUMBERS // (width * many)), []
    for start in range(0, cues.shape[0], step):
        part = slice(start, min(start + step, cues.shape[0]))
        if total is not None:
            left_out = None if asked.left_out is None else asked.left_out[part]
            these = _without(reader, total, cues[part, :].shape[0], left_out)
        else:
            these = _gathered(reader, Leading(*(each[part] for each in found)), expectations[0])
        told = [each.expect(cues[part, :], known[part, :], these, scale, spread=spread) for each in expectations]
        parts.append([_unless(blank[part, :], spread_of(reader), each) for each in told])
    return tuple(
        Expected(*(xp.concat(each, axis=0) for each in zip(*some, strict=True))) for some in zip(*parts, strict=True)
    )


def _unless(blank: Array, of_all: Spread, told: Expected) -> Expected:
    """Return what is told, of cues that give nothing the mean and variance of all memories: none is nearer."""
    xp = namespace(told.mean)
    mean = xp.where(of_all.count > 0, of_all.mean, xp.full_like(of_all.mean, float("nan")))
    return Expected(xp.where(blank, mean, told.mean), xp.where(blank, of_all.variance, told.variance))


def _of_all(expectation: Expectation) -> bool:
    """Return whether an expectation is of all memories alike, whose moments are found once."""
    return expectation.linear and expectation.count is None


def _gathered(reader: Reader, found: Leading, expectation: Expectation) -> Moments:
    """Return the moments of the leading memories of some cues."""
    xp = namespace(reader.patterns.like)
    count = expectation.count
    f = expectation.weights(found.scores[:, :count], reader.separation)
    used = max(1, int(np.max(np.count_nonzero(f, axis=1), initial=1)))
    places = np.maximum(found.positions[:, :used], 0)
    block = reader.patterns.at(places.ravel())
    shape = (*places.shape, block.rows.shape[-1])
    rows = xp.reshape(xp.astype(block.rows, xp.float64), shape)
    present = None if block.known is None else xp.reshape(block.known, shape)
    return moments(beside(f[:, :used], rows), rows, present, full=expectation.linear)


class Total:
    """The covariance of all patterns, kept; what one does not know counts as the mean."""

    def __init__(self) -> None:
        self._found: Array | None = None

    def __reduce__(self) -> Any:
        return Total, ()

    def of(self, reader: Reader) -> Array:
        """Return S (N, N); costs O(K N²) the first time."""
        if self._found is None:
            xp, mean, total = namespace(reader.patterns.like), spread_of(reader).mean, 0.0
            for tile in tiles(reader.patterns):
                off = _off(xp.astype(tile.rows, xp.float64), mean, tile.known)
                total = total + off.T @ off
            self._found = total / len(reader.patterns)
        return self._found


def _off(rows: Array, mean: Array, known: Array | None) -> Array:
    xp = namespace(rows)
    return rows - mean if known is None else xp.where(known, rows - mean, xp.zeros_like(rows))


def _without(reader: Reader, covariance: Array, cues: int, left_out: Numbers | None) -> Moments:
    """Return the moments (B, …) of all patterns but the one that each cue leaves out: a change of rank one.

        ξ̄' = ξ̄ − d/(c − 1)        S' = (K S − e eᵀ)/(K − 1),  e_i = d_i √(c_i/(c_i − 1))

    d is what the one left out is off the mean where it knows a coordinate, c how many know it: exact on the diagonal,
    and everywhere where all is known. The mean is NaN where none but that one knows.
    """
    (count, mean, _), size = spread_of(reader), len(reader.patterns)
    xp = namespace(mean)
    left_out = np.full(cues, -1) if left_out is None else left_out
    block = reader.patterns.at(np.maximum(left_out, 0))
    out = beside((left_out >= 0).astype(np.float64), mean)[:, None]
    knows = block.present * out
    off = _off(xp.astype(block.rows, xp.float64), mean, block.known) * out
    others = count - knows
    several = xp.where(others > 0, others, xp.ones_like(others))
    moved = xp.where(others > 0, mean - off / several, xp.full_like(others, float("nan")))
    e = off * xp.sqrt(xp.where(others > 0, count / several, xp.ones_like(others)))
    rest = (size * covariance - e[:, :, None] * e[:, None, :]) / xp.where(size > out, size - out, out)[:, :, None]
    return Moments(moved, rest)
