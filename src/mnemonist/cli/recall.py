"""`mnemonist recall`: restore cues from memories, file to file."""

import os
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from mnemonist import model as model_of
from mnemonist.cli.report import Report
from mnemonist.cli.restoration import Finding, Order, restore
from mnemonist.data import Table, known, read
from mnemonist.data.table import Rows
from mnemonist.dynamics.pattern_memory import PatternMemory
from mnemonist.errors import InvalidArgument

PATIENCE = 1.0  # seconds before progress is shown

MEMORIES = typer.Argument(
    metavar="MEMORIES",
    readable=False,  # whether a path can be read is found, and said, by the one who reads it
    show_default=False,
    help="What to remember: a folder of images, an image, or a .npy, .npz or .csv file.",
)
CUES = typer.Argument(
    metavar="CUES", readable=False, show_default=False, help="What to restore, of the same size: any of these."
)
OUT = typer.Option(
    "--out",
    "-o",
    metavar="OUT",
    readable=False,
    show_default=False,
    help="Where the restored cues go, in the form of CUES: a new or empty folder, or a file.",
)
MODEL = typer.Option("--model", "-m", metavar="MODEL", help="The model; [cyan]mnemonist models[/cyan] lists them.")
HIDDEN = typer.Option(
    metavar="VALUE",
    show_default=False,
    help="Numbers of a cue equal to VALUE are hidden. In images black is 0 and white 1, each channel counts "
    "by itself. Cells that are empty or nan are always hidden.",
)
MASK = typer.Option(
    metavar="FILE",
    readable=False,
    show_default=False,
    help="An image or array of a cue's size, or a folder with one for each cue: white (all but 0) is "
    "visible, black (0) is hidden.",
)
NOISY = typer.Option("--noisy", help="What is visible may be wrong too: let it change as well.")
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")
MAX_STEPS = typer.Option(metavar="N", help="The most updates that a cue gets.")
SEED = typer.Option(metavar="N", help="The seed of the order in which ±1 neurons are updated.")


def recall(
    memories: Annotated[Path, MEMORIES],
    cues: Annotated[Path, CUES],
    out: Annotated[Path, OUT],
    model: Annotated[str, MODEL] = "kernel:beta=auto",
    hidden: Annotated[float | None, HIDDEN] = None,
    mask: Annotated[Path | None, MASK] = None,
    noisy: Annotated[bool, NOISY] = False,
    json: Annotated[bool, JSON] = False,
    max_steps: Annotated[int, MAX_STEPS] = 1000,
    seed: Annotated[int, SEED] = 0,
) -> None:
    """Restore CUES from MEMORIES, and say which memory each one became.

    Where nothing is hidden, every cue is cleaned as a whole.

    Where something is (--hidden, --mask, missing cells), that is filled in and the rest stays as it is.

    [bold]Examples[/bold]

    mnemonist recall faces/ noisy/ -o cleaned/

    mnemonist recall faces/ torn/ -o whole/ --hidden 0

    mnemonist recall faces/ torn.png -o whole.png --mask visible.png --noisy

    mnemonist recall table.csv holes.csv -o filled.csv --model modern:beta=8
    """
    if hidden is not None and mask is not None:
        raise InvalidArgument("recall: --hidden and --mask exclude each other; both were given. Leave one out.")
    memory = model_of(model)
    stored = read(memories)
    asked = read(cues, like=stored, key="cues")
    _check_out(out, asked, memories, cues, *([mask] if mask else []))
    order = Order(stored, asked, known(asked, hidden=hidden, mask=mask), noisy, max_steps, seed)
    rows, findings = _restore(memory, order)
    asked.write(rows, out)
    report = Report(model, memory, order, findings, str(out))
    if json:
        typer.echo(report.document())
    else:
        report.show(Console())


def _check_out(out: Path, cues: Table, *inputs: Path) -> None:
    """Find before the work what would spoil the writing after it."""
    if os.path.realpath(out) in [os.path.realpath(path) for path in inputs]:
        raise InvalidArgument(f"{out}: OUT must be another place than MEMORIES, CUES and the mask; it is one of them.")
    cues.form.check(out)


def _restore(memory: PatternMemory, order: Order) -> tuple[Rows, tuple[Finding, ...]]:
    """Recall all cues; show progress on the terminal once it takes longer than patience allows."""
    console = Console(stderr=True)
    progress = Progress(console=console, transient=True, disable=not console.is_terminal)
    task = progress.add_task("Recalling", total=len(order.cues.rows))
    parts: list[Rows] = []
    findings: list[Finding] = []
    begin = time.monotonic()
    try:
        for rows, found in restore(memory, order):
            parts.append(rows)
            findings += found
            progress.update(task, completed=len(findings))
            if time.monotonic() - begin > PATIENCE:
                progress.start()
    finally:
        progress.stop()
    return np.concatenate(parts), tuple(findings)
