"""A recall by two workers of a local Dask cluster, each with one thread, beside two local threads.

The workers open the file by its path; cues and sums travel. A recall asks the workers for each update, and for what the
states are, and waits for both each time. As many empty tasks, waited for as often, tell what of the overhead is the
cluster's own.
"""

import importlib
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import numpy as np

import mnemonist as mn
from benchmarks.data import directions
from benchmarks.public import EVERYTHING, asked
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

EMPTY = "empty tasks by Dask"
_COUNT, _NEURONS = 100_000, 256
_WORKERS = 2  # as many as there are parts: each gets a task a round


def rows(effort: Effort) -> Iterator[Row]:
    """Yield one cue; nothing where Dask is not installed."""
    try:
        distributed = importlib.import_module("dask.distributed")
    except ImportError:
        return
    cluster = distributed.LocalCluster(n_workers=_WORKERS, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client, tempfile.TemporaryDirectory() as folder:
        patterns, states = directions(_COUNT, _NEURONS, 1)
        np.save(Path(folder, "patterns.npy"), patterns)
        memory, remote = mn.modern_hopfield(20.0), client.get_executor(pure=False)
        memory.store(mn.MappedPatterns(Path(folder, "patterns.npy")))
        with ThreadPoolExecutor(_WORKERS) as pool:
            candidates: dict[str, Candidate] = {
                "Dask": asked(lambda: memory.recall(states, executor=remote), EVERYTHING),
                "local threads": asked(lambda: memory.recall(states, executor=pool), EVERYTHING),
                "without an executor": asked(lambda: memory.recall(states), EVERYTHING),
                EMPTY: lambda: _idle(remote, rounds),
            }
            for _ in range(3):
                rounds = 1 + int(memory.recall(states, executor=remote).steps.max())  # both workers get their kernels
            seconds = in_turn(candidates, effort)
        over = seconds["Dask"].least - min(seconds[name].least for name in ("local threads", "without an executor"))
        numbers = {"over local threads, ms": 1e3 * over, "rounds": rounds}
        yield Row("two local Dask workers", seconds=seconds, numbers=numbers)


def _idle(executor: Executor, rounds: int) -> None:
    """Have a task done by each worker that does nothing, so many times."""
    for _ in range(rounds):
        for task in [executor.submit(int) for _ in range(_WORKERS)]:
            task.result()
