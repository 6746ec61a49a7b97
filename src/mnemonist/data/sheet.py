r"""Sheets: tables of numbers alone, as models take them, out of a file of records of any kind.

Every column is read in its own spelling; what is neither a number there nor missing is refused by line and column. A
number that is the same is written as it was spelt, another one in the spelling of its column with just the digits that
read to the same float; `rounded` are those with the decimals of the memories' columns.

Shapes: rows are (K, N) float64.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.data.atomic_write import check_file
from mnemonist.data.record_file import ENDINGS, RecordFile, read_records
from mnemonist.data.spelling import Spelling, covering, is_missing, spelling_of
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import UnreadableFile

_SAMPLE = 1000  # rows that tell the decimals of columns


@dataclass(frozen=True, eq=False)
class Sheet:
    """The form of a table of numbers: its headings, how each column spells numbers, and the file they came from."""

    columns: int
    heading: tuple[str, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    file: RecordFile | None = None
    read: Rows | None = None
    separator: str = ","
    newline: str = "\n"

    @property
    def item(self) -> str:
        """One row in words: '64 columns'."""
        return f"{self.columns} columns"

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of cells once read."""
        return np.dtype(np.float64)

    def holding(self, dtype: np.dtype[Any]) -> "Sheet":
        """Return the form as it is: text holds any number."""
        return self

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are exactly `value`."""
        same: Marks = rows == value
        return same

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a file of this kind, or exists and may not be replaced."""
        if self.file is None:
            check_file(out, ENDINGS, replace=replace)
        else:
            self.file.check(out, replace=replace)

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write the rows (K, N) to `out`; a number that is missing where there was one, as an empty cell."""
        assert self.file is not None  # only what was read is written
        assert self.read is not None
        changes: dict[str, dict[int, Any]] = {}
        for n, name in enumerate(self.file.frame):
            there = rows[:, n]
            other = np.flatnonzero((there != self.read[:, n]) & ~(np.isnan(there) & np.isnan(self.read[:, n])))
            changes[name] = {int(k): self._cell(float(there[k]), n) for k in other}
        self.file.write(changes, out)

    def rounded(self, rows: Rows, memories: Rows) -> Rows:
        """Return rows (K, N) whose numbers, other than those that were read, have the decimals of the memories'."""
        some = memories[:_SAMPLE]
        decimals = [_decimals([float(number) for number in column]) for column in some.T]
        fitting = np.stack([np.round(column, n) for column, n in zip(rows.T, decimals, strict=True)], axis=1)
        return np.where(rows == self.read, rows, fitting + 0.0)

    def _cell(self, number: float, n: int) -> Any:
        text = isinstance(self.file and next(iter(self.file.frame[tuple(self.file.frame)[n]]), ""), str)
        if math.isnan(number):
            return "" if text else None
        return self._spelt(number, self.spellings[n]) if text else number

    @staticmethod
    def _spelt(number: float, spelling: Spelling) -> str:
        written = spelling.write(number)
        return written if spelling.read(written) == number else spelling.exact(number)


def read_sheet(path: Path) -> Table:
    """Read a table of numbers; a row is named after its line.

    Raises UnreadableFile where a cell is no number, by line and column.
    """
    file = read_records(path)
    frame = file.frame if isinstance(file.frame, dict) else file.frame.to_dict(as_series=False)
    columns, spellings = [], []
    for n, values in enumerate(frame.values()):
        numbers, spelling = numbers_of(values, file.decimal)
        if None in numbers:
            k = numbers.index(None)
            raise UnreadableFile(
                f"{path}, {file.rows[k]}, column {n + 1}: a cell must be a finite number such as 1.5, or missing, for "
                f"a model compares numbers; got {values[k]!r}. Leave the column out, or complete the table with "
                "`mnemonist complete`."
            )
        columns.append([math.nan if number is None else number for number in numbers])
        spellings.append(spelling)
    rows = np.ascontiguousarray(np.array(columns, dtype=np.float64).T)
    separator = getattr(getattr(file, "dialect", None), "separator", ",")
    heading = tuple(frame) if file.headed else ()
    form = Sheet(len(columns), heading, tuple(spellings), file, rows.copy(), separator, getattr(file, "newline", "\n"))
    return Table(rows, file.rows, form, path)


def numbers_of(values: Sequence[Any], decimal: str = ".") -> tuple[list[float | None], Spelling]:
    """Return the numbers of a column, NaN where one is missing and None where there is none, and how it spells them."""
    texts = [value for value in values if isinstance(value, str) and not is_missing(value)]
    spelling = spelling_of(texts, decimal)[0] if texts else Spelling(decimals=_decimals(values))
    return [_number(value, spelling) for value in values], spelling


def _number(value: Any, spelling: Spelling) -> float | None:
    if value is None or (isinstance(value, str) and is_missing(value)):
        return math.nan
    if isinstance(value, str):
        return spelling.read(value)
    if isinstance(value, (bool, int, float)):
        return float(value) if not math.isinf(value) else None
    return None


def _decimals(values: Sequence[Any]) -> int:
    """Return the decimals of numbers that were never text."""
    numbers = [v for v in values if isinstance(v, (int, float)) and math.isfinite(v)]
    return covering(Counter(decimals_of(number) for number in numbers))


def decimals_of(number: float) -> int:
    """Return with how many decimals a float is written at least.

    >>> decimals_of(0.25), decimals_of(7.0), decimals_of(1e-7)
    (2, 0, 7)
    """
    text = np.format_float_positional(number, trim="-")
    return len(text.partition(".")[2])
