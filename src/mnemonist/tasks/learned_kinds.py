"""Learned kinds: what a column holds, as its values tell.

    dates          all known cells are dates of one form
    yes and no     at most two words, of a pair such as yes/no, true/false
    a number       19 of 20 known cells are; codes such as 01234, phone numbers and zip codes are none
    a category     words that come again: twice as many cells as options, 200 options at most; numbers of two values,
                   and whole numbers of few under a name such as class, group or zip
    carried along  keys (all different, and called id, or words, or counting rows), free text, empty columns, and words
                   of one value alone, where an empty cell may well mean the other

A whole number stays whole and within what was seen; where only few values were seen (20 at most, each twice on
average) it is one of them; where all are multiples of a step, it is one too. A number whose column has no negative one
is not negative.
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mnemonist.data.sheet import decimals_of
from mnemonist.data.spelling import Spelling, covering, spelling_of
from mnemonist.tasks.column_kinds import (
    LEVELS,
    YES_OR_NO,
    Carried,
    Category,
    ColumnKind,
    Number,
    is_hashable,
    usual_spellings,
)
from mnemonist.tasks.dates import date_of, date_of_moments

_PAIRS = [{"yes", "no"}, {"true", "false"}, {"y", "n"}, {"t", "f"}, {"on", "off"}]
_LABELS = {
    "class", "label", "target", "type", "species", "group", "cluster", "category", "treatment", "block", "code", "zip",
    "zipcode", "plz", "postal", "postcode", "phone", "tel", "fips", "region", "kind", "state", "county",
}  # fmt: skip
_CODES = {"zip", "zipcode", "plz", "postal", "postcode", "phone", "tel", "fips"}
_KEYS = {
    "id",
    "ids",
    "index",
    "key",
    "uuid",
    "rownames",
    "row",
    "no",
    "nr",
    "number",
    "unnamed",
    "obs",
    "seq",
    "serial",
}
_OPTIONS = 200
_STEPPED = 10  # different values that show a step
_READ = 0.95
_LONG = 60  # letters on average beyond which words are free text


def learned_kind(name: str, values: Sequence[Any], decimal: str = ".") -> ColumnKind:
    """Return what a column holds, from its known values."""
    if not values:
        return Carried("empty")
    if all(isinstance(value, str) for value in values):
        return _of_text(name, [str(value) for value in values], decimal)
    if all(isinstance(value, (bool, np.bool_)) for value in values):
        return Category((False, True), YES_OR_NO)
    if all(isinstance(value, dt.date) for value in values):
        return date_of_moments(values)
    numbers = [value for value in values if _is_number(value)]
    if len(numbers) >= _READ * len(values):
        floats = [float(number) for number in numbers if math.isfinite(number)]
        return _of_numbers(name, floats, list(numbers), _float_spelling(floats)) if floats else Carried("empty")
    return _of_words(name, list(values))


def _is_number(value: Any) -> bool:
    if isinstance(value, (bool, np.bool_, str, dt.date)):
        return False
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _of_text(name: str, texts: list[str], decimal: str) -> ColumnKind:
    words = {text.strip().casefold() for text in texts}
    if len(words) <= 2 and any(words <= pair for pair in _PAIRS):
        options = usual_spellings([text.strip() for text in texts], str.casefold)
        return Category(tuple(options.values()), YES_OR_NO) if len(options) > 1 else Carried("one value")
    if date := date_of(texts):
        return date
    spelling, read = spelling_of(texts, decimal)
    if read >= _READ * len(texts):
        if _is_padded(texts):
            return _of_words(name, [text.strip() for text in texts])
        numbers = [number for text in texts if (number := spelling.read(text)) is not None]
        return _of_numbers(name, numbers, [text.strip() for text in texts if spelling.read(text) is not None], spelling)
    return _of_words(name, [text.strip() for text in texts])


def _is_padded(texts: list[str]) -> bool:
    """Say whether digits have a meaning of their own, as in 01234: one begins with a zero, all are digits."""
    plain = [text.strip() for text in texts]
    return all(text.isdigit() for text in plain) and any(len(text) > 1 and text[0] == "0" for text in plain)


def _of_numbers(name: str, numbers: list[float], values: list[Any], spelling: Spelling) -> ColumnKind:
    """Return the kind of a column of numbers; `values` are these as the column has them."""
    counts = Counter(numbers)
    whole = all(number.is_integer() and abs(number) < 2**53 for number in numbers) and not spelling.scientific
    if whole and len(counts) == len(numbers) and _is_key(name, numbers):
        return Carried("key")
    labelled = whole and words_of(name) & _LABELS
    if whole and words_of(name) & _CODES and 2 * len(counts) > len(numbers):
        return Carried("key")
    if not spelling.after and not spelling.before and _is_label(counts, len(numbers), bool(labelled)):
        return Category(tuple(usual_spellings(values).values()))
    if whole:
        spelling = replace(spelling, decimals=0, fixed=False) if not spelling.fixed else spelling
        few = len(counts) <= LEVELS and 2 * len(counts) <= len(numbers)
        step = math.gcd(*map(int, counts)) if len(counts) >= _STEPPED else 1
        return Number(spelling, True, min(counts), max(counts), tuple(sorted(counts)) if few else (), step)
    low = 0.0 if min(counts) >= 0 else -math.inf
    high = 0.0 if max(counts) <= 0 else math.inf
    return Number(spelling, False, low, high, exact=spelling.decimals > 10 and not spelling.scientific)


def _is_label(counts: Counter[float], total: int, labelled: bool) -> bool:
    """Say whether numbers are labels: two values that come again, or few of a column that is called so."""
    return (len(counts) == 2 and total >= 4) or (labelled and 3 * len(counts) <= total and len(counts) <= _OPTIONS)


def _is_key(name: str, numbers: list[float]) -> bool:
    """Say whether numbers that are all different are keys: by their name, or because they count rows under none."""
    words = words_of(name)
    if words & {"id", "ids", "uuid", "key", "index", "rownames", "serial"}:
        return True
    steps = np.diff(numbers)
    counting = bool(len(steps)) and bool((steps >= 1).all()) and float(np.median(steps)) == 1.0
    unnamed = bool(re.fullmatch(r"column 1|unnamed: 0|", name.strip().lower()))
    return counting and (unnamed or (bool(words & _KEYS) and numbers[0] <= 5))


def _float_spelling(numbers: list[float]) -> Spelling:
    """Return the decimals of numbers that were never text."""
    decimals = Counter(decimals_of(number) for number in numbers)
    return Spelling(decimals=covering(decimals))


def _of_words(name: str, values: list[Any]) -> ColumnKind:
    """Return the kind of a column of words; what cannot be told apart, such as a list, is none."""
    if not all(map(is_hashable, values)):
        return Carried("text")
    options = list(usual_spellings(values).values())
    if len(options) == 1:
        return Carried("one value")
    most = min(_OPTIONS, len(values) // 2 if len(values) >= 12 else 2 * len(values) // 3)
    long = sum(len(str(option)) for option in options) > _LONG * len(options)
    if len(options) <= max(most, 1) and not long:
        return Category(tuple(options))
    spaced = sum(" " in str(option) for option in options)
    return Carried("key" if len(options) == len(values) and 2 * spaced < len(options) else "text")


def words_of(name: str) -> set[str]:
    """Return the words of a name, as people join them.

    >>> sorted(words_of("customerId")), sorted(words_of("ZIP_code")), sorted(words_of("row names"))
    (['customer', 'id'], ['code', 'zip'], ['names', 'row'])
    """
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-zäöüß]+|\d+", name)}
