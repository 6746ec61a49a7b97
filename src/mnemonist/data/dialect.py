"""Dialects of CSV: what parts the cells of a text, where its table begins and ends, and whether it has a heading.

The separator is the one of `, ; tab |` with which most lines have as many cells (2 or more) as most others have, the
table's width. Lines before that have fewer cells, or begin with #, are titles; lone cells behind the last row
are notes. Both stay where they are. The first line of the table is its heading if its words are no numbers and stand
above numbers, or do not come again below; if its numbers count (0, 1, 2, … or years) and what is below does not.

Text is cut by the `csv` module of the standard library: it is there already, takes no time to import, and reads what
people write by hand, such as a blank after a separator or letters behind a quote.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mnemonist.data.spelling import is_missing, spelling_of

Record = tuple[int, int, list[str]]  # its first line, the line after its last, and its cells
SEPARATORS = ("\t", ";", "|", ",")
_SAMPLE = 200  # lines that are looked at
_YEARS = range(1500, 2200)
_SAID = re.compile('"?sep=(.)"?')


@dataclass(frozen=True)
class Dialect:
    """How a text is cut: its separator, the cells of a line, and whether a blank after a separator is no letter."""

    separator: str = ","
    width: int = 1
    spaced: bool = False


def records_of(lines: Sequence[str], dialect: Dialect) -> list[Record]:
    """Cut lines into records; blank lines are none. Raises csv.Error; ValueError where a quote is never closed."""
    reader = csv.reader(lines, delimiter=dialect.separator, skipinitialspace=dialect.spaced)
    records: list[Record] = []
    start = 0
    for cells in reader:
        if any(cell.strip() for cell in cells) or len(cells) > 1 or (len(cells) == 1 and lines[start].strip()):
            records.append((start, reader.line_num, cells))
        start = reader.line_num
    if records and sum(line.count('"') for line in lines[slice(*records[-1][:2])]) % 2 and records[-1][1] == len(lines):
        last = records[-1]
        if any("\n" in cell or "\r" in cell for cell in last[2]) or last[2][-1].endswith(("\n", "\r")):
            raise ValueError(f"a quote is opened in line {last[0] + 1} and never closed")
    return records


def dialect_of(lines: Sequence[str], preferred: str = "") -> Dialect:
    """Return the dialect of a text; of those that fit as well, the `preferred` separator, then a tab, ; | and a comma.

    >>> dialect_of(["1,5;2,5", "3,5;4,5"]), dialect_of(['"width, in cm; or inches";height', "1;2"]).separator
    (Dialect(separator=';', width=2, spaced=False), ';')
    """
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    said = _SAID.fullmatch(sample[0].strip()) if sample else None  # as Excel has it
    if said:
        preferred, sample = said[1], sample[1:]
    order = sorted(SEPARATORS, key=lambda mark: mark != preferred)
    best, most = Dialect(), 0.0
    for mark in order[: 1 if said else None]:
        spaced = any(f'{mark} "' in line for line in sample)
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=mark, skipinitialspace=spaced))
        width, count = max(widths.items(), key=lambda entry: entry[1] if entry[0] > 1 else 0, default=(1, 0))
        share = round(count / widths.total(), 2) if width > 1 else 0.0
        if share > most:
            best, most = Dialect(mark, width, spaced), share
    return best


def table_of(records: list[Record], width: int) -> tuple[list[Record], list[Record]]:
    """Part records into titles and comments, which are passed over, and those of the table.

    A heading with one cell less than all rows, as R writes it above the names of rows, is one of the table.
    """
    first = 0
    while first < len(records) and width > 1:
        cells = records[first][2]
        short = len(cells) == width - 1 and not cells[0].startswith("#") and _names_rows(records[first:], width)
        whole = len(cells) >= width and not _is_comment(cells, width)
        if short or (whole and not _is_padded_title(records[first:], width)):
            break
        first += 1
    last = len(records)
    while width > 2 and last > first + 1 and len(records[last - 1][2]) == 1:
        last -= 1
    table = [record for record in records[first:last] if not _is_comment(record[2], width)]
    passed = {record[0] for record in table}
    return [record for record in records if record[0] not in passed], table


def _is_comment(cells: list[str], width: int) -> bool:
    if re.fullmatch("sep=.?", cells[0]) and not any(cells[1:]):
        return True
    return cells[0].startswith("#") and not is_missing(cells[0]) and (len(cells) != width or width == 1)


def _is_padded_title(records: list[Record], width: int) -> bool:
    """Say whether the first record is a lone word, filled up with separators as Excel does, above a heading."""
    rest = [cells for _, _, cells in records[1:_SAMPLE] if len(cells) >= width and not _is_comment(cells, width)]
    lone = width > 2 and sum(bool(cell.strip()) for cell in records[0][2]) == 1
    return lone and len(rest) > 1 and is_heading(rest[0], rest[1:])


def _names_rows(records: list[Record], width: int) -> bool:
    """Say whether the first record is a heading without a name for the names of rows."""
    rows = [cells for _, _, cells in records[1:_SAMPLE]]
    if len(rows) < 2 or any(len(cells) != width for cells in rows):
        return False
    return not is_heading(rows[0], rows[1:])


def is_heading(first: list[str], rows: Sequence[list[str]]) -> bool:
    """Say whether the first line of a table names its columns.

    >>> is_heading(["", "0", "1"], [["a", "5", "6"]]), is_heading(["1", "2"], [["3", "4"]])
    (True, False)
    >>> is_heading(["2010", "2011"], [["3.5", "4"]]), is_heading(["red", "1"], [["blue", "2"]])
    (True, False)
    """
    columns = [[row[i] for row in rows[:_SAMPLE] if i < len(row) and not is_missing(row[i])] for i in range(len(first))]
    words = [i for i, cell in enumerate(first) if not is_missing(cell)]
    numbers = [i for i in words if is_number(first[i])]
    if not words:
        return False
    if not numbers:
        return not rows or not all(first[i] in columns[i] for i in words)
    if any(columns[i] and all(map(is_number, columns[i])) for i in words if i not in numbers):
        return True
    return _counts(first, numbers, columns)


def is_number(cell: str) -> bool:
    """Say whether a cell is a number in any spelling, which a year, a price or a percentage is."""
    return spelling_of([cell])[1] == 1


def _counts(first: list[str], numbers: list[int], columns: list[list[str]]) -> bool:
    """Say whether the numbers of a first line count columns or years, and what is below them does not."""
    cells = [first[i].strip() for i in numbers]
    if len(cells) < 2 or not all(cell.isascii() and cell.isdigit() and cell == str(int(cell)) for cell in cells):
        return False
    values = [int(cell) for cell in cells]
    steps = {after - before for before, after in pairwise(values)}
    if len(steps) != 1 or min(steps) < 1:
        return False
    below = [cell for i in numbers for cell in columns[i]]
    whole = [cell for cell in below if cell.strip().lstrip("+-").isdigit()]
    if numbers[0] == 1 and len(numbers) == len(first) - 1:  # a name of rows, or none, stands before them
        named = not first[0].strip() and bool(columns[0])
        if named or (first[0] not in columns[0] and (values[0] in _YEARS or len(whole) < len(below))):
            return True
    if all(value in _YEARS for value in values):
        return not all(int(cell) in _YEARS for cell in whole) or len(whole) < len(below)
    return values[0] == 0 and steps == {1} and 2 * len(whole) < len(below)


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each column, none twice; one without is called after its place.

    >>> named(["x", "", " x"])
    ('x', 'column 2', 'x (2)')
    """
    names: list[str] = []
    for place, cell in enumerate(cells):
        name = base = cell.strip() or f"column {place + 1}"
        number = 1
        while name in names:
            number += 1
            name = f"{base} ({number})"
        names.append(name)
    return tuple(names)
