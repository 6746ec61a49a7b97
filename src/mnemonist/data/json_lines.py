"""JSON lines: one object a line, whose keys are the columns; a key that is left out, or null, is missing.

Lines in which nothing changes are written as they were; in others `null` becomes the value, or the key is added.
"""

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnemonist.data.atomic_write import check_file, whole_stream
from mnemonist.data.record_changes import Changes, by_row
from mnemonist.data.text_file import Letters, letters_of
from mnemonist.errors import UnreadableFile

ENDINGS = (".jsonl", ".ndjson", ".gz")


@dataclass(frozen=True, eq=False)
class JsonLines:
    """Objects as columns of values, and the lines that they stand in."""

    path: Path
    frame: dict[str, list[Any]]
    letters: Letters
    lines: list[str]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()
    headed: bool = True
    decimal: str = "."

    @property
    def rows(self) -> tuple[str, ...]:
        """What rows are called."""
        return tuple(f"line {number + 1}" for number in self.numbers)

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a file of JSON lines, or exists and may not be replaced."""
        check_file(out, ENDINGS, replace=replace)

    def bytes_of(self, changes: Changes) -> bytes:
        """Return the bytes of the file with some cells changed."""
        lines = list(self.lines)
        for row, values in by_row(changes).items():
            lines[self.numbers[row]] = _changed(self.lines[self.numbers[row]], values)
        return self.letters.bytes_of("".join(lines), str(self.path))

    def write(self, changes: Changes, out: Path) -> None:
        """Write the objects with some values changed to a file, whole or not at all."""
        data = self.bytes_of(changes)
        with whole_stream(str(out)) as stream:
            stream.write(data)


def read_json_lines(data: bytes, path: Path) -> JsonLines:
    """Read JSON lines. Raises UnreadableFile, by line."""
    letters = letters_of(data, path)
    lines = list(io.StringIO(letters.text, newline=""))
    numbers = tuple(number for number, line in enumerate(lines) if line.strip())
    if not numbers:
        raise UnreadableFile(f"{path}: must hold at least one row; it holds none. Give a table.")
    objects = [_object(path, number, lines[number]) for number in numbers]
    names = dict.fromkeys(key for each in objects for key in each)
    frame = {name: [_value(each.get(name)) for each in objects] for name in names}
    return JsonLines(path, frame, letters, lines, numbers)


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _no_object(path, number, str(error)) from error
    if not isinstance(found, dict):
        raise _no_object(path, number, f"it is {type(found).__name__}")
    return found


def _no_object(path: Path, number: int, reason: str) -> UnreadableFile:
    return UnreadableFile(
        f'{path}, line {number + 1}: must be a JSON object; {reason}. Write one object a line, {{"column": value}}.'
    )


def _value(value: Any) -> Any:
    """Return a value as a cell holds it: of lists and objects the text."""
    return json.dumps(value) if isinstance(value, (list, dict)) else value


def _changed(line: str, values: dict[str, Any]) -> str:
    """Return a line with some values changed; only null is, where that is all that stands there."""
    body = line.rstrip("\r\n")
    wanted = json.loads(body) | values
    text = body
    for name, value in values.items():
        key = re.escape(json.dumps(name, ensure_ascii=False))
        spelt = json.dumps(value, ensure_ascii=body.isascii())
        if found := re.search(rf"{key}\s*:\s*(null)", text):
            text = text[: found.start(1)] + spelt + text[found.end(1) :]
    try:
        same = json.loads(text) == wanted
    except ValueError:
        same = False
    if not same:
        marks = (", ", ": ") if '": ' in body else (",", ":")
        text = json.dumps(wanted, ensure_ascii=body.isascii(), separators=marks)
    return text + line[len(body) :]
