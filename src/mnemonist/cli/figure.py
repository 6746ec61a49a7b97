"""Figures that a command draws: checked before the work, saved after it, and said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from mnemonist.cli.report import printable
from mnemonist.data.atomic_write import check_file, whole_file
from mnemonist.errors import MissingExtra

KINDS = (".png", ".pdf", ".svg")
OUT = typer.Option(
    "--out",
    "-o",
    metavar="FILE",
    help="Where the figure goes: a .png, .pdf or .svg file; one that is there is replaced.",
)


def check_figure(out: Path) -> None:
    """Refuse a place where no figure can be written."""
    check_file(out, KINDS, replace=True)


def save_figure(console: Console, out: Path, draw: Callable[[], Any]) -> None:
    """Draw a figure and say where it is; without matplotlib say that there is none, and what it needs."""
    try:
        figure = draw()
    except MissingExtra as missing:
        console.print(Text(f"No figure: {missing}"), soft_wrap=True)
        return
    with whole_file(out) as draft:
        figure.savefig(draft)
    console.print(Text(f"The figure is in {printable(str(out))}"), soft_wrap=True)
