"""Time loading a memory against `numpy.load` of the same patterns, both from a warm cache, the best of several.

    python tools/time_loading.py [K] [N]

K = 100 000 patterns of N = 256 neurons in float32 unless told. The target is a ratio of 1.2 at most.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import mnemonist as mn
from mnemonist.data.tensor_file import processors

RUNS = 60


def best(*works: Callable[[], object]) -> list[float]:
    """Return the least time that each of some works takes, in milliseconds; they take turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, spent in zip(works, times, strict=True):
            begin = time.perf_counter()
            made = work()
            spent.append(time.perf_counter() - begin)
            del made
    return [1000 * min(spent) for spent in times]


def main(k: int = 100_000, n: int = 256) -> None:
    """Write both files, read them in turn, and say how long that took."""
    rows = np.random.default_rng(0).standard_normal((k, n), dtype=np.float32)
    memory = mn.kernel_memory(1.0)
    memory.store(rows)
    with tempfile.TemporaryDirectory() as folder:
        array, file = Path(folder, "rows.npy"), Path(folder, "rows.mnemonist")
        np.save(array, rows)
        begin = time.perf_counter()
        memory.save(file)
        saving = 1000 * (time.perf_counter() - begin)
        loading, numpy = best(lambda: mn.load(file), lambda: np.load(array))
    sys.stdout.write(
        f"{k} x {n} float32, {processors()} processors: saved in {saving:.0f} ms; loaded in {loading:.1f} ms, "
        f"numpy.load {numpy:.1f} ms: ratio {loading / numpy:.2f}\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
