"""Reading in parts: what is found in all patterns, part by part, wherever an executor reads them.

    merge(… merge(find(part 0), find(part 1)), …)

Without an executor all is read at once, here. With one (threads, processes, a cluster) each part is a task of its own;
what was found is merged in the order of the patterns, so it does not matter who is done first. Parts are cut by size
alone, so it does not matter either how many workers there are.
"""

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from mnemonist.errors import InvalidArgument
from mnemonist.stores.protocol import Store

_NUMBERS = 2**24  # in a part: some ten milliseconds of work, as it takes to send a task through a cluster
_PARTS = 256  # at most
_LOST = "mnemonist: the executor lost a process and takes no more work; the recall goes on here. Make a new executor."


class Parted(Protocol):
    """A dataclass that reads patterns, here or by an executor."""

    @property
    def patterns(self) -> Store:
        """The patterns."""

    @property
    def executor(self) -> Executor | None:
        """Who reads them, part by part; None where that is done here."""


Found = TypeVar("Found")
Reads = TypeVar("Reads", bound=Parted)


def map_reduce(reader: Reads, find: Callable[[Reads], Found], merge: Callable[[Found, Found], Found]) -> Found:
    """Return what `find` finds in all patterns of a reader. An executor may send it away, so it must be picklable."""
    if reader.executor is None:
        return find(reader)
    parts = [_of_part(reader, part) for part in _parts(reader.patterns)]
    return reduce(merge, _found(find, parts, reader.executor))


def _of_part(reader: Any, part: Store) -> Any:
    """Return the reader of a part of the patterns, which is read in one place."""
    return replace(reader, patterns=part, executor=None)


def _parts(patterns: Store) -> Iterator[Store]:
    """Yield the patterns in order, cut at places that depend on nothing but their number and width."""
    count, numbers = len(patterns), len(patterns) * patterns.like.shape[-1]
    parts = min(-(-numbers // _NUMBERS), _PARTS, count)
    cuts = [count * i // parts for i in range(parts + 1)]
    for start, stop in pairwise(cuts):
        yield patterns.part(start, stop)


def _found(find: Callable[[Reads], Found], parts: list[Reads], executor: Executor) -> Iterator[Found]:
    """Yield what is found in each part, in order; what is lost with a pool of processes is read here."""
    tasks = [_task(executor, find, part) for part in parts]
    try:
        for part, task in zip(parts, tasks, strict=True):
            try:
                found = task.result()
            except BrokenExecutor:
                warnings.warn(_LOST, stacklevel=2)
                found = find(part)
            yield found
    finally:
        for task in tasks:
            task.cancel()


def _task(executor: Executor, find: Callable[[Reads], Found], part: Reads) -> Future[Found]:
    """Submit the reading of a part, or return the task that failed because the executor is broken."""
    try:
        return executor.submit(find, part)
    except BrokenExecutor as failure:
        task: Future[Found] = Future()
        task.set_exception(failure)
        return task
    except RuntimeError as failure:
        raise InvalidArgument(
            f"mnemonist: executor must take work; it says '{failure}'. Recall before it is shut down."
        ) from failure
