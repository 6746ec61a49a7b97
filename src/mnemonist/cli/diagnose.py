"""`mnemonist diagnose`: store memories in a model, and say what ails it and what would help."""

import json as documents
from pathlib import Path
from typing import Annotated, Any

import typer

from mnemonist import model as model_of
from mnemonist.cli.phrasing import as_text
from mnemonist.cli.progress import patience
from mnemonist.cli.report import printable
from mnemonist.data import Table, present, read
from mnemonist.data.numpy_file import in_memory
from mnemonist.diagnosis.diagnose import diagnose as diagnosed
from mnemonist.diagnosis.diagnosis import Diagnosis
from mnemonist.errors import TooLarge
from mnemonist.tasks.restoration import Order

_MOST_BYTES = 2**31

MEMORIES = typer.Argument(
    metavar="MEMORIES",
    readable=False,
    show_default=False,
    help="What to remember: a folder of images, an image, a .npy or .npz file, or a table of numbers.",
)
MODEL = typer.Option("--model", "-m", metavar="MODEL", help="The model; [cyan]mnemonist models[/cyan] lists them.")
RAW = typer.Option("--raw", help="Compare the columns of a table as they are, in one unit, rather than each scaled.")
SAMPLE = typer.Option(metavar="N", min=1, help="The most memories to probe, drawn with a fixed seed if there are more.")
JSON = typer.Option("--json", help="Print one JSON document instead of sentences.")


def diagnose(
    memories: Annotated[Path, MEMORIES],
    model: Annotated[str, MODEL] = "kernel:beta=auto",
    raw: Annotated[bool, RAW] = False,
    sample: Annotated[int, SAMPLE] = 1000,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Say which of MEMORIES a model would keep, why it loses the others, and which model would keep them.

    MEMORIES are stored as `mnemonist recall` stores them: the columns of a table scaled alike, images cut at mid-range
    for models of ±1. Each is then held against the rest. What is recommended was tried with the same memories.

    [bold]Examples[/bold]

    mnemonist diagnose faces/ --model classical

    mnemonist diagnose table.csv --model modern:beta=8
    """
    memory = model_of(model)
    with patience() as progress:
        progress.add_task("Reading", total=None)
        stored = _of_size(read(memories))
        progress.add_task("Probing", total=None)
        Order(stored, stored, present(stored), raw=raw).fill(memory)
        found = diagnosed(memory, sample=sample)
    names = tuple(printable(name) for name in stored.names)
    if json:
        typer.echo(documents.dumps(_document(model, found, names), indent=2, allow_nan=False))
        return
    typer.echo(f"{model}: K = {found.k}, N = {found.n}, load {found.load:.3g} N")
    for sentence in found.sentences(names):
        typer.echo(f"  {as_text(sentence)}")


def _of_size(memories: Table) -> Table:
    """Return memories in memory; or refuse so many that holding each against all would take for ever, unread."""
    if memories.rows.nbytes > _MOST_BYTES:
        raise TooLarge(
            f"{memories.path}: must have {_MOST_BYTES / 2**30:g} GiB of numbers at most to be diagnosed, for memories "
            f"are held against each other; it has {memories.rows.nbytes / 2**30:.3g}. Give a part of its rows."
        )
    return in_memory(memories)


def _document(model: str, found: Diagnosis, names: tuple[str, ...]) -> dict[str, Any]:
    """Return everything as what JSON can say."""
    return {
        "model": model,
        "K": found.k,
        "N": found.n,
        "bound": None if found.bound is None else vars(found.bound),
        "beta": found.beta,
        "split": found.split,
        "mean_overlap": found.coherence.mean,
        "twins": [[names[i] for i in group] for group in found.coherence.twins],
        "memories": [
            {"memory": names[i], "id": int(i), "held": bool(held), "margin": float(margin)}
            for i, held, margin in zip(found.ids, found.stability.held, found.margin, strict=True)
        ],
        "remedies": [vars(remedy) for remedy in found.remedies],
        "sentences": [as_text(sentence) for sentence in found.sentences(names)],
    }
