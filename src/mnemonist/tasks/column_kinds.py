"""Kinds of columns: how the values of one become numbers for a memory, and numbers become its values again.

    Number    x, as it is                               size 0   rounded to the column's decimals, within its bounds
    Ordinal   the place of an option in their order     size 0   the nearest option
    Date      days since 1970-01-01                     size 0   to the day, or as finely as the column tells
    Category  the place of an option among V            size V   one of the options; Boolean is one of two
    Carried   nothing                                   size −1  free text and keys: left alone, never guessed

A value that a column cannot read is unknown, NaN. A *spelt* column is text, and gets text.
Shapes: values and codes are (K,).
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.spelling import Spelling, is_missing, spelling_of

Codes = NDArray[np.float64]
_DAY = 86400.0
_PARTS = {"d": "day", "m": "month", "H": "hour"}
_SOME = 200  # dates that tell how they are spelt
_EPOCH = dt.datetime(1970, 1, 1)


class ColumnKind(Protocol):
    """What a column holds."""

    @property
    def size(self) -> int:
        """0 of a number, V of one of V options, −1 of what is carried along."""

    def code(self, value: Any) -> float:
        """Return the code of a value that is there, NaN of one that cannot be read."""

    def value(self, code: float) -> Any:
        """Return the value of a code."""

    def spelt(self, code: float) -> str:
        """Return it as text, as the column writes it."""

    def fitted(self, texts: Sequence[str], decimal: str) -> "ColumnKind":
        """Return this kind for another table, whose known cells are texts with marks of their own."""


@dataclass(frozen=True)
class Number:
    """A number, rounded to decimals as its column has them and within bounds; `levels` are all it may be, if few.

    Whole numbers that are all multiples of a `step`, such as 25, stay so.
    """

    spelling: Spelling = field(default_factory=Spelling)
    whole: bool = False
    low: float = -math.inf
    high: float = math.inf
    levels: tuple[float, ...] = ()
    step: int = 1
    exact: bool = False  # floats that were never text and have no decimals in common

    size = 0

    def code(self, value: Any) -> float:
        """Return the number."""
        if isinstance(value, str):
            number = self.spelling.read(value)
            return math.nan if number is None else number
        if isinstance(value, (bool, dt.date)):
            return math.nan if isinstance(value, dt.date) else float(value)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return math.nan
        return number if math.isfinite(number) else math.nan

    def value(self, code: float) -> Any:
        """Return the number as its column may have it."""
        number = min(max(float(code), self.low), self.high)
        if self.levels:
            number = min(self.levels, key=lambda level: abs(level - number))
        elif not self.exact:
            number = self.spelling.rounded(round(number / self.step) * self.step if self.step > 1 else number)
        return int(number) if self.whole else number

    def spelt(self, code: float) -> str:
        """Return it as the column writes it."""
        return self.spelling.write(float(self.value(code)))

    def fitted(self, texts: Sequence[str], decimal: str) -> "Number":
        """Return it with the marks and the unit of other cells."""
        if not texts:
            return replace(self, spelling=replace(self.spelling, decimal=decimal, thousands="")) if decimal else self
        other, read = spelling_of(texts, decimal or self.spelling.decimal)
        return replace(self, spelling=self.spelling.marked_as(other)) if 2 * read > len(texts) else self


@dataclass(frozen=True)
class Category:
    """One of V options, in the order in which they were met; `named` is what their kind is called."""

    options: tuple[Any, ...]
    named: str = "category"

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.options)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key_of(option): place for place, option in enumerate(self.options)}

    def code(self, value: Any) -> float:
        """Return the place of an option, NaN of what is none."""
        return self._places.get(key_of(value), math.nan)

    def value(self, code: float) -> Any:
        """Return the option."""
        return self.options[int(code)]

    def spelt(self, code: float) -> str:
        """Return the option as text."""
        return str(self.options[int(code)])

    def fitted(self, texts: Sequence[str], decimal: str) -> "Category":
        """Return it with options as other cells spell them."""
        ours = {self.code(text): text.strip() for text in reversed(texts)}
        options = tuple(ours.get(float(place), option) for place, option in enumerate(self.options))
        return replace(self, options=options)

    def with_options(self, values: Sequence[Any]) -> "Category":
        """Return it with options that are new added behind."""
        new = {key_of(value): value for value in values if key_of(value) not in self._places}
        return replace(self, options=self.options + tuple(new.values())) if new else self


@dataclass(frozen=True)
class Ordinal:
    """One of some options that stand in an order, which the frame says."""

    options: tuple[Any, ...]

    size = 0

    def code(self, value: Any) -> float:
        """Return its place, NaN of what is none."""
        keys = [key_of(option) for option in self.options]
        return float(keys.index(key_of(value))) if key_of(value) in keys else math.nan

    def value(self, code: float) -> Any:
        """Return the nearest option."""
        return self.options[int(np.clip(np.round(code), 0, len(self.options) - 1))]

    def spelt(self, code: float) -> str:
        """Return the nearest option as text."""
        return str(self.value(code))

    def fitted(self, texts: Sequence[str], decimal: str) -> "Ordinal":
        """Return it as it is."""
        return self


@dataclass(frozen=True)
class Date:
    """A day, or a time to `step` seconds; `form` is how it is spelt, `bare` the parts that stand without a zero ahead."""

    form: str = "%Y-%m-%d"
    step: float = _DAY
    bare: str = ""
    zone: dt.tzinfo | None = None
    dated: bool = False  # the frame has dates, not times

    size = 0

    def code(self, value: Any) -> float:
        """Return the days since 1970, NaN of what is no date of this form."""
        if isinstance(value, str):
            try:
                value = dt.datetime.strptime(value.strip(), self.form)
            except ValueError:
                return math.nan
        if isinstance(value, dt.datetime):
            moved = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
            return (moved - _EPOCH).total_seconds() / _DAY
        return float((value - _EPOCH.date()).days) if isinstance(value, dt.date) else math.nan

    def value(self, code: float) -> Any:
        """Return the date, rounded to the step."""
        seconds = round(float(code) * _DAY / self.step) * self.step
        try:
            moment = _EPOCH + dt.timedelta(seconds=seconds)
        except OverflowError:
            moment = dt.datetime.min if seconds < 0 else dt.datetime.max
        if self.zone is not None:
            return moment.replace(tzinfo=dt.UTC).astimezone(self.zone)
        return moment.date() if self.dated else moment

    def spelt(self, code: float) -> str:
        """Return the date as the column writes it."""
        moment = self.value(code)
        text = self.form
        for part in self.bare:
            text = text.replace(f"%{part}", str(getattr(moment, _PARTS[part])))
        return str(moment.strftime(text))

    def fitted(self, texts: Sequence[str], decimal: str) -> "Date":
        """Return it in the form of other cells, where these have one."""
        return date_of(texts) or self


@dataclass(frozen=True)
class Carried:
    """What is carried along and never guessed: `named` is free text, a key, or nothing at all."""

    named: str = "text"

    size = -1

    def code(self, value: Any) -> float:
        """Return NaN."""
        return math.nan

    def value(self, code: float) -> Any:
        """Return nothing."""
        return None

    def spelt(self, code: float) -> str:
        """Return nothing."""
        return ""

    def fitted(self, texts: Sequence[str], decimal: str) -> "Carried":
        """Return it as it is."""
        return self


def key_of(value: Any) -> str:
    """Return what makes options the same, as text or as numbers.

    >>> key_of("3 "), key_of(3.0), key_of(3), key_of(True)
    ('3', '3', '3', 'true')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).strip()
    return text.lower() if text in ("True", "False", "TRUE", "FALSE") else text


_DAYS = (
    "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y.%m.%d", "%d.%m.%y", "%m/%d/%y",
    "%d/%m/%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y-%m",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", "T%H:%M:%SZ", " %H:%M:%S.%f", "T%H:%M:%S.%f")


def date_of(texts: Sequence[str]) -> Date | None:
    """Return the one form in which all texts are dates; of 3/4/2020 alone that with the month first.

    >>> date_of(["3/14/2020", "12/1/2020"])
    Date(form='%m/%d/%Y', step=86400.0, bare='dm', zone=None, dated=False)
    >>> date_of(["31.12.2020", "soon"]) is None
    True
    """
    distinct = list(dict.fromkeys(text.strip() for text in texts))
    if not distinct or not any(mark in distinct[0] for mark in "-/. ") or len(distinct[0]) > 30:
        return None
    for form in (day + time for time in _TIMES for day in _DAYS):
        date = Date(form)
        if all(not math.isnan(date.code(text)) for text in distinct):
            step = 1e-6 if "%f" in form else 1.0 if "%S" in form else 60.0 if "%M" in form else _DAY
            return Date(form, step, _bare(form, step, distinct))
    return None


def _bare(form: str, step: float, texts: Sequence[str]) -> str:
    """Return the parts of dates that stand without a zero ahead, in the way that writes most of them as they are."""
    ways = [Date(form, step, "".join(part for part in bare if f"%{part}" in form)) for bare in ("", "dm", "H", "dmH")]
    some = texts[:_SOME]
    return max(ways, key=lambda date: sum(date.spelt(date.code(text)) == text for text in some)).bare


def known_texts(values: Sequence[Any]) -> list[str]:
    """Return the texts among values, but for those that say that there is nothing."""
    return [value for value in values if isinstance(value, str) and not is_missing(value)]
