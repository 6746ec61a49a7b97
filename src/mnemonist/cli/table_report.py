"""Reports on completed tables: for people, as one JSON document for programs, and cell by cell."""

import json
import math
from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.cli.phrasing import percent
from mnemonist.cli.report import printable
from mnemonist.tasks.column_kinds import Number
from mnemonist.tasks.completed import FilledCell
from mnemonist.tasks.completed_table import ColumnSummary, CompletedTable

SHOWN = 200  # cells that are explained on the terminal


def show(done: CompletedTable, out: str, console: Console) -> None:
    """Print what became of the columns, what may surprise, and a closing sentence."""
    columns = [column for column in done.summary() if column.blank]
    if columns:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for name in ("column", "what it holds"):
            table.add_column(name, overflow="fold")
        for name in ("blank", "filled", "left", "sure", "typical error"):
            table.add_column(name, justify="right", no_wrap=True)
        for column in columns:
            table.add_row(*_cells(column, done))
        console.print(table)
    for note in done.notes:
        console.print(Text(printable(note), style="dim"))
    if done.done.filled.any():
        console.print(Text(choice_of(done), style="dim"), soft_wrap=True)
    console.print(Text(closing(done, out)), soft_wrap=True)


def _cells(column: ColumnSummary, done: CompletedTable) -> Iterator[Text]:
    sure = column.confidence
    style = "" if math.isnan(sure) else "green" if sure >= 0.8 else "yellow" if sure >= 0.5 else "red"
    yield Text(printable(column.name))
    yield Text(column.kind, style="dim")
    for count in (column.blank, column.filled, column.left):
        yield Text(str(count))
    yield Text("" if math.isnan(sure) else percent(sure), style=style)
    yield Text(error_of(column.name, column.error, done))


def error_of(name: str, error: float, done: CompletedTable) -> str:
    """Return a standard error with as many decimals as say something.

    Dates have theirs in days, categories none.
    """
    if math.isnan(error):
        return ""
    kind = done.memory.schema.kinds[name]
    unit = kind.spelling.after if isinstance(kind, Number) else "" if kind.size else _unit(kind)
    digits = 0 if error == 0 else max(0, 1 - math.floor(math.log10(error)))
    return f"± {error:.{digits}f}{unit}" if 1e-6 < error < 1e9 or error == 0 else f"± {error:.2g}{unit}"


def _unit(kind: Any) -> str:
    return " days" if type(kind).__name__ == "Date" else " places" if type(kind).__name__ == "Ordinal" else ""


def choice_of(done: CompletedTable) -> str:
    """Say how the empty cells were told."""
    choice = done.done.choice
    sizes = done.memory.schema.sizes
    numbers = f"numbers by {choice.numbers}" if (sizes == 0).any() else ""
    categories = f"categories by {choice.categories}" if (sizes > 0).any() else ""
    return f"Told from rows that are alike: {'; '.join(filter(None, (numbers, categories)))}."


def closing(done: CompletedTable, out: str = "") -> str:
    """Return how much was filled, from what, and where it lies."""
    filled, left = int(done.done.filled.sum()), int(done.done.blank.sum())
    rows, columns = done.done.filled.shape
    source = "itself" if done.itself else f"the {len(done.memory)} rows of {printable(str(done.source.path))}"
    place = "" if not out else f" Written to {'standard output' if out == '-' else printable(out)}."
    if not filled + left:
        return f"{rows} rows, {columns} columns, no empty cell: nothing was to be filled.{place}"
    return (
        f"{rows} rows, {columns} columns: {filled} of {filled + left} empty cells filled from {source}, {left} left "
        f"empty.{place}"
    )


def explain(done: CompletedTable, console: Console) -> None:
    """Print a line for each cell that was filled."""
    for number, cell in enumerate(done.done.cells()):
        if number == SHOWN:
            rest = int(done.done.filled.sum()) - SHOWN
            console.print(Text(f"… and {rest} more cells; --json and --report give them all.", style="dim"))
            return
        console.print(Text(printable(sentence(cell, done))), soft_wrap=True)


def sentence(cell: FilledCell, done: CompletedTable) -> str:
    """Return of a filled cell its place, its value, how sure it is, what else it might be, and what it rests on."""
    error = error_of(cell.column, cell.spread, done)
    value = f"{cell.value}{f' {error}' if error else ''}"
    other = runner_up(cell)
    rests = ", ".join(f"{done.source.rows[row]} ({weight:.0%})" for row, weight in cell.because[:4])
    return (
        f"{done.file.rows[cell.row]}, {cell.column}: {value}, {percent(cell.confidence)} sure"
        f"{f'; else {other}' if other else ''}{f'; rests on {rests}' if rests else ''}"
    )


def runner_up(cell: FilledCell) -> str:
    """Return the next likely option of a category, with its share."""
    others = [(value, share) for value, share in cell.alternatives if str(value) != str(cell.value) and share >= 0.005]
    return f"{others[0][0]} ({others[0][1]:.0%})" if others else ""


def document(done: CompletedTable, out: str) -> str:
    """Return everything as one JSON document; what is not a finite number is null."""
    choice = done.done.choice
    content = {
        "out": out,
        "memory": None if done.itself else str(done.source.path),
        "rows": len(done.done.filled),
        "filled": int(done.done.filled.sum()),
        "left": int(done.done.blank.sum()),
        "choice": {"numbers": choice.numbers, "categories": choice.categories, "beta": _finite(choice.beta)},
        "notes": list(done.notes),
        "columns": [
            vars(column) | {"confidence": _finite(column.confidence), "error": _finite(column.error)}
            for column in done.summary()
        ],
        "cells": [_cell(cell, done) for cell in done.done.cells()],
    }
    return json.dumps(content, indent=2, allow_nan=False, default=str)


def _cell(cell: FilledCell, done: CompletedTable) -> dict[str, Any]:
    return {
        "row": done.file.rows[cell.row],
        "column": cell.column,
        "value": cell.value,
        "spread": _finite(cell.spread),
        "confidence": _finite(cell.confidence),
        "alternatives": [{"value": value, "share": share} for value, share in cell.alternatives],
        "because": [{"row": done.source.rows[row], "weight": weight} for row, weight in cell.because],
    }


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
