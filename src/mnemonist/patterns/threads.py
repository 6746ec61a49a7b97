"""Threads for kernels that release the GIL: one small pool, made when it is first needed.

Work is cut at fixed places, so the number of threads changes nothing.
"""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache


def share(work: Callable[[int], None], count: int) -> None:
    """Call work(0), …, work(count − 1), each once, on as many threads as there are processors."""
    tasks = itertools.count()

    def take() -> None:
        while (task := next(tasks)) < count:
            work(task)

    helpers = [_pool().submit(take) for _ in range(min(_processors(), count) - 1)]
    take()
    for helper in helpers:
        if not helper.cancel():  # who has not begun by now has nothing to do
            helper.result()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_processors(), thread_name_prefix="mnemonist")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not survive a fork
