"""A page on a completed table: one HTML file that needs nothing else, no scripts, all that is shown escaped."""

import math
from collections.abc import Iterable
from html import escape

from mnemonist.cli.phrasing import percent
from mnemonist.cli.table_report import choice_of, closing, error_of, runner_up
from mnemonist.tasks.completed import FilledCell
from mnemonist.tasks.completed_table import ColumnSummary, CompletedTable

MOST = 5000  # cells on a page
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --dim: #63707d; --line: #dfe3e8; --paper: #fff; --good: #2f8f5b;
  --fair: #c98a12; --poor: #c4483a; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --dim: #98a3ae; --line: #333a42; --paper: #14171a;
  --card: #1d2126; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 68rem;
  margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; } .dim { color: var(--dim); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: break-word; }
.n { text-align: right; white-space: nowrap; }
.value { font-weight: 600; }
.bar { display: inline-block; width: 5rem; height: .55rem; border-radius: .3rem; background: var(--line);
  overflow: hidden; vertical-align: middle; margin-right: .5rem; }
.bar i { display: block; height: 100%; } .good { background: var(--good); } .fair { background: var(--fair); }
.poor { background: var(--poor); }
ul { background: var(--card); border-radius: .5rem; padding: .7rem 1rem .7rem 2rem; margin: .8rem 0; }
"""


def page_of(done: CompletedTable) -> str:
    """Return the page: what became of the columns, what may surprise, and every cell that was filled."""
    name = escape(str(done.file.path.name) if str(done.file.path) != "-" else "standard input")
    notes = "".join(f"<li>{escape(note)}</li>" for note in done.notes)
    cells = list(done.done.cells())
    more = f"<p class='dim'>… and {len(cells) - MOST} more.</p>" if len(cells) > MOST else ""
    return (
        f"<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'>\n<title>{name}, completed</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{name}, completed</h1>\n"
        f"<p>{escape(closing(done))}</p>\n<p class='dim'>{escape(choice_of(done))}</p>\n"
        + (f"<ul>{notes}</ul>\n" if notes else "")
        + f"<h2>Columns</h2>\n<div class='wide'>{_columns(done)}</div>\n"
        + (f"<h2>Filled cells</h2>\n<div class='wide'>{_filled(cells[:MOST], done)}</div>\n{more}" if cells else "")
        + "</body>\n</html>\n"
    )


def _columns(done: CompletedTable) -> str:
    head = _head(("column", "what it holds", "!blank", "!filled", "!left empty", "how sure", "!typical error"))
    return f"<table>{head}{''.join(_column(column, done) for column in done.summary())}</table>"


def _column(column: ColumnSummary, done: CompletedTable) -> str:
    counts = "".join(
        f"<td class='n{'' if count else ' dim'}'>{count}</td>" for count in (column.blank, column.filled, column.left)
    )
    error = escape(error_of(column.name, column.error, done))
    return (
        f"<tr><td>{escape(column.name)}</td><td class='dim'>{escape(column.kind)}</td>{counts}"
        f"<td class='n' style='text-align:left'>{_bar(column.confidence)}</td><td class='n'>{error}</td></tr>"
    )


def _filled(cells: Iterable[FilledCell], done: CompletedTable) -> str:
    head = _head(("row", "column", "value", "how sure", "or else", "rests on"))
    return f"<table>{head}{''.join(_cell(cell, done) for cell in cells)}</table>"


def _cell(cell: FilledCell, done: CompletedTable) -> str:
    rests = ", ".join(f"{done.source.rows[row]} ({weight:.0%})" for row, weight in cell.because[:4])
    error = error_of(cell.column, cell.spread, done)
    return (
        f"<tr><td class='dim' style='white-space:nowrap'>{escape(done.file.rows[cell.row])}</td>"
        f"<td>{escape(cell.column)}</td><td><span class='value'>{escape(str(cell.value))}</span> "
        f"<span class='dim'>{escape(error)}</span></td><td style='white-space:nowrap'>{_bar(cell.confidence)}</td>"
        f"<td>{escape(runner_up(cell))}</td><td class='dim'>{escape(rests)}</td></tr>"
    )


def _bar(share: float) -> str:
    """Return a share in [0, 1] as a bar and in words."""
    if math.isnan(share):
        return ""
    colour = "good" if share >= 0.8 else "fair" if share >= 0.5 else "poor"
    return f"<span class='bar'><i class='{colour}' style='width:{share:.0%}'></i></span>{percent(share)}"


def _head(names: Iterable[str]) -> str:
    """Return the head of a table; names that begin with ! stand above numbers."""
    cells = "".join(
        f"<th class='n'>{escape(name[1:])}</th>" if name.startswith("!") else f"<th>{escape(name)}</th>"
        for name in names
    )
    return f"<tr>{cells}</tr>"
