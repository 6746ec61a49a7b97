"""A part of the measuring: a `measure` that is run alone, its work shared out to one process a processor.

    python -m tools.tasks.PART [--json FILE] [--seeds N] [--tables a,b]

Each process keeps to one processor and one thread, so that seconds are those of one thread, whoever takes them.
"""

import argparse
import inspect
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def run(measure: Callable[..., dict[str, Any]], about: str | None) -> None:
    """Measure as the command line asks, and write what was found as JSON."""
    asked = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    asked.add_argument("--json", type=Path, help="the file that gets what was found")
    asked.add_argument("--seeds", type=int, help="how many seeds, folds or draws")
    asked.add_argument("--tables", type=lambda names: tuple(names.split(",")), help="these alone")
    given = vars(asked.parse_args())
    place, takes = given.pop("json"), inspect.signature(measure).parameters
    began = time.perf_counter()
    found = measure(**{name: value for name, value in given.items() if value is not None and name in takes})
    found["seconds"] = time.perf_counter() - began
    text = json.dumps(plain(found), indent=1)
    if place:
        place.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


def shared(work: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return work(*task) of every task, in order, saying on stderr how far it is."""
    tasks, began = list(tasks), time.perf_counter()
    processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [*range(os.cpu_count() or 1)]
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    os.environ["PYTHONWARNINGS"] = "ignore"
    context = get_context("spawn")
    free = context.Queue()
    for processor in processors:
        free.put(processor)
    with ProcessPoolExecutor(len(processors), context, _settle, (free,)) as pool:
        given = {pool.submit(work, *task): task for task in tasks}
        for count, done in enumerate(as_completed(given), 1):
            done.result()
            words = " ".join(map(str, given[done]))
            print(f"{time.perf_counter() - began:6.0f} s  {count}/{len(tasks)}  {words}", file=sys.stderr, flush=True)
        return [done.result() for done in given]


def among(asked: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the tables that a part knows; it ends where there is none."""
    known = tuple(known)
    some = tuple(name for name in asked if name in known)
    if not some:
        raise SystemExit(f"--tables must be some of {', '.join(known)}; got {', '.join(asked)}.")
    return some


def timed(action: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """Return what an action gives, and the seconds of processor time it took."""
    began = time.process_time()
    return action(*given), time.process_time() - began


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: NaN is null, arrays are lists."""
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def _settle(free: Any) -> None:
    """Keep this process to one processor of its own."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {free.get()})
