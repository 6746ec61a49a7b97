"""What dense memories learn of labelled images: trains them, measures, draws, and writes docs/learning.md.

    python -m tools.learning FOLDER [--keep PLACE]

FOLDER holds the four IDX files of MNIST, or of Fashion-MNIST. It takes about half an hour on two processors; what was
trained is kept in PLACE, so that a run that was ended goes on. Degrees 2 and 3 are trained from three seeds.
"""

import argparse
import itertools
import math
import statistics as numbers
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.machine import this_machine
from benchmarks.timing import QUICK
from mnemonist.data.labelled_images import read_labelled_images
from mnemonist.experiments.adversarial import TRANSFER_SIZE, Attacked, attacked
from mnemonist.experiments.learning import Images, Recipe, Trained, learned
from mnemonist.experiments.prototypes import Statistics, statistics
from mnemonist.experiments.xor import learned_table, truth_table
from mnemonist.plotting.adversarial import adversarial_figure
from mnemonist.plotting.learned import learned_figure
from mnemonist.plotting.prototypes import prototypes_figure
from mnemonist.plotting.xor import xor_figure

DOCS = Path(__file__).parent.parent / "docs"
SEEDS = {2: 3, 3: 3, 20: 1, 30: 1}
PASSAGE = {2: 0.2, 3: 0.2, 5: 0.4, 10: 0.69, 20: 0.69, 30: 0.69}  # T/N by degree, by the paper's rule, on fewer images
FEWER = {"memories": 200, "epochs": 100, "batch": 500}
HEAD = """# What memories learn

Dense associative memories trained on {name}: how wrong they are, what their memories look like, how features become
prototypes, and what fools them. `python -m tools.learning FOLDER` trains, measures, draws and writes this page;
`mnemonist train FOLDER --degree 3` does one of them, `mnemonist xor` the smallest. The recipes, with the rates and
scales that were chosen on held out training images, are in `experiments/learning.py`.

"""


def main() -> None:
    """Train all, draw all, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, default=Path("build/learning"))
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    kept = len(list(given.keep.glob("*.safetensors")))
    images = Images.of(read_labelled_images(given.folder))
    found = {degree: [_trained(_recipe(degree, images), images, seed, given.keep) for seed in range(count)]
             for degree, count in SEEDS.items()}  # fmt: skip
    by_paper = _trained(_recipe(3, images, rule="paper-small"), images, 0, given.keep)
    few, width = _fewer(images), images.inputs.shape[-1]
    passage = [
        statistics(
            _trained(_recipe(n, few, rule="paper").changed(scale=share * width, **FEWER), few, 0, given.keep), few
        )
        for n, share in PASSAGE.items()
    ]
    attacks = attacked({degree: results[0].model for degree, results in found.items()}, images)
    firsts = [results[0] for results in found.values()]
    powers = [(degree, rectified) for rectified in (False, True) for degree in range(1, 6)]
    tables = [truth_table(degree, rectified=rectified) for degree, rectified in powers]
    lessons = [learned_table(degree, rectified=rectified) for degree, rectified in powers]
    for name, figure in (
        ("memories", learned_figure(firsts, images)), ("passage", prototypes_figure(passage)),
        ("attacks", adversarial_figure(attacks, images.side)), ("xor", xor_figure(tables, lessons)),
    ):  # fmt: skip
        figure.savefig(DOCS / f"learning-{name}.png")
    where = this_machine(QUICK)
    release = torch.__version__.partition("+")[0]
    foot = f"{where.processor}, {where.threads} threads, torch {release}, commit {where.commit}."
    foot += f" {kept} trainings were taken up from runs before, of earlier commits." if kept else ""
    parts = [
        HEAD.format(name=given.folder.name.upper()), *_errors(found, by_paper, images), *_passage(passage),
        *_attacks(attacks), *_xor(), f"\n{foot}\n",
    ]  # fmt: skip
    (DOCS / "learning.md").write_text("".join(parts))


def _recipe(degree: int, images: Images, *, rule: str | None = None) -> Recipe:
    return Recipe.of(degree, images.inputs.shape[-1], rule=rule)


def _fewer(images: Images) -> Images:
    """Return the first 10 000 images to learn from."""
    return Images(images.inputs[:10_000], images.labels[:10_000], images.held_inputs, images.held_labels,
                  images.side, images.classes)  # fmt: skip


def _trained(recipe: Recipe, images: Images, seed: int, keep: Path) -> Trained:
    """Return a trained memory; what a former run trained is taken up."""
    parts = (
        recipe.degree,
        recipe.rule,
        len(images.inputs),
        recipe.memories,
        recipe.epochs,
        f"{recipe.scale:.4g}",
        seed,
    )
    name = "-".join(map(str, parts))
    place = keep / f"{name}.safetensors"
    spent = keep / f"{name}.seconds"
    result = learned(recipe, images, seed, checkpoint=str(place))
    if not spent.exists():
        spent.write_text(f"{result.seconds}")
    result = Trained(recipe, seed, result.model, result.training, result.error, float(spent.read_text()))
    print(f"{name}: {result.error:.2%} wrong, {result.seconds:.0f} s", flush=True)  # noqa: T201
    return result


# --- the page ----------------------------------------------------------------------------------------------------


def table(head: Sequence[str], lines: Sequence[Sequence[Any]]) -> str:
    """Return a table in Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows) + "\n"


def _errors(found: Mapping[int, Sequence[Trained]], by_paper: Trained, images: Images) -> Iterator[str]:
    yield "## Errors\n\n"
    yield (
        f"Of {len(images.held_inputs)} test images, after learning from all {len(images.inputs)}. Inputs are −1 … 1, "
        "nothing is augmented; *hidden* is the share of pixels that each training image lacks. Seconds are of all "
        "processors together.\n\n"
    )
    lines = []
    for results in [*found.values(), [by_paper]]:
        recipe, errors = results[0].recipe, [100 * each.error for each in results]
        spread = f" ± {numbers.stdev(errors):.2f}" if len(errors) > 1 else ""
        each = " · ".join(f"{error:.2f}" for error in errors) if len(errors) > 1 else ""
        lines.append([
            recipe.degree, "AdamW" if recipe.rule == "adamw" else "the paper's", recipe.memories, recipe.epochs,
            f"{recipe.hide:.0%}".replace("%", " %"), f"{recipe.scale:.3g}", f"{numbers.mean(errors):.2f}{spread}", each,
            f"{numbers.mean(each.seconds for each in results):.0f}",
        ])  # fmt: skip
    yield table(("n", "rule", "K", "epochs", "hidden", "T", "% wrong", "by seed", "s a seed"), lines)
    yield "\n![Memories of four degrees](learning-memories.png)\n\n"


def _passage(found: Sequence[Statistics]) -> Iterator[str]:
    yield "## From features to prototypes\n\n"
    yield (
        f"By the paper's rule and start, K = {FEWER['memories']}, {FEWER['epochs']} epochs of the first 10 000 images; "
        "counted on all test images, on which T/N was chosen too, of a few. Votes are those of the memories that lead "
        "for an image at least.\n\n"
    )
    lines = [
        [each.degree, f"{PASSAGE[each.degree]:g}", f"{100 * each.error:.2f}", f"{each.alone:.0%}".replace("%", " %"),
         f"{each.within.mean():.2f}",
         len(each.votes), each.modal_votes] for each in found
    ]  # fmt: skip
    yield table(
        ("n", "T/N", "% wrong", "led by one alone", "within .9 of it, mean", "memories that lead", "votes, mode"), lines
    )
    yield "\n![What statistics do as n grows](learning-passage.png)\n\n"


def _attacks(found: Attacked) -> Iterator[str]:
    yield "## The adversarial view\n\n"
    yield (
        f"On {len(found.given[0])} test images that all four memories tell right: % wrong once each pixel moved by up "
        f"to the size, 20 steps against the memory itself. Transfer is at {TRANSFER_SIZE:g}, in % of images moved "
        "against the row that the column tells wrong. A boundary image is *between* where the two classes whose "
        "nearest training images are nearest to it are its label and the rival that wins from there on: the judge is "
        "distance, not the memory.\n\n"
    )
    lines = [
        [degree, *(f"{100 * error:.0f}" for error in found.errors[i]), f"{found.distances[i]:.2f}",
         f"{found.between[i]:.0%}".replace("%", " %")] for i, degree in enumerate(found.degrees)
    ]  # fmt: skip
    yield table(("n", *(f"{size:g}" for size in found.sizes), "median way to the boundary", "between"), lines)
    yield "\n"
    lines = [
        [f"against {a}", *(f"{100 * x:.0f}" for x in row)] for a, row in zip(found.degrees, found.transfer, strict=True)
    ]
    yield table(("transfer", *(f"n = {degree}" for degree in found.degrees)), lines)
    yield f"\n{_verdict(found)}\n\n![Where answers change, errors, transfer](learning-attacks.png)\n\n"


def _verdict(found: Attacked) -> str:
    """Say in words what transfers, from the numbers."""
    small = [i for i, n in enumerate(found.degrees) if n <= 3]
    large = [i for i, n in enumerate(found.degrees) if n >= 20]
    pairs = {"small to small": (small, small), "small to large": (small, large), "large to small": (large, small)}
    means = {
        name: numbers.mean(found.transfer[a, b] for a, b in itertools.product(*sides) if a != b)
        for name, sides in pairs.items()
        if any(a != b for a, b in itertools.product(*sides))
    }
    told = ", ".join(f"{100 * mean:.0f} % from {name}" for name, mean in means.items())
    claim = means.get("small to large", math.nan) < means.get("small to small", math.nan)
    return (
        f"Errors that transfer, on the mean: {told}. That what fools small powers does not fool large ones (Krotov & "
        f"Hopfield 2018) {'holds here as a tendency' if claim else 'does not hold here'}. "
        "Here the small ones were trained with hidden pixels, the large ones without."
    )


def _xor() -> Iterator[str]:
    yield "## XOR\n\n"
    yield (
        "The truth table as four stored rows, and learned from ten random starts each: what cannot be held cannot be "
        "learned either.\n\n![Energies of both answers](learning-xor.png)\n"
    )


if __name__ == "__main__":
    main()
