"""Softmax recall of dense float32 patterns, from one cue to thousands.

Patterns are directions, cues are patterns + 0.05 noise in each coordinate and β = 20, so that no weight may be left
out: the honest worst case. One *update* is what fused attention computes. FAISS finds the best pattern only, which is
less work. The machine: one read of all patterns, and sgemm for the 2 K N B multiplications of an update.
"""

from collections.abc import Iterator

import numpy as np

import mnemonist as mn
from benchmarks import rivals
from benchmarks.data import directions
from benchmarks.machine import limits, per_product
from benchmarks.row import Row
from benchmarks.timing import Effort, in_turn

BETA = 20.0
_COUNT = 100_000


def rows(effort: Effort) -> Iterator[Row]:
    """Yield all numbers of cues at N = 256, and one cue of other widths."""
    for cues in effort.of((1, 4, 16, 64, 256, 1024), (1, 64)):
        yield _row(_COUNT, 256, cues, effort)
    for neurons in effort.of((64, 768), ()):
        yield _row(_COUNT, neurons, 1, effort)


def _row(count: int, neurons: int, cues: int, effort: Effort) -> Row:
    patterns, states = directions(count, neurons, cues)
    memory = mn.modern_hopfield(BETA)
    memory.store(patterns)
    model, free = memory.landscape, np.ones(states.shape, np.bool_)
    candidates = {
        "update": lambda: model.step(states, free),
        "recall": lambda: memory.recall(states),
        **rivals.softmax(patterns, states, BETA),
        **limits(patterns),
    }
    seconds = per_product(in_turn(candidates, effort), 2.0 * count * neurons * cues)
    return Row("softmax", K=count, N=neurons, B=cues, seconds=seconds)
