"""What is measured: a file per regime. Adding a case is adding a file.

A file opens with what it measures, and has one function:

    def rows(effort: Effort) -> Iterator[Row]

which yields what it found, ours first among the candidates of each row. `memory.landscape.step` is the one update that
attention computes; `memory.recall`, with what is then read of it, is what a user waits for. A case that times the one
times the other too, by `benchmarks.public`. What must be reached stands in `benchmarks.targets`, under the same words.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.row import Row
from benchmarks.timing import Effort


class Case(NamedTuple):
    """A file of cases: its name, what it says of itself, and what it measures."""

    name: str
    about: str
    rows: Callable[[Effort], Iterator[Row]]


def cases() -> list[Case]:
    """Return all cases, by name."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in found}
    return [Case(name, (module.__doc__ or "").strip(), module.rows) for name, module in modules.items()]
