r"""Familiarity: does a cue come from where the memories came from?

    p(x) = (1 + #{μ: e_μ ≥ e(x)})/(n + 1)        e(x) = −β⁻¹ log Σ_ν exp(−½ β ‖x − ξ_ν‖²),  e_μ = e(ξ_μ) without ξ_μ

the share of memories that are as far from the other ones as the cue is from all: a conformal p-value. Of cues that are
drawn as the memories were, a share p at most has a familiarity of p or less. Only what is known of a cue counts, on
both sides. The kernel is sharp, β = 16 over the typical squared distance to the nearest other one, whatever the model.

Up to 1000 memories are asked, fewer of very many or for cues that know very different things, and the answers kept.

Source: Vovk, Gammerman & Shafer 2005 (conformal prediction); Laxhammar & Falkman 2010 (for anomalies).
Shapes: cues, known (B, N); p (B,).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.neurons import Real
from mnemonist.core.similarity import Dot, Euclidean
from mnemonist.core.softmax import Softmax
from mnemonist.readout.choice import reader_of
from mnemonist.readout.leads import Numbers, scores_at
from mnemonist.readout.probes import spread
from mnemonist.readout.reader import Reader

_MOST, _FEWEST = 1000, 128  # memories that are asked
_SCORES = 2**25  # that are made for it
_SHARPNESS = 8.0  # β times the typical lead, which is half a squared distance
_AT_ONCE = 2**24  # scores that are made at one time
_KEPT = 64  # masks of which the answers are kept


class Calibration(NamedTuple):
    """The β of the kernel, and what each memory that was asked has as its energy without itself, rising (n,)."""

    beta: float
    energies: Numbers


class Familiarity:
    """What was found out of the memories of a reader, for each set of coordinates that cues knew."""

    def __init__(self) -> None:
        self._found: dict[bytes, Calibration] = {}

    def __reduce__(self) -> Any:
        return Familiarity, ()

    def of(self, reader: Reader, cues: Array, known: Array | None) -> Numbers:
        """Return p (B,) of cues."""
        kernel = kernel_of(reader)
        if known is None:
            return self._alike(kernel, cues, None, 1)
        mask, p = to_numpy(known), np.empty(len(known))
        kinds, which = np.unique(mask, axis=0, return_inverse=True)
        for kind, one in enumerate(kinds):
            mine = np.flatnonzero(which.ravel() == kind)
            some = namespace(cues).take(cues, beside(mine, cues), axis=0)
            p[mine] = self._alike(kernel, some, None if one.all() else one, len(kinds))
        return p

    def _alike(self, kernel: Reader, cues: Array, mask: Numbers | None, kinds: int) -> Numbers:
        """Return p (b,) of cues that know the same coordinates (N,); `kinds` of such sets are asked about."""
        found = self._calibrated(kernel, mask, kinds)
        if not len(found.energies):
            return np.ones(len(cues))
        xp = namespace(cues)
        sharp = reader_of(kernel.similarity, Softmax(found.beta), kernel.neurons, kernel.patterns)
        state = xp.astype(cues, kernel.neurons.dtype(cues, kernel.patterns.like))
        seen = None if mask is None else beside(np.broadcast_to(mask, cues.shape).copy(), cues)
        state = kernel.neurons.confine(state if seen is None else xp.where(seen, state, xp.zeros_like(state)))
        summary = sharp.summary(state, cue_mask=seen, dtype=xp.float64)
        energy = -to_numpy(sharp.separation.value(summary))
        above = len(found.energies) - np.searchsorted(found.energies, energy - _rounding(energy), side="left")
        return np.asarray((1 + above) / (len(found.energies) + 1))

    def _calibrated(self, kernel: Reader, mask: Numbers | None, kinds: int) -> Calibration:
        key = b"" if mask is None else mask.tobytes()
        if key not in self._found:
            kept = list(self._found.items())[-(_KEPT - 1) :]
            self._found = dict([*kept, (key, calibrated(kernel, mask, kinds))])
        return self._found[key]


def resolution(count: int) -> float:
    """Return the least p that so many memories can give."""
    return 1 / (min(count, _MOST) + 1)


def kernel_of(reader: Reader) -> Reader:
    """Return a reader of the same patterns by distance; of columns side by side as they are compared."""
    neurons, similarity = reader.neurons, reader.similarity
    if not neurons.layout:
        similarity, neurons = (Dot(), neurons) if neurons.only_dot else (Euclidean(), Real())
    return reader_of(similarity, Softmax(1.0), neurons, reader.patterns)


def calibrated(kernel: Reader, mask: Numbers | None, kinds: int) -> Calibration:
    """Return what the memories have as energies without themselves; costs O(n K N)."""
    count = len(kernel.patterns)
    asked = spread(kernel.patterns, int(np.clip(_SCORES // (count * kinds), _FEWEST, _MOST)))
    size, beta, energies = max(16, _AT_ONCE // count), 0.0, list[float]()
    for start in range(0, len(asked) if count > 1 else 0, size):
        h, lead = _without_themselves(kernel, asked[start : start + size], mask)
        told = lead[(lead > 0) & np.isfinite(lead)]
        if not beta and told.size:
            beta = _SHARPNESS / float(np.median(told))
        energies += [_energy(row, beta) for row in h] if beta else []
    return Calibration(beta or 1.0, np.sort(energies))


def _without_themselves(kernel: Reader, positions: Numbers, mask: Numbers | None) -> tuple[Numbers, Numbers]:
    """Return the scores (k, K) at patterns that know something of a mask (N,), −∞ of themselves, and their leads."""
    block = kernel.patterns.at(positions)
    if mask is not None and block.known is not None:
        positions = positions[(to_numpy(block.known) & mask).any(axis=1)]
        block = kernel.patterns.at(positions)
    seen = None if mask is None else beside(np.broadcast_to(mask, (len(positions), len(mask))).copy(), block.rows)
    h, own = scores_at(kernel, block, seen), np.arange(len(positions))
    scores = h[own, positions]
    h[own, positions] = -np.inf
    return h, scores - h.max(axis=1, initial=-np.inf)


def _energy(row: Numbers, beta: float) -> float:
    """Return −β⁻¹ log Σ exp(β h) of scores (K,), infinite where none counts."""
    peak = float(row.max())
    if peak == -math.inf:
        return math.inf
    return -peak - math.log(float(np.exp(row.dtype.type(beta) * (row - row.dtype.type(peak))).sum())) / beta


def _rounding(energy: Numbers) -> Numbers:
    """Return by how little an energy may be off."""
    return 1e-6 * np.abs(np.where(np.isfinite(energy), energy, 0.0))
