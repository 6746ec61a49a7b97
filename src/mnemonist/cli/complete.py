"""`mnemonist complete`: the empty cells of a table filled, from its own rows or from those of another."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mnemonist.cli.progress import patience
from mnemonist.cli.table_page import page_of
from mnemonist.cli.table_report import document, explain, show
from mnemonist.data.atomic_write import check_file, whole_stream
from mnemonist.data.record_file import read_records
from mnemonist.errors import InvalidArgument
from mnemonist.tasks.completed_table import CompletedTable, complete_file

TABLE = typer.Argument(
    metavar="TABLE",
    readable=False,
    show_default=False,
    help="The table: CSV with any separator, TSV, either packed by gzip, xlsx, Parquet or JSON lines; - is standard "
    "input.",
)
MEMORY = typer.Option(
    "--memory",
    "-M",
    metavar="FULL",
    readable=False,
    show_default=False,
    help="Another table to complete it from; columns go by name. Without it TABLE completes itself, each row from the "
    "others.",
)
OUT = typer.Option(
    "--out",
    "-o",
    metavar="OUT",
    readable=False,
    show_default=False,
    help="Where the completed table goes, in the form of TABLE: a new file, or - for standard output.",
)
SURE = typer.Option(
    metavar="C",
    min=0,
    max=1,
    help="Fill only what is at least so sure. Of a number it is the chance that it is off by less than half the "
    "spread of its column; of a category that it is right.",
)
REPORT = typer.Option(
    metavar="HTML", readable=False, show_default=False, help="Also write a page that shows every filled cell."
)
IGNORE = typer.Option(metavar="COLUMNS", show_default=False, help="Columns to carry along only, such as id,date.")
HIDDEN = typer.Option(
    metavar="VALUE",
    show_default=False,
    help="A value that means none, such as -999, in both tables; may be given several times. Empty cells, NA, N/A, "
    "#N/A, None, null, nan, ?, - and . always do.",
)
EXPLAIN = typer.Option("--explain", help="Say of each filled cell how sure it is, what else it might be, and why.")
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")
FORCE = typer.Option("--force", "-f", help="Replace OUT, and the page.")


def complete(
    table: Annotated[Path, TABLE],
    out: Annotated[Path, OUT],
    memory: Annotated[Path | None, MEMORY] = None,
    min_confidence: Annotated[float, SURE] = 0.0,
    report: Annotated[Path | None, REPORT] = None,
    ignore: Annotated[str, IGNORE] = "",
    hidden: Annotated[list[str] | None, HIDDEN] = None,
    explain: Annotated[bool, EXPLAIN] = False,
    json: Annotated[bool, JSON] = False,
    force: Annotated[bool, FORCE] = False,
) -> None:
    """Fill the empty cells of TABLE, and say how sure each is.

    Numbers, dates, categories, yes and no are filled, each as its column spells it; keys and free text are carried
    along. What was given stays to the byte, and what cannot be told stays empty.

    [bold]Examples[/bold]

    mnemonist complete penguins.csv -o filled.csv

    mnemonist complete new.xlsx --memory all.csv -o new-filled.xlsx --min-confidence .8 --report filled.html

    mnemonist complete survey.csv -o filled.csv --ignore id,date --hidden -999 --explain
    """
    names = [name for name in ignore.split(",") if name.strip()]
    run_completion(
        table, out, memory, ignore=names, hidden=hidden or [], min_confidence=min_confidence, report=report, json=json,
        explained=explain, force=force,
    )  # fmt: skip


def run_completion(
    table: Path,
    out: Path,
    memory: Path | None,
    *,
    ignore: list[str],
    hidden: list[str],
    min_confidence: float = 0.0,
    report: Path | None = None,
    json: bool = False,
    explained: bool = False,
    force: bool = False,
) -> None:
    """Complete a table file to file, and say what became of it."""
    _check_places(table, out, memory, report)
    piped = str(out) == "-"
    with patience() as progress:
        progress.add_task("Completing", total=None)
        if str(table) != "-":
            read_records(table).check(_target(out, table), replace=force or piped)
        if report is not None:
            check_file(report, (".html", ".htm"), replace=force)
        done = complete_file(table, memory, min_confidence=min_confidence, ignore=ignore, hidden=hidden)
        if not piped:
            done.file.check(out, replace=force)
        page = page_of(done).encode("utf-8", "replace") if report is not None else b""
        _write(done, out)
        if report is not None:
            with whole_stream(str(report)) as stream:
                stream.write(page)
    _tell(done, out, json=json, explained=explained, piped=piped)


def _tell(done: CompletedTable, out: Path, *, json: bool, explained: bool, piped: bool) -> None:
    """Print what became of the table; on standard error where the table itself goes to standard output."""
    if json:
        typer.echo(document(done, str(out)), err=piped)
        return
    console = Console(stderr=piped)
    show(done, str(out), console)
    if explained:
        explain(done, console)


def _write(done: CompletedTable, out: Path) -> None:
    if str(out) == "-":
        sys.stdout.buffer.write(done.bytes())
        sys.stdout.buffer.flush()
    else:
        done.write(out)


def _target(out: Path, table: Path) -> Path:
    return table if str(out) == "-" else out


def _check_places(table: Path, out: Path, memory: Path | None, report: Path | None) -> None:
    """Refuse places that are the same."""
    inputs = {path.resolve() for path in (table, memory) if path is not None and str(path) != "-"}
    if str(table) == "-" == str(memory):
        raise InvalidArgument("complete: TABLE and FULL must not both be standard input; both are -. Name a file.")
    if str(out) != "-" and out.resolve() in inputs:
        raise InvalidArgument(f"{out}: OUT must be another place than TABLE and FULL; it is one of them. Rename it.")
    if report is not None and report.resolve() in inputs | {out.resolve()}:
        raise InvalidArgument(f"{report}: the page must be a place of its own; it is another's. Rename it.")
