"""How a training went: a line for each epoch, and the weights that answered best.

Shapes: inputs are (M, N); labels are (M,), whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import Module

from mnemonist.errors import InvalidArgument, InvalidType

_ROWS = 1000  # judged at once
_FRACTIONS = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128)


class Epoch(NamedTuple):
    """One pass through all rows: its number from 1, the mean loss, and the share of wrong answers, if measured."""

    number: int
    loss: float
    error: float | None


@dataclass(frozen=True)
class Training:
    """All epochs so far, and the weights of the best, where answers were measured."""

    epochs: tuple[Epoch, ...]
    best: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def best_epoch(self) -> Epoch | None:
        """The first epoch with the least share of wrong answers; None where nothing was measured."""
        measured = [epoch for epoch in self.epochs if epoch.error is not None]
        return min(measured, key=lambda epoch: (epoch.error, epoch.number)) if measured else None

    def is_over(self, patience: int | None) -> bool:
        """Say whether none of the last `patience` epochs was better than one before."""
        best = self.best_epoch
        return patience is not None and best is not None and len(self.epochs) - best.number >= patience

    def after(self, epoch: Epoch, judged: Module) -> Self:
        """Return the training with one epoch more; the weights that were judged are kept where it is the best."""
        grown = type(self)((*self.epochs, epoch), self.best)
        if epoch.error is None or grown.best_epoch != epoch:
            return grown
        weights = {name: x.clone() if isinstance(x, Tensor) else x for name, x in judged.state_dict().items()}
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
    labels = check_rows("error_rate", inputs, labels)
    check_classes("error_rate", model, inputs, labels)
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
    if not isinstance(model, Module):
        raise InvalidType(f"{who}: model must be a torch Module; got {type(model).__name__}. Pass one.")
    was_training = model.training
    model.eval()
    logits = model(inputs[:1])
    model.train(was_training)
    if not isinstance(logits, Tensor) or logits.ndim != 2 or len(logits) != 1:
        shape = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise InvalidArgument(
            f"{who}: model must make logits (B, C) of rows (B, N); got {shape} of one row. Flatten what it returns."
        )
    check_labels(who, labels, logits.shape[-1], name)


def check_labels(who: str, labels: Tensor, classes: int, name: str = "labels") -> None:
    """Refuse labels that are no classes from 0 on."""
    if labels.numel() and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise InvalidArgument(
            f"{who}: {name} must be from 0 to {classes - 1}, the classes that the model tells apart; they are from "
            f"{int(labels.min())} to {int(labels.max())}. Number them from 0 on, or give the model more classes."
        )


def check_rows(who: str, inputs: Any, labels: Any, names: tuple[str, str] = ("inputs", "labels")) -> Tensor:
    """Return a label for each row, as int64, or refuse what are no rows of floats, and no labels of them."""
    for name, given in zip(names, (inputs, labels), strict=True):
        if not isinstance(given, Tensor):
            raise InvalidType(f"{who}: {name} must be a tensor; got {type(given).__name__}. torch.as_tensor makes one.")
    if not inputs.is_floating_point() or inputs.ndim < 2 or not len(inputs):
        raise InvalidArgument(
            f"{who}: {names[0]} must be rows of floats (M, N); got {inputs.dtype} of shape {tuple(inputs.shape)}. "
            "Convert them, about -1 to 1, one row for each label."
        )
    return check_classes_of_rows(who, labels, len(inputs), names[1])


def check_classes_of_rows(who: str, labels: Any, count: int, name: str = "labels") -> Tensor:
    """Return so many labels as int64, or refuse what are none."""
    if not isinstance(labels, Tensor):
        raise InvalidType(f"{who}: {name} must be a tensor; got {type(labels).__name__}. torch.as_tensor makes one.")
    if labels.shape != (count,) or labels.dtype in (torch.bool, *_FRACTIONS):
        raise InvalidArgument(
            f"{who}: {name} must be {count} whole numbers, one for each row; got {labels.dtype} of shape "
            f"{tuple(labels.shape)}. Pass the number of the class of each."
        )
    return labels.long()
