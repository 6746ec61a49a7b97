"""Files of records: tables of any kind, chosen by what they begin with and by their name.

    PK…     .xlsx                    values of a workbook's sheet   `workbook`, needs openpyxl
    PAR1…   .parquet                 a frame of polars              `parquet_file`, needs polars
    {…      .jsonl, .ndjson          one JSON object a line         `json_lines`
    else    .csv, .tsv, .txt, .gz    text, every cell as spelt      `delimited`

The extra `tables` brings openpyxl, polars and narwhals; text needs none of them. `-` is standard input.
"""

import os
from pathlib import Path
from typing import Any, Protocol

from mnemonist.data.delimited import ENDINGS as TEXT
from mnemonist.data.delimited import DelimitedFile, read_delimited
from mnemonist.data.json_lines import ENDINGS as LINES
from mnemonist.data.json_lines import read_json_lines
from mnemonist.data.parquet_file import ENDINGS as PARQUET
from mnemonist.data.parquet_file import read_parquet
from mnemonist.data.plain_file import checked_path
from mnemonist.data.record_changes import Changes
from mnemonist.data.text_file import read_bytes
from mnemonist.data.workbook import ENDINGS as BOOKS
from mnemonist.data.workbook import read_workbook
from mnemonist.errors import UnreadableFile

ENDINGS = tuple(dict.fromkeys(TEXT + LINES + PARQUET + BOOKS))


class RecordFile(Protocol):
    """A table that was read: its columns, what its rows are called, and how it is written with some cells changed."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def frame(self) -> Any:
        """Its columns: lists of values by name, or a frame of polars."""

    @property
    def rows(self) -> tuple[str, ...]:
        """What its rows are called: 'line 3'."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found that may surprise, in sentences."""

    @property
    def headed(self) -> bool:
        """Whether its columns were named in it."""

    @property
    def decimal(self) -> str:
        """Its decimal mark."""

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a file of this kind, or exists and may not be replaced."""

    def bytes_of(self, changes: Changes) -> bytes:
        """Return the bytes of the file with some cells changed, all others as they were."""

    def write(self, changes: Changes, out: Path) -> None:
        """Write these, whole or not at all."""


def is_table(path: Path | str) -> bool:
    """Say whether a path is named as a table, or is standard input."""
    return str(path) == "-" or (Path(path).suffix.lower() in ENDINGS and not os.path.isdir(path))


def read_records(path: Path | str) -> RecordFile:
    """Read a table of any kind. Raises UnreadableFile in a sentence that names the file; MissingExtra."""
    place = checked_path("read_records", "path", path)
    if str(place) != "-" and not os.path.exists(place):
        raise UnreadableFile(f"{place}: must exist; there is no such file. Check its name.")
    data = read_bytes(place)
    ending = _ending(place)
    if data.startswith(b"PK\x03\x04") or ending in BOOKS:
        return read_workbook(data, place)
    if data.startswith(b"PAR1") or ending in PARQUET:
        return read_parquet(data, place)
    if ending in (".jsonl", ".ndjson") or (str(place) == "-" and data.lstrip()[:1] == b"{"):
        return read_json_lines(data, place)
    return read_delimited(data, place, "\t" if ending in (".tsv", ".tab") else "")


def _ending(path: Path) -> str:
    """Return the ending of a name, without that of gzip."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


__all__ = ["ENDINGS", "DelimitedFile", "RecordFile", "is_table", "read_records"]
