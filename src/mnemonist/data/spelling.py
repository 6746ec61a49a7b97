"""Spelling: how the cells of one column write a number, and what they write where there is none.

A number in a cell is `before sign digits after`: 1.5, .5, 1e-3, −1,5, 1'234.50, 1.234,5, $1,234, 12 %, 5 €, 120 cm.
One column has one decimal mark, one mark of thousands, one unit and so many decimals: those with which most of its
cells can be read. `1,234` alone may be either; other cells of the file decide.

    decimals   the fewest that hold 19 of 20 known cells; `fixed` where all have as many (0.90), else ending zeros go
    missing    an empty cell, or a word that spreadsheets, R, Python and databases write for none (MISSING)
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MISSING = frozenset({
    "", "na", "n/a", "#n/a", "#na", "<na>", "n.a.", "nan", "-nan", "none", "null", "nil", "(null)", "missing",
    "?", "-", "--", ".", "..", "…", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!", "#n/a n/a",
})  # fmt: skip
_MONEY = "[$€£¥₹₽₩฿₫₺₴₪]|USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|AUD|CAD|CNY|INR|US\\$|R\\$|kr|zł|Fr\\."
_BODY = r"(?P<digits>\d(?:[\d.,'’ \u00a0\u202f]*[\d.,])?|[.,]\d+)(?P<power>[eE][+-]?\d{1,3})?"
_CELL = re.compile(
    rf"\s*(?P<before>(?:{_MONEY})\s?)?(?P<sign>[+\-−]?)(?P<inner>(?:{_MONEY})\s?)?{_BODY}"
    rf"(?P<after>\s?(?:[%‰]|{_MONEY}|[a-zA-Zµ°²³/]{{1,4}}))?\s*"
)
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_GROUPS = ("", ",", ".", " ", "'", "’", "\u00a0", "\u202f")
_MOST = 0.95  # of known cells whose decimals a column's own hold
_NOISE = 10  # decimals beyond which a float is written with just the digits that read to it


def is_missing(text: str) -> bool:
    """Say whether a cell says that there is nothing.

    >>> [is_missing(cell) for cell in ("", " NA ", "#N/A", "0", "Nathan")]
    [True, True, True, False, False]
    """
    return text.strip().casefold() in MISSING


@dataclass(frozen=True)
class Spelling:
    """How a column of numbers is written.

    >>> euros = Spelling(decimal=",", thousands=".", after=" €", decimals=2, fixed=True)
    >>> euros.read("1.234,5 €"), euros.write(-98765.4321)
    (1234.5, '-98.765,43 €')
    """

    decimal: str = "."
    thousands: str = ""
    before: str = ""
    after: str = ""
    decimals: int = 0
    fixed: bool = False
    scientific: bool = False

    def read(self, text: str) -> float | None:
        """Return the number in a cell, None where there is none; its unit must be the column's own, or left out."""
        if self.decimal == "." and _PLAIN.fullmatch(text):
            return _finite(text)
        cell = _CELL.fullmatch(text)
        if cell is None:
            return None
        before = (cell["before"] or cell["inner"] or "").strip()
        after = (cell["after"] or "").strip()
        if before not in ("", self.before.strip()) or after not in ("", self.after.strip()):
            return None
        digits = plain(cell["digits"].rstrip(), self.decimal, self.thousands)
        sign = "-" if cell["sign"] in ("-", "−") else ""
        return None if digits is None else _finite(sign + digits + (cell["power"] or ""))

    def exact(self, number: float) -> str:
        """Write a number with the fewest digits that read to it.

        >>> Spelling(decimal=",").exact(1234.56789)
        '1234,56789'
        """
        return self.before + repr(float(number)).removesuffix(".0").replace(".", self.decimal) + self.after

    def write(self, number: float) -> str:
        """Write a number as the column does, rounded to its decimals."""
        if self.scientific:
            mantissa, power = f"{number:.{max(self.decimals, 0)}e}".split("e")
            text = mantissa + "e" + power
        elif self.decimals > _NOISE:
            text = repr(float(number))
        else:
            text = f"{number:.{self.decimals}f}"
        if "." in text and not self.fixed and "e" not in text:
            text = text.rstrip("0").rstrip(".")
        sign = "-" if text.startswith("-") and any(digit in text for digit in "123456789") else ""
        whole, point, rest = text.lstrip("-").partition(".")
        if self.thousands and "e" not in text:
            whole = f"{int(whole):,}".replace(",", self.thousands)
        return f"{sign}{self.before}{whole}{self.decimal if point else ''}{rest}{self.after}"

    def rounded(self, number: float) -> float:
        """Return a number as it will be read again."""
        if self.scientific or self.decimals > _NOISE:
            return float(f"{number:.{self.decimals}e}") if self.scientific else float(number)
        return round(float(number), self.decimals) + 0.0

    def marked_as(self, other: "Spelling") -> "Spelling":
        """Return this spelling with the marks and the unit of another, and decimals of its own."""
        return replace(self, decimal=other.decimal, thousands=other.thousands, before=other.before, after=other.after)


def plain(digits: str, decimal: str, thousands: str) -> str | None:
    """Return digits as Python reads them, None where marks stand in wrong places.

    >>> plain("1.234,50", ",", "."), plain("12,34", ".", ","), plain("1'234", ".", "'")
    ('1234.50', None, '1234')
    """
    whole, mark, rest = digits.partition(decimal)
    if rest and not rest.isdigit():
        return None
    if thousands and thousands in whole:
        first, *groups = whole.split(thousands)
        if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
            return None
        whole = first + "".join(groups)
    if whole and not (whole.isascii() and whole.isdigit()):
        return None
    return f"{whole or '0'}{'.' if mark and rest else ''}{rest}" if whole or rest else None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def decimal_mark(cells: Iterable[str]) -> str | None:
    """Return the decimal mark of a file, as those of its cells tell that can be read in one way only.

    >>> decimal_mark(["1,234", "1,5", "2020"]), decimal_mark(["1,234"])
    (',', None)
    """
    votes: Counter[str] = Counter()
    for cell in cells:
        match = _CELL.fullmatch(cell)
        if match is None or ("," not in match["digits"] and "." not in match["digits"]):
            continue
        digits = match["digits"].rstrip()
        ways = [mark for mark, group in ((".", ","), (",", ".")) if plain(digits, mark, group) is not None]
        sure = (
            ways if len(ways) == 1 else ["."] if digits.startswith("0.") else [","] if digits.startswith("0,") else []
        )
        votes.update(sure)
    return votes.most_common(1)[0][0] if votes else None


def spelling_of(cells: Sequence[str], decimal: str = ".") -> tuple[Spelling, int]:
    """Return how known cells spell numbers, and how many of them it reads; `decimal` is the mark where in doubt."""
    counts = Counter(cells)
    matches = {cell: match for cell in counts if (match := _CELL.fullmatch(cell))}
    before = _usual(matches[c]["before"] or matches[c]["inner"] or "" for c in matches for _ in range(counts[c]))
    after = _usual(matches[c]["after"] or "" for c in matches for _ in range(counts[c]))
    best, most = Spelling(), -1
    for mark in (decimal, "," if decimal == "." else "."):
        for group in (group for group in _GROUPS if group != mark):
            one = Spelling(decimal=mark, thousands=group, before=before, after=after)
            read = sum(count for cell, count in counts.items() if cell in matches and one.read(cell) is not None)
            if read > most:
                best, most = one, read
        if most == len(cells):
            break
    return _with_decimals(best, {c: counts[c] for c in matches if best.read(c) is not None}, matches), max(most, 0)


def _with_decimals(spelling: Spelling, counts: dict[str, int], matches: dict[str, re.Match[str]]) -> Spelling:
    """Return a spelling with the decimals of the cells that it reads."""
    powers = sum(count for cell, count in counts.items() if matches[cell]["power"])
    scientific = 2 * powers > sum(counts.values())
    decimals: Counter[int] = Counter()
    for cell, count in counts.items():
        if bool(matches[cell]["power"]) is scientific:
            decimals[len(matches[cell]["digits"].rstrip().partition(spelling.decimal)[2])] += count
    fixed = len(decimals) == 1 and 0 not in decimals
    return replace(spelling, decimals=covering(decimals), fixed=fixed, scientific=scientific)


def covering(decimals: Counter[int]) -> int:
    """Return the fewest decimals that hold 19 of 20 cells.

    >>> covering(Counter({0: 10, 1: 89, 17: 1}))
    1
    """
    total, held = sum(decimals.values()), 0
    for count in sorted(decimals):
        held += decimals[count]
        if held >= _MOST * total:
            return count
    return 0


def _usual(words: Iterable[str]) -> str:
    """Return the most frequent of some words, nothing where most have none."""
    most = Counter(words).most_common(1)
    return most[0][0] if most else ""
