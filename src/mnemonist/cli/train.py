"""`mnemonist train`: a dense memory learns labelled images, from several seeds, and shows what it learned."""

import json as documents
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from mnemonist.cli.figure import OUT, check_figure, save_figure
from mnemonist.cli.progress import patience
from mnemonist.data.atomic_write import check_file
from mnemonist.data.labelled_images import read_labelled_images

FOLDER = typer.Argument(
    metavar="FOLDER",
    show_default=False,
    help="Where the images are: a folder of IDX files, as MNIST and Fashion-MNIST come in, .gz or not.",
)
DEGREE = typer.Option("--degree", "-n", min=1, max=100, help="The power of the overlap.")
MEMORIES = typer.Option("--memories", "-k", min=1, show_default=False, help="K; 1000, or 500 by the paper's rule.")
EPOCHS = typer.Option(
    "--epochs", min=1, show_default=False, help="Passes through all images; 60, or 150 by the paper's rule."
)
RULE = typer.Option(
    "--rule",
    show_default=False,
    help="adamw, paper (Krotov and Hopfield's own, which degrees from 10 on take), or paper-small.",
)
HIDE = typer.Option("--hide", min=0, max=0.95, show_default=False, help="The share of pixels hidden in each image.")
SEEDS = typer.Option("--seeds", min=1, help="From how many starts.")
VALIDATE = typer.Option(
    "--validate", metavar="M", min=0, help="Hold out the last M training images, and leave the test images alone."
)
CHECKPOINT = typer.Option(
    "--checkpoint",
    metavar="FILE",
    show_default=False,
    help="Written after each epoch, with the seed's number before its ending; where it is there, training goes on.",
)
SAVE = typer.Option(
    "--save",
    metavar="FILE",
    show_default=False,
    help="Where the first seed's memory goes: a .safetensors file; one that is there is replaced.",
)
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")

_CHANCE = 0.9  # of the errors of a guess: from there on a memory has learned nothing


def train(
    folder: Annotated[Path, FOLDER],
    degree: Annotated[int, DEGREE] = 3,
    out: Annotated[Path, OUT] = Path("memories.png"),
    memories: Annotated[int | None, MEMORIES] = None,
    epochs: Annotated[int | None, EPOCHS] = None,
    rule: Annotated[str | None, RULE] = None,
    hide: Annotated[float | None, HIDE] = None,
    seeds: Annotated[int, SEEDS] = 1,
    validate: Annotated[int, VALIDATE] = 0,
    checkpoint: Annotated[Path | None, CHECKPOINT] = None,
    save: Annotated[Path | None, SAVE] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Train a dense associative memory on labelled images, and show its memories, features or prototypes.

    A memory answers by energy: the class whose unit lowers it most. Degrees 2 and 3 learn features; degrees from 20 on
    learn prototypes. Needs PyTorch.

    [bold]Examples[/bold]

    mnemonist train mnist/ --degree 3 --seeds 3

    mnemonist train fashion/ --degree 20 --checkpoint fashion.safetensors -o prototypes.png
    """
    from mnemonist import nn

    nn.Trainer  # noqa: B018 - says how to get torch where it is missing
    from mnemonist.experiments.learning import Images, Recipe, Trained, learned
    from mnemonist.plotting.learned import learned_figure

    check_figure(out)
    for place in (checkpoint, save):
        if place is not None:
            check_file(place, (".safetensors",), replace=True)
    images = Images.of(read_labelled_images(folder), held_out=validate)
    recipe = Recipe.of(degree, images.inputs.shape[-1], rule=rule).changed(memories=memories, epochs=epochs, hide=hide)
    results: list[Trained] = []
    with patience() as progress:
        for seed in range(seeds):
            task = progress.add_task(f"Training, seed {seed}", total=recipe.epochs)
            kept = None if checkpoint is None else str(checkpoint.with_suffix(f".{seed}{checkpoint.suffix}"))

            def shown(epoch: Any, task: Any = task) -> None:
                progress.update(task, completed=epoch.number, description=f"Training, loss {epoch.loss:.3f}")

            results.append(learned(recipe, images, seed, checkpoint=kept, report=shown))
    if save is not None:
        results[0].model.save(save)
    _report(results, images, json=json)
    save_figure(Console(stderr=json), out, lambda: learned_figure(results[:1], images))


def _report(results: Sequence[Any], images: Any, *, json: bool) -> None:
    """Print what was learned from each seed."""
    from mnemonist.experiments.prototypes import statistics

    told = [
        {
            "seed": each.seed,
            "error": each.error,
            "loss": each.training.epochs[-1].loss,
            "alone": found.alone,
            "votes": found.votes.tolist(),
            "seconds": each.seconds,
        }
        for each, found in ((each, statistics(each, images)) for each in results)
    ]
    recipe = results[0].recipe
    if json:
        typer.echo(documents.dumps({"recipe": vars(recipe), "images": len(images.inputs), "seeds": told}, indent=2))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("seed", "wrong", "loss", "led by one memory", "votes, median", "processor s"):
        table.add_column(name, justify="right")
    for each in told:
        votes = sorted(each["votes"])[len(each["votes"]) // 2]
        cells = (each["seed"], f"{each['error']:.2%}", f"{each['loss']:.4f}", f"{each['alone']:.0%}", votes)
        table.add_row(*(str(cell).replace("%", " %") for cell in cells), f"{each['seconds']:.0f}")
    console = Console()
    console.print(table)
    mean = sum(each["error"] for each in told) / len(told)
    trained = "by AdamW" if recipe.rule == "adamw" else "by the rule of the paper"
    said = (
        f"K = {recipe.memories} memories of degree {recipe.degree}, {recipe.epochs} epochs of {len(images.inputs)} "
        f"images {trained}; of {len(images.held_inputs)} others {mean:.2%} are told wrong."
    )
    console.print(said.replace("%", " %"), style="dim")
    if mean > _CHANCE * (1 - 1 / images.classes):
        console.print("That is hardly better than chance: it has not learned yet. Raise --epochs.")
