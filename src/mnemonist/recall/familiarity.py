r"""Familiarity: does a cue come from where the memories came from?

    p(x) = (1 + #{μ: e_μ ≥ e(x)})/(n + 1)        e(x) = −β⁻¹ log Σ_ν exp(−½ β ‖x − ξ_ν‖²),  e_μ = e(ξ_μ) without ξ_μ

the share of n memories that are as far from the other ones as the cue is from all: a conformal p-value. Of cues that
are drawn as the memories were, a share p at most has a familiarity of p or less. The kernel is sharp, β = 1024 over the
typical squared distance to the nearest other one, whatever the model: e is nearly half that to the nearest of all.
Strengths do not matter, copies of a memory are left out where it is held against the others, and under an even
separation a cue is as familiar as its mirror image.

Only what is known of a cue counts, on both sides: memories answer that know all of it. Where rows have holes it is cut
to coordinates that enough rows know together, and cues are held against these rows only. A whole cue is calibrated by
up to 1000 memories against all others; a part of one by 200 against 1024, so that each set of coordinates costs little:
these have a greater e_μ for it, and p errs on the side of familiar. Which memories answer depends on what is stored,
and on nothing else that is asked.

Source: Vovk, Gammerman & Shafer 2005 (conformal prediction); Laxhammar & Falkman 2010 (for anomalies).
Shapes: cues, known (B, N); a mask is (N,); p (B,).
"""

from typing import NamedTuple

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.neurons import Real
from mnemonist.core.similarity import Dot, Euclidean
from mnemonist.core.softmax import Softmax
from mnemonist.readout.choice import reader_of
from mnemonist.readout.leads import Numbers, copies_at, scores_at
from mnemonist.readout.neighbours import mirrored
from mnemonist.readout.probes import spread
from mnemonist.readout.reader import Reader
from mnemonist.stores.block import Block
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.levels import LevelPatterns
from mnemonist.stores.tiles import few_enough

_MOST, _FEWEST = 1000, 128  # memories that answer for whole cues
_SCORES = 2**24  # that are made for it, where there are more than so many
_FEW, _OTHERS = 200, 1024  # memories that answer for parts of cues, and those they are held against
_TOGETHER = 128  # rows with holes that must know a set of coordinates together
_AT_ONCE = 2**22  # scores that are made at one time
_SHARPNESS = 512.0  # β times the typical lead, which is half a squared distance: a nearest one has nearly all weight
_KEPT = 1024  # masks of which the answers are kept


class Calibration(NamedTuple):
    """The patterns that cues are held against; what to look at (N,), None for all; β; and what memories have without
    themselves, rising (n,).
    """

    kernel: Reader
    mask: Numbers | None
    beta: float
    energies: Numbers


class Familiarity:
    """What was found out of the memories of a reader, for each set of coordinates that cues knew."""

    def __init__(self) -> None:
        self._found: dict[bytes, Calibration] = {}
        self._kernels: tuple[Reader, Reader] | None = None

    def __reduce__(self) -> tuple[type["Familiarity"], tuple[()]]:
        return Familiarity, ()

    def of(self, reader: Reader, cues: Array, known: Array | None) -> Numbers:
        """Return p (B,) of cues."""
        if self._kernels is None:
            kernel = kernel_of(reader)
            self._kernels = kernel, _few_of(kernel)
        p = self._all(cues, known)
        return np.maximum(p, self._all(-cues, known)) if mirrored(reader) else p

    def _all(self, cues: Array, known: Array | None) -> Numbers:
        if known is None:
            return self._alike(cues, None)
        mask, p = to_numpy(known), np.empty(len(known))
        alike: dict[bytes, list[int]] = {}
        for row, one in enumerate(mask):
            alike.setdefault(one.tobytes(), []).append(row)
        for rows in alike.values():
            mine, one = np.array(rows), mask[rows[0]]
            some = namespace(cues).take(cues, beside(mine, cues), axis=0)
            p[mine] = self._alike(some, None if one.all() else one)
        return p

    def _alike(self, cues: Array, mask: Numbers | None) -> Numbers:
        """Return p (b,) of cues that know the same coordinates (N,)."""
        found = self._calibrated(mask)
        if not len(found.energies):
            return np.ones(len(cues))
        xp, kernel = namespace(cues), found.kernel
        sharp = reader_of(kernel.similarity, Softmax(found.beta), kernel.neurons, kernel.patterns)
        state = xp.astype(cues, kernel.neurons.dtype(cues, kernel.patterns.like))
        seen = None if found.mask is None else beside(np.broadcast_to(found.mask, cues.shape).copy(), cues)
        state = kernel.neurons.confine(state if seen is None else xp.where(seen, state, xp.zeros_like(state)))
        if seen is None:
            summary = sharp.survey(state).readout.summary  # which passes over what is too far to count
        else:
            summary = sharp.summary(state, cue_mask=seen, dtype=xp.float64)
        energy = -to_numpy(sharp.separation.value(summary))
        above = len(found.energies) - np.searchsorted(found.energies, energy - _rounding(energy), side="left")
        return np.asarray((1 + above) / (len(found.energies) + 1))

    def _calibrated(self, mask: Numbers | None) -> Calibration:
        key = b"" if mask is None else mask.tobytes()
        if key not in self._found:
            assert self._kernels is not None
            kept = list(self._found.items())[-(_KEPT - 1) :]
            made = _of_whole(self._kernels[0]) if mask is None else _of_part(*self._kernels, mask)
            self._found = dict([*kept, (key, made)])
        return self._found[key]


def resolution(count: int) -> float:
    """Return the least p that there can be with so many memories."""
    return 1 / (min(count, _MOST) + 1)


def kernel_of(reader: Reader) -> Reader:
    """Return a reader of the same patterns by distance, all of one strength; of columns side by side as compared."""
    neurons, similarity, patterns = reader.neurons, reader.similarity, reader.patterns
    if not neurons.layout:
        similarity, neurons = (Dot(), neurons) if neurons.only_dot else (Euclidean(), Real())
    if patterns.block(0, 1).strength is not None:
        patterns = patterns.strengthened(None)  # type: ignore[attr-defined]
    return reader_of(similarity, Softmax(1.0), neurons, patterns)


def _few_of(kernel: Reader) -> Reader:
    """Return a reader of up to 1024 of the patterns, no two of them copies, that stand for all."""
    some = spread(kernel.patterns, _OTHERS)
    rows = _rows_at(kernel, some[_firsts(some, copies_at(kernel, some))])
    return reader_of(kernel.similarity, Softmax(1.0), kernel.neurons, rows)


def _firsts(positions: Numbers, copies: list[Numbers]) -> Numbers:
    """Return the places (k,) of patterns that are copies of none before them."""
    seen: set[int] = set()
    firsts = []
    for place, (position, own) in enumerate(zip(positions.tolist(), copies, strict=True)):
        if position not in seen:
            firsts.append(place)
            seen.update(own.tolist())
    return np.asarray(firsts, np.int64)


def _of_whole(kernel: Reader) -> Calibration:
    """Return what memories answer for whole cues; of rows with holes those that know enough together."""
    if kernel.holes:
        return _of_part(kernel, _few_of(kernel), np.ones(kernel.patterns.like.shape[-1], np.bool_))
    count = len(kernel.patterns)
    asked = spread(kernel.patterns, int(np.clip(_SCORES // count, _FEWEST, _MOST)))
    copies = copies_at(kernel, asked)
    firsts = _firsts(asked, copies)
    beta, energies = _answers(kernel, asked[firsts], [copies[place] for place in firsts.tolist()], None)
    return Calibration(kernel, None, beta, energies)


def _of_part(kernel: Reader, few: Reader, mask: Numbers) -> Calibration:
    """Return what memories answer for cues that know a mask (N,); where rows have holes, those that know enough of it.

    Others would be near to whatever differs only in what they do not know.
    """
    known = few.patterns.block().known
    if known is not None:
        mask, knows = _together(to_numpy(known), mask)
        kernel = few = reader_of(few.similarity, few.separation, few.neurons, _rows_at(few, knows))
    if not mask.any():
        return Calibration(kernel, mask, 1.0, np.empty(0))
    count = len(few.patterns)
    asked = np.linspace(0, count - 1, min(_FEW, count)).astype(int)
    return Calibration(kernel, mask, *_answers(few, asked, list(asked[:, None]), mask))


def _rows_at(reader: Reader, positions: Numbers) -> DensePatterns | LevelPatterns:
    """Return the patterns at some positions, alone."""
    if isinstance(reader.patterns, LevelPatterns):
        return reader.patterns.chosen(positions)
    block = reader.patterns.at(positions)
    return DensePatterns((Block(np.arange(len(block.ids)), block.rows, block.known),), len(block.ids))


def _together(known: Numbers, mask: Numbers) -> tuple[Numbers, Numbers]:
    """Return the coordinates of a mask (N,) that enough rows know together, and which rows these are."""
    rows, kept = np.ones(len(known), np.bool_), np.zeros_like(mask)
    columns = np.flatnonzero(mask)
    for column in columns[np.argsort(-known[:, columns].sum(axis=0), kind="stable")]:
        both = rows & known[:, column]
        if both.sum() >= min(_TOGETHER, len(known)):
            rows, kept[column] = both, True
    return kept, np.flatnonzero(rows)


def _answers(kernel: Reader, asked: Numbers, copies: list[Numbers], mask: Numbers | None) -> tuple[float, Numbers]:
    """Return β, and what the memories at these positions have without their copies; costs O(n K N)."""
    size, beta, energies = few_enough(kernel.patterns, max(16, _AT_ONCE // len(kernel.patterns))), 0.0, [np.empty(0)]
    for start in range(0, len(asked), size):
        part = slice(start, start + size)
        h, lead = _without_themselves(kernel, asked[part], copies[part], mask)
        told = lead[(lead > 0) & np.isfinite(lead)]
        if not beta and told.size:
            beta = _SHARPNESS / float(np.median(told))
        energies += [_energies(h, beta)] if beta else []
    return beta or 1.0, np.sort(np.concatenate(energies))


def _without_themselves(
    kernel: Reader, positions: Numbers, copies: list[Numbers], mask: Numbers | None
) -> tuple[Numbers, Numbers]:
    """Return the scores (k, K) at patterns, −∞ of themselves and their copies, and their leads (k,)."""
    block = kernel.patterns.at(positions)
    seen = None if mask is None else beside(np.broadcast_to(mask, (len(positions), len(mask))).copy(), block.rows)
    h = scores_at(kernel, block, seen)
    own = h[np.arange(len(h)), positions]
    for row, same in zip(h, copies, strict=True):
        row[same] = -np.inf
    return h, own - h.max(axis=1, initial=-np.inf)


def _energies(h: Numbers, beta: float) -> Numbers:
    """Return −β⁻¹ log Σ exp(β h) (k,) of scores (k, K), which are written over; infinite where none counts."""
    peak = h.max(axis=1, keepdims=True)
    counts = np.isfinite(peak[:, 0])
    h -= np.where(np.isfinite(peak), peak, 0)
    h *= h.dtype.type(beta)
    total = np.exp(h, out=h).sum(axis=1, dtype=np.float64)
    return np.asarray(np.where(counts, -peak[:, 0] - np.log(np.where(counts, total, 1.0)) / beta, np.inf))


def _rounding(energy: Numbers) -> Numbers:
    """Return by how little an energy may be off."""
    return 1e-6 * np.abs(np.where(np.isfinite(energy), energy, 0.0))
