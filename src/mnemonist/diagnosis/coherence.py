r"""Coherence: which patterns are the same, which is the nearest other one of each, and how alike they are on the whole.

    m̄ = the mean of |overlap| over pairs of patterns; for independent ones √(2/πN), of categories the mean of 1/V

Twins are patterns that are equal in every coordinate, or turned round where an even power stores both. Negatives are
pairs turned round where an odd power stores the difference, which is nothing. A rival is the nearest pattern that is no
twin. Means are over all pairs, or over 20 000 drawn with a fixed seed where there are more.

Source: theory.crosstalk. Shapes: of K patterns k are probed; ids, rivals, overlap, distance (k,); group (K,).
"""

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.core.categorical import Categorical
from mnemonist.core.neurons import Neurons
from mnemonist.core.power import Power
from mnemonist.core.similarity import Dot
from mnemonist.readout.reader import Reader
from mnemonist.recall.model import RecallModel
from mnemonist.stores.block import Block

_PAIRS = 20_000
_AT_ONCE = 256

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Coherence:
    """How alike the patterns are: `mean` and `chance` are m̄ and what it would be of independent patterns.

    `twins` are groups of ids, `negatives` pairs of them; `rivals` (k,) the id of each probed pattern's nearest other
    one, −1 where there is none, at an `overlap` and a `distance` (k,), as the similarity weighs it, over the
    coordinates that both know.
    """

    mean: float
    chance: float
    twins: tuple[tuple[int, ...], ...]
    negatives: tuple[tuple[int, int], ...]
    ids: Places
    rivals: Places
    overlap: Numbers
    distance: Numbers


def coherence_of(model: RecallModel, positions: Places) -> Coherence:
    """Return how alike the patterns at these positions are to all. Costs O(k K N)."""
    whole, group = reader_of(model).patterns.block(), groups(model)
    rivals, overlap, distance = nearest_others(model, positions, group)
    return Coherence(
        mean=_mean(model, whole), chance=_chance(model.neurons, whole.rows.shape[1]), twins=_twins(whole.ids, group),
        negatives=_negatives(model, whole), ids=whole.ids[positions],
        rivals=np.where(rivals >= 0, whole.ids[rivals], -1), overlap=overlap, distance=distance,
    )  # fmt: skip


def reader_of(model: RecallModel) -> Reader:
    """Return the reader of a model; `diagnose` lets only those pass that know their patterns."""
    return cast(Reader, model.reader)


def _chance(neurons: Neurons, n: int) -> float:
    """Return the mean |overlap| of independent patterns, none of whose values is more likely than another."""
    if neurons.mixed:
        return math.inf  # no one number says it of unlike columns
    if isinstance(neurons, Categorical):
        return float(np.mean([1 / size for size in neurons.sizes]))
    return math.sqrt(2 / (math.pi * n))


def groups(model: RecallModel) -> Places:
    """Return for each pattern (K,) the position of the first one that is the same."""
    whole, first = reader_of(model).patterns.block(), dict[bytes, int]()
    rows = to_numpy(whole.rows) + 0.0  # −0 is 0
    known = None if whole.known is None else to_numpy(whole.known)
    mirrored = _mirrored(model)
    found = []
    for place, row in enumerate(rows):
        mark = b"" if known is None else known[place].tobytes()
        keys = [row.tobytes() + mark, *([(0.0 - row).tobytes() + mark] if mirrored else [])]
        same = next((first[key] for key in keys if key in first), place)
        first.setdefault(keys[0], same)
        found.append(same)
    return np.array(found, dtype=np.int64)


def _mirrored(model: RecallModel) -> bool:
    """Return whether a pattern turned round is as good as the pattern."""
    neurons = model.neurons
    return model.separation.even and neurons.rest == 0 and (neurons.discrete or neurons.directions or neurons.bounded)


def nearest_others(model: RecallModel, positions: Places, group: Places) -> tuple[Places, Numbers, Numbers]:
    """Return positions (k,) of the nearest patterns that are no twins, −1 where there are none; overlap, distance."""
    rivals = np.concatenate([_rivals(model, part, group) for part in _parts(positions)])
    there = rivals >= 0
    overlap, distance = np.full(len(rivals), np.nan), np.full(len(rivals), np.inf)
    overlap[there], distance[there] = _compared(
        model, reader_of(model).patterns.block(), positions[there], rivals[there]
    )
    return rivals, overlap, distance


def metric(model: Any, x: Array) -> Array:
    """Return x (..., N) in the units in which the model's similarity sees distances."""
    return getattr(model, "similarity", Dot()).metric(x)


def _negatives(model: RecallModel, whole: Block) -> tuple[tuple[int, int], ...]:
    """Return pairs of ids whose patterns are each other turned round, where an odd power adds them up to nothing."""
    separation = model.separation
    if not isinstance(separation, Power) or separation.even:
        return ()
    rows = to_numpy(whole.rows) + 0.0
    known = [b""] * len(rows) if whole.known is None else [mask.tobytes() for mask in to_numpy(whole.known)]
    first, found = dict[bytes, int](), list[tuple[int, int]]()
    for i, row, mask in zip(whole.ids.tolist(), rows, known, strict=True):
        if (other := first.get((0.0 - row).tobytes() + mask)) is not None:
            found.append((other, i))
        first.setdefault(row.tobytes() + mask, i)
    return tuple(found)


def _twins(ids: Places, group: Places) -> tuple[tuple[int, ...], ...]:
    firsts, counts = np.unique(group, return_counts=True)
    return tuple(tuple(ids[group == first].tolist()) for first in firsts[counts > 1])


def _rivals(model: RecallModel, positions: Places, group: Places) -> Places:
    """Return the position of the nearest pattern that is no twin of each, −1 where there is none."""
    block = reader_of(model).patterns.at(positions)
    state = model.visible(model.start(block.rows, block.known))
    best, close, start = np.full(len(positions), -1), np.full(len(positions), -np.inf), 0
    mirrored = _mirrored(model)
    for h, tile in reader_of(model).scored(state):
        near = to_numpy(reader_of(model).nearness.of(reader_of(model), state, h, tile)).astype(np.float64)
        near = np.abs(near) if mirrored else near
        near[group[positions][:, None] == group[start : start + len(tile.ids)]] = -np.inf
        here = near.argmax(axis=1)
        value = near[np.arange(len(near)), here]
        best, close = np.where(value > close, here + start, best), np.maximum(value, close)
        start += len(tile.ids)
    return best


def _compared(model: RecallModel, whole: Block, some: Places, others: Places) -> tuple[Numbers, Numbers]:
    """Return overlap and distance of patterns to others, pair by pair."""
    one, other = whole.at(some), whole.at(others)
    xp = namespace(whole.rows)
    x, y = xp.astype(one.rows, xp.float64), xp.astype(other.rows, xp.float64)
    known = None if one.known is None or other.known is None else one.known & other.known
    apart = metric(model, x - y if known is None else xp.where(known, x - y, xp.zeros_like(x)))
    overlap = to_numpy(model.neurons.overlap(x, y, known)).astype(np.float64)
    return overlap, np.sqrt((to_numpy(apart) ** 2).sum(axis=1))


def _mean(model: RecallModel, whole: Block) -> float:
    """Return m̄."""
    count = len(whole.ids)
    if count * (count - 1) // 2 <= _PAIRS:
        some, others = np.triu_indices(count, 1)
    else:
        rng = np.random.default_rng(0)
        some = rng.integers(count, size=_PAIRS)
        others = (some + rng.integers(1, count, size=_PAIRS)) % count
    overlaps = [_compared(model, whole, one, other)[0] for one, other in zip(_parts(some), _parts(others), strict=True)]
    found = np.abs(np.concatenate(overlaps)) if overlaps else np.empty(0)
    return float(found.mean()) if found.size else 0.0


def _parts(places: Any) -> list[Places]:
    return [places[start : start + _AT_ONCE] for start in range(0, len(places), _AT_ONCE)]
