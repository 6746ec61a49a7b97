"""`mnemonist demo`: handwritten digits, damaged and recalled by every kind of memory, as a table and a figure."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.cli.figure import OUT, check_figure, save_figure
from mnemonist.cli.progress import patience
from mnemonist.experiments.restoration import MODELS, Restoration, restorations
from mnemonist.experiments.restored import Restored, Row
from mnemonist.plotting import restoration_figure
from mnemonist.theory import mean_overlap


def demo(out: Annotated[Path, OUT] = Path("demo.png")) -> None:
    """Damage handwritten digits, recall them with every kind of memory, and say who manages and why.

    100 digits are stored. Each is asked for with its lower half hidden, with 30 % noise, and with both.
    """
    check_figure(out)
    config, console = Restoration(), Console()
    results = _run(config)
    console.print(_table([result.row for result in results]))
    for note in _notes(config):
        console.print(Text(note, style="dim"))
    shown = [result for result in results if result.row.model in MODELS]
    save_figure(console, out, lambda: restoration_figure(shown))


def _run(config: Restoration) -> list[Restored]:
    """Run the experiment; show progress on the terminal once it takes longer than patience allows."""
    results: list[Restored] = []
    with patience() as progress:
        task = progress.add_task("Recalling", total=config.count)
        for result in restorations(config):
            results.append(result)
            progress.update(task, completed=len(results), description=result.row.model)
    return results


def _table(rows: Sequence[Row]) -> Table:
    """Return a line per model, a column per damage, and why."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("model", style="bold", no_wrap=True)
    for damage in dict.fromkeys(row.damage for row in rows):
        table.add_column(Text(damage), justify="right", no_wrap=True)
    table.add_column("why")
    for model in dict.fromkeys(row.model for row in rows):
        own = [row for row in rows if row.model == model]
        table.add_row(Text(model), *map(_cell, own), Text(own[0].reason), end_section=model == MODELS[-1])
    return table


def _cell(row: Row) -> Text:
    """Return how many are exact, and how far off the rest are."""
    if row.exact == row.cues:
        return Text(f"{row.exact}/{row.cues}", style="green")
    return Text(f"{row.exact}/{row.cues}\n").append(f"({row.error:.1%})", style="dim")


def _notes(config: Restoration) -> Iterator[str]:
    """Say what was stored, and what the words of the table mean."""
    images = config.images
    count, width = images.shape
    overlap = mean_overlap(2.0 * (images >= 0.5) - 1)
    yield (
        f"Stored: K = {count} handwritten digits (MNIST, shipped with mnemonist) of N = {width} pixels. "
        "Classical, dense and exponential store them as ±1, thresholded at ½."
    )
    yield (
        "Counted: cues recalled exactly, to 8 bits. In brackets: mean error per pixel of the rest, black to white "
        "being 100 %."
    )
    yield (
        "Crosstalk: below a signal of 1 a digit is kept, above it may be lost. "
        f"m̄ = {overlap:.2f} is the mean overlap of two digits; of random images it would be "
        f"{math.sqrt(2 / math.pi / width):.2f}."
    )
    yield (
        "Rivals: at a digit, the best other one weighs e^(−βΔ); more than 1/510 shows. βΔ at the cues is the lead of "
        "the right digit at the start, negative where a wrong one leads."
    )
