r"""Stability: which patterns stay where they are, and by what margin.

    discrete      held: something holds its neurons, and none moves      margin: min_i cost_i / mean_i |cost_i|
    continuous    held: ‖x* − ξ‖ ≤ ¼ ‖ξ′ − ξ‖                  margin: its own weight less the largest other's

A discrete cost is that of the cheapest other value of a neuron, in the terms that decide (of Σ F, where the energy is
its logarithm): 1 says that all are equally firm, 0 that one is tied, below 0 that one moves.

A continuous pattern is held where the recall that begins at it comes to rest beside it, x*, not a quarter of the way to
its nearest other one ξ′; of bounded neurons not a quarter of the way to 0 either; and the discrete columns of a mixed
one do not change. The margin is that of one readout: 1 says that no other memory has any weight there, below 0 that
another outweighs it at its own place. A power of low degree spreads its weights and holds all the same.

Unknown coordinates are filled in first. Source: Gardner 1988, J. Phys. A 21:257 (the margin of a pattern); Ramsauer et
al. 2021, arXiv:2008.02217, Definition 1. Shapes: of K patterns k are probed; everything is (k,).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist._array import Array, device, namespace, to_numpy
from mnemonist.core.neurons import Real
from mnemonist.core.similarity import Dot
from mnemonist.diagnosis.coherence import groups, metric, nearest_others, reader_of
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.result import Recall
from mnemonist.stores.block import Block

_AT_ONCE = 256
_BESIDE = 0.25  # of the way to the nearest other pattern

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stability:
    """What became of the probed patterns: their ids, whether each is held, and its margin.

    `outweighed` are real ones under the dot similarity at whose own place a longer one weighs more, whatever β.
    """

    ids: Places
    held: NDArray[np.bool_]
    margin: Numbers
    outweighed: NDArray[np.bool_]


def stability(memory: PatternMemory, positions: Places) -> Stability:
    """Return the stability of the patterns at these positions. Costs about one recall of them."""
    model, group = memory.landscape, groups(memory.landscape)
    look = partial(_discrete, memory) if memory.neurons.discrete else partial(_continuous, memory, group)
    parts = [positions[start : start + _AT_ONCE] for start in range(0, len(positions), _AT_ONCE)]
    held, margin = (np.concatenate(column) for column in zip(*(look(part) for part in parts), strict=True))
    outweighed = (margin < 0) & _norms_count(memory)
    return Stability(reader_of(model).patterns.ids_at(positions), held, margin, outweighed)


def _discrete(memory: PatternMemory, positions: Places) -> tuple[NDArray[np.bool_], Numbers]:
    model: Any = memory.landscape
    block = reader_of(model).patterns.at(positions)
    state = model.start(block.rows, block.known)
    if block.known is not None:
        state = memory.recall(block.rows, known=block.known).state
    xp, sites = namespace(state), model.sites(state)
    known = xp.ones(state.shape, dtype=xp.bool, device=device(state)) if block.known is None else block.known
    stays = to_numpy(xp.all((model.step(state, known) == state), axis=-1))
    costs = np.stack([_cost(to_numpy(sites.gains(site))) for site in range(sites.count)], axis=1)
    size = np.abs(np.where(np.isfinite(costs), costs, 0.0)).mean(axis=1)
    margin = costs.min(axis=1) / np.where(size > 0, size, 1.0)
    return stays & costs.any(axis=1), np.minimum(margin, 1.0)  # infinite where no neuron has another value


def _cost(gains: Numbers) -> Numbers:
    """Return the energy (B,) of the cheapest option but the present one, whose gain is 0; infinite with one option."""
    ordered = np.sort(gains, axis=-1)
    if gains.shape[-1] == 1:
        return np.full(len(gains), np.inf)
    return np.asarray(np.where(ordered[:, 0] < 0, ordered[:, 0], ordered[:, 1]))


def _norms_count(memory: PatternMemory) -> bool:
    """Return whether a longer pattern has the larger score at a shorter one's place."""
    if not isinstance(memory, AssociativeMemory) or not isinstance(memory.neurons, Real):
        return False
    return isinstance(memory.similarity, Dot) and reader_of(memory.landscape).patterns.known_by_some is None


def _continuous(memory: PatternMemory, group: Places, positions: Places) -> tuple[NDArray[np.bool_], Numbers]:
    model = memory.landscape
    block = reader_of(model).patterns.at(positions)
    recall = memory.recall(block.rows, known=block.known, clamped=False)
    weights = np.abs(to_numpy(reader_of(model).weights(_filled(block, recall))))
    own = group[None, :] == group[positions][:, None]
    others = np.where(own, 0.0, weights).max(axis=1)
    return _stays(memory, positions, group, recall), np.where(own, weights, 0.0).sum(axis=1) - others


def _stays(memory: PatternMemory, positions: Places, group: Places, recall: Recall) -> NDArray[np.bool_]:
    """Return whether states that began at patterns came to rest beside them."""
    model, neurons = memory.landscape, memory.neurons
    block = reader_of(model).patterns.at(positions)
    xp = namespace(recall.state)
    rows = xp.astype(block.rows, recall.state.dtype)
    known = xp.ones(rows.shape, dtype=xp.bool, device=device(rows)) if block.known is None else block.known
    apart = xp.where(known, recall.state - rows, xp.zeros_like(rows))
    still = to_numpy(xp.all((apart == 0) | neurons.continuous(rows), axis=-1))
    moved = _length(metric(model, apart))
    room = nearest_others(model, positions, group)[2]
    lengths = _length(metric(model, xp.where(known, rows, xp.zeros_like(rows))))
    room = np.minimum(room, lengths) if neurons.bounded else np.where(np.isfinite(room), room, np.maximum(lengths, 1.0))
    return np.asarray(still & (moved <= _BESIDE * room))


def _length(x: Array) -> Numbers:
    return np.asarray(np.linalg.norm(to_numpy(x).astype(np.float64), axis=-1))


def _filled(block: Block, recall: Recall) -> Array:
    """Return the patterns (k, N), with what was recalled where they are unknown."""
    xp = namespace(recall.state)
    rows = xp.astype(block.rows, recall.state.dtype)
    return rows if block.known is None else xp.where(block.known, rows, recall.state)
