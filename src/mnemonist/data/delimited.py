"""Tables of text (CSV, TSV and their kin), read as text and written back with other cells in some places.

All that is not changed comes back to the byte: titles, comments, headings, quotes, blanks, line ends, the encoding. A
line in which cells change is cut anew, and only these cells are others; one that was short is as long as it must be.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mnemonist.data.atomic_write import check_file, whole_stream
from mnemonist.data.dialect import Dialect, Record, dialect_of, is_heading, named, records_of, table_of
from mnemonist.data.record_changes import Changes, by_row
from mnemonist.data.spelling import decimal_mark, is_missing
from mnemonist.data.text_file import Letters, broken, letters_of
from mnemonist.errors import UnreadableFile

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".psv", ".gz")
_QUOTED = 100  # rows in which it is looked up whether a column is quoted


@dataclass(frozen=True, eq=False)
class DelimitedFile:
    """A table of text: columns of cells as they are spelt, and the lines that they stand in."""

    path: Path
    columns: dict[str, list[str]]
    rows: tuple[str, ...]
    letters: Letters
    lines: list[str]
    records: list[Record]
    dialect: Dialect
    headed: bool
    decimal: str
    notes: tuple[str, ...] = ()
    indented: bool = False  # rows are named, and the heading has no cell above their names

    @property
    def frame(self) -> dict[str, list[str]]:
        """The columns, as text."""
        return self.columns

    @property
    def newline(self) -> str:
        """What ends a line."""
        return "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a table of text, or exists and may not be replaced."""
        check_file(out, ENDINGS, replace=replace)

    def bytes_of(self, changes: Changes) -> bytes:
        """Return the bytes of the file with some cells changed."""
        lines = list(self.lines)
        names = list(self.columns)
        places = {name: place for place, name in enumerate(names)}
        quoted: dict[int, bool] = {}
        for row, cells in by_row(changes).items():
            start, stop, old = self.records[row]
            new = {places[name]: str(value) for name, value in cells.items()}
            for place in new:
                if place not in quoted:
                    quoted[place] = self._is_quoted(place)
            lines[start:stop] = [self._spliced("".join(self.lines[start:stop]), old, new, quoted)] + [""] * (
                stop - start - 1
            )
        return self.letters.bytes_of("".join(lines), str(self.path))

    def write(self, changes: Changes, out: Path) -> None:
        """Write the table with some cells changed to a file, whole or not at all."""
        data = self.bytes_of(changes)
        with whole_stream(str(out)) as stream:
            stream.write(data)

    def _spliced(self, raw: str, old: list[str], new: Mapping[int, str], quoted: Mapping[int, bool]) -> str:
        """Return a record in which some cells are others; all is written anew where it cannot be cut as it was read."""
        body = raw.rstrip("\r\n")
        spans = cut(body, self.dialect.separator)
        if len(spans) != len(old):
            spans = [_as_cell(cell, self.dialect.separator) for cell in old]
        spans += [""] * (max(new) + 1 - len(spans))
        for place, text in new.items():
            quote = quoted[place] or spans[place].strip().startswith('"')
            cell = _as_cell(text, self.dialect.separator, quote=quote)
            before, after = _around(spans[place], " " if self.dialect.spaced else "")
            spans[place] = before + cell + after
        return self.dialect.separator.join(spans) + raw[len(body) :]

    def _is_quoted(self, place: int) -> bool:
        """Say whether most known cells of a column are in quotes that they do not need."""
        marks = [
            spans[place].strip()
            == _as_cell(cells[place], "", quote=True)
            != _as_cell(cells[place], self.dialect.separator)
            for spans, cells in self._spans
            if place < len(cells) == len(spans) and not is_missing(cells[place])
        ]
        return 2 * sum(marks) > len(marks)

    @cached_property
    def _spans(self) -> list[tuple[list[str], list[str]]]:
        """The cells of the first records as they stand in the text, and as they were read."""
        return [
            (cut("".join(self.lines[start:stop]).rstrip("\r\n"), self.dialect.separator), cells)
            for start, stop, cells in self.records[:_QUOTED]
        ]


def read_delimited(data: bytes, path: Path, preferred: str = "") -> DelimitedFile:
    """Read a table of text. Raises UnreadableFile where no table is found, by line where one has too many cells."""
    letters = letters_of(data, path)
    lines = list(io.StringIO(letters.text, newline=""))
    try:
        dialect = dialect_of(lines, preferred)
        titles, table = table_of(records_of(lines, dialect), dialect.width)
    except (csv.Error, ValueError) as error:
        raise broken(path, str(error)) from error
    if not table:
        raise UnreadableFile(f"{path}: must hold at least one row; it holds none. Give a table.")
    cells = [record[2] for record in table]
    width = max(dialect.width, len(cells[0]))
    indented = width > 1 and len(cells[0]) == width - 1
    headed = indented or is_heading(cells[0], cells[1:])
    names = named((["", *cells[0]] if indented else cells[0]) if headed else [""] * width)
    records = table[headed:]
    if not records:
        raise UnreadableFile(f"{path}: must hold at least one row; it holds a heading alone. Give a table.")
    _check_widths(path, records, len(names))
    columns = {name: [_at(record[2], place) for record in records] for place, name in enumerate(names)}
    mark = decimal_mark(cell for record in records for cell in record[2]) or ("," if dialect.separator == ";" else ".")
    rows = tuple(f"line {record[0] + 1}" for record in records)
    notes = tuple(_notes(titles, records, cells[0], headed, len(names)))
    return DelimitedFile(path, columns, rows, letters, lines, records, dialect, headed, mark, notes, indented)


def _notes(titles: list[Record], records: list[Record], first: list[str], headed: bool, width: int) -> list[str]:
    """Say what was found that may surprise."""
    notes = []
    if titles:
        places = ", ".join(str(start + 1) for start, _, _ in titles[:5]) + (", …" if len(titles) > 5 else "")
        notes.append(f"Line{'s' * (len(titles) > 1)} {places} {'are' if len(titles) > 1 else 'is'} no row, and kept.")
    if headed and any(cell.strip().isdigit() for cell in first):
        notes.append("The numbers of the first line are taken for names of columns.")
    short = sum(len(cells) < width for _, _, cells in records)
    if short:
        notes.append(f"{short} of {len(records)} lines have fewer than {width} cells; their last are taken as missing.")
    return notes


def _check_widths(path: Path, records: list[Record], width: int) -> None:
    for start, _, cells in records:
        if any(cell.strip() for cell in cells[width:]):
            raise UnreadableFile(
                f"{path}, line {start + 1}: must have {width} cells as the lines before; it has {len(cells)}. Put "
                "cells that hold a separator in quotes."
            )


def _at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def cut(body: str, separator: str) -> list[str]:
    """Return the cells of a record as they stand in its text, with their quotes and blanks.

    >>> cut('"a,b", 1,,"2"', ",")
    ['"a,b"', ' 1', '', '"2"']
    """
    mark = re.escape(separator)
    pattern = re.compile(rf'(?: *"(?:[^"]|"")*"[^{mark}]*|[^{mark}]*)(?:{mark}|$)', re.DOTALL)
    spans, at = [], 0
    while True:
        match = pattern.match(body, at)
        if match is None:
            return []
        ends = match.end() == len(body) and not (match[0].endswith(separator) and match.end() > match.start())
        spans.append(match[0] if ends else match[0][: -len(separator)])
        if ends:
            return spans
        at = match.end()


def _around(span: str, usual: str) -> tuple[str, str]:
    """Return the blanks around what stands in a cell, the usual ones where nothing does."""
    stripped = span.strip(" ")
    if not stripped:
        return usual, ""
    start = span.index(stripped)
    return span[:start], span[start + len(stripped) :]


def _as_cell(text: str, separator: str, *, quote: bool = False) -> str:
    """Return text as a cell, in quotes where it needs them."""
    if quote or any(mark in text for mark in (*separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
