"""`mnemonist memorise`: a memory made of files once, and kept in one."""

import os
from pathlib import Path
from typing import Annotated

import typer

from mnemonist import model as model_of
from mnemonist.cli.info import in_bytes
from mnemonist.cli.progress import patience
from mnemonist.cli.recall import DEFAULT, RAW
from mnemonist.cli.report import printable
from mnemonist.data import present, read
from mnemonist.data.atomic_write import check_file
from mnemonist.errors import InvalidArgument
from mnemonist.tasks.memorised import ENDING, Memorised
from mnemonist.tasks.restoration import Order

MEMORIES = typer.Argument(
    metavar="MEMORIES",
    readable=False,
    show_default=False,
    help="What to remember: a folder of images, an image, a .npy or .npz file, or a table of numbers.",
)
OUT = typer.Option(
    "--out", "-o", metavar="FILE", readable=False, show_default=False, help="Where the memory goes: a .mnemonist file."
)
FORCE = typer.Option("--force", "-f", help="Replace FILE.")
MODEL = typer.Option("--model", "-m", metavar="MODEL", help="The model; [cyan]mnemonist models[/cyan] lists them.")


def memorise(
    memories: Annotated[Path, MEMORIES],
    out: Annotated[Path, OUT],
    force: Annotated[bool, FORCE] = False,
    model: Annotated[str, MODEL] = DEFAULT,
    raw: Annotated[bool, RAW] = False,
) -> None:
    """Keep MEMORIES, as a model stores them, in one file, from which `mnemonist recall` restores cues.

    The file has all that MEMORIES are needed for: names, sizes, the scaling of columns. It restores just what they
    would have. It is whole or not there at all, and what was changed in it since is found.

    [bold]Examples[/bold]

    mnemonist memorise faces/ -o faces.mnemonist

    mnemonist memorise table.csv -o table.mnemonist --model modern:beta=8
    """
    memory = model_of(model)
    with patience() as progress:
        progress.add_task("Reading", total=None)
        check_file(out, (ENDING,), replace=force)
        stored = read(memories)
        if os.path.realpath(out) == os.path.realpath(memories):
            raise InvalidArgument(f"{out}: FILE must be another place than MEMORIES; it is the same. Rename it.")
        code = Order(stored, stored, present(stored), raw=raw).fill(memory)
        Memorised(model, memory, stored, raw, code).save(out)
    count, size = len(stored.names), in_bytes(out.stat().st_size)
    what = f"{count} {'memory' if count == 1 else 'memories'} ({stored.form.item})"
    typer.echo(f"{model}: {what} in {printable(str(out))}, {size}")
