"""`mnemonist info`: what is in a file of a memory."""

import json as documents
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.archive.summary import Summary, summary
from mnemonist.cli.progress import patience
from mnemonist.cli.report import printable

FILE = typer.Argument(
    metavar="FILE",
    readable=False,
    show_default=False,
    help="A file that [cyan]mnemonist memorise[/cyan] or memory.save made.",
)
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")


def info(file: Annotated[Path, FILE], json: Annotated[bool, JSON] = False) -> None:
    """Say what FILE holds: the model, how many memories of how many numbers, how they are kept, and its size.

    All of the file is read and checked on the way.

    [bold]Examples[/bold]

    mnemonist info faces.mnemonist
    """
    with patience() as progress:
        progress.add_task("Reading", total=None)
        found = summary(str(file))
    if json:
        typer.echo(documents.dumps(_document(found), indent=2, allow_nan=False))
        return
    table = Table(box=box.SIMPLE, pad_edge=False, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for word, text in _lines(found):
        table.add_row(word, Text(printable(text)))
    Console().print(table)


def _lines(found: Summary) -> Iterator[tuple[str, str]]:
    """Yield what there is to say, a line each."""
    yield "memory", found.memory
    if "model" in found.task:
        yield "model", f"{found.task['model']}{', raw' if found.task.get('raw') else ''}"
    yield "K", f"{found.k} {'memory' if found.k == 1 else 'memories'}"
    if found.n is not None:
        yield "N", f"{found.n} numbers each"
    if found.kept:
        kept = {"packed": "as bits", "mapped": "read from the file when they are needed"}.get(found.kept, "dense")
        yield "numbers", f"{found.dtype}, {kept}{', some unknown' if found.holes else ''}"
        yield "values", f"{found.values} each" if found.values else "none"
    if (names := found.task.get("names")) and isinstance(names, list):
        yield "names", ", ".join(map(str, names[:5])) + (", …" if len(names) > 5 else "")
    yield "size", in_bytes(found.size)
    yield "format", f"{found.version}, written by mnemonist {found.written_by}"


def _document(found: Summary) -> dict[str, object]:
    """Return everything as what JSON can say."""
    return {
        "memory": found.memory,
        "model": found.task.get("model"),
        "raw": found.task.get("raw"),
        "K": found.k,
        "N": found.n,
        "dtype": found.dtype or None,
        "kept": found.kept or None,
        "holes": found.holes,
        "values": found.values,
        "names": found.task.get("names"),
        "bytes": found.size,
        "format": found.version,
        "written_by": found.written_by,
    }


def in_bytes(count: int) -> str:
    """Return a size in words.

    >>> in_bytes(999), in_bytes(2048), in_bytes(5 * 2**20)
    ('999 bytes', '2.0 KiB', '5.0 MiB')
    """
    if count < 1024:
        return f"{count} bytes"
    for power, unit in ((1, "KiB"), (2, "MiB")):
        if count < 1024 ** (power + 1):
            return f"{count / 1024**power:.1f} {unit}"
    return f"{count / 1024**3:.1f} GiB"
