"""Softmax recall of dense float32 patterns, from one cue to thousands.

Patterns are directions, cues are patterns + 0.05 noise in each coordinate and β = 20, so that no weight may be left
out: the honest worst case. One *update* is what fused attention computes. FAISS finds the best pattern only, which is
less work. The machine: one read of all patterns, and sgemm for the 2 K N B multiplications of an update.

A *recall* goes on to rest, for as many updates as the row says. *One step* is a recall with max_steps=1. Of *Gaussian
rows*, which lie far apart, it takes two updates: one that finds the pattern, and one that sees it rest.
"""

from collections.abc import Iterator

import numpy as np

import mnemonist as mn
from benchmarks import rivals
from benchmarks.data import directions, gaussians
from benchmarks.machine import READ, limits, per_product
from benchmarks.public import public, updates
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

BETA = 20.0
ONE_STEP, GAUSSIAN = "softmax, one step", "softmax, Gaussian rows"
_COUNT, _MANY = 100_000, 64


def rows(effort: Effort) -> Iterator[Row]:
    """Yield all numbers of cues at N = 256, and one cue of other widths; then recalls of one update, and of two."""
    for cues in effort.of((1, 4, 16, 64, 256, 1024), (1,)):
        yield _row(_COUNT, 256, cues, effort)
    for neurons in effort.of((64, 768), ()):
        yield _row(_COUNT, neurons, 1, effort)
    for cues in effort.of((1, 16, 64), (1,)):
        yield _one_step(cues, effort)
    yield _gaussian(effort)


def _row(count: int, neurons: int, cues: int, effort: Effort) -> Row:
    patterns, states = directions(count, neurons, cues)
    memory = mn.modern_hopfield(BETA)
    memory.store(patterns)
    model, free = memory.landscape, np.ones(states.shape, np.bool_)
    candidates = {
        "update": lambda: model.step(states, free),
        **rivals.softmax(patterns, states, BETA),
        **limits(patterns),
    }
    seconds = per_product(in_turn(candidates, effort), 2.0 * count * neurons * cues)
    seconds |= in_turn(public(lambda: memory.recall(states)), effort if cues <= _MANY else effort.brief)
    return Row("softmax", K=count, N=neurons, B=cues, seconds=seconds, numbers=updates(memory.recall(states)))


def _one_step(cues: int, effort: Effort) -> Row:
    patterns, states = directions(_COUNT, 256, cues)
    memory = mn.modern_hopfield(BETA)
    memory.store(patterns)
    model, free = memory.landscape, np.ones(states.shape, np.bool_)
    others = rivals.softmax(patterns, states, BETA)
    candidates: dict[str, Candidate] = {
        "update": lambda: model.step(states, free),
        **public(lambda: memory.recall(states, max_steps=1)),
        **{name: others[name] for name in ("plain NumPy", "fused attention") if name in others},
        READ: limits(patterns)[READ],
    }
    return Row(ONE_STEP, K=_COUNT, N=256, B=cues, seconds=in_turn(candidates, effort))


def _gaussian(effort: Effort) -> Row:
    patterns, states = gaussians(_COUNT, 256, 1)
    memory = mn.modern_hopfield(BETA)
    memory.store(patterns)
    model, free = memory.landscape, np.ones(states.shape, np.bool_)
    candidates = {"update": lambda: model.step(states, free), **public(lambda: memory.recall(states))}
    seconds = in_turn(candidates, effort)
    return Row(GAUSSIAN, K=_COUNT, N=256, B=1, seconds=seconds, numbers=updates(memory.recall(states)))
