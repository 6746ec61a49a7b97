r"""Bags of digits: is there a 9 among them? A learned query reads the bag, beside three other ways to pool.

    mean    y = 1/S Σ_s h_s      gated     y = Σ_s a_s h_s,  a = softmax(w · (tanh V h_s ⊙ σ(U h_s)))
    max     y = max_s h_s        Hopfield  y = Σ_s a_s h_s,  a = softmax(β q · W h_s),  q learned

Only bags have labels. All poolings share the encoder h, its first weights, the bags and the steps; test bags hold
images that no training bag has. No victory for Hopfield pooling: it and gated attention both find the one digit that
counts, and are equal within the spread of the splits; max comes near them on most splits, and a mean blurs.

Run `python examples/bags_of_digits.py [bags.png]`; it takes two minutes and needs mnemonist[plot,torch].
Source: Ilse et al. 2018, arXiv:1802.04712 (the task, gated attention); Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: images (M, 28, 28); bags (B, S) number images, padding (B, S) where there is none; pooled (B, WIDTH).
"""

import math
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from mnemonist.data import digits
from mnemonist.nn import Association, Hopfield, HopfieldPooling
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

SOUGHT, SMALL, LARGE, WIDTH, SHIFT, BATCH = 9, 6, 14, 32, 2, 25
BAGS, TEST_BAGS, EPOCHS, SEEDS = 500, 500, 30, 5
TRAINING = 35  # images of each class that training bags are filled with, of 50


# --- data --------------------------------------------------------------------------------------------------------


class Bags(NamedTuple):
    """Bags of images (M, 28, 28): which images (B, S), where there is none (B, S), and whether one is a 9 (B,)."""

    images: Tensor
    members: Tensor
    padding: Tensor
    labels: Tensor


def split(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the images for training and of those for testing, as many of each class."""
    by_class = np.random.default_rng(seed).permuted(np.arange(500).reshape(50, 10), axis=0)
    return by_class[:TRAINING].ravel(), by_class[TRAINING:].ravel()


def filled(pool: np.ndarray, count: int, seed: int) -> Bags:
    """Return `count` bags of SMALL to LARGE images of the pool, every other one with one 9."""
    rng = np.random.default_rng(seed)
    images, classes = digits()
    sought, others = pool[classes[pool] == SOUGHT], pool[classes[pool] != SOUGHT]
    labels = np.arange(count) % 2
    sizes = rng.integers(SMALL, LARGE + 1, size=count)
    members = rng.choice(others, size=(count, LARGE))
    members[labels == 1, 0] = rng.choice(sought, size=(labels == 1).sum())
    padding = np.arange(LARGE) >= sizes[:, None]
    return Bags(*map(torch.from_numpy, (images, members, padding, labels.astype(np.float32))))


def moved(images: Tensor, draw: torch.Generator) -> Tensor:
    """Return images (M, 28, 28) moved by up to SHIFT pixels down and across, each by its own."""
    wide, at = nn.functional.pad(images, (SHIFT,) * 4), torch.arange(images.shape[-1])
    down, across = torch.randint(2 * SHIFT + 1, (2, len(images), 1, 1), generator=draw)
    return wide[torch.arange(len(images))[:, None, None], down + at[:, None], across + at]


# --- poolings ----------------------------------------------------------------------------------------------------


class Mean(nn.Module):
    """The mean of what is there."""

    def forward(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return (B, WIDTH) of h (B, S, WIDTH)."""
        there = ~padding[..., None]
        return (h * there).sum(dim=1) / there.sum(dim=1)


class Max(nn.Module):
    """The largest of each feature."""

    def forward(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return (B, WIDTH) of h (B, S, WIDTH)."""
        return h.masked_fill(padding[..., None], -math.inf).amax(dim=1)


class Gated(nn.Module):
    """Gated attention, as Ilse et al. have it."""

    def __init__(self) -> None:
        super().__init__()
        self.v, self.u, self.w = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

    def weights(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return the attention (B, S) to each member."""
        scores = self.w(self.v(h).tanh() * self.u(h).sigmoid())[..., 0]
        return scores.masked_fill(padding, -math.inf).softmax(dim=-1)

    def forward(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return (B, WIDTH) of h (B, S, WIDTH)."""
        return (self.weights(h, padding)[:, None] @ h)[:, 0]


class Pooled(nn.Module):
    """Hopfield pooling: one learned query among the projected members, which are read out as they are."""

    def __init__(self) -> None:
        super().__init__()
        layer = Hopfield(Association(), stored=nn.Linear(WIDTH, WIDTH), values=nn.Identity())
        self.pooling = HopfieldPooling(layer, queries=1, width=WIDTH)

    def weights(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return the association (B, S) with each member."""
        return self.pooling(h, padding=padding, return_association=True)[1][:, 0, 0]

    def forward(self, h: Tensor, padding: Tensor) -> Tensor:
        """Return (B, WIDTH) of h (B, S, WIDTH)."""
        return self.pooling(h, padding=padding)[:, 0]


POOLINGS: dict[str, Callable[[], nn.Module]] = {"mean": Mean, "max": Max, "gated": Gated, "Hopfield": Pooled}


# --- training ----------------------------------------------------------------------------------------------------


class Network(nn.Module):
    """An encoder of digits, a pooling, and one logit for the bag."""

    def __init__(self, pooling: Callable[[], nn.Module]) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, WIDTH), nn.ReLU(),
        )  # fmt: skip
        self.answer = nn.Linear(WIDTH, 1)
        self.pooling = pooling()  # last, so that what stands before starts the same

    def encoded(self, bags: Bags, draw: torch.Generator | None = None) -> Tensor:
        """Return the features (B, S, WIDTH) of members, moved where a generator is given, and 0 for padding."""
        there = ~bags.padding
        images = bags.images[bags.members[there]]
        found = self.encoder((images if draw is None else moved(images, draw))[:, None])
        return found.new_zeros(*there.shape, WIDTH).masked_scatter(there[..., None], found)

    def forward(self, bags: Bags, draw: torch.Generator | None = None) -> Tensor:
        """Return a logit (B,) for each bag."""
        return self.answer(self.pooling(self.encoded(bags, draw), bags.padding))[:, 0]


def trained(pooling: str, bags: Bags, seed: int, epochs: int) -> Network:
    """Return a network with that pooling, trained on bags."""
    torch.manual_seed(seed)
    network, draw = Network(POOLINGS[pooling]), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=0.01)
    steps = epochs * -(-len(bags.labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(bags.labels), generator=draw).split(BATCH):
            batch = bags._replace(members=bags.members[rows], padding=bags.padding[rows], labels=bags.labels[rows])
            loss = binary_cross_entropy_with_logits(network(batch, draw), batch.labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network.eval()


# --- judging -----------------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """A trained network, the test bags, its logits for them (B,), and how good these are."""

    network: Network
    bags: Bags
    logits: Tensor
    accuracy: float
    auc: float


@torch.no_grad()
def judged(network: Network, bags: Bags) -> Judged:
    """Return a network judged by the share of bags that are right, and by how often one with a 9 leads one without."""
    logits, has = network(bags), bags.labels > 0
    leads = (logits[has, None] > logits[~has]).float() + (logits[has, None] >= logits[~has]).float()
    return Judged(network, bags, logits, float(((logits > 0) == has).float().mean()), float(leads.mean() / 2))


def spread(numbers: Sequence[float]) -> str:
    """Return the mean of percentages and, of several, their standard deviation."""
    more = f" ± {100 * statistics.stdev(numbers):.1f}" if len(numbers) > 1 else ""
    return f"{100 * statistics.mean(numbers):.1f}{more}"


def compared(seeds: int, bags: int, test_bags: int, epochs: int) -> dict[str, list[Judged]]:
    """Return all poolings trained and judged, from each seed on the same bags, and print the table."""
    found: dict[str, list[Judged]] = {name: [] for name in POOLINGS}
    for seed in range(seeds):
        seen, unseen = split(seed)
        training, test = filled(seen, bags, seed), filled(unseen, test_bags, 1000 + seed)
        for name, results in found.items():
            results.append(judged(trained(name, training, seed, epochs), test))
    print(f"{bags} bags, {seeds} splits of the images; in %, mean ± standard deviation of the splits")
    print(f"{'pooling':>9} | parameters | {'accuracy':^12} | {'AUC':^12} | accuracy by split")
    for name, results in found.items():
        count = sum(p.numel() for p in results[0].network.parameters())
        accuracies = [each.accuracy for each in results]
        each = "  ".join(f"{100 * accuracy:.1f}" for accuracy in accuracies)
        print(f"{name:>9} | {count:>10} | {spread(accuracies):^12} | {spread([r.auc for r in results]):^12} | {each}")
    return found


# --- the figure --------------------------------------------------------------------------------------------------

_CELL, _SHOWN = 0.46, 6  # inches, bags


def figure(found: Mapping[str, Sequence[Judged]]) -> Any:
    """Return test bags with the associations of Hopfield pooling, beside the accuracies of all poolings by split."""
    canvas = Canvas(_CELL * LARGE + 4.5, 0.75 * _SHOWN + 0.95)
    judged = found["Hopfield"][0]
    for line in range(_SHOWN):
        _bag(canvas, 0.6 + 0.75 * line, judged, line)
    canvas.text(
        0.3 + _CELL * LARGE / 2, 0.25, "test bags, and how much of each digit Hopfield pooling reads", color=INK
    )
    _dots(canvas, found)
    return canvas.figure


def _bag(canvas: Canvas, top: float, judged: Judged, number: int) -> None:
    """Show a bag in a row, each digit over a bar as long as its association."""
    bags = judged.bags._replace(members=judged.bags.members[[number]], padding=judged.bags.padding[[number]])
    with torch.no_grad():
        weights = judged.network.pooling.weights(judged.network.encoded(bags), bags.padding)[0]
    has, told = bool(judged.bags.labels[number]), float(judged.logits[number].sigmoid())
    classes = digits()[1][bags.members[0]]
    for place in range(int((~bags.padding).sum())):
        left, mark = 0.3 + _CELL * place, RIGHT if classes[place] == SOUGHT else QUIET
        axes = canvas.axes(left, top, 0.42, 0.42)
        axes.imshow(bags.images[bags.members[0, place]].numpy(), cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(color=mark if mark == RIGHT else PALE, linewidth=1.5 if mark == RIGHT else 0.6)
        bar = canvas.axes(left, top + 0.46, 0.42, 0.08)
        bar.barh(0, float(weights[place]), color=mark)
        bar.set(xlim=(0, 1), ylim=(-0.4, 0.4))
        bar.set_facecolor("#f1f3f5")
        bar.set(xticks=[], yticks=[])
        bar.spines[:].set_visible(False)
    colour = INK if (told > 0.5) == has else WRONG
    canvas.text(0.38 + _CELL * LARGE, top + 0.24, f"a 9: {told:.0%}", ha="left", color=colour, size=9)


def _dots(canvas: Canvas, found: Mapping[str, Sequence[Judged]]) -> None:
    """Draw the accuracy of each split as a dot, splits joined by lines, and the means."""
    axes = canvas.axes(canvas.width - 2.75, 0.75, 2.5, canvas.height - 1.45)
    accuracies = np.array([[each.accuracy for each in results] for results in found.values()])
    axes.plot(accuracies, color=PALE, linewidth=0.8, zorder=1)
    for place, row in enumerate(accuracies):
        axes.scatter(np.full(len(row), place), row, s=16, color=QUIET, zorder=2)
        axes.plot([place - 0.22, place + 0.22], 2 * [row.mean()], color=RIGHT, linewidth=2.5, zorder=3)
        axes.annotate(f"{row.mean():.1%}", (place, 1.0), xycoords=("data", "axes fraction"), ha="center", size=8)
    axes.set_xticks(range(len(found)), list(found))
    axes.set(xlim=(-0.5, len(found) - 0.5))
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.tick_params(colors=QUIET, labelsize=8, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    canvas.text(canvas.width - 1.5, 0.25, "accuracy, a line for each split", color=INK)


def main(
    out: str = "bags.png", *, seeds: int = SEEDS, bags: int = BAGS, test_bags: int = TEST_BAGS, epochs: int = EPOCHS
) -> None:
    """Train and judge all poolings, print the table and write the figure."""
    figure(compared(seeds, bags, test_bags, epochs)).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
