r"""Attacks: the smallest changes of an input that change what a trained memory answers, and where answers change.

    gap_α(v) = D_y(v) − D_α(v)                          above 0 where the label y wins over α
    fast gradient    v + ε sign(∂ loss/∂v)
    iterative        v ← clip(v + ε/k sign(∂ loss/∂v), within ε of v and the range), k times
    boundary         v ← clip(v − η g/‖g‖), g = ∂(D_y − D_α)/∂v, α the runner-up, until α wins: the image between

Small powers have gradients that point anywhere: a few pixels of noise change the answer, and of others too. Large ones
are led by single prototypes: what lies between two answers looks like both.

Source: Krotov & Hopfield 2018, arXiv:1701.00939; Goodfellow et al. 2015, arXiv:1412.6572; Madry et al. 2018.
Shapes: inputs are (B, N) within `bounds`; labels are (B,).
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import Module

from mnemonist.core.number import check_count, check_number
from mnemonist.errors import InvalidArgument, shown
from mnemonist.nn.training import check_classes, check_rows


class Boundary(NamedTuple):
    """Where answers change: inputs (B, N), the label that wins from there on (B,), and which were reached (B,)."""

    inputs: Tensor
    rivals: Tensor
    reached: Tensor


def fast_gradient(
    model: Module, inputs: Tensor, labels: Tensor, size: float, *, bounds: tuple[float, float] = (-1.0, 1.0)
) -> Tensor:
    """Return inputs moved by `size` in each coordinate, to where the model is less sure of the labels."""
    return iterative(model, inputs, labels, size, steps=1, bounds=bounds)


def iterative(
    model: Module, inputs: Tensor, labels: Tensor, size: float, *, steps: int = 20,
    bounds: tuple[float, float] = (-1.0, 1.0),
) -> Tensor:  # fmt: skip
    """Return inputs moved in `steps` steps, nowhere by more than `size`."""
    who = "iterative" if steps != 1 else "fast_gradient"
    labels = check_rows(who, inputs, labels)
    check_classes(who, model, inputs, labels)
    check_number(who, "size", size, least=0)
    check_count(who, "steps", steps)
    low, high = _bounds(who, bounds)
    moved = inputs.detach().clone()
    each = size if steps == 1 else 2.5 * size / steps  # far enough to turn back on the way
    for _ in range(steps):
        slope = _slope(lambda v: -_gap(model(v), labels), moved)
        moved = moved + each * slope.sign()
        moved = torch.minimum(torch.maximum(moved, inputs - size), inputs + size).clamp(low, high)
    return moved


def boundary(
    model: Module, inputs: Tensor, labels: Tensor, *, step: float = 0.5, steps: int = 200,
    bounds: tuple[float, float] = (-1.0, 1.0),
) -> Boundary:  # fmt: skip
    """Return the images at which answers change, on the straight way down the gap to the runner-up of each input.

    A step moves by `step` in Euclidean length; a row stops at the step after which the rival wins, halved until it is
    within a hundredth of a step of the boundary.
    """
    labels = check_rows("boundary", inputs, labels)
    check_classes("boundary", model, inputs, labels)
    check_number("boundary", "step", step, least=0, strict=True)
    check_count("boundary", "steps", steps)
    low, high = _bounds("boundary", bounds)
    with torch.no_grad():
        rivals = _others(model(inputs), labels).argmax(-1)

    def gap(v: Tensor) -> Tensor:
        d = model(v)
        return (d.gather(-1, labels[:, None]) - d.gather(-1, rivals[:, None]))[:, 0]

    here = inputs.detach().clone()
    with torch.no_grad():
        reached = gap(here) <= 0
    before = here.clone()
    for _ in range(steps):
        if bool(reached.all()):
            break
        slope = _slope(gap, here)
        length = slope.norm(dim=-1, keepdim=True).clamp_min(torch.finfo(slope.dtype).tiny)
        there = (here - step * slope / length).clamp(low, high)
        before = torch.where(reached[:, None], before, here)
        here = torch.where(reached[:, None], here, there)
        with torch.no_grad():
            reached = reached | (gap(here) <= 0)
    return Boundary(_between(gap, before, here), rivals, reached)


@torch.no_grad()  # type: ignore[untyped-decorator]
def _between(gap: Callable[[Tensor], Tensor], one: Tensor, other: Tensor) -> Tensor:
    """Return where the gap closes on the way from one to the other, by seven halvings."""
    for _ in range(7):
        middle = (one + other) / 2
        won = (gap(middle) > 0)[:, None]
        one, other = torch.where(won, middle, one), torch.where(won, other, middle)
    return other


def _gap(d: Tensor, labels: Tensor) -> Tensor:
    """Return D_y less the largest other D (B,)."""
    return d.gather(-1, labels[:, None])[:, 0] - _others(d, labels).amax(-1)


def _others(d: Tensor, labels: Tensor) -> Tensor:
    """Return D (B, C) with −∞ in place of the labels' own."""
    return d.scatter(-1, labels[:, None], -torch.inf)


def _slope(function: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """Return the gradient (B, N) of a function that says one number of each row."""
    at = at.detach().requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(function(at).sum(), at)
    return slope


def _bounds(who: str, bounds: tuple[float, float]) -> tuple[float, float]:
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise InvalidArgument(f"{who}: bounds must be two numbers, low and high; got {shown(bounds)}. Pass (-1, 1).")
    low, high = bounds
    check_number(who, "bounds[0]", low, least=-torch.inf)
    check_number(who, "bounds[1]", high, least=-torch.inf)
    if not low < high:
        raise InvalidArgument(f"{who}: bounds must rise; got ({low}, {high}). Pass the range of the inputs.")
    return float(low), float(high)
