r"""Bags of digits: is there a 9 among them? A learned query reads the bag, beside three other ways to pool.

    mean    y = 1/S Σ_s h_s                        max     y = max_s h_s
    gated   y = Σ_s a_s h_s,   a = softmax(w · (tanh V h_s ⊙ σ(U h_s)))
    Hopfield   y = Σ_s a_s h_s,   a = softmax(β q · W h_s),   q learned: `HopfieldPooling`

Only bags have labels, digits have none. All poolings share the encoder h, its initial weights, the bags and the steps;
test bags are filled with images that no training bag has. Digits are moved by up to two pixels each time they are seen.

    python examples/bags_of_digits.py [bags.png]

It takes two minutes and needs mnemonist[plot,torch].
Source: Ilse et al. 2018, arXiv:1802.04712 (the task, gated attention); Ramsauer et al. 2021, arXiv:2008.02217 (Hopfield
pooling). Shapes: images (M, 28, 28); bags (B, S) number images, padding (B, S) where there is none; pooled (B, WIDTH).
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, conv2d

from mnemonist.data import digits
from mnemonist.nn import Association, Hopfield, HopfieldPooling
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

SOUGHT, SMALL, LARGE, WIDTH, SHIFT, BATCH = 9, 6, 14, 32, 2, 25
BAGS, TEST_BAGS, EPOCHS, SEEDS = 500, 1000, 20, 5
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
