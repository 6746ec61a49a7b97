r"""Outliers by energy: how much more a state resembles the memories than the outliers that were seen beforehand.

    s(q) = lse(β, X q) − lse(β, O q) = E(q; O) − E(q; X)        lse(β, h) = β⁻¹ log Σ exp(β h),  high = familiar

X are digits 0 to 4, O auxiliary outliers: the upper half of one of them over the lower half of another. Judged are
digits 0 to 4 that were not seen, against digits 5 to 9, of which nothing was seen: neither they nor their kind. On
pixels nothing is trained. Boosted, an encoder is trained to keep all away from the boundary between X and O, where

    E_b(q) = −2 lse(β, (X, O) q) + lse(β, X q) + lse(β, O q)        is largest.

The other scores are lse(β, X q) alone, the distance to the nearest of X, and the confidence of a linear classifier.

    python examples/outlier_scores.py [outliers.png]

It takes a minute and needs mnemonist[plot,torch].
Source: Hofmann et al. 2024, arXiv:2405.08766 (Hopfield Boosting). Shapes: images (M, 784) and features (M, D), rows of
length 1; scores (M,).
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

CLASSES, TRAINING, SEEDS = 5, 30, 5  # classes that are familiar, images of each to learn from
WIDTH, STEPS, BATCH, SHIFT = 32, 300, 50, 2
BETA = {"pixels": 30.0, "encoder": 4.0, "boosted": 4.0}
ROWS = 14  # of the upper half


class Images(NamedTuple):
    """Rows (M, 784) of length 1: to learn from, with classes; auxiliary outliers; and to be judged."""

    known: Tensor
    labels: Tensor
    auxiliary: Tensor
    familiar: Tensor
    unfamiliar: Tensor


def split(seed: int) -> Images:
    """Return images of a draw; auxiliary outliers are made of images to learn from alone."""
    rng = np.random.default_rng(seed)
    images, labels = digits()
    by_class = rng.permuted(np.arange(500).reshape(50, 10), axis=0)
    known = by_class[:TRAINING, :CLASSES].ravel()
    upper, lower = rng.choice(known, size=(2, 4 * len(known)))
    apart = np.flatnonzero(labels[upper] != labels[lower])[: len(known)]  # as many: E_b is largest where both are equal
    halves = np.concatenate([images[upper[apart], :ROWS], images[lower[apart], ROWS:]], axis=1)
    parts = images[known], halves, images[by_class[TRAINING:, :CLASSES].ravel()], images[by_class[:, CLASSES:].ravel()]
    known_rows, *others = (normalize(torch.from_numpy(part).flatten(1), dim=-1) for part in parts)
    return Images(known_rows, torch.from_numpy(labels[known]), *others)


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
            loss = loss + boundary(torch.cat([x, o]), x, o, BETA[name]).mean()
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


WAYS = ("contrast with outliers", "energy alone", "nearest", "confidence")


@torch.no_grad()
def scored(model: Classifier, images: Images, beta: float) -> dict[str, Scores]:
    """Return the scores in each of WAYS; auxiliary outliers are those that were seen."""
    known, auxiliary = model.features(images.known), model.features(images.auxiliary)
    judged = images.familiar, images.auxiliary, images.unfamiliar
    states = [model.features(part) for part in judged]
    return {
        "contrast with outliers": Scores(*(contrast(q, known, auxiliary, beta) for q in states)),
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
