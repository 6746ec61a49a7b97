"""Parquet files, read and written by polars, which the extra `tables` brings: columns keep their types."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnemonist.data.atomic_write import check_file, whole_stream
from mnemonist.data.missing_tables import in_words
from mnemonist.data.record_changes import Changes
from mnemonist.errors import UnreadableFile

ENDINGS = (".parquet", ".pq")


@dataclass(frozen=True, eq=False)
class ParquetFile:
    """A frame of polars, and where it lies."""

    path: Path
    frame: Any
    notes: tuple[str, ...] = ()
    headed: bool = True
    decimal: str = "."

    @property
    def rows(self) -> tuple[str, ...]:
        """What rows are called."""
        return tuple(f"row {number + 1}" for number in range(self.frame.height))

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a Parquet file, or exists and may not be replaced."""
        check_file(out, ENDINGS, replace=replace)

    def bytes_of(self, changes: Changes) -> bytes:
        """Return the bytes of the frame with some cells changed."""
        import polars

        frame = self.frame.clone()
        for name, cells in changes.items():
            column = frame[name].clone()
            values = polars.Series(list(cells.values()), dtype=column.dtype, strict=False)
            frame = frame.with_columns(column.scatter(list(cells), values))
        stream = io.BytesIO()
        frame.write_parquet(stream)
        return stream.getvalue()

    def write(self, changes: Changes, out: Path) -> None:
        """Write the frame with some cells changed to a file, whole or not at all."""
        data = self.bytes_of(changes)
        with whole_stream(str(out)) as stream:
            stream.write(data)


def read_parquet(data: bytes, path: Path) -> ParquetFile:
    """Read a Parquet file. Raises UnreadableFile, or MissingExtra."""
    try:
        import polars
    except ModuleNotFoundError as error:
        raise in_words(error, f"{path}", "polars") from error
    try:
        frame = polars.read_parquet(io.BytesIO(data))
    except (polars.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableFile(
            f"{path}: must be a Parquet file; polars cannot read it ({reason}). Save it anew."
        ) from error
    if not frame.height or not frame.width:
        raise UnreadableFile(f"{path}: must hold at least one row; it holds none. Give a table.")
    return ParquetFile(path, frame)
