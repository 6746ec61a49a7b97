"""What was memorised: a memory in a file, with all that is needed to restore cues as from the rows it was made of.

    rows → encoding → memory → file          file → memory, rows, encoding, their form and names

The encoding follows from the rows and the neurons, so the rows are kept, unless the memory's patterns are these rows.
Shapes: rows (K, N).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mnemonist.archive.loading import memory_of
from mnemonist.data import Table
from mnemonist.data.memory_file import MemoryFile, open_memory
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Rows
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import MnemonistError, UnreadableFile
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.saving import save_with
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.tasks.encoding import Encoding, Plain, encoding_of
from mnemonist.tasks.forms import describe_form, form_of
from mnemonist.tasks.restoration import Order

ENDING = ".mnemonist"
_ROWS = "task.rows"


@dataclass(frozen=True, eq=False)
class Memorised:
    """A memory of a table's rows, and the model as text; `raw` columns are not scaled. `code` is how the rows were
    encoded, None as long as the memory is empty.
    """

    model: str
    memory: PatternMemory
    table: Table
    raw: bool = False
    code: Encoding | None = None

    def fill(self, order: Order, told: Callable[[int], object] = lambda _: None) -> Encoding:
        """Return how the rows were encoded, once the memory holds them and the cues are known to fit.

        Of patterns in files, `told` gets to know how many each look at them has passed. Raises InvalidArgument.
        """
        if self.code is None:
            return order.fill(self.memory, told)
        order.check(self.memory.neurons)
        contents = self.memory._contents
        if isinstance(contents.patterns, MappedPatterns):
            self.memory._resume(replace(contents, patterns=contents.patterns.watched(told)))
        return self.code

    def save(self, out: Path) -> None:
        """Write it to one file, whole or not at all."""
        told = {"model": self.model, "raw": self.raw, "plain": isinstance(self.code, Plain)}
        rows = {} if isinstance(self.code, Plain) else {"rows": np.asarray(self.table.rows)}
        save_with(self.memory, out, told | describe_form(self.table), rows)


def is_memorised(path: Path) -> bool:
    """Say whether a file is named as one of a memory."""
    return path.suffix.lower() == ENDING and not os.path.isdir(path)


def read_memorised(path: Path) -> Memorised:
    """Read what was memorised. Raises `UnreadableFile`, also for a memory that was saved without its rows' form."""
    with open_memory(str(path)) as file:
        memory = memory_of(file)
        if not file.task or not isinstance(memory, PatternMemory) or not len(memory):
            raise UnreadableFile(
                f"{path}: must be a file that `mnemonist memorise` made, which says how rows were encoded; this one "
                "holds a memory alone. Load it in Python with mnemonist.load."
            )
        try:
            return _restored(file, path, memory)
        except (LookupError, TypeError, ValueError) as error:
            if isinstance(error, MnemonistError):
                raise
            refuse(str(path), f"what it says of the rows is not complete ({error})")


def _restored(file: MemoryFile, path: Path, memory: PatternMemory) -> Memorised:
    plain, raw = bool(file.task["plain"]), bool(file.task["raw"])
    rows = _patterns_as_rows(file, memory) if plain else file.tensors.read(_ROWS)[0]
    form, names = form_of(dict(file.task), len(memory))
    if rows.ndim != 2 or rows.dtype.kind != "f" or len(rows) != len(memory) or np.isinf(rows).any():
        raise ValueError("the rows are not those of the memory")
    table = Table(rows, names, form, path)
    code = Plain() if plain else encoding_of(memory.neurons, rows, columns=isinstance(form, Sheet) and not raw)
    return Memorised(str(file.task["model"]), memory, table, raw, code)


def _patterns_as_rows(file: MemoryFile, memory: PatternMemory) -> Rows:
    """Return patterns that were stored as they are; of those in the file a map."""
    if not isinstance(memory._contents.patterns, MappedPatterns):
        return np.asarray(memory.patterns)
    entry = file.tensors.header.entries["patterns.rows"]
    return np.memmap(file.tensors.path, entry.dtype, "r", entry.start, entry.shape)
