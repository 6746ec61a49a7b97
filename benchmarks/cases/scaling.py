"""How time and memory grow with K, N and B: one quantity grows, the others stand still.

Three regimes: one update of a softmax memory, for one cue and for many; one sweep of a dense memory of degree 3; one
sweep by a weight matrix, which knows no K. Beside each, while K grows (N of a matrix), stand recalls that make this one
update. Peak memory is that of a process of its own, above what it held before the recall.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import mnemonist as mn
from benchmarks.data import directions, signs
from benchmarks.fresh import measured
from benchmarks.machine import limits, per_product
from benchmarks.public import public
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

UPDATE, DENSE, MATRIX, PEAK = (
    "scaling, softmax",
    "scaling, dense n = 3",
    "scaling, weight matrix",
    "peak memory, softmax",
)
HELD, ABOVE = "patterns, MiB", "above them in recall, MiB"
_BETA = 20.0
_PEAK = """
import numpy as np, mnemonist as mn
rng = np.random.default_rng(0)
memory = mn.modern_hopfield(20.0)
memory.store(rng.standard_normal((K, N), dtype=np.float32))
cues = rng.standard_normal((B, N), dtype=np.float32)
memory.recall(cues[:1, :], max_steps=1).kind
forget_peak()
before = resident("VmRSS")
memory.recall(cues, max_steps=2).kind
print(json.dumps({"peak": resident("VmHWM") - before}))
"""


def rows(effort: Effort) -> Iterator[Row]:
    """Yield every regime at every size."""
    yield from _softmax(effort)
    yield from _sweeps(effort)
    for count in effort.of((1_000, 10_000, 100_000, 300_000), (10_000,)):
        for cues in (1, 256):
            numbers = {HELD: count * 128 * 4 / 2**20, ABOVE: measured(_PEAK, K=count, N=128, B=cues)["peak"]}
            yield Row(PEAK, K=count, N=128, B=cues, numbers=numbers)


def _softmax(effort: Effort) -> Iterator[Row]:
    """Yield updates of one cue and of 64, over K at N = 256 and over N at K = 16 384; and over B."""
    counts = effort.of((256, 1024, 4096, 16_384, 65_536, 262_144), (1024, 16_384))
    widths = effort.of((16, 64, 1024, 4096), (64,))
    sizes = [(count, 256, cues) for count in counts for cues in (1, 64)]
    sizes += [(16_384, neurons, cues) for neurons in widths for cues in (1, 64)]
    sizes += [(65_536, 256, cues) for cues in effort.of((2, 4, 8, 16, 32, 128, 256, 1024), ())]
    for count, neurons, cues in sizes:
        patterns, states = directions(count, neurons, cues)
        memory = mn.modern_hopfield(_BETA)
        memory.store(patterns)
        asked = _one_update(memory, states) if neurons == 256 and cues in (1, 64) else {}
        candidates = {"update": _update(memory, states), **asked, **limits(patterns)}
        seconds = per_product(in_turn(candidates, effort.brief), 2.0 * count * neurons * cues)
        yield Row(UPDATE, K=count, N=neurons, B=cues, seconds=seconds)


def _sweeps(effort: Effort) -> Iterator[Row]:
    """Yield sweeps of 64 cues over K and N, of a dense memory and by a weight matrix, and over B."""
    counts, widths = effort.of((256, 1024, 4096, 16_384), (1024,)), effort.of((256, 512, 1024, 2048, 4096), (512,))
    batches = effort.of((1, 4, 16, 256, 1024), ())
    sizes = [(count, 1024, 64) for count in counts] + [(1024, neurons, 64) for neurons in widths if neurons != 1024]
    for count, neurons, cues in sizes + [(1024, 1024, cues) for cues in batches]:
        yield _swept(DENSE, mn.dense_memory(3), (count, neurons, cues), effort)
    for neurons, cues in [(neurons, 64) for neurons in widths] + [(1024, cues) for cues in batches]:
        yield _swept(MATRIX, mn.hebbian(), (neurons // 20, neurons, cues), effort)


def _swept(name: str, memory: Any, sizes: tuple[int, int, int], effort: Effort) -> Row:
    count, neurons, cues = sizes
    patterns, states = signs(count, neurons, cues, flipped=0.2)
    memory.store(patterns)
    asked = _one_update(memory, states) if cues == 64 and (name == MATRIX or neurons == 1024) else {}
    seconds = in_turn({"sweep": _update(memory, states, mn.Asynchronous()), **asked}, effort.brief)
    return Row(name, K=count, N=neurons, B=cues, seconds=seconds)


def _update(memory: Any, states: np.ndarray[Any, Any], dynamics: Any = mn.Synchronous()) -> Candidate:
    """Return one update of these states."""
    free, cues = np.ones(states.shape, np.bool_), np.arange(len(states))
    return lambda: dynamics.update(memory.landscape, states, free, cue_mask=None, cues=cues, seed=0, sweep=1)


def _one_update(memory: Any, states: np.ndarray[Any, Any]) -> dict[str, Candidate]:
    """Return recalls of these states that end after the update."""
    return public(lambda: memory.recall(states, max_steps=1))
