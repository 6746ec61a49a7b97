"""Completed tables: a file of records completed from itself or from another, ready to be written in its own form."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.data.record_file import RecordFile, read_records
from mnemonist.errors import InvalidArgument
from mnemonist.tasks.completed import Completed
from mnemonist.tasks.frames import Frame, frame_of
from mnemonist.tasks.records import RecordMemory
from mnemonist.tasks.schema import Schema, told


@dataclass(frozen=True)
class ColumnSummary:
    """What became of a column: how many cells were missing, filled and left, how sure on average, and the typical error
    of numbers, in their unit.
    """

    name: str
    kind: str
    blank: int
    filled: int
    left: int
    confidence: float
    error: float


@dataclass(frozen=True, eq=False)
class CompletedTable:
    """A file of records, the memory that it was completed from, and what came of it; `itself` if that is its own."""

    file: RecordFile
    memory: RecordMemory
    source: RecordFile
    done: Completed
    itself: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What may surprise, of the files and of their cells."""
        notes = self.file.notes if self.itself else (*self.source.notes, *self.file.notes)
        return tuple(dict.fromkeys((*notes, *self.done.notes)))

    def summary(self) -> list[ColumnSummary]:
        """Return what became of each column."""
        return [self._of_column(place, name) for place, name in enumerate(self.done.columns)]

    def _of_column(self, place: int, name: str) -> ColumnSummary:
        filled, left = self.done.filled[:, place], self.done.blank[:, place]
        kind = self.memory.schema.kinds.get(name)
        sure, spread = self.done.confidence[filled, place], self.done.spread[filled, place]
        spread = spread[np.isfinite(spread)]
        return ColumnSummary(
            name,
            "carried along" if kind is None else told(kind),
            int(filled.sum() + left.sum()),
            int(filled.sum()),
            int(left.sum()),
            float(sure.mean()) if len(sure) else np.nan,
            float(np.sqrt((spread**2).mean())) if len(spread) else np.nan,
        )

    def bytes(self) -> bytes:
        """Return the completed file."""
        return self.file.bytes_of(self.done.changes)

    def write(self, out: Path) -> None:
        """Write the completed file, whole or not at all."""
        self.file.write(self.done.changes, out)


def complete_file(
    path: Path,
    memory: Path | None = None,
    *,
    min_confidence: float = 0.0,
    ignore: Iterable[str] = (),
    hidden: Iterable[Any] = (),
) -> CompletedTable:
    """Complete a file of records from itself, or from another; `hidden` values mean none in both.

    Raises UnreadableFile, InvalidArgument.
    """
    file = read_records(path)
    itself = memory is None or (str(memory) != "-" and os.path.realpath(memory) == os.path.realpath(path))
    source = file if memory is None or itself else read_records(memory)
    held = _frame(source)
    _check_names(source, held, ignore)
    schema = Schema.learn(held, ignore=[name for name in ignore if name.strip() in held.columns], hidden=hidden)
    records = RecordMemory.from_table(held, schema=schema)
    if itself:
        return CompletedTable(file, records, source, records.complete(min_confidence=min_confidence), True)
    table, file = _matched(file, source, held)
    return CompletedTable(file, records, source, records.complete(table, min_confidence=min_confidence), False)


def _frame(file: RecordFile) -> Frame:
    return replace(frame_of(str(file.path), file.frame), decimal=file.decimal)


def _check_names(file: RecordFile, frame: Frame, ignore: Iterable[str]) -> None:
    for name in ignore:
        if name.strip() not in frame.columns:
            some = ", ".join(list(frame.columns)[:8])
            raise InvalidArgument(f"--ignore: columns must be of {file.path}; got {name!r}. It has {some}.")


def _matched(file: RecordFile, source: RecordFile, held: Frame) -> tuple[Frame, RecordFile]:
    """Return the rows of a file with columns named as in the source: by place where one of both has no headings."""
    table = _frame(file)
    if file.headed != source.headed and len(table.columns) == len(held.columns) and isinstance(file.frame, dict):
        names = list(held.columns)
        named = dict(zip(names, file.frame.values(), strict=True))
        file = replace(file, **{"columns" if hasattr(file, "columns") else "frame": named})  # type: ignore[type-var]
        return _frame(file), file
    if not set(table.columns) & set(held.columns):
        mine, theirs = (", ".join(list(each.columns)[:5]) for each in (table, held))
        raise InvalidArgument(
            f"{file.path}: must have a column of {source.path}; it has {mine}, and that has {theirs}. Rename them."
        )
    return table, file
