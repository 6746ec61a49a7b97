r"""The adversarial view: what it takes to change the answer of a trained memory, whom else that fools, how it looks.

    errors       of images moved by ε in every pixel, by the iterative attack on the memory itself
    transfer     the errors of each memory on images that were moved against another one
    boundary     the images at which answers change: how far they are, and whether they lie between both classes

Whether a boundary image lies between the two is judged by somebody else, by distance alone: the two classes whose
nearest training images are nearest to it should be the label and its rival.

Source: Krotov & Hopfield 2018, arXiv:1701.00939 (in words and pictures: it has no such numbers).
Shapes: inputs are (B, N) in −1 … 1; labels are (B,).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.learning import Images
from mnemonist.nn.attacks import Boundary, boundary, iterative
from mnemonist.nn.classifier import DenseAssociativeClassifier
from mnemonist.nn.training import error_rate

SIZES = (0.0, 0.05, 0.1, 0.2, 0.3)  # of a pixel from −1 to 1
TRANSFER_SIZE = 0.2  # of a pixel, at which transfer is measured

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Attacked:
    """What attacks gave, for M memories of these degrees: errors (M, S), transfer (M, M) from rows to columns.

    `given` are the images (B, N) that were attacked, with their labels (B,).
    """

    degrees: tuple[int, ...]
    sizes: tuple[float, ...]
    errors: Numbers
    transfer: Numbers
    given: tuple[Tensor, Tensor]
    boundaries: tuple[Boundary, ...]
    distances: Numbers
    between: Numbers


def attacked(
    models: Mapping[int, DenseAssociativeClassifier],
    images: Images,
    *,
    count: int = 500,
    sizes: Sequence[float] = SIZES,
) -> Attacked:
    """Attack memories, by their degrees, on the first `count` held out images that all of them tell right."""
    inputs, labels = _right(models, images, count)
    errors = [
        [error_rate(model, iterative(model, inputs, labels, size), labels) for size in sizes]
        for model in models.values()
    ]
    moved = [iterative(model, inputs, labels, TRANSFER_SIZE) for model in models.values()]
    transfer = [[error_rate(model, against, labels) for model in models.values()] for against in moved]
    ends = tuple(boundary(model, inputs, labels) for model in models.values())
    return Attacked(
        tuple(models), tuple(sizes), np.array(errors), np.array(transfer), (inputs, labels), ends,
        np.array([float((end.inputs - inputs).norm(dim=-1)[end.reached].median()) for end in ends]),
        np.array([_between(end, labels, images) for end in ends]),
    )  # fmt: skip


def _right(models: Mapping[int, DenseAssociativeClassifier], images: Images, count: int) -> tuple[Tensor, Tensor]:
    """Return held out images that every memory tells right, the first of them."""
    inputs, labels = images.held_inputs, images.held_labels
    with torch.no_grad():
        right = torch.stack([model(inputs).argmax(dim=-1) == labels for model in models.values()]).all(dim=0)
    if not bool(right.any()):
        raise InvalidArgument(
            "attacked: models must all tell one held out image right at least; they do not. Train them longer."
        )
    return inputs[right][:count], labels[right][:count]


def _between(end: Boundary, labels: Tensor, images: Images) -> float:
    """Return the share of boundary images whose two nearest classes are the label and its rival."""
    reached = end.reached
    nearest = torch.stack(
        [
            torch.cdist(end.inputs[reached], images.inputs[images.labels == c]).amin(dim=-1)
            for c in range(images.classes)
        ],
        dim=-1,
    )
    two = nearest.topk(2, largest=False).indices.sort(dim=-1).values
    expected = torch.stack([labels[reached], end.rivals[reached]], dim=-1).sort(dim=-1).values
    return float((two == expected).all(dim=-1).double().mean())
