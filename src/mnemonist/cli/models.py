"""`mnemonist models`: the models that `--model` knows, with their equations and where they come from."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.memories.catalogue import CATALOGUE, Entry


def models() -> None:
    """List the models: the energy each descends, its options (default, range), and the paper it comes from."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False)
    table.add_column("model", style="bold", no_wrap=True)
    table.add_column("energy, what it is, options")
    table.add_column("source")
    for entry in CATALOGUE.values():
        table.add_row(entry.name, _account(entry), _source(entry), end_section=True)
    console = Console()
    console.print(table)
    console.print(
        Text("Write a model as name:option=value,option=value, such as dense:degree=4 or modern:beta=8. ")
        + Text("s are states of ±1, x real ones, ξ the memories; sums run over the memories.", style="dim")
    )


def _account(entry: Entry) -> Text:
    """Return equation, summary and each option with its default and range, a line each."""
    options = [Text(words, style="cyan") for words in entry.help.values()]
    return Text("\n").join([Text(entry.equation), Text(entry.summary, style="dim"), *options])


def _source(entry: Entry) -> Text:
    """Return authors and year on a line of their own, where to find it on the next."""
    authors, _, place = entry.source.rpartition(", ")
    return Text(f"{authors}\n{place}" if authors else place)
