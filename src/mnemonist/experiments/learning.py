r"""Learning: what dense memories of several degrees make of labelled images, from features to prototypes.

    a recipe for each degree → memories trained from several seeds → errors, and what the memories look like

Small degrees are trained by AdamW and cross-entropy with part of each image hidden, large ones by the paper's rule, for
their gradients span too many orders of magnitude for the former. Rates, scales and shares were chosen on the last
10 000 training digits of MNIST. T = 0.69 N is the paper's at N = 784, for overlaps with prototypes grow with N. Small
degrees learn by its rule too, but err less from small numbers at T = 2, slowly: "paper-small".

Source: Krotov & Hopfield 2016, arXiv:1606.01164, §4 and appendix A.
Shapes: inputs are (M, N) in −1 … 1; labels are (M,).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from mnemonist.core.number import check_count, check_number, check_whole
from mnemonist.data.labelled_images import LabelledImages
from mnemonist.errors import InvalidArgument, shown
from mnemonist.nn.classifier import DenseAssociativeClassifier
from mnemonist.nn.memory_momentum import MemoryMomentum, power_loss
from mnemonist.nn.trainer import Trainer
from mnemonist.nn.training import Epoch, Training, error_rate

RULES = ("adamw", "paper", "paper-small")
_PROTOTYPES = 10  # from this degree on memories become prototypes, and the paper's rule trains them
_AVERAGE = 0.9995  # of the weights that AdamW trains
_LARGE_SCALE = 0.69  # of N: the paper's 540 at N = 784


@dataclass(frozen=True)
class Recipe:
    """How a memory is trained: `rate` of the optimiser, `scale` T, `hide` as a `Trainer` takes it.

    Weights that AdamW trains are averaged, as long runs gain by it; the paper's rule has none of that.
    """

    degree: int
    memories: int
    epochs: int
    rule: str
    rate: float
    scale: float
    hide: float
    batch: int

    @classmethod
    def of(cls, degree: int, features: int, *, rule: str | None = None) -> Self:
        """Return the recipe that was found for a degree, for inputs of N features."""
        check_whole("Recipe", "degree", degree, least=1, most=100)
        chosen = rule or ("adamw" if degree < _PROTOTYPES else "paper")
        if chosen not in RULES:
            raise InvalidArgument(f"Recipe: rule must be one of {', '.join(RULES)}; got {shown(rule)}. Name one.")
        if chosen == "adamw":
            return cls(degree, 1000, 60, chosen, 2e-3 if degree == 2 else 1e-3, 1.0, 0.4, 500)
        if chosen == "paper-small":
            return cls(degree, 1000, 60, chosen, 0.002, 2.0, 0.0, 1000)
        return cls(degree, 500, 150, chosen, 0.04, _LARGE_SCALE * features, 0.0, 1000)

    def changed(self, **given: Any) -> Self:
        """Return the recipe with whatever is not None in place of its own."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})

    def __post_init__(self) -> None:
        for name in ("memories", "epochs", "batch"):
            check_count("Recipe", name, getattr(self, name))
        for name in ("rate", "scale"):
            check_number("Recipe", name, getattr(self, name), least=0, strict=True)

    def model(self, features: int, classes: int, seed: int) -> DenseAssociativeClassifier:
        """Return a memory as it begins: small normal numbers, or those of the paper."""
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = DenseAssociativeClassifier(self.memories, features, classes, self.degree, scale=self.scale)
            if self.rule == "paper":
                model.reset_parameters(-0.3, 0.3)
                with torch.no_grad():
                    model.patterns.clamp_(-1, 1)
        return model

    def trainer(self, model: DenseAssociativeClassifier, seed: int) -> Trainer:
        """Return what trains it."""
        if self.rule == "adamw":
            optimiser = torch.optim.AdamW(model.parameters(), self.rate, weight_decay=0.0, fused=True)
            return Trainer(model, optimiser, hide=self.hide, average=_AVERAGE, seed=seed)
        power = 1 if self.rule == "paper-small" else 30 if self.degree >= _PROTOTYPES else self.degree
        rule = MemoryMomentum(model.parameters(), self.rate)
        return Trainer(model, rule, loss=lambda d, labels: power_loss(d, labels, power), hide=self.hide, seed=seed)


@dataclass(frozen=True)
class Images:
    """Rows that are learned from, and rows that are held out: inputs (M, N) in −1 … 1 and labels (M,) of each."""

    inputs: Tensor
    labels: Tensor
    held_inputs: Tensor
    held_labels: Tensor
    side: tuple[int, int]
    classes: int

    @classmethod
    def of(cls, given: LabelledImages, *, held_out: int = 0) -> Self:
        """Return the images of a folder; the held out ones are its test images, or the last of those to learn from."""
        inputs, labels = _rows(given.images), torch.as_tensor(given.labels)
        held = _rows(given.test_images), torch.as_tensor(given.test_labels)
        if held_out >= len(inputs):
            raise InvalidArgument(
                f"Images: held_out must be fewer than the {len(inputs)} images to learn from; got {held_out}. "
                "Leave some."
            )
        if held_out:
            held = inputs[-held_out:], labels[-held_out:]
            inputs, labels = inputs[:-held_out], labels[:-held_out]
        height, width = given.images.shape[1:]
        return cls(inputs, labels, *held, (height, width), given.classes)


def _rows(images: np.ndarray[Any, Any]) -> Tensor:
    """Return images of bytes as rows in −1 … 1."""
    return torch.from_numpy(images.reshape(len(images), -1).astype(np.float32) / np.float32(127.5) - 1)


@dataclass(frozen=True)
class Trained:
    """A trained memory, how it went, and how often it is wrong on held out images."""

    recipe: Recipe
    seed: int
    model: DenseAssociativeClassifier
    training: Training
    error: float
    seconds: float


def learned(
    recipe: Recipe, images: Images, seed: int = 0, *, checkpoint: str | None = None,
    report: Callable[[Epoch], None] | None = None, validate: bool = False,
) -> Trained:  # fmt: skip
    """Train a memory by a recipe; `seconds` are of all processors together."""
    model = recipe.model(images.inputs.shape[-1], images.classes, seed)
    began = time.process_time()
    training = recipe.trainer(model, seed).fit(
        images.inputs, images.labels, epochs=recipe.epochs, batch=recipe.batch, checkpoint=checkpoint, report=report,
        validation=(images.held_inputs, images.held_labels) if validate else None,
    )  # fmt: skip
    seconds = time.process_time() - began
    return Trained(recipe, seed, model, training, error_rate(model, images.held_inputs, images.held_labels), seconds)
