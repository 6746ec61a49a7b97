"""One writer at a time: what `store` and `forget` of a memory hold while they change it.

    writer    takes the lock, makes the next contents from the present ones, puts them in place by one assignment
    reader    takes the present contents once, waits for nobody, and asks nothing else

So changes come one after another, and a reader sees those before or those after. The lock is that of a memory and of a
process: copies, pickles and forked processes begin with a free one, whoever held it where they came from.
"""

import os
import threading
from collections.abc import Mapping
from typing import Any


class OneWriter:
    """A base of memories that threads change one after another: `with self._writing:` around a change."""

    def __init__(self) -> None:
        self._locks: dict[int, Any] = {}

    @property
    def _writing(self) -> Any:
        """The lock of this process; the thread that holds it may take it again."""
        return self._locks.setdefault(os.getpid(), threading.RLock())

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_locks"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state, _locks={})
