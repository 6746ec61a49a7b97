"""±1 patterns packed into bits: softmax with sharp weights, where few patterns count, and spread, where all do.

One *update* decides all ±1 neurons at once, by the exact readout in float64; a *recall* moves them one at a time, in
sweeps, until nothing moves. The same patterns are recalled in float32 by real neurons ("dense
float32", and fused attention). FAISS finds the best pattern only, which is less work. Cues are patterns with a fifth of
their signs flipped. A pattern takes a bit for a neuron; a byte as int8, four as float32.
"""

from collections.abc import Iterator

import numpy as np

import mnemonist as mn
from benchmarks import rivals
from benchmarks.data import Floats, signs
from benchmarks.machine import READ, one_read
from benchmarks.public import public, updates
from benchmarks.row import Row
from benchmarks.timing import Effort, in_turn
from mnemonist.stores.packed import PackedPatterns

BETAS = {"sharp": 1.0, "spread": 0.01}
_COUNT = 100_000


def rows(effort: Effort) -> Iterator[Row]:
    """Yield both kinds of weights for one cue, and sharp ones for 64."""
    for neurons in effort.of((1024, 256), (256,)):
        patterns, states = (x.astype(np.float32) for x in signs(_COUNT, neurons, 64, flipped=0.2))
        for weights, cues in effort.of((("sharp", 1), ("sharp", 64), ("spread", 1)), (("sharp", 1), ("spread", 1))):
            yield _row(weights, patterns, states[:cues], effort)


def _row(weights: str, patterns: Floats, states: Floats, effort: Effort) -> Row:
    cues = len(states)
    beta, free = BETAS[weights], np.ones(states.shape, np.bool_)
    memory, dense = mn.AssociativeMemory(mn.Dot(), mn.Softmax(beta), mn.Binary()), mn.modern_hopfield(beta)
    memory.store(patterns)
    dense.store(patterns)
    model, real = memory.landscape, dense.landscape
    assert isinstance(model.patterns, PackedPatterns)
    candidates = {
        "update": lambda: model.step(states, free),
        **public(lambda: memory.recall(states)),
        "dense float32": lambda: real.step(states, free),
        **rivals.best_of_signs(patterns, states),
    }
    attention = rivals.softmax(patterns, states, beta)
    candidates |= {name: attention[name] for name in ("fused attention",) if name in attention}
    planes = model.patterns.planes
    candidates[READ], stored = one_read(planes.plus.view(np.int64)), planes.nbytes / _COUNT
    numbers = {"bytes a pattern": stored} | updates(memory.recall(states))
    return Row(
        f"packed ±1, {weights} weights",
        K=_COUNT, N=patterns.shape[1], B=cues, seconds=in_turn(candidates, effort), numbers=numbers,
    )  # fmt: skip
