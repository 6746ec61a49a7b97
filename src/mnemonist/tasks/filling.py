"""Filling: the empty cells of rows, as codes that were told and as values of their columns.

A cell is filled where it is empty, something of its row is known, a finite code was told, and the confidence is enough.
Shapes: codes (B, C) of the C columns that are compared, cells (B, M) of the M columns of the frame.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from mnemonist.tasks.column_kinds import Category, Codes
from mnemonist.tasks.completed import Completed
from mnemonist.tasks.completion import Completion
from mnemonist.tasks.frames import Frame
from mnemonist.tasks.row_notes import notes_on
from mnemonist.tasks.schema import Schema


class AskedRows(NamedTuple):
    """Rows as they were given and as codes; `texts` are columns that the memory has as text, `new` rows are others."""

    schema: Schema
    table: Frame
    codes: Codes
    texts: frozenset[str]
    new: bool = False


def completed(asked: AskedRows, told: Completion, least: float) -> Completed:
    """Return rows with their empty cells filled; what answers rest on are positions."""
    schema, table, codes, _, new = asked
    columns = tuple(table.columns)
    shape = (table.count, len(columns))
    filled, confidence, spread = np.zeros(shape, bool), np.full(shape, np.nan), np.full(shape, np.nan)
    empty = np.stack([schema.blank(values) for values in table.columns.values()], axis=1) if columns else filled
    somewhat = ~np.isnan(codes).all(axis=1)
    changes: dict[str, dict[int, Any]] = {}
    options, unsure = {}, 0
    for c, name in enumerate(schema.names):
        if name in table.columns:
            m = columns.index(name)
            sure = told.confidence[:, c] >= least
            could = empty[:, m] & somewhat & np.isfinite(told.codes[:, c])
            cells = filled[:, m] = could & sure
            unsure += int((could & ~sure).sum())
            confidence[cells, m], spread[cells, m] = told.confidence[cells, c], told.spread[cells, c]
            changes[name] = _values(asked, name, told.codes[:, c], np.flatnonzero(cells).tolist())
            kind = schema.kinds[name]
            if isinstance(kind, Category) and c in told.shares:
                options[name] = (kind.options, np.asarray(told.shares[c]))
    return Completed(
        frame=table.filled(changes),
        columns=columns,
        filled=filled,
        blank=empty & ~filled,
        confidence=confidence,
        spread=spread,
        because=(np.asarray(told.positions), np.asarray(told.weights)),
        changes=changes,
        notes=(*_unsure(unsure, least), *notes_on(schema, table, codes, new=new)),
        completion=told,
        options=options,
    )


def _unsure(count: int, least: float) -> tuple[str, ...]:
    """Say how many cells could be told, but not surely enough."""
    cells = f"{count} empty cell{' is' if count == 1 else 's are'}"
    return (f"{cells} less than {least:.0%} sure: left empty.",) if count else ()


def nothing_of(told: Completion) -> Completion:
    """Return of what was told no row at all, in the same shapes."""
    parts = {name: getattr(told, name)[:0] for name in ("codes", "spread", "confidence", "positions", "weights")}
    return replace(told, shares={column: shares[:0] for column, shares in told.shares.items()}, **parts)


def _values(asked: AskedRows, name: str, codes: Codes, rows: list[int]) -> dict[int, Any]:
    """Return the values of a column in some rows, as text where it is text; where it is empty, as the memory's is."""
    values = asked.table.columns[name]
    text = is_text(values) or (name in asked.texts and all(asked.schema.is_blank(value) for value in values))
    return {row: asked.schema.decode(name, codes[row], spelt=text) for row in rows}


def is_text(values: Iterable[Any]) -> bool:
    """Say whether a column is text: some cell of it is, be it an empty one."""
    return any(isinstance(value, str) for value in values)
