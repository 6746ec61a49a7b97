r"""Record memory: a table that completes rows, of what it holds or of others, from the rows that fit what is known.

    rows --Schema--> codes (B, C), NaN unknown --Completer--> codes, shares, spread --Schema--> the same rows, completed

Numbers, dates, categories, yes and no are compared; keys and free text are carried along. A cell is filled only where
something of its row is known that the memory compares, and where the confidence is at least `min_confidence`; what was
given is never touched. A table that completes itself leaves each row out of its own evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.core.number import check_whole, is_whole
from mnemonist.errors import EmptyMemory, InvalidArgument, InvalidType, UnknownId, shown
from mnemonist.recall.one_writer import OneWriter
from mnemonist.tasks.column_kinds import Codes
from mnemonist.tasks.completed import Completed
from mnemonist.tasks.completion import Completer, Completion
from mnemonist.tasks.filling import AskedRows, completed, is_text, nothing_of
from mnemonist.tasks.frames import Frame, frame_of
from mnemonist.tasks.schema import Schema

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Held:
    """What a memory holds at one time: never changed, but replaced."""

    schema: Schema
    table: Frame
    codes: Codes
    ids: Ids
    next_id: int  # ids are never given twice
    rounds: int

    @cached_property
    def completer(self) -> Completer:
        """The engine, learned when it is first asked."""
        if not len(self.ids):
            raise EmptyMemory("RecordMemory: must hold at least one row; it holds none. Add some.")
        if not len(self.known):
            raise InvalidArgument(
                "RecordMemory: must hold a row in which something is known that can be compared: numbers, dates, or "
                "words that come again; got keys, free text and empty cells alone. Give another table, or say what its "
                "columns hold."
            )
        return Completer.learn(self.codes[self.known], self.schema.sizes, rounds=self.rounds)

    @cached_property
    def known(self) -> Ids:
        """The positions of the rows that know something, from which the engine learns."""
        return np.flatnonzero(~np.isnan(self.codes).all(axis=1))

    @property
    def own(self) -> Ids:
        """Where each row stands among those that the engine learned, −1 where it does not."""
        own = np.full(len(self.codes), -1, dtype=np.int64)
        own[self.known] = np.arange(len(self.known))
        return own

    def completed(self, codes: Codes | None = None) -> Completion:
        """Return rows completed, or those that are held, each by the others; positions are among the rows held."""
        if codes is not None:
            found = self.completer.complete(codes if len(codes) else np.full((1, codes.shape[1]), np.nan))
            if not len(codes):
                found = nothing_of(found)
        else:
            found = self.completer.complete(self.codes, ids=self.own)
        return replace(found, positions=np.where(found.positions >= 0, self.known[found.positions], -1))

    @cached_property
    def texts(self) -> frozenset[str]:
        """The columns that are text."""
        return frozenset(name for name, values in self.table.columns.items() if is_text(values))


class RecordMemory(OneWriter):
    """A memory of the rows of a table.

    >>> table = {"cm": [150, 160, 170, 180], "kg": [50.5, 60.0, 70.5, None], "size": ["s", "s", "l", "l"]}
    >>> memory = RecordMemory.from_table(table)
    >>> done = memory.complete()
    >>> done.frame["cm"], [cell.column for cell in done.cells()]
    ([150, 160, 170, 180], ['kg'])
    >>> memory.recall(cm=151).frame["size"]
    ['s']
    """

    def __init__(self, held: _Held) -> None:
        super().__init__()
        self._held = held

    @classmethod
    def from_table(cls, frame: Any, *, schema: Schema | None = None, rounds: int = 2) -> "RecordMemory":
        """Return a memory of the rows of a frame (pandas, polars, pyarrow, or a dictionary of lists), ids 0 … K − 1.

        `schema` says what its columns hold, if they should not tell themselves; `rounds`, 1 or 2, how often rows are
        compared, the second time as they were filled by the first. Raises InvalidType, InvalidArgument.
        """
        table = frame_of("RecordMemory.from_table", frame)
        if schema is not None and not isinstance(schema, Schema):
            raise InvalidType(
                f"RecordMemory.from_table: schema must be a Schema; got {shown(schema)}. Pass Schema.learn(frame)."
            )
        chosen = Schema.learn(table) if schema is None else schema
        check_whole("RecordMemory.from_table", "rounds", rounds, least=1, most=2)
        table = table.copied()
        ids = np.arange(table.count, dtype=np.int64)
        return cls(_Held(chosen, table, chosen.encode(table), ids, len(ids), rounds))

    @property
    def schema(self) -> Schema:
        """What the columns hold."""
        return self._held.schema

    @property
    def ids(self) -> Ids:
        """The ids of the rows that are held."""
        return self._held.ids.copy()

    @property
    def choice(self) -> Any:
        """What the engine chose: how numbers and categories are read, and β."""
        return self._held.completer.choice

    def __len__(self) -> int:
        """Return how many rows are held."""
        return len(self._held.ids)

    def add(self, rows: Any) -> Ids:
        """Hold more rows, and return their ids; columns go by name, missing ones are unknown, others are left out.

        Kinds of columns get wider by what is new, and so do their types in the frame. Raises `InvalidArgument` where no
        type of the frame's library holds all of a column.
        """
        table = frame_of("RecordMemory.add", rows)
        with self._writing:
            held = self._held
            schema = held.schema.extended(table)
            codes = schema.fitted(table).encode(table)
            ids = np.arange(held.next_id, held.next_id + table.count, dtype=np.int64)
            columns = {
                name: values + list(table.columns.get(name, [None] * table.count))
                for name, values in held.table.columns.items()
            }
            together = np.concatenate([held.codes, codes])
            changed = self._changed("RecordMemory.add", schema, columns, together, np.concatenate([held.ids, ids]))
            self._held = replace(changed, next_id=held.next_id + table.count)
        return ids

    def forget(self, ids: Any) -> None:
        """Hold the rows of these ids, or of one, no longer. Raises UnknownId, and forgets none, where one is not."""
        given = [ids] if is_whole(ids, 0) else list(np.asarray(ids).ravel()) if not isinstance(ids, str) else [ids]
        with self._writing:
            held = self._held
            there = set(held.ids.tolist())
            for each in given:
                if not is_whole(each, 0) or int(each) not in there:
                    raise UnknownId(
                        f"RecordMemory.forget: ids must be of rows that are held; got {shown(each)}. Pass ids that "
                        "add returned."
                    )
            keep = ~np.isin(held.ids, np.array(given, dtype=np.int64))
            rows = np.flatnonzero(keep)
            columns = {name: [values[row] for row in rows] for name, values in held.table.columns.items()}
            self._held = self._changed("RecordMemory.forget", held.schema, columns, held.codes[keep], held.ids[keep])

    def _changed(self, who: str, schema: Schema, columns: dict[str, list[Any]], codes: Codes, ids: Ids) -> _Held:
        """Return what is held after a change; the frame is one of its library with these rows."""
        held = self._held
        native = held.table.of_columns(columns, who)
        table = replace(held.table, columns=columns, native=native)
        return replace(held, schema=schema, table=table, codes=codes, ids=ids)

    def complete(self, rows: Any = None, *, min_confidence: float = 0.0) -> Completed:
        """Return rows with their empty cells filled where that can be told; without rows, those of the memory itself.

        Columns go by name, in any order; other columns are carried along. Nothing that was given changes.
        """
        if isinstance(min_confidence, bool) or not isinstance(min_confidence, (int, float, np.number)):
            raise _odd_confidence(min_confidence)
        if not 0 <= min_confidence <= 1:
            raise _odd_confidence(min_confidence)
        held = self._held
        if rows is None:
            return self._told(AskedRows(held.schema, held.table, held.codes, held.texts), None, min_confidence)
        table = frame_of("RecordMemory.complete", rows)
        schema = held.schema.fitted(table)
        codes = schema.encode(table)
        return self._told(AskedRows(schema, table, codes, held.texts, new=True), codes, min_confidence)

    def _told(self, asked: AskedRows, codes: Codes | None, least: float) -> Completed:
        """Return rows with what is told of their empty cells."""
        held = self._held
        done = completed(asked, held.completed(codes), least)
        ids, weights = done.because
        return replace(done, because=(np.where(ids >= 0, held.ids[ids], -1), weights), choice=held.completer.choice)

    def recall(self, row: Mapping[Any, Any] | None = None, /, **columns: Any) -> Completed:
        """Return the whole row of which some columns are known, of the memory's own library.

        `row` has them by names that are no words of Python, as in `recall({"body mass": 3})`. Raises InvalidArgument,
        InvalidType.
        """
        held = self._held
        if row is not None and not isinstance(row, Mapping):
            raise InvalidType(
                f"RecordMemory.recall: row must be a dictionary of values by column; got {shown(row)}. Name them."
            )
        known = {str(name).strip(): [value] for name, value in {**(row or {}), **columns}.items()}
        for name in known:
            if name not in held.table.columns:
                some = ", ".join(list(held.table.columns)[:8])
                raise InvalidArgument(
                    f"RecordMemory.recall: columns must be of the table; got {name!r}. It has {some}."
                )
        cue = {name: known.get(name, [None]) for name in held.table.columns}
        native = held.table.of_columns(cue, "RecordMemory.recall")
        return self.complete(replace(held.table, columns=cue, native=native))

    def score(self, rows: Any = None) -> NDArray[np.float64]:
        """Return an energy (B,) for each row, the higher the odder; without rows, of those held, each by the others.

        It is −β⁻¹ log Σ_μ exp(−½ β d_μ²), d_μ² the squared distance to row μ over what both know: in squared standard
        deviations of the columns, up to a constant. A memory of one row scores it +∞: there is no other.
        """
        held = self._held
        if rows is None:
            return np.asarray(held.completer.score(held.codes, ids=held.own), dtype=np.float64)
        table = frame_of("RecordMemory.score", rows)
        return np.asarray(held.completer.score(held.schema.fitted(table).encode(table)), dtype=np.float64)

    def __repr__(self) -> str:
        """Return how much is held, in one line."""
        return f"RecordMemory({len(self)} rows, {len(self.schema.names)} of {len(self.schema.kinds)} columns compared)"


def _odd_confidence(given: Any) -> InvalidArgument:
    return InvalidArgument(
        f"RecordMemory.complete: min_confidence must be a number in [0, 1]; got {shown(given)}. Pass 0.8, say."
    )
