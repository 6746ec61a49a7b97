"""Schemas: what the columns of a table hold, and its rows as numbers for a memory.

    codes (K, C) float64   NaN where a cell is missing, unreadable or of an option that is not known
    sizes (C,) int64       0 of a number, V of a category whose codes are 0 … V − 1

C counts the columns that a memory compares; keys, free text, empty and ignored columns are carried along.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.spelling import decimal_mark, is_missing
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.tasks.column_kinds import (
    YES_OR_NO,
    Carried,
    Category,
    Codes,
    ColumnKind,
    Number,
    Ordinal,
    is_hashable,
    key_of,
    known_texts,
)
from mnemonist.tasks.column_types import is_none
from mnemonist.tasks.dates import Date
from mnemonist.tasks.frames import Frame, frame_of
from mnemonist.tasks.learned_kinds import learned_kind

_SAMPLE = 2000  # cells of a column that tell the decimal mark


@dataclass(frozen=True)
class Schema:
    """The kinds of a table's columns by name, the values that stand for none, such as −999, and the columns whose kinds
    were given, not learned.

    >>> schema = Schema.learn({"id": ["a1", "b2", "c3"], "cm": ["1.50", "", "2.25"], "sex": ["f", "m", "f"]})
    >>> print(schema)
    id: key, carried along
    cm: number, 2 decimals
    sex: category of 2
    >>> schema.encode({"cm": ["1.75"], "sex": ["m"]}).tolist(), schema.sizes.tolist()
    ([[1.75, 1.0]], [0, 2])
    """

    kinds: Mapping[str, ColumnKind]
    hidden: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()

    @classmethod
    def learn(
        cls,
        frame: Any,
        *,
        ignore: Iterable[str] = (),
        hidden: Iterable[Any] = (),
        kinds: Mapping[str, ColumnKind] | None = None,
    ) -> "Schema":
        """Learn it from a frame: `ignore` names columns to carry along, `hidden` values that mean none, `kinds` are
        those that are known better.
        """
        who = "Schema.learn"
        table = frame_of(who, frame)
        given, absent = dict(kinds or {}), tuple(key_of(value) for value in _listed(who, "hidden", hidden))
        ignored = [str(name).strip() for name in _listed(who, "ignore", ignore)]
        for name in (*ignored, *given):
            if name not in table.columns:
                raise InvalidArgument(f"{who}: columns must be of the table; got {name!r}. It has {_some(table)}.")
        mark = mark_of(table) or "."
        learned = {
            name: Carried("ignored") if name in ignored else given.get(name) or _kind(table, name, absent, mark)
            for name in table.columns
        }
        return cls(learned, absent, frozenset(given))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are compared, in the order of their codes."""
        return tuple(name for name, kind in self.kinds.items() if kind.size >= 0)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """What they are (C,)."""
        return np.array([self.kinds[name].size for name in self.names], dtype=np.int64)

    def encode(self, frame: Any) -> Codes:
        """Return codes (K, C); columns go by name, those that the frame lacks are unknown."""
        table = frame_of("Schema.encode", frame)
        codes = np.full((table.count, len(self.names)), np.nan)
        for place, name in enumerate(self.names):
            if name in table.columns:
                codes[:, place] = self._codes(name, table.columns[name])
        return codes

    def fitted(self, frame: Any) -> "Schema":
        """Return this schema for another table, whose text has a decimal mark and units of its own."""
        table = frame_of("Schema.fitted", frame)
        mark = mark_of(table) or ""
        kinds = {
            name: kind.fitted(self._texts(table.columns[name]), mark) if name in table.columns else kind
            for name, kind in self.kinds.items()
        }
        return replace(self, kinds=kinds)

    def extended(self, frame: Any) -> "Schema":
        """Return this schema with room for other rows: options that are new, numbers and dates beyond those seen.

        Numbers and dates of a kind that was given stay as they were given.
        """
        table = frame_of("Schema.extended", frame)
        kinds, fitted = dict(self.kinds), self.fitted(table)
        for name, kind in self.kinds.items():
            if name not in table.columns:
                continue
            known = [value for value in table.columns[name] if not self.is_blank(value)]
            if isinstance(kind, Category):
                kinds[name] = kind.with_options(known)
            elif isinstance(kind, (Number, Date)) and name not in self.given:
                codes = [code for code in fitted._codes(name, known).tolist() if not np.isnan(code)]
                kinds[name] = kind.widened(codes) if isinstance(kind, Number) else kind.widened(known, codes)
        return replace(self, kinds=kinds)

    def blank(self, values: Sequence[Any]) -> NDArray[np.bool_]:
        """Return which cells (K,) of a column are missing."""
        return np.array([self.is_blank(value) for value in values], dtype=bool)

    def is_blank(self, value: Any) -> bool:
        """Say whether a cell is missing: none, a word for it, or a value that stands for none."""
        return _is_blank(value, self.hidden)

    def decode(self, name: str, code: float, *, spelt: bool = False) -> Any:
        """Return the value of a code, or how a column of text spells it."""
        kind = self.kinds[name]
        return kind.spelt(code) if spelt else kind.value(code)

    def _texts(self, values: Sequence[Any]) -> list[str]:
        return [text for text in known_texts(values) if not self.is_blank(text)]

    def _codes(self, name: str, values: Sequence[Any]) -> Codes:
        """Return the codes of a column, each of its different values read once."""
        seen: dict[Any, float] = {}
        read = self.kinds[name].code
        return np.array([_once(seen, value, read, self.hidden) for value in values], dtype=np.float64)

    def __str__(self) -> str:
        """Return a line for each column."""
        return "\n".join(f"{name}: {told(kind)}" for name, kind in self.kinds.items())


def told(kind: ColumnKind) -> str:
    """Return what a column holds, in words."""
    if isinstance(kind, Number):
        if kind.whole:
            few = f", one of {len(kind.levels)}" if len(kind.levels) > 1 else f", always {kind.low:.0f}"
            return f"whole number{few}" if kind.levels else "whole number"
        digits = kind.spelling.decimals
        return f"number{f', {kind.spelling.after.strip()}' if kind.spelling.after else ''}" + (
            "" if kind.exact else f", {digits} decimal{'' if digits == 1 else 's'}"
        )
    if isinstance(kind, Category):
        return "yes or no" if kind.named == YES_OR_NO else f"category of {kind.size}"
    if isinstance(kind, Ordinal):
        return f"ordered category of {len(kind.options)}"
    if isinstance(kind, Date):
        return "date"
    return f"{getattr(kind, 'named', 'text')}, carried along"


def _kind(table: Frame, name: str, absent: tuple[str, ...], mark: str) -> ColumnKind:
    known = [value for value in table.columns[name] if not _is_blank(value, absent)]
    if name in table.orders:
        seen = {key_of(value): value for value in known}
        return Ordinal(tuple(seen.get(key_of(option), option) for option in table.orders[name]))
    kind = learned_kind(name, known, mark)
    readable = kind.size < 0 or any(not np.isnan(kind.code(value)) for value in known)
    return kind if readable else Carried("unreadable")


def mark_of(table: Frame) -> str | None:
    """Return the decimal mark of the text in a table, None where it does not tell."""
    if table.decimal is not None:
        return table.decimal
    return decimal_mark(v for values in table.columns.values() for v in values[:_SAMPLE] if isinstance(v, str))


def _is_blank(value: Any, absent: tuple[str, ...]) -> bool:
    if isinstance(value, str):
        return is_missing(value) or (bool(absent) and _among(value.strip(), absent))
    return is_none(value) or (bool(absent) and _among(key_of(value), absent))


def _among(text: str, absent: tuple[str, ...]) -> bool:
    """Say whether a value is one of some that stand for none, as text or as the same number."""
    if text in absent:
        return True
    try:
        return any(float(text) == float(value) for value in absent)
    except ValueError:
        return False


def _once(seen: dict[Any, float], value: Any, read: Callable[[Any], float], absent: tuple[str, ...]) -> float:
    """Return the code of a value, from those that were read before."""
    if is_none(value):
        return np.nan
    key = type(value), value if is_hashable(value) else repr(value)
    if key not in seen:
        seen[key] = np.nan if _is_blank(value, absent) else read(value)
    return seen[key]


def _listed(who: str, name: str, given: Any) -> list[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidType(f"{who}: {name} must be several values; got {shown(given)}. Pass a list.")
    return list(given)


def _some(table: Frame) -> str:
    names = list(table.columns)
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
