"""`mnemonist models`: the models that `--model` knows, with their equations and where they come from."""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.diagnosis.bibliography import brief
from mnemonist.diagnosis.cite import references
from mnemonist.memories.catalogue import CATALOGUE, IN_PYTHON, PARTS, Entry, Member


def models() -> None:
    """List the models: the energy each descends, its options (default, range), and the paper it comes from."""
    table = _table("model", "energy, what it is, options", "source")
    table.columns[0].no_wrap = True
    for entry in CATALOGUE.values():
        table.add_row(
            Text(entry.name, style="bold"), _account(entry), _source(references(entry.build())[0]), end_section=True
        )
    console = Console()
    console.print(table)
    console.print(
        Text("Write a model as name:option=value,option=value, such as dense:degree=4 or modern:beta=8. ")
        + Text("s are states of ±1, x real ones, ξ the memories; sums run over the memories.", style="dim")
    )
    console.print(_members("made in Python, mnemonist.", IN_PYTHON))
    console.print(_members("parts and ways to move, mnemonist.", PARTS))


def _members(head: str, members: Iterable[Member]) -> Table:
    """Return how each is written, its equation and what it is, beside its source."""
    table = _table(head, "source")
    for member in members:
        lines = [Text(member.made, style="bold"), Text(member.equation), Text(member.summary, style="dim")]
        table.add_row(Text("\n").join(lines), _source(member.reference), end_section=True)
    return table


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    for column in columns:
        table.add_column(column)
    return table


def _account(entry: Entry) -> Text:
    """Return equation, summary and each option with its default and range, a line each."""
    options = [Text(words, style="cyan") for words in entry.help]
    return Text("\n").join([Text(entry.equation), Text(entry.summary, style="dim"), *options])


def _source(key: str) -> Text:
    """Return authors and year on a line of their own, where to find it on the next."""
    return Text("\n".join(brief(key).rsplit(", ", 1)))
