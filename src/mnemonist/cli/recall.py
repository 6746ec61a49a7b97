"""`mnemonist recall`: restore cues from memories, file to file."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from mnemonist import model as model_of
from mnemonist.cli.complete import run_completion
from mnemonist.cli.progress import patience
from mnemonist.cli.report import Report
from mnemonist.data import Table, known, read
from mnemonist.data.record_file import is_table
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Rows
from mnemonist.errors import InvalidArgument
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.tasks.encoding import Encoding
from mnemonist.tasks.memorised import Memorised, is_memorised, read_memorised
from mnemonist.tasks.restoration import Finding, Order, restore

MEMORIES = typer.Argument(
    metavar="MEMORIES",
    readable=False,  # whether a path can be read is found, and said, by the one who reads it
    show_default=False,
    help="What to remember: a folder of images, an image, a .npy or .npz file, or a table; or a .mnemonist file that "
    "[cyan]mnemonist memorise[/cyan] made of one.",
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
    help="Where the restored cues go, in the form of CUES: a new or empty folder, or a new file.",
)
FORCE = typer.Option("--force", "-f", help="Replace OUT; in a folder, the files of the same names.")
DEFAULT = "kernel:beta=auto"
MODEL = typer.Option(
    "--model",
    "-m",
    metavar="MODEL",
    show_default=f"{DEFAULT}; tables are completed by whatever tells hidden cells best",
    help="The model; [cyan]mnemonist models[/cyan] lists them.",
)
HIDDEN = typer.Option(
    metavar="VALUE",
    show_default=False,
    help="Numbers of a cue equal to VALUE are hidden, in tables those of MEMORIES too. In images black is 0 and white "
    "1, each channel counts by itself. Cells that are empty, NA, ?, nan or null are always hidden.",
)
TOLERANCE = typer.Option(
    metavar="T",
    min=0,
    show_default=False,
    help="Numbers up to T away from VALUE are hidden too. Unless given, half a grey level in images, 0 in arrays and "
    "tables. JPEG blurs the edge of a hole: a T of 0.1, or better a mask, catches the seam.",
)
MASK = typer.Option(
    metavar="FILE",
    readable=False,
    show_default=False,
    help="An image or array of a cue's size, or a folder with one for each cue: white (all but 0) is "
    "visible, black (0) is hidden. The right way for JPEG cues, where no hole has one exact level.",
)
NOISY = typer.Option("--noisy", help="What is visible may be wrong too: let it change as well.")
RAW = typer.Option("--raw", help="Compare the columns of a table as they are, in one unit, rather than each scaled.")
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")
MAX_STEPS = typer.Option(metavar="N", min=0, help="The most updates that a cue gets.")
SEED = typer.Option(metavar="N", min=0, help="The seed of the order in which ±1 neurons are updated.")


def recall(
    memories: Annotated[Path, MEMORIES],
    cues: Annotated[Path, CUES],
    out: Annotated[Path, OUT],
    force: Annotated[bool, FORCE] = False,
    model: Annotated[str | None, MODEL] = None,
    hidden: Annotated[float | None, HIDDEN] = None,
    tolerance: Annotated[float | None, TOLERANCE] = None,
    mask: Annotated[Path | None, MASK] = None,
    noisy: Annotated[bool, NOISY] = False,
    raw: Annotated[bool, RAW] = False,
    json: Annotated[bool, JSON] = False,
    max_steps: Annotated[int, MAX_STEPS] = 1000,
    seed: Annotated[int, SEED] = 0,
) -> None:
    """Restore CUES from MEMORIES, and say which memory each one became.

    Where something is hidden (--hidden, --mask, missing cells), that is filled in and the rest is written back exactly
    as it was, unless --noisy lets it change. A cue in which nothing is hidden is cleaned as a whole; but where
    only cells are missing, with neither --hidden nor --mask, complete rows are kept.

    Tables are completed as by [cyan]mnemonist complete[/cyan] CUES --memory MEMORIES: numbers, dates and categories.
    With --model, --raw, --noisy or --mask their columns must be numbers: each is scaled to mean 0 and spread 1 over
    MEMORIES before rows are compared, and scaled back; --raw leaves them.

    Models of ±1 (classical, dense, exponential) store a thresholded version: images and arrays are cut at the middle
    of the range of all MEMORIES, tables at that of each column. What they recall is two-valued: the ends of the range.

    Arrays are written in the dtype that holds both MEMORIES and CUES, images in their own depth.

    [bold]Examples[/bold]

    mnemonist recall faces/ noisy/ -o cleaned/

    mnemonist recall faces/ torn/ -o whole/ --hidden 0

    mnemonist recall faces/ torn.png -o whole.png --mask visible.png --noisy

    mnemonist recall table.csv holes.csv -o filled.csv --model modern:beta=8

    mnemonist recall faces.mnemonist torn/ -o whole/ --hidden 0
    """
    if hidden is not None and mask is not None:
        raise InvalidArgument("recall: --hidden and --mask exclude each other; both were given. Leave one out.")
    if tolerance is not None and hidden is None:
        raise InvalidArgument("recall: --tolerance is one of --hidden, which was not given. Add --hidden VALUE.")
    if is_table(memories) and is_table(cues) and not (model or raw or noisy or mask or tolerance is not None):
        away = [] if hidden is None else [f"{hidden:g}"]
        return run_completion(cues, out, memories, ignore=[], hidden=away, json=json, force=force)
    kept = is_memorised(memories)
    if kept and (model is not None or raw):
        raise InvalidArgument(
            f"recall: --model and --raw must be left out where MEMORIES were memorised, as {memories} was, in the way "
            "that was chosen then. Leave them out, or memorise anew."
        )
    chosen = DEFAULT if model is None else model
    with patience() as progress:
        progress.add_task("Reading", total=None)
        held = (
            read_memorised(memories)
            if kept
            else Memorised(chosen, model_of(chosen), _without(hidden, read(memories)), raw)
        )
        asked = read(cues, like=held.table, key="cues").holding(held.table)
        _check_out(out, asked, memories, cues, *([mask] if mask else []), replace=force)
        marks = known(asked, hidden=hidden, tolerance=tolerance, mask=mask)
        gaps = hidden is None and mask is None
        order = Order(held.table, asked, marks, noisy, gaps, held.raw, max_steps, seed)
        looks = progress.add_task("Looking", total=len(held.table.names), visible=order.streamed)
        code = held.fill(order, lambda passed: progress.update(looks, completed=passed))
        rows, findings = _restore(held.memory, code, order, progress)
        if isinstance(asked.form, Sheet) and isinstance(held.table.form, Sheet):
            rows = asked.form.rounded(rows, held.table.rows)
        asked.write(rows, out, replace=force)
    report = Report(held.model, held.memory, code, order, findings, str(out))
    if json:
        typer.echo(report.document())
    else:
        report.show(Console())


def _without(hidden: float | None, memories: Table) -> Table:
    """Return memories in which what is hidden is hidden too, where they are a table: −999 is no number there."""
    if hidden is None or not isinstance(memories.form, Sheet):
        return memories
    return replace(memories, rows=np.where(memories.rows == hidden, np.nan, memories.rows))


def _check_out(out: Path, cues: Table, *inputs: Path, replace: bool) -> None:
    """Find before the work what would spoil the writing after it."""
    if os.path.realpath(out) in [os.path.realpath(path) for path in inputs]:
        raise InvalidArgument(f"{out}: OUT must be another place than MEMORIES, CUES and the mask; it is one of them.")
    cues.form.check(out, replace=replace)


def _restore(
    memory: PatternMemory, code: Encoding, order: Order, progress: Progress
) -> tuple[Rows, tuple[Finding, ...]]:
    """Recall all cues, and say so on the way."""
    progress.remove_task(progress.task_ids[0])  # Reading
    task = progress.add_task("Recalling", total=len(order.cues.rows))
    parts: list[Rows] = []
    findings: list[Finding] = []
    for rows, found in restore(memory, code, order):
        parts.append(rows)
        findings += found
        progress.update(task, completed=len(findings))
    return np.concatenate(parts), tuple(findings)
