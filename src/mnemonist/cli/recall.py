"""`mnemonist recall`: restore cues from memories, file to file."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress

from mnemonist import model as model_of
from mnemonist.cli.complete import run_completion
from mnemonist.cli.options import level_or_colour
from mnemonist.cli.progress import patience
from mnemonist.cli.recall_images import Options, hiding, is_images, recall_images
from mnemonist.cli.report import Report
from mnemonist.data import Table, known, read
from mnemonist.data.image_folder import Gallery
from mnemonist.data.record_file import is_table
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Rows
from mnemonist.errors import InvalidArgument
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.tasks.encoding import Encoding
from mnemonist.tasks.image_restoration import Asked
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
    "1, each channel counts by itself; a colour, '#ff00ff', hides whole pixels. Cells that are empty, NA, ?, nan or "
    "null are always hidden, and so are transparent pixels.",
)
TOLERANCE = typer.Option(
    metavar="T",
    min=0,
    show_default=False,
    help="Numbers up to T away from VALUE are hidden too. Unless given, half a grey level in images, 0 in arrays and "
    "tables. JPEG blurs the edge of a hole: in JPEG cues T is 0.1, and two pixels around are hidden too, unless given.",
)
MASK = typer.Option(
    metavar="FILE",
    readable=False,
    show_default=False,
    help="An image or array of a cue's size, or a folder with one for each cue: white (all but 0) is "
    "visible, black (0) is hidden. The right way for JPEG cues, where no hole has one exact level.",
)
DAMAGE = typer.Option(
    metavar="auto",
    show_default=False,
    help="Find what is damaged in images: what disagrees with the memory that the rest of a cue matches, in a "
    "brightness of its own. It is hidden, filled in, and the rest kept. A cue that matches none is unfamiliar, and "
    "written back as it was.",
)
RESIZE = typer.Option(
    metavar="SIZE",
    show_default=False,
    help="Bring all images to WxH pixels, or to the size of the first memory, or their median: first, median. Unless "
    "given, images are grouped by size, and a cue is recalled from those of its own.",
)
ORIGINALS = typer.Option(
    metavar="FOLDER",
    readable=False,
    show_default=False,
    help="Undamaged images under the names of CUES: the report has PSNR and SSIM of each.",
)
SHEET = typer.Option(
    metavar="FILE",
    readable=False,
    show_default=False,
    help="Write a contact sheet of images, cue, recalled and nearest memory side by side: a .png.",
)
STRICT = typer.Option("--strict", help="Stop at the first image that cannot be restored, rather than list it.")
NOISY = typer.Option("--noisy", help="What is visible may be wrong too: let it change as well.")
RAW = typer.Option("--raw", help="Compare the columns of a table as they are, in one unit, rather than each scaled.")
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")
MAX_STEPS = typer.Option(
    metavar="N", min=0, help="The most updates that a cue gets; tables that are completed take none."
)
SEED = typer.Option(
    metavar="N",
    min=0,
    help="The seed of the order in which ±1 neurons are updated; tables that are completed have none.",
)


def recall(
    memories: Annotated[Path, MEMORIES],
    cues: Annotated[Path, CUES],
    out: Annotated[Path, OUT],
    force: Annotated[bool, FORCE] = False,
    model: Annotated[str | None, MODEL] = None,
    hidden: Annotated[str | None, HIDDEN] = None,
    tolerance: Annotated[float | None, TOLERANCE] = None,
    mask: Annotated[Path | None, MASK] = None,
    damage: Annotated[str | None, DAMAGE] = None,
    resize: Annotated[str | None, RESIZE] = None,
    originals: Annotated[Path | None, ORIGINALS] = None,
    sheet: Annotated[Path | None, SHEET] = None,
    strict: Annotated[bool, STRICT] = False,
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
    Nothing is updated there, so --max-steps and --seed change nothing. With --model, --raw, --noisy, --mask or
    --tolerance their columns must be numbers, restored in updates: each is scaled to mean 0 and spread 1 over MEMORIES
    before rows are compared, and scaled back; --raw leaves them.

    Models of ±1 (classical, dense, exponential) store a thresholded version: images and arrays are cut at the middle
    of the range of all MEMORIES, tables at that of each column. What they recall is two-valued: the ends of the range.

    Arrays are written in the dtype that holds both MEMORIES and CUES, images in their own format, mode, depth and
    palette, with colour profile and resolution. Folders of images are read with their sub-folders, which OUT has too.
    What is no image is passed over, and said; an image that cannot be read or restored is listed at the end, and the
    exit status is 1. Transparent pixels are hidden.

    [bold]Examples[/bold]

    mnemonist recall faces/ noisy/ -o cleaned/

    mnemonist recall faces/ torn/ -o whole/ --hidden 0

    mnemonist recall faces/ torn.png -o whole.png --mask visible.png --noisy

    mnemonist recall faces/ spoilt/ -o whole/ --damage auto --sheet sheet.png

    mnemonist recall table.csv holes.csv -o filled.csv --model modern:beta=8

    mnemonist recall faces.mnemonist torn/ -o whole/ --hidden 0
    """
    _check_hiding(hidden, mask, tolerance)
    marker = None if hidden is None else level_or_colour(hidden)
    options = Options(damage, resize, originals, sheet, strict)
    kept = is_memorised(memories)
    if kept and (model is not None or raw):
        raise InvalidArgument(
            f"recall: --model and --raw must be left out where MEMORIES were memorised, as {memories} was, in the way "
            "that was chosen then. Leave them out, or memorise anew."
        )
    held = read_memorised(memories) if kept else None
    images = is_images(cues) and (is_images(memories) if held is None else isinstance(held.table.form, Gallery))
    options.check(images=images, masked=hidden is not None or mask is not None)
    inputs = (memories, cues, *([mask] if mask else []))
    chosen = DEFAULT if model is None else model
    if images:
        asked = Asked(hiding(marker, tolerance, mask, options), noisy, max_steps=max_steps, seed=seed)
        return _recall_images(held or memories, inputs, out, chosen, options, asked, json=json, force=force)
    if is_table(memories) and is_table(cues) and not (model or raw or noisy or mask or tolerance is not None):
        return run_completion(cues, out, memories, ignore=[], hidden=[hidden] if hidden else [], json=json, force=force)
    if isinstance(marker, tuple):
        raise InvalidArgument("--hidden: must be a number but for images restored from images; got a colour.")
    way = Way(marker, tolerance, mask, noisy, raw, max_steps, seed)
    _recall_numbers(held, inputs, out, chosen, way, json=json, force=force)


def _check_hiding(hidden: str | None, mask: Path | None, tolerance: float | None) -> None:
    if hidden is not None and mask is not None:
        raise InvalidArgument("recall: --hidden and --mask exclude each other; both were given. Leave one out.")
    if tolerance is not None and hidden is None:
        raise InvalidArgument("recall: --tolerance is one of --hidden, which was not given. Add --hidden VALUE.")


class Way(NamedTuple):
    """What is hidden of numbers, what may move, and for how long."""

    hidden: float | None
    tolerance: float | None
    mask: Path | None
    noisy: bool
    raw: bool
    max_steps: int
    seed: int


def _recall_images(
    memories: Memorised | Path, inputs: tuple[Path, ...], out: Path, model: str, options: Options, asked: Asked, *,
    json: bool, force: bool,
) -> None:  # fmt: skip
    """Restore images from images; the exit status says whether some failed."""
    _check_places(out, *inputs)
    options.check_sheet(out, inputs, replace=force)
    with patience() as progress:
        told = recall_images(
            memories, inputs[1], out, model=model, options=options, asked=asked, progress=progress, replace=force
        )
    if json:
        typer.echo(told.document())
    else:
        told.show(Console())
    raise typer.Exit(1 if told.failed else 0)


def _recall_numbers(
    held: Memorised | None, inputs: tuple[Path, ...], out: Path, model: str, way: Way, *, json: bool, force: bool
) -> None:
    """Restore arrays, or tables of numbers."""
    memories, cues = inputs[:2]
    with patience() as progress:
        progress.add_task("Reading", total=None)
        if held is None:
            held = Memorised(model, model_of(model), _without(way.hidden, read(memories)), way.raw)
        asked = read(cues, like=held.table, key="cues").holding(held.table)
        _check_places(out, *inputs)
        asked.form.check(out, replace=force)
        marks = known(asked, hidden=way.hidden, tolerance=way.tolerance, mask=way.mask)
        gaps = way.hidden is None and way.mask is None
        order = Order(held.table, asked, marks, way.noisy, gaps, held.raw, way.max_steps, way.seed)
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


def _check_places(out: Path, *inputs: Path) -> None:
    """Refuse to write over what is read."""
    if os.path.realpath(out) in [os.path.realpath(path) for path in inputs]:
        raise InvalidArgument(f"{out}: OUT must be another place than MEMORIES, CUES and the mask; it is one of them.")


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
