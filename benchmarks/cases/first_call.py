"""What a process pays before it is fast: the import, and the first call of each kind of recall.

A first call compiles its kernels once, and keeps them on disk; the first call of later processes reads them from there.
Numba is imported beforehand and not counted, nor is SciPy, which it imports with its first kernel where there is one; a
second call is taken off. Each is measured in processes of its own, and the least of a few counts.
"""

import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.fresh import measured
from benchmarks.row import Row
from benchmarks.timing import Effort, Times

COMPILED, CACHED = "compiled, s", "from cache, s"


class _Kind(NamedTuple):
    """A recall: the memory, what it stores, how many cues, and how it goes."""

    memory: str
    patterns: str
    cues: int
    how: str = "max_steps=1"


_GAUSSIAN = "rng.standard_normal((50_000, 256), dtype=np.float32)"
_PACKED = "AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Binary())", "rng.choice([-1.0, 1.0], size=(20_000, 512))"
_KINDS = {
    "softmax, few cues": _Kind("modern_hopfield(20.0)", _GAUSSIAN, 1),
    "softmax, many cues": _Kind("modern_hopfield(20.0)", _GAUSSIAN, 64),
    "dense sweep": _Kind("dense_memory(3)", "rng.choice([-1.0, 1.0], size=(500, 500))", 64),
    "packed sweep": _Kind(*_PACKED, 1),
    "packed update": _Kind(*_PACKED, 1, "max_steps=1, dynamics=mn.Synchronous()"),
    "weight matrix": _Kind("hebbian()", "rng.choice([-1.0, 1.0], size=(50, 1000))", 64),
}
_FIRST = """
import contextlib, numba, numpy as np, mnemonist as mn
with contextlib.suppress(ImportError):
    import scipy.linalg
rng = np.random.default_rng(0)
memory, patterns = mn.{memory}, {patterns}
memory.store(patterns)
times = [time.perf_counter()]
for _ in range(2):
    memory.recall(patterns[:{cues}], {how})
    times.append(time.perf_counter())
print(json.dumps({{"first": max(0.0, 2 * times[1] - times[0] - times[2])}}))
"""
_IMPORT = """
begin = time.perf_counter()
import numpy
between = time.perf_counter()
import mnemonist
end = time.perf_counter()
print(json.dumps({"whole": end - begin, "beyond NumPy": end - between}))
"""


def rows(effort: Effort) -> Iterator[Row]:
    """Yield the import, and the first call of each kind."""
    found = [measured(_IMPORT) for _ in range(effort.runs)]
    seconds = {name: Times.of([one[name] for one in found]) for name in found[0]}
    yield Row("import mnemonist", seconds=seconds)
    for kind in effort.of(tuple(_KINDS), ("weight matrix",)):
        code = _FIRST.format(**_KINDS[kind]._asdict())
        compiled, cached = zip(*(_first(code) for _ in range(effort.of(2, 1))), strict=True)
        yield Row(f"first call, {kind}", numbers={COMPILED: min(compiled), CACHED: min(cached)})


def _first(code: str) -> tuple[float, float]:
    """Return how long a first call takes with an empty cache, and with the cache that it left."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = measured(code, cache=folder)["first"]
        return compiled, min(measured(code, cache=folder)["first"] for _ in range(2))
