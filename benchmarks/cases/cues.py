"""One step of a recall from cues that are not just like the patterns: of another dtype, or in part unknown.

Patterns are float32 directions, and a cue is one of them + 0.05 noise: in float32 and whole, in float64, or with half
of its coordinates hidden. Only `.state` is read.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import mnemonist as mn
from benchmarks.data import Floats, directions
from benchmarks.public import STATE, asked
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

OTHER_CUES = "one step, other cues"
WHOLE_CUE, WIDE, HIDDEN = "a float32 cue", "a float64 cue", "a half-hidden cue"
MODELS = {"kernel_memory": mn.kernel_memory, "modern_hopfield": mn.modern_hopfield}
COUNT, NEURONS = 100_000, 256
_BETA = 20.0


def rows(effort: Effort) -> Iterator[Row]:
    """Yield both models."""
    patterns, cues = directions(COUNT, NEURONS, 1)
    wide, half = cues.astype(np.float64), np.arange(NEURONS) < NEURONS // 2
    for name in effort.of(tuple(MODELS), ("kernel_memory",)):
        memory = MODELS[name](_BETA)
        memory.store(patterns)
        candidates = {
            WHOLE_CUE: _one_step(memory, cues),
            WIDE: _one_step(memory, wide),
            HIDDEN: _one_step(memory, cues, known=half),
        }
        yield Row(f"{OTHER_CUES}, {name}", K=COUNT, N=NEURONS, B=1, seconds=in_turn(candidates, effort))


def _one_step(memory: Any, cues: Floats, **options: Any) -> Candidate:
    return asked(lambda: memory.recall(cues, max_steps=1, **options), STATE)
