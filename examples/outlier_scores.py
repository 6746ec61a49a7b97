r"""Outliers by energy: how much more a state resembles the memories than the outliers that were seen beforehand.

    s(q) = lse(β, X q) − lse(β, O q) = E(q; O) − E(q; X)           lse(β, h) = β⁻¹ log Σ exp(β h),  high = familiar
    E_b(q) = −2 lse(β, (X, O) q) + lse(β, X q) + lse(β, O q)       largest between X and O; boosting keeps away from it

X are digits 0 to 4; judged are others of 0 to 4 against 8 and 9, never seen. Seen outliers O are halves of two digits
of X, or real digits 5 to 7. Features are pixels, an encoder that learned to classify, or one that was boosted as well.
They help as far as the outliers to come are like them: digits do; halves help little on pixels, and harm on features,
where energy alone, the nearest and the confidence of the classifier do better. Boosting gains nothing at this size.

Run `python examples/outlier_scores.py [outliers.png]`; it takes a minute and needs mnemonist[plot,torch].
Source: Hofmann et al. 2024, arXiv:2405.08766 (Hopfield Boosting).
Shapes: images (M, 784) and features (M, D), rows of length 1; scores (M,).
"""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from mnemonist.data import digits
from mnemonist.nn import Association
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

CLASSES, TRAINING, SEEDS = 5, 30, 5  # classes that are familiar, images of each to learn from, draws
KINDS = ("halves", "digits 5–7")
WIDTH, STEPS, BATCH, SHIFT, BOOST = 32, 300, 100, 2, 0.2
BETA = {"pixels": 30.0, "encoder": 4.0, "boosted": 4.0}


class Images(NamedTuple):
    """Rows (M, 784) of length 1: to learn from, with classes; auxiliary outliers, as many; and to be judged."""

    known: Tensor
    labels: Tensor
    auxiliary: Tensor
    familiar: Tensor
    unfamiliar: Tensor


def split(seed: int, kind: str) -> Images:
    """Return images of a draw, with auxiliary outliers of a kind of KINDS; halves are of images to learn from alone."""
    rng = np.random.default_rng(seed)
    images, labels = digits()
    by_class = rng.permuted(np.arange(500).reshape(50, 10), axis=0)
    known = by_class[:TRAINING, :CLASSES].ravel()
    upper, lower = rng.choice(known, size=(2, 4 * len(known)))
    apart = np.flatnonzero(labels[upper] != labels[lower])[: len(known)]
    halves = np.concatenate([images[upper[apart], :14], images[lower[apart], 14:]], axis=1)
    auxiliary = {"halves": halves, "digits 5–7": images[by_class[:, 5:8].ravel()[: len(known)]]}
    parts = (
        images[known],
        auxiliary[kind],
        images[by_class[TRAINING:, :CLASSES].ravel()],
        images[by_class[:, 8:].ravel()],
    )
    rows, *others = (normalize(torch.from_numpy(part).flatten(1), dim=-1) for part in parts)
    return Images(rows, torch.from_numpy(labels[known]), *others)


# --- scores ------------------------------------------------------------------------------------------------------


def energy(states: Tensor, patterns: Tensor, beta: float) -> Tensor:
    """Return the energies (M,) of states (M, D) of length 1: ½ − lse(β, patterns · state)."""
    return Association(beta=beta).energy(states, patterns)


def contrast(states: Tensor, known: Tensor, auxiliary: Tensor, beta: float) -> Tensor:
    """Return s (M,): the other way round it would be high for outliers."""
    return energy(states, auxiliary, beta) - energy(states, known, beta)


def boundary(states: Tensor, known: Tensor, auxiliary: Tensor, beta: float) -> Tensor:
    """Return E_b (M,)."""
    both = torch.cat([known, auxiliary])
    return 2 * energy(states, both, beta) - energy(states, known, beta) - energy(states, auxiliary, beta)


def nearness(states: Tensor, known: Tensor) -> Tensor:
    """Return minus the distance (M,) to the nearest of the known."""
    return -torch.cdist(states, known).amin(dim=-1)


def confidence(logits: Tensor) -> Tensor:
    """Return the largest share (M,) that softmax gives a class."""
    return logits.softmax(dim=-1).amax(dim=-1)


# --- training ----------------------------------------------------------------------------------------------------


class Encoder(nn.Module):
    """Two convolutions and a linear map: images (M, 784) to features (M, WIDTH) of length 1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, WIDTH),
        )  # fmt: skip

    def forward(self, images: Tensor) -> Tensor:
        """Return the features."""
        return normalize(self.layers(10 * images.unflatten(-1, (28, 28))[:, None]), dim=-1)


class Classifier(nn.Module):
    """Logits of features of length 1, which are ten times as long for them."""

    def __init__(self, features: nn.Module, width: int) -> None:
        super().__init__()
        self.features, self.answer = features, nn.Linear(width, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits (M, CLASSES)."""
        return self.answer(10 * self.features(images))


MODELS: dict[str, Callable[[], Classifier]] = {
    "pixels": lambda: Classifier(nn.Identity(), 784),
    "encoder": lambda: Classifier(Encoder(), WIDTH),
    "boosted": lambda: Classifier(Encoder(), WIDTH),
}


def moved(images: Tensor, draw: torch.Generator) -> Tensor:
    """Return images (M, 784) moved by up to SHIFT pixels down and across, each by its own."""
    wide, at = nn.functional.pad(images.unflatten(-1, (28, 28)), (SHIFT,) * 4), torch.arange(28)
    down, across = torch.randint(2 * SHIFT + 1, (2, len(images), 1, 1), generator=draw)
    return wide[torch.arange(len(images))[:, None, None], down + at[:, None], across + at].flatten(1)


def trained(name: str, images: Images, seed: int, steps: int) -> Classifier:
    """Return a model that tells the familiar classes apart; boosted, with the mean of E_b beside the cross-entropy."""
    torch.manual_seed(seed)
    model, draw = MODELS[name](), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=0.01)
    for _ in range(steps):
        rows, others = torch.randint(len(images.known), (2, BATCH), generator=draw)
        known = moved(images.known[rows], draw)
        loss = cross_entropy(model(known), images.labels[rows])
        if name == "boosted":
            x, o = model.features(known), model.features(moved(images.auxiliary[others], draw))
            loss = loss + BOOST * boundary(torch.cat([x, o]), x, o, BETA[name]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


# --- judging -----------------------------------------------------------------------------------------------------


class Scores(NamedTuple):
    """Scores (M,) of what is familiar, of auxiliary outliers and of what is not familiar; high = familiar."""

    familiar: Tensor
    auxiliary: Tensor
    unfamiliar: Tensor


WAYS = ("contrast", "energy alone", "nearest", "confidence")


@torch.no_grad()
def scored(model: Classifier, images: Images, beta: float) -> dict[str, Scores]:
    """Return the scores in each of WAYS; auxiliary outliers are those that were seen."""
    known, auxiliary = model.features(images.known), model.features(images.auxiliary)
    judged = images.familiar, images.auxiliary, images.unfamiliar
    states = [model.features(part) for part in judged]
    return {
        "contrast": Scores(*(contrast(q, known, auxiliary, beta) for q in states)),
        "energy alone": Scores(*(-energy(q, known, beta) for q in states)),
        "nearest": Scores(*(nearness(q, known) for q in states)),
        "confidence": Scores(*(confidence(model(part)) for part in judged)),
    }


def auroc(scores: Scores) -> float:
    """Return the chance that something familiar is scored above something that is not, ties counted half."""
    high, low = scores.familiar[:, None], scores.unfamiliar
    return float(((high > low).float().mean() + (high >= low).float().mean()) / 2)


def fpr95(scores: Scores) -> float:
    """Return the share of what is not familiar that passes where 95 % of the familiar do."""
    return float((scores.unfamiliar >= scores.familiar.quantile(0.05)).float().mean())


Found = Mapping[tuple[str, str], Mapping[str, Sequence[Scores]]]


def compared(seeds: int, steps: int) -> Found:
    """Return the scores of all draws, by model and kind of auxiliary outliers, and by way; print both tables."""
    found: dict[tuple[str, str], dict[str, list[Scores]]] = {}
    for seed in range(seeds):
        for name in MODELS:
            for kind in KINDS:
                images = split(seed, kind)
                scores = scored(trained(name, images, seed, steps), images, BETA[name])
                for way, each in scores.items():
                    found.setdefault((name, kind), {way: [] for way in WAYS})[way].append(each)
    for title, measure in {"AUROC": auroc, "FPR95": fpr95}.items():
        print(f"\n{title} in %, mean ± standard deviation of {seeds} draws")
        print(f"{'features, outliers seen':>24} | " + " | ".join(f"{way:^12}" for way in WAYS))
        for (name, kind), ways in found.items():
            cells = " | ".join(f"{spread([measure(each) for each in ways[way]]):^12}" for way in WAYS)
            print(f"{f'{name}, {kind}':>24} | {cells}")
    return found


def spread(numbers: Sequence[float]) -> str:
    """Return the mean of percentages and, of several, their standard deviation."""
    more = f" ± {100 * statistics.stdev(numbers):.1f}" if len(numbers) > 1 else ""
    return f"{100 * statistics.mean(numbers):.1f}{more}"


# --- the figure --------------------------------------------------------------------------------------------------

_COLOURS = dict(zip(WAYS, (RIGHT, "#1971c2", INK, WRONG), strict=True))


def figure(found: Found) -> Any:
    """Return what is told apart, the scores on pixels of the first draw, and how well each way does."""
    canvas = Canvas(12.0, 4.4)
    images = {kind: split(0, kind) for kind in KINDS}
    rows = {"familiar": (images[KINDS[0]].familiar, RIGHT)}
    rows |= {f"seen outliers:\n{kind}": (images[kind].auxiliary, QUIET) for kind in KINDS}
    rows |= {"to be found": (images[KINDS[0]].unfamiliar, WRONG)}
    for line, (label, (shown, colour)) in enumerate(rows.items()):
        canvas.text(1.25, 0.9 + 0.9 * line, label, ha="right", color=colour, size=9)
        for place in range(3):
            axes = canvas.axes(1.35 + 0.65 * place, 0.6 + 0.9 * line, 0.6, 0.6)
            axes.imshow(shown[7 * place].unflatten(-1, (28, 28)).numpy(), cmap="gray_r")
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_color(PALE)
    panels = {"energy alone": (KINDS[0], "energy alone")} | {f"contrast, {kind}": (kind, "contrast") for kind in KINDS}
    for line, (label, (kind, way)) in enumerate(panels.items()):
        _histogram(canvas, 0.62 + 1.2 * line, label, found["pixels", kind][way][0])
    canvas.text(5.45, 0.25, "scores on pixels, first draw", color=INK, size=11)
    _bars(canvas, found)
    return canvas.figure


def _histogram(canvas: Canvas, top: float, label: str, scores: Scores) -> None:
    """Draw how scores are distributed; those of outliers that are memories themselves are far below and left out."""
    axes = canvas.axes(3.75, top + 0.18, 3.4, 0.8)
    both = torch.cat([scores.familiar, scores.unfamiliar])
    bins = np.linspace(float(both.min()), float(both.max()), 30)
    for each, colour in ((scores.familiar, RIGHT), (scores.unfamiliar, WRONG)):
        axes.hist(each.numpy(), bins=bins, density=True, color=colour, alpha=0.55)
    axes.axvline(float(scores.familiar.quantile(0.05)), color=INK, linewidth=0.8, linestyle=":")
    axes.set(yticks=[])
    axes.tick_params(colors=QUIET, labelsize=7, length=2)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    told = f"{label}: AUROC {auroc(scores):.2f}, FPR95 {fpr95(scores):.2f}"
    canvas.text(3.75, top + 0.08, told, ha="left", color=INK, size=8.5)


def _bars(canvas: Canvas, found: Found) -> None:
    """Draw the AUROC of each draw as a dot, and the means as lines."""
    axes = canvas.axes(9.2, 0.62, 2.6, 3.2)
    for line, ways in enumerate(found.values()):
        for place, way in enumerate(WAYS):
            y, values = line + 0.18 * (place - 1.5), [auroc(each) for each in ways[way]]
            axes.scatter(values, np.full(len(values), y), s=6, color=_COLOURS[way], alpha=0.35, linewidths=0)
            axes.plot(2 * [statistics.mean(values)], [y - 0.08, y + 0.08], color=_COLOURS[way], linewidth=2.5)
    axes.set_yticks(range(len(found)), [f"{name},\n{kind}" for name, kind in found])
    axes.set_ylim(len(found) - 0.45, -0.55)
    axes.grid(axis="x", color="#f1f3f5")
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, labelsize=8, length=0)
    axes.spines[:].set_visible(False)
    for place, way in enumerate(WAYS):
        canvas.text(8.45 + (0, 0.95, 1.9, 2.65)[place], 4.2, way, color=_COLOURS[way], size=8.5)
    canvas.text(10.2, 0.25, "AUROC, a dot for each draw", color=INK, size=11)


def main(out: str = "outliers.png", *, seeds: int = SEEDS, steps: int = STEPS) -> None:
    """Train and judge all, print the tables and write the figure."""
    figure(compared(seeds, steps)).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
