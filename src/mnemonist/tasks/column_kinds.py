"""Kinds of columns: how the values of one become numbers for a memory, and numbers become its values again.

    Number    x, as it is                               size 0   rounded to the column's decimals, within its bounds
    Ordinal   the place of an option in their order     size 0   the nearest option
    Date      days since 1970-01-01, see `dates`        size 0   to the day, or as finely as the column tells
    Category  the place of an option among V            size V   one of the options; Boolean is one of two
    Carried   nothing                                   size −1  free text and keys: left alone, never guessed

A value that a column cannot read is unknown, NaN. A *spelt* column is text, and gets text.
Shapes: values and codes are (K,).
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.sheet import decimals_of
from mnemonist.data.spelling import Spelling, covering, is_missing, spelling_of

Codes = NDArray[np.float64]
LEVELS = 20  # different numbers that are all that a column may have
YES_OR_NO = "yes or no"
_MOST = 1e150  # the largest number of which squares are compared
_EXACT = 10  # decimals beyond which floats have none in common
_WHOLE = re.compile(r"([+-]?\d+)\.0+")


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
            return math.nan if number is None or abs(number) > _MOST else number
        if isinstance(value, (bool, dt.date)):
            return math.nan if isinstance(value, dt.date) else float(value)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return math.nan
        return number if abs(number) <= _MOST else math.nan

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

    def widened(self, numbers: Sequence[float]) -> "Number":
        """Return it with room for other numbers: bounds, levels and a step that these keep, decimals if not whole."""
        if not numbers:
            return self
        low, high = min(self.low, *numbers), max(self.high, *numbers)
        if self.whole and all(number.is_integer() and abs(number) < 2**53 for number in numbers):
            levels = tuple(sorted({*self.levels, *numbers})) if self.levels else ()
            step = math.gcd(self.step, *map(int, numbers))
            return replace(self, low=low, high=high, levels=levels if len(levels) <= LEVELS else (), step=step)
        low, high = 0.0 if low >= 0 else -math.inf, 0.0 if high <= 0 else math.inf
        if not self.whole:
            return replace(self, low=low, high=high)
        broken = Counter(decimals_of(number) for number in numbers if not number.is_integer())
        decimals = max(self.spelling.decimals, covering(broken))
        spelling = replace(self.spelling, decimals=decimals, fixed=False)
        return Number(spelling, False, low, high, exact=decimals > _EXACT)


@dataclass(frozen=True)
class Category:
    """One of V options, in the order in which they were met; `named` is what their kind is called. Yes is also YES."""

    options: tuple[Any, ...]
    named: str = "category"

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.options)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {self.key(option): place for place, option in enumerate(self.options)}

    def key(self, value: Any) -> str:
        """Return what makes values the same option."""
        return key_of(value).casefold() if self.named == YES_OR_NO else key_of(value)

    def code(self, value: Any) -> float:
        """Return the place of an option, NaN of what is none."""
        return self._places.get(self.key(value), math.nan)

    def value(self, code: float) -> Any:
        """Return the option."""
        return self.options[int(code)]

    def spelt(self, code: float) -> str:
        """Return the option as text."""
        return str(self.options[int(code)])

    def fitted(self, texts: Sequence[str], decimal: str) -> "Category":
        """Return it with options as other cells spell them."""
        ours = usual_spellings([text.strip() for text in texts], self.key)
        return replace(self, options=tuple(ours.get(self.key(option), option) for option in self.options))

    def with_options(self, values: Sequence[Any]) -> "Category":
        """Return it with options that are new added behind."""
        new = usual_spellings([value for value in values if self.key(value) not in self._places], self.key)
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

    >>> key_of("3 "), key_of("3.0"), key_of(3.0), key_of(3), key_of(True)
    ('3', '3', '3', '3', 'true')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 1e15:
        return str(int(value))
    text = str(value).strip()
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    return text.lower() if text in ("True", "False", "TRUE", "FALSE") else text


def known_texts(values: Sequence[Any]) -> list[str]:
    """Return the texts among values, but for those that say that there is nothing."""
    return [value for value in values if isinstance(value, str) and not is_missing(value)]


def usual_spellings(values: Sequence[Any], key: Callable[[Any], str] = key_of) -> dict[str, Any]:
    """Return the most frequent spelling of each option by its key, in the order in which these were met.

    >>> usual_spellings(["yes", "Yes", "no", "Yes"], str.lower)
    {'yes': 'Yes', 'no': 'no'}
    """
    counts = Counter((type(value), value) for value in values)
    usual: dict[str, tuple[int, Any]] = {}
    for (_, value), count in counts.items():
        if count > usual.get(key(value), (0, None))[0]:
            usual[key(value)] = count, value
    return {name: value for name, (_, value) in usual.items()}


def is_hashable(value: Any) -> bool:
    """Say whether a value can be told apart by its hash; a tuple with a list in it cannot.

    >>> is_hashable((1, "a")), is_hashable(([1],))
    (True, False)
    """
    try:
        hash(value)
    except TypeError:
        return False
    return True
