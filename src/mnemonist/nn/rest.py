r"""Gradients at rest, without the descent that led there: implicit differentiation.

    x* = F(x*, θ),  F one sweep          dℓ/dθ = aᵀ ∂F/∂θ,   a = ∂ℓ/∂x* + (∂F/∂x)ᵀ a

Where a state rests it does not matter how it got there. So the descent is made without a graph, one more sweep with it,
and a is found by iteration, each step a product with the transposed Jacobian of that sweep: the graph of one sweep is
kept in place of those of all. The iteration converges where sweeps do, at the same rate: as many steps as the descent
took for the same digits.

Source: Almeida 1987; Pineda 1987, PRL 59:2229; Bai, Kolter & Koltun 2019, arXiv:1909.01377 (deep equilibrium models).
Shapes: a state is {layer: currents (..., *shape)} with leading axes in common.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from mnemonist.core.number import check_number, check_whole
from mnemonist.errors import InvalidArgument
from mnemonist.nn.descent import Stride, sweep
from mnemonist.nn.graph import State
from mnemonist.nn.graph_checks import check_state
from mnemonist.nn.held import Free, free_neurons
from mnemonist.nn.hierarchy import Hierarchy

_STILL = 1e-3  # of the largest current: a sweep that moves a state no further leaves it at rest


def at_rest(
    hierarchy: Hierarchy, state: Mapping[str, Tensor], *, held: Any = None, steps: int = 1000, tol: float = 1e-6
) -> State:
    """Return the currents of a state that rests, as a function of the weights and of what is held.

    `state` is where a descent ended, `held` what was held in it. Going back, `steps` products at most are made, until
    none changes a by more than `tol` times its size. Raises `InvalidArgument` where that is not reached.

    >>> from mnemonist import Graded
    >>> from mnemonist.nn import NeuronLayer, synapses
    >>> layers = {"x": NeuronLayer(Graded(1.0), 2), "y": NeuronLayer(Graded(1.0), 2)}
    >>> couplings = synapses.Dense(2, 2, weight=torch.eye(2) / 2)
    >>> graph = Hierarchy(layers, [(couplings, ("x", "y")), (synapses.Bias(2), "x")])
    >>> with torch.no_grad():
    ...     found = graph.descend(graph.start({"x": torch.ones(2)}))
    >>> at_rest(graph, found.state)["x"].sum().backward()  # x = b + ½ tanh ½ tanh x: a slope of 1/(1 − ¼)
    >>> graph.synapses[1].bias.grad.round(decimals=3)
    tensor([1.3330, 1.3330])
    """
    who = "at_rest"
    check_whole(who, "steps", steps, least=1)
    check_number(who, "tol", tol, least=0, strict=True)
    state = check_state(hierarchy, who, state)
    free = free_neurons(hierarchy, who, state, held)
    fixed = {name: _where(free[name], x.detach(), x) for name, x in state.items()}
    moving = [name for name in hierarchy.moving if free[name] is not False]
    after = _swept(hierarchy, fixed, free)
    _check_rest({name: (fixed[name], after[name].detach()) for name in moving})
    if not moving or not any(after[name].requires_grad for name in moving):
        return after
    joined = torch.cat([after[name].flatten() for name in moving])
    _carry_back(hierarchy, fixed, free, joined, (moving, steps, tol))
    return after | _parted(joined, {name: after[name] for name in moving})


def _check_rest(moves: Mapping[str, tuple[Tensor, Tensor]]) -> None:
    """Refuse a state that a sweep still moves: its gradient would be that of another one."""
    for name, (before, after) in moves.items():
        far, size = (float(x.detach().abs().amax()) if x.numel() else 0.0 for x in (after - before, after))
        if far > _STILL * size:
            raise InvalidArgument(
                f"at_rest: state must rest; one more sweep moves layer {name!r} by {far:.2g}. Descend further first."
            )


def _carry_back(graph: Any, fixed: State, free: Free, joined: Tensor, how: tuple[list[str], int, float]) -> None:
    """Let the gradient of what one sweep gave become that of all sweeps."""
    moving, steps, tol = how
    start = joined.detach().requires_grad_()
    rest = {name: x.detach() for name, x in fixed.items()}
    with torch.enable_grad():
        parts = _parted(start, {name: rest[name] for name in moving})
        once = _swept(graph, rest | {name: _where(free[name], x, rest[name]) for name, x in parts.items()}, free)
        again = torch.cat([once[name].flatten() for name in moving])

    def adjoint(slope: Tensor) -> Tensor:
        a = slope
        for _ in range(steps):
            (back,) = torch.autograd.grad(again, start, a, retain_graph=True)
            change, a = (slope + back - a).abs().max(), slope + back
            if bool(change <= tol * a.abs().max()):
                return a
        raise InvalidArgument(
            f"at_rest: state must rest where sweeps converge; after {steps} steps back the gradient still changes. "
            "Descend further first, pass more steps, or train by backpropagation through the descent."
        )

    joined.register_hook(adjoint)


def _swept(graph: Any, state: State, free: Free) -> State:
    """Return the state one whole sweep later."""
    return sweep(graph, state, free, Stride(graph.largest_tau or 1.0, 0))[0]


def _where(free: Tensor | bool, moving: Tensor, held: Tensor) -> Tensor:
    """Return the currents of one kind where neurons are free, of the other where they are held."""
    if isinstance(free, Tensor):
        return torch.where(free, moving, held)
    return moving if free else held


def _parted(joined: Tensor, like: State) -> State:
    """Return the currents of each layer from all side by side."""
    parts = joined.split([x.numel() for x in like.values()])
    return {name: part.reshape(x.shape) for (name, x), part in zip(like.items(), parts, strict=True)}
