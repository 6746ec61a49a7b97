"""Gathering: what is found in all patterns, looked at part by part, wherever their parts are looked at.

    together(… together(look(part 0), look(part 1)), …)

Without an executor all is looked at at once, here. With one (threads, processes, a cluster) each part is a task of its
own; what was found is put together in the order of the patterns, so it does not matter who is done first. Parts are cut
by size alone, so it does not matter either how many workers there are.
"""

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Any, TypeVar

from mnemonist.errors import InvalidArgument
from mnemonist.recall.model import Remembering
from mnemonist.stores.protocol import Patterns

_NUMBERS = 2**24  # in a part: some ten milliseconds of work, as it takes to send a task through a cluster
_PARTS = 256  # at most
_LOST = "mnemonist: the executor lost a process and takes no more work; the recall goes on here. Make a new executor."

Found = TypeVar("Found")
Model = TypeVar("Model", bound=Remembering)


def gathered(model: Model, look: Callable[[Model], Found], together: Callable[[Found, Found], Found]) -> Found:
    """Return what `look` finds in all patterns of a model. An executor may send it away, so it must be picklable."""
    if model.executor is None:
        return look(model)
    parts = [_on(model, part) for part in _parts(model.patterns)]
    return reduce(together, _found(look, parts, model.executor))


def _on(model: Any, part: Patterns) -> Any:
    """Return the model of a part of the patterns, which is looked at in one place."""
    return replace(model, patterns=part, executor=None)


def _parts(patterns: Patterns) -> Iterator[Patterns]:
    """Yield the patterns in order, cut at places that depend on nothing but their number and width."""
    count, numbers = len(patterns), len(patterns) * patterns.example.shape[-1]
    parts = min(-(-numbers // _NUMBERS), _PARTS, count)
    cuts = [count * i // parts for i in range(parts + 1)]
    for start, stop in pairwise(cuts):
        yield patterns.part(slice(start, stop))


def _found(look: Callable[[Model], Found], parts: list[Model], executor: Executor) -> Iterator[Found]:
    """Yield what is found in each part, in order; what is lost with a pool of processes is looked at here."""
    tasks = [_task(executor, look, part) for part in parts]
    try:
        for part, task in zip(parts, tasks, strict=True):
            try:
                found = task.result()
            except BrokenExecutor:
                warnings.warn(_LOST, stacklevel=2)
                found = look(part)
            yield found
    finally:
        for task in tasks:
            task.cancel()


def _task(executor: Executor, look: Callable[[Model], Found], part: Model) -> Future[Found]:
    """Submit a look at a part, or return the task that failed because the executor is broken."""
    try:
        return executor.submit(look, part)
    except BrokenExecutor as failure:
        task: Future[Found] = Future()
        task.set_exception(failure)
        return task
    except RuntimeError as failure:
        raise InvalidArgument(
            f"mnemonist: executor must take work; it says '{failure}'. Recall before it is shut down."
        ) from failure
