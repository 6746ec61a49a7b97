"""How a training went: a line for each epoch, and the weights that answered best.

Shapes: inputs are (M, N); labels are (M,), whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import Module

from mnemonist.errors import InvalidArgument, InvalidType

_ROWS = 1000  # judged at once


class Epoch(NamedTuple):
    """One pass through all rows: its number from 1, the mean loss, and the share of wrong answers, if measured."""

    number: int
    loss: float
    error: float | None


@dataclass(frozen=True)
class Training:
    """All epochs so far, and the weights of the best, where they were noted."""

    epochs: tuple[Epoch, ...]
    best: Mapping[str, Any] | None = None

    @property
    def best_epoch(self) -> Epoch | None:
        """The first epoch with the least share of wrong answers; None where nothing was measured."""
        measured = [epoch for epoch in self.epochs if epoch.error is not None]
        return min(measured, key=lambda epoch: (epoch.error, epoch.number)) if measured else None

    def is_over(self, patience: int | None) -> bool:
        """Say whether none of the last `patience` epochs was better than one before."""
        best = self.best_epoch
        return patience is not None and best is not None and len(self.epochs) - best.number >= patience

    def after(self, epoch: Epoch, noted: Module | None) -> Self:
        """Return the training with one epoch more; the weights of `noted` are kept where it is the best."""
        grown = type(self)((*self.epochs, epoch), self.best)
        if noted is None or grown.best_epoch != epoch:
            return grown
        weights = {name: x.clone() if isinstance(x, Tensor) else x for name, x in noted.state_dict().items()}
        return type(self)(grown.epochs, weights)

    def state(self) -> dict[str, Any]:
        """Return it as a checkpoint holds it."""
        return {"epochs": [list(epoch) for epoch in self.epochs], "best": self.best}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the training that a checkpoint holds."""
        return cls(tuple(Epoch(*each) for each in state["epochs"]), state["best"])


@torch.no_grad()  # type: ignore[untyped-decorator]
def error_rate(model: Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the share of rows (M, N) whose largest logit is not that of their label (M,)."""
    check_rows("error_rate", inputs, labels)
    was_training = model.training
    model.eval()
    wrong = sum(
        int((model(rows).argmax(dim=-1) != right).sum())
        for rows, right in zip(inputs.split(_ROWS), labels.split(_ROWS), strict=True)
    )
    model.train(was_training)
    return wrong / len(inputs)


@torch.no_grad()  # type: ignore[untyped-decorator]
def check_classes(who: str, model: Module, inputs: Tensor, labels: Tensor, name: str = "labels") -> None:
    """Refuse labels (M,) of classes that the model has no logits for, which its answer to the first row tells."""
    was_training = model.training
    model.eval()
    classes = model(inputs[:1]).shape[-1]
    model.train(was_training)
    check_labels(who, labels, classes, name)


def check_labels(who: str, labels: Tensor, classes: int, name: str = "labels") -> None:
    """Refuse labels that are no classes from 0 on."""
    if labels.numel() and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise InvalidArgument(
            f"{who}: {name} must be from 0 to {classes - 1}, the classes that the model tells apart; they are from "
            f"{int(labels.min())} to {int(labels.max())}. Number them from 0 on, or give the model more classes."
        )


def check_rows(who: str, inputs: Tensor, labels: Tensor, names: tuple[str, str] = ("inputs", "labels")) -> None:
    """Refuse what are no rows of floats, and a label for each."""
    for name, given in zip(names, (inputs, labels), strict=True):
        if not isinstance(given, Tensor):
            raise InvalidType(f"{who}: {name} must be a tensor; got {type(given).__name__}. torch.as_tensor makes one.")
    if not inputs.is_floating_point() or inputs.ndim < 2 or not len(inputs):
        raise InvalidArgument(
            f"{who}: {names[0]} must be rows of floats (M, N); got {inputs.dtype} of shape {tuple(inputs.shape)}. "
            "Convert them, about -1 to 1, one row for each label."
        )
    if labels.shape != inputs.shape[:1] or labels.dtype.is_floating_point or labels.dtype.is_complex:
        raise InvalidArgument(
            f"{who}: {names[1]} must be {len(inputs)} whole numbers, one for each row; got {labels.dtype} of shape "
            f"{tuple(labels.shape)}. Pass the number of the class of each."
        )
