"""Threads for kernels that release the GIL: a few, made when they are first needed, that wait for work.

Work is cut at fixed places, so the number of threads changes nothing. Who shares it out begins at its front and the
others at its back: next time each finds in its cache what it read. An executor's futures cost as much as a small
kernel; here one queue hands over, and one lock waits.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread

_Queue = SimpleQueue[Callable[[], object]]


def share(work: Callable[[int], None], count: int) -> None:
    """Call work(0), …, work(count − 1), each once, on as many threads as there are processors.

    What one of them raises is raised here, and then some may not have been called.
    """
    if count < 2:
        for task in range(count):
            work(task)
        return
    claims, ends, back = itertools.count(), itertools.count(1), iter(range(count - 1, -1, -1))
    errors: list[BaseException] = []
    running = Lock()

    def take(tasks: Iterator[int]) -> None:
        while next(claims) < count:
            task = next(tasks)
            try:
                if not errors:
                    work(task)
            except BaseException as error:
                errors.append(error)
            if next(ends) == count:
                running.release()

    running.acquire()
    waiting = [take]
    for _ in range(min(_processors(), count) - 1):
        _queue().put(lambda: [call(back) for call in waiting])
    take(iter(range(count)))
    running.acquire()  # until the last task has ended
    waiting.clear()  # a helper that has not begun by now finds nothing, and nothing is kept for it
    try:
        if errors:
            raise errors[0]
    finally:
        errors.clear()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _queue() -> _Queue:
    """Return the queue at which threads wait for something to call."""
    with _making:
        return _served()


@cache
def _served() -> _Queue:
    queue: _Queue = SimpleQueue()
    for _ in range(_processors() - 1):  # the caller is one more
        Thread(target=_serve, args=(queue,), name="mnemonist", daemon=True).start()
    return queue


def _serve(queue: _Queue) -> None:
    while True:
        queue.get()()


def _begin_anew() -> None:
    """Forget the threads, which do not survive a fork."""
    _served.cache_clear()
    _making.release()


_making = Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_begin_anew)
