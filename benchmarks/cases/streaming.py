"""Softmax recall of patterns that stay in a file, which the system keeps in its cache.

An *update* looks at the whole file. It is compared with one read of the file, by as many threads into buffers that fit
into their cache, and with the same update of the same patterns in memory. What is resident at most is measured in a
process of its own, over a store and a recall.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import mnemonist as mn
from benchmarks.data import directions
from benchmarks.fresh import measured
from benchmarks.machine import limits, per_product
from benchmarks.public import public, updates
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn
from mnemonist.kernels.threads import share

BETA = 20.0
_NEURONS = 256
_BUFFER = 2**20
_RESIDENT = """
import numpy as np, mnemonist as mn
def recalled(*paths):
    memory = mn.modern_hopfield(20.0)
    memory.store(mn.MappedPatterns(*paths))
    rows = memory.landscape.patterns.at(np.arange(cues)).rows
    memory.recall(rows).kind
recalled(few)
forget_peak()
start = resident("VmRSS")
recalled(path)
print(json.dumps({"resident": resident("VmHWM") - start}))
"""


def rows(effort: Effort) -> Iterator[Row]:
    """Yield a cue, and many."""
    count = effort.of(1_000_000, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        patterns, states = directions(count, _NEURONS, 64)
        path, few = Path(folder, "patterns.npy"), Path(folder, "few.npy")
        np.save(path, patterns)
        np.save(few, patterns[:20_000])
        for cues in effort.of((1, 64), (1,)):
            yield _row(path, few, patterns, states[:cues], effort)


def _row(path: Path, few: Path, patterns: np.ndarray, states: np.ndarray, effort: Effort) -> Row:
    here, there = mn.modern_hopfield(BETA), mn.modern_hopfield(BETA)
    here.store(patterns)
    there.store(mn.MappedPatterns(path))
    free = np.ones(states.shape, np.bool_)
    candidates: dict[str, Candidate] = {
        "update": lambda: there.landscape.step(states, free),
        "in memory": lambda: here.landscape.step(states, free),
        **public(lambda: there.recall(states)),
        "one read of the file": _one_read(path),
        **limits(patterns),
    }
    seconds = per_product(in_turn(candidates, effort), 2.0 * states.shape[0] * patterns.size)
    found = measured(_RESIDENT, path=str(path), few=str(few), cues=len(states))
    numbers = {"resident above start, MiB": found["resident"], "file, MiB": path.stat().st_size / 2**20}
    numbers |= updates(here.recall(states))
    return Row("streamed from file, warm cache", B=len(states), seconds=seconds, numbers=numbers)


def _one_read(path: Path) -> Candidate:
    """Return a read of all bytes, each into the buffer of the thread that reads it."""
    descriptor, own = os.open(path, os.O_RDONLY), threading.local()

    def read(i: int) -> None:
        if not hasattr(own, "buffer"):
            own.buffer = bytearray(_BUFFER)
        os.preadv(descriptor, [own.buffer], i * _BUFFER)

    return lambda: share(read, -(-path.stat().st_size // _BUFFER))
