"""What a process pays before it is fast: the import, and the first call of each kind of recall.

A first call compiles its kernels once, and keeps them on disk; the first call of later processes reads them from there.
Numba is imported beforehand and not counted, nor is SciPy, which it imports with its first kernel where there is one.
Because small work loads kernels only once it has added up, a kind is called ten times, and what each call takes beyond
the quickest is summed. All are asked what the states are, and each kind is measured in processes of its own.

A *first recall* goes to rest and is told whole, in a new process that finds its kernels on disk. What loads those is in
its time, for it is what a user waits for; what takes longer than a limit is ended, and told as that limit.

The import is told in seconds, and in the processor's time, which other processes do not lengthen; byte code is cached.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.fresh import measured
from benchmarks.row import Row
from benchmarks.timing import Effort, Times

COMPILED, CACHED = "compiled, s", "from cache, s"
IMPORT, BEYOND = "import mnemonist, processor's time", "beyond NumPy, ms"
FIRST_RECALL, ON_DISK = "first recall, classical_hopfield", "kernels on disk, s"


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
times = []
for _ in range(10):
    begin = time.perf_counter()
    memory.recall(patterns[:{cues}], {how}).kind
    times.append(time.perf_counter() - begin)
print(json.dumps({{"first": sum(times) - len(times) * min(times)}}))
"""
_IMPORT = """
begin = time.perf_counter()
import numpy
between = time.perf_counter()
import mnemonist
end = time.perf_counter()
print(json.dumps({"whole": end - begin, "beyond NumPy": end - between}))
"""
_PROCESSOR = """
import numpy
begin = time.process_time()
import mnemonist
print(json.dumps({"ms": 1e3 * (time.process_time() - begin)}))
"""
_RECALL = """
import numpy as np, mnemonist as mn
rng = np.random.default_rng(0)
patterns = rng.choice(np.array([-1, 1], np.int8), size=(count, neurons))
cues = patterns[:many] * np.where(rng.random((min(many, count), neurons)) < 0.2, -1, 1)
memory = mn.classical_hopfield()
memory.store(patterns)
begin = time.perf_counter()
recall = memory.recall(cues)
told = recall.state, recall.kind, recall.energy
print(json.dumps({"first": time.perf_counter() - begin}))
"""
_LIMIT, _LONG = 20.0, 2.0  # seconds after which a recall is ended, and from which on one will do


def rows(effort: Effort) -> Iterator[Row]:
    """Yield the import, the first call of each kind, and first recalls that were once slow."""
    found = [measured(_IMPORT) for _ in range(effort.runs)]
    seconds = {name: Times.of([one[name] for one in found]) for name in found[0]}
    yield Row("import mnemonist", seconds=seconds)
    yield Row(IMPORT, numbers={BEYOND: min(measured(_PROCESSOR)["ms"] for _ in range(effort.runs))})
    for kind in effort.of(tuple(_KINDS), ("weight matrix",)):
        code = _FIRST.format(**_KINDS[kind]._asdict())
        compiled, cached = _first(code)
        yield Row(f"first call, {kind}", numbers={COMPILED: compiled, CACHED: cached})
    for count, neurons, cues in effort.of(((500, 2000, 4), (2, 200_000, 1)), ((100, 500, 4),)):
        taken = _first_recall(count=count, neurons=neurons, many=cues)
        yield Row(FIRST_RECALL, K=count, N=neurons, B=cues, numbers={ON_DISK: taken})


def _first(code: str) -> tuple[float, float]:
    """Return what first calls pay with an empty cache, and with the cache that they left."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = measured(code, cache=folder)["first"]
        return compiled, min(measured(code, cache=folder)["first"] for _ in range(2))


def _first_recall(**sizes: int) -> float:
    """Return how long a recall takes in a new process, where another one has left its kernels on disk."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            measured(_RECALL, cache=folder, **sizes)
            found = measured(_RECALL, cache=folder, limit=_LIMIT, **sizes)["first"]
            return found if found > _LONG else min(found, measured(_RECALL, cache=folder, **sizes)["first"])
        except subprocess.TimeoutExpired:
            return _LIMIT
