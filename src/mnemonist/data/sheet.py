"""Sheets: rows kept in a CSV file, one line a row, with or without a line of headings.

The first line is a heading if none of its cells is a number. An empty cell or `nan` is a missing number, NaN;
any other cell that is not a number is refused by line and column. Numbers are written back with just the
digits that read to the same float.

Shapes: rows are (K, N) float64.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnemonist.data.place import check_file, whole_file
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import UnreadableFile

ENDINGS = (".csv",)


@dataclass(frozen=True)
class Sheet:
    """The form of a CSV file: its number of columns, and its headings where it has them."""

    columns: int
    heading: tuple[str, ...] = ()

    @property
    def item(self) -> str:
        """One row in words: '64 columns'."""
        return f"{self.columns} columns"

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are exactly `value`."""
        same: Marks = rows == value
        return same

    def check(self, out: Path) -> None:
        """Raise InvalidArgument where `out` cannot become a CSV file."""
        check_file(out, ENDINGS)

    def write(self, rows: Rows, out: Path) -> None:
        """Write the headings and the rows; NaN becomes an empty cell."""
        with whole_file(out) as draft, draft.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            if self.heading:
                writer.writerow(self.heading)
            writer.writerows([_cell(number) for number in row] for row in rows)


def read_sheet(path: Path) -> Table:
    """Read a CSV file; a row is named after its line.

    Raises UnreadableFile where a cell is not a number, a line has another number of cells, or no row is left.
    """
    lines = _lines(path)
    heading: tuple[str, ...] = ()
    if lines and _is_heading(lines[0][1]):
        heading = tuple(lines.pop(0)[1])
    if not lines:
        raise UnreadableFile(f"{path}: must hold at least one line of numbers; it holds none.")
    columns = len(heading or lines[0][1])
    rows = np.array([_numbers(path, line, cells, columns) for line, cells in lines])
    return Table(rows, tuple(f"line {line}" for line, _ in lines), Sheet(columns, heading), path)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of every line that is not blank."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream, strict=True)
            return [(reader.line_num, cells) for cells in reader if cells]
    except (OSError, ValueError, csv.Error) as error:
        reason = "it is not UTF-8 text" if isinstance(error, ValueError) else str(error)
        raise UnreadableFile(f"{path}: must be a CSV file; {reason}. Save it anew as CSV.") from error


def _is_heading(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells) and all(_number(cell) is None for cell in cells if cell.strip())


def _numbers(path: Path, line: int, cells: list[str], columns: int) -> list[float]:
    if len(cells) != columns:
        raise UnreadableFile(
            f"{path}, line {line}: must have {columns} cells as the lines before; it has {len(cells)}."
        )
    numbers = [_number(cell) for cell in cells]
    if None in numbers:
        column = numbers.index(None)
        raise UnreadableFile(
            f"{path}, line {line}, column {column + 1}: a cell must be a finite number, or empty or nan "
            f"where it is missing; got {cells[column]!r}."
        )
    return [number for number in numbers if number is not None]


def _number(cell: str) -> float | None:
    """Return the number in a cell, NaN for a missing one, None for what is neither."""
    try:
        number = float(cell) if cell.strip() else math.nan
    except ValueError:
        return None
    return None if math.isinf(number) or "_" in cell else number


def _cell(number: np.floating) -> str:
    """Write a number with the fewest digits that read to the same one.

    >>> [_cell(n) for n in (np.float64(0.1), np.float32(0.1), np.float64(3), np.float64("nan"))]
    ['0.1', '0.1', '3', '']
    """
    return "" if np.isnan(number) else str(number).removesuffix(".0")
