"""`mnemonist models`: the models that `--model` knows, with their equations and where they come from."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.memories.catalogue import CATALOGUE, IN_PYTHON, Entry


def models() -> None:
    """List the models: the energy each descends, its options (default, range), and the paper it comes from."""
    table = _table("model", "energy, what it is, options", "source")
    table.columns[0].no_wrap = True
    for entry in CATALOGUE.values():
        table.add_row(Text(entry.name, style="bold"), _account(entry), _source(entry.source), end_section=True)
    others = _table("made in Python, mnemonist.", "source")
    for member in IN_PYTHON:
        lines = [Text(member.made, style="bold"), Text(member.equation), Text(member.summary, style="dim")]
        others.add_row(Text("\n").join(lines), _source(member.source), end_section=True)
    console = Console()
    console.print(table)
    console.print(
        Text("Write a model as name:option=value,option=value, such as dense:degree=4 or modern:beta=8. ")
        + Text("s are states of ±1, x real ones, ξ the memories; sums run over the memories.", style="dim")
    )
    console.print(others)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    for column in columns:
        table.add_column(column)
    return table


def _account(entry: Entry) -> Text:
    """Return equation, summary and each option with its default and range, a line each."""
    options = [Text(words, style="cyan") for words in entry.help.values()]
    return Text("\n").join([Text(entry.equation), Text(entry.summary, style="dim"), *options])


def _source(source: str) -> Text:
    """Return authors and year on a line of their own, where to find it on the next."""
    authors, _, place = source.rpartition(", ")
    return Text(f"{authors}\n{place}" if authors else place)
