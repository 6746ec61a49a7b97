"""Summaries: what is in a file of a memory, at a glance; all of the file is checked on the way."""

import os
from dataclasses import dataclass
from typing import Any

from mnemonist._array import library_of
from mnemonist.archive.loading import memory_of
from mnemonist.data.memory_file import MemoryFile, open_memory
from mnemonist.memories.bidirectional import BidirectionalMemory
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.packed import PackedPatterns


@dataclass(frozen=True)
class Summary:
    """A memory as it is written in Python, its K and N (None where it has none), and how its numbers are kept.

    `dtype` is that of a number of a pattern, `kept` where these are: "dense", "packed" (as bits), "mapped" (in the
    file), or "" where no patterns are kept. `values` is their width D, 0 without. `size` is in bytes.
    """

    memory: str
    k: int
    n: int | None
    dtype: str
    kept: str
    holes: bool
    values: int
    size: int
    version: int
    written_by: str
    task: dict[str, Any]


def summary(path: str) -> Summary:
    """Return what is in a file. Raises `UnreadableFile` as `load` does."""
    with open_memory(path) as file:
        return _of(file, memory_of(file))


def _of(file: MemoryFile, memory: Any) -> Summary:
    inner: Any = memory.joint if isinstance(memory, BidirectionalMemory) and len(memory) else memory
    dtype, kept, holes, values = _of_patterns(inner) if isinstance(inner, PatternMemory) else ("", "", False, 0)
    matrix = getattr(inner, "rule", memory) is None  # which has neurons, and nothing stored
    return Summary(
        memory=repr(memory).partition("  #")[0],
        k=len(memory),
        n=_width(inner) if len(memory) or matrix else None,
        dtype=dtype,
        kept=kept,
        holes=holes,
        values=values,
        size=os.stat(file.tensors.path).st_size,
        version=file.version,
        written_by=file.tensors.header.texts.get("mnemonist", ""),
        task=dict(file.task),
    )


def _width(memory: Any) -> int:
    """Return N, without making a model of patterns, which may take its time."""
    held = isinstance(memory, PatternMemory) and len(memory)
    like = memory._contents.patterns.like if held else memory.landscape.like
    return int(like.shape[-1])


def _of_patterns(memory: PatternMemory) -> tuple[str, str, bool, int]:
    """Return dtype, how they are kept, whether some have holes, and the width of their values."""
    if not len(memory):
        return "", "", False, 0
    patterns: Any = memory._contents.patterns
    kept = {PackedPatterns: "packed", MappedPatterns: "mapped"}.get(type(patterns), "dense")
    first: Any = patterns.block(0, 1)
    dtype = str(first.rows.dtype).removeprefix("torch.")
    torch = library_of(first.rows) == "torch"
    values = 0 if first.values is None else int(first.values.shape[1])
    return f"{dtype}, torch" if torch else dtype, kept, patterns.known_by_some is not None, values
