"""`mnemonist xor`: the truth table of XOR stored, asked for, and learned, at each degree, as a table and a figure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.cli.figure import OUT, check_figure, save_figure
from mnemonist.cli.options import whole_numbers
from mnemonist.cli.progress import patience
from mnemonist.errors import MissingExtra

_NOTE = (
    "For each x and y: E(x, y, −) above E(x, y, +). The answer is the lower one, in bold; where both are equal there "
    "is none. Learned: of so many random starts, those after which all four answers are right."
)

DEGREES = typer.Option("--degrees", metavar="N,N,…", help="Which powers of the overlap, from 1 to 100.")
STARTS = typer.Option("--starts", metavar="S", min=0, help="From how many random starts each learns; 0 for none.")


def xor(
    out: Annotated[Path, OUT] = Path("xor.png"),
    degrees: Annotated[str, DEGREES] = "1,2,3,4,5",
    starts: Annotated[int, STARTS] = 3,
) -> None:
    """Store the truth table of XOR in memories of every degree, ask each for the answers, and let each learn it.

    Memories of pairs cannot hold it; a power of degree 3 can, and a rectified one from degree 2 on. Learning needs
    PyTorch.

    [bold]Examples[/bold]

    mnemonist xor

    mnemonist xor --degrees 2,3 --starts 10 -o xor.pdf
    """
    from mnemonist.experiments.xor import learned_table, truth_table
    from mnemonist.plotting.xor import xor_figure

    powers = whole_numbers("--degrees", degrees, 1, 100)
    check_figure(out)
    kinds = [(degree, rectified) for rectified in (False, True) for degree in powers]
    learned, console = [], Console()
    with patience() as progress:
        task = progress.add_task("Learning", total=len(kinds))
        stored = [truth_table(degree, rectified=rectified) for degree, rectified in kinds]
        try:
            for degree, rectified in kinds if starts else ():
                learned.append(learned_table(degree, rectified=rectified, starts=starts))
                progress.update(task, completed=len(learned))
        except MissingExtra as missing:
            console.print(Text(f"Nothing learned: {missing}"), soft_wrap=True)
    console.print(_table(stored, learned))
    console.print(Text(_NOTE, style="dim"))
    save_figure(console, out, lambda: xor_figure(stored, learned))


def _table(stored: Sequence[Any], learned: Sequence[Any]) -> Table:
    """Return a line per memory: both energies of each row, how many answers are right, and how often it learned."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("power", style="bold", no_wrap=True)
    for inputs in ("− −", "− +", "+ −", "+ +"):
        table.add_column(Text(inputs), justify="right", no_wrap=True)
    table.add_column("stored", justify="right", no_wrap=True)
    if learned:
        table.add_column("learned", justify="right", no_wrap=True)
    for i, each in enumerate(stored):
        name = Text(f"{'rectified ' if each.rectified else ''}n = {each.degree}")
        told = [_verdict(f"{each.right} of 4 right", each.right == 4)]
        if learned:
            told.append(_verdict(f"{learned[i].solved} of {learned[i].starts}", learned[i].solved == learned[i].starts))
        last = i + 1 == len(stored) or stored[i + 1].rectified != each.rectified
        table.add_row(name, *(_cell(off, on) for off, on in each.energies), *told, end_section=last)
    return table


def _cell(off: float, on: float) -> Text:
    """Return both energies, the lower one in bold."""
    return Text.assemble((f"{off:g}", "bold" if off < on else "dim"), "\n", (f"{on:g}", "bold" if on < off else "dim"))


def _verdict(text: str, right: bool) -> Text:
    return Text(text, style="green" if right else "dim")
