r"""Sheets: rows kept in a CSV file, one line a row, with or without a line of headings.

Cells are parted by a comma, a semicolon or a tab: the one most frequent in the first line that is not blank,
outside quotes. The first line is a heading if none of its cells is a number. An empty cell, `NA`, `N/A`, `?`, `nan`
and `null` (capitals or not) mark a missing number, NaN; any other cell that is not a number is refused by line and
column. A number is written as it was spelt in the file if it is still the same there, else with just the digits
that read to the same float.

Shapes: rows are (K, N) float64.
"""

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.data.atomic_write import check_file, whole_file
from mnemonist.data.plain_file import too_large, unreadable
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import UnreadableFile

ENDINGS = (".csv",)
_MISSING = {"", "na", "n/a", "?", "nan", "null"}


@dataclass(frozen=True)
class Sheet:
    """The form of a CSV file: its cells (K, N) as they are spelt, its headings, and what parts cells and lines."""

    cells: tuple[tuple[str, ...], ...]
    heading: tuple[str, ...] = ()
    separator: str = ","
    newline: str = "\n"

    @property
    def item(self) -> str:
        """One row in words: '64 columns'."""
        return f"{len(self.cells[0])} columns"

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
        """Raise where `out` cannot become a CSV file, or exists and may not be replaced."""
        check_file(out, ENDINGS, replace=replace)

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write the headings and the rows (K, N); a number that is missing where there was one, as an empty cell."""
        with whole_file(out) as draft, draft.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=self.separator, lineterminator=self.newline)
            if self.heading:
                writer.writerow(self.heading)
            for cells, row in zip(self.cells, rows, strict=True):
                writer.writerow([_cell(number, cell) for number, cell in zip(row, cells, strict=True)])


def read_sheet(path: Path) -> Table:
    """Read a CSV file; a row is named after its line.

    Raises UnreadableFile where a cell is not a number, a line has another number of cells, or no row is left.
    """
    text = _text(path)
    separator = _separator(text)
    lines = _lines(path, text, separator)
    heading: tuple[str, ...] = ()
    if lines and _is_heading(lines[0][1]):
        heading = tuple(lines.pop(0)[1])
    if not lines:
        raise UnreadableFile(f"{path}: must hold at least one line of numbers; it holds none.")
    columns = len(heading or lines[0][1])
    rows = np.array([_numbers(path, line, cells, columns) for line, cells in lines])
    newline = "\r\n" if "\r\n" in text else "\n"
    form = Sheet(tuple(tuple(cells) for _, cells in lines), heading, separator, newline)
    return Table(rows, tuple(f"line {line}" for line, _ in lines), form, path)


def _text(path: Path) -> str:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return stream.read()
    except OSError as error:
        raise unreadable(path, error) from error
    except MemoryError as error:
        raise too_large(path) from error
    except ValueError as error:
        raise _broken(path, "it is not UTF-8 text") from error


def _separator(text: str) -> str:
    """Return the most frequent separator of the first line that is not blank, outside quotes.

    >>> _separator('"width, in cm; or inches";height;depth'), _separator("7")
    (';', ',')
    """
    first = text.lstrip("\r\n").partition("\n")[0]
    bare = re.sub('"[^"]*"', "", first)
    return max(",;\t", key=bare.count)


def _lines(path: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of every line that is not blank."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise _broken(path, str(error)) from error


def _broken(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(f"{path}: must be a CSV file; {reason}. Save it anew as CSV.")


def _is_heading(cells: list[str]) -> bool:
    """Say whether some cell is a word and none is a number; the word may be `Na`, which is sodium."""
    words = [cell for cell in cells if cell.strip().casefold() not in _MISSING]
    return bool(words) and all(_number(cell) is None for cell in words)


def _numbers(path: Path, line: int, cells: list[str], columns: int) -> list[float]:
    if len(cells) != columns:
        raise UnreadableFile(
            f"{path}, line {line}: must have {columns} cells as the lines before; it has {len(cells)}."
        )
    numbers = [_number(cell) for cell in cells]
    if None in numbers:
        column = numbers.index(None)
        raise UnreadableFile(
            f"{path}, line {line}, column {column + 1}: a cell must be a finite number such as 1.5, or empty, NA, ?, "
            f"nan or null where it is missing; got {cells[column]!r}."
        )
    return [number for number in numbers if number is not None]


def _number(cell: str) -> float | None:
    """Return the number in a cell, NaN for a missing one, None for what is neither."""
    if cell.strip().casefold() in _MISSING:
        return math.nan
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in cell else None


def _cell(number: np.floating, read: str) -> str:
    """Write a number as it was read where it is the same, else with the fewest digits that read to it.

    >>> [_cell(np.float64(n), "1.50") for n in (1.5, 0.1, 3, np.nan)]
    ['1.50', '0.1', '3', '']
    """
    before = _number(read)
    if before == number or (np.isnan(number) and before is not None and math.isnan(before)):
        return read
    return "" if np.isnan(number) else str(number).removesuffix(".0")
