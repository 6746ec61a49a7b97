"""Workbooks (.xlsx): the first sheet that holds a table, as values; other cells, formats and formulas stay.

The workbook is opened twice: as values, which are read, and as it is, in which cells are changed and which is written.
Rows above the table that have fewer cells are titles. Needs the extra `tables`, for openpyxl.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnemonist.data.atomic_write import check_file, whole_stream
from mnemonist.data.dialect import is_heading, named
from mnemonist.data.missing_tables import in_words
from mnemonist.data.record_changes import Changes
from mnemonist.errors import UnreadableFile

ENDINGS = (".xlsx", ".xlsm")
_SAMPLE = 200  # rows that are looked at


@dataclass(frozen=True, eq=False)
class Workbook:
    """A sheet of a workbook: its columns of values, and the numbers of the rows that they stand in."""

    path: Path
    data: bytes
    title: str
    frame: dict[str, list[Any]]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()
    headed: bool = True
    decimal: str = "."

    @property
    def rows(self) -> tuple[str, ...]:
        """What rows are called."""
        return tuple(f"row {number}" for number in self.numbers)

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a workbook, or exists and may not be replaced."""
        check_file(out, ENDINGS, replace=replace)

    def bytes_of(self, changes: Changes) -> bytes:
        """Return the bytes of the workbook with some cells changed."""
        book = _opened(self.data, self.path, values=False)
        sheet = book[self.title]
        places = {name: place for place, name in enumerate(self.frame)}
        for name, cells in changes.items():
            for row, value in cells.items():
                sheet.cell(self.numbers[row], places[name] + 1).value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def write(self, changes: Changes, out: Path) -> None:
        """Write the workbook with some cells changed to a file, whole or not at all."""
        data = self.bytes_of(changes)
        with whole_stream(str(out)) as stream:
            stream.write(data)


def read_workbook(data: bytes, path: Path) -> Workbook:
    """Read the first sheet that holds a table. Raises UnreadableFile, or MissingExtra."""
    book = _opened(data, path, values=True)
    for sheet in book.worksheets:
        grid = [list(row) for row in sheet.iter_rows(values_only=True)]
        while grid and all(_empty(row[-1]) for row in grid) and len(grid[0]) > 1:
            grid = [row[:-1] for row in grid]
        table = [number for number, row in enumerate(grid) if not all(map(_empty, row))]
        if len(table) > 1:
            return _book(data, path, sheet.title, grid, table, len(book.worksheets))
    raise UnreadableFile(f"{path}: must hold a table of at least one row; no sheet of it does. Give a table.")


def _book(data: bytes, path: Path, title: str, grid: list[list[Any]], table: list[int], sheets: int) -> Workbook:
    most = max(sum(not _empty(cell) for cell in grid[number]) for number in table[:_SAMPLE])
    while len(table) > 2 and 2 * sum(not _empty(cell) for cell in grid[table[0]]) < most:
        table = table[1:]
    texts = [["" if _empty(cell) else str(cell) for cell in grid[number]] for number in table[:_SAMPLE]]
    headed = is_heading(texts[0], texts[1:])
    names = named(texts[0] if headed else [""] * len(texts[0]))
    table = table[headed:]
    notes = (f"Of {sheets} sheets the first with a table is taken, {title!r}.",) if sheets > 1 else ()
    columns = {name: [grid[number][place] for number in table] for place, name in enumerate(names)}
    return Workbook(path, data, title, columns, tuple(number + 1 for number in table), notes, headed)


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _opened(data: bytes, path: Path, *, values: bool) -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise in_words(error, f"{path}", "openpyxl") from error
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_vba=path.suffix.lower() == ".xlsm")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        raise UnreadableFile(
            f"{path}: must be a workbook (.xlsx); openpyxl cannot read it ({error}). Save it anew."
        ) from error
