r"""How the state of a hierarchy moves until it rests: one layer after another, none of which raises the energy.

    x_l ← x_l + s (p_l − α_l x_l),   s = min(dt/τ_l, 1)/max(1, α_l),   p_l of the others as they are by now

While the others stay, E as a function of x_l is its own Legendre term and the synapses of g_l. Where these are concave
in g_l and L is convex, no such step raises E, for any s ≤ 1; where a synapse does not say that it is, each sample
halves its step until E does not rise. The direction is downhill, so some step does; if rounding alone is left it stays.
At s = 1 a layer goes to where it would rest: block-coordinate descent. A sample rests once no current is pulled by more
than tol · max(1, max|x|); it is then left alone, whatever its batch-mates do.

Source: Krotov 2021, arXiv:2107.06446 (the flow); the order of moves is that of `memories/two_layers.py`.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from mnemonist.nn.graph import State
from mnemonist.nn.held import Free


class Descent(NamedTuple):
    """Where a descent ended: currents and activations by layer, the energy (...), sweeps (...), whether it rests (...).

    `energies` (sweeps + 1, ...) are those before the first sweep and after each one, where they were asked for.
    """

    state: State
    activations: State
    energy: Tensor
    steps: Tensor
    rests: Tensor
    energies: Tensor | None = None


class Stride(NamedTuple):
    """How far a sweep goes: `dt` in the units of tau, and how often a step may be halved that would raise E."""

    dt: float
    halvings: int


def sweep(graph: Any, state: State, free: Free, stride: Stride) -> tuple[State, Tensor]:
    """Return the state after each free layer moved once, in order, and how far (...) each sample was from its rest."""
    state, g = dict(state), graph.activated(state)
    far = _leading(graph, state)
    for name in graph.moving:
        where = free[name]
        if where is False:
            continue
        layer, x = graph.layers[name], state[name]
        drift = graph.pulls(g, name)[name] - layer.decay * x
        if isinstance(where, Tensor):
            drift = torch.where(where, drift, torch.zeros_like(drift))
        far = torch.maximum(far, _size(drift, layer) / _size(x, layer).clamp(min=1.0))
        share = min(stride.dt / layer.tau if layer.tau else 1.0, 1.0) / max(1.0, layer.decay)
        move = share * drift
        if stride.halvings and not graph.descends(name):
            with torch.no_grad():
                kept = _halved(graph, name, x, move, g, stride.halvings)
            move = _spread(kept, layer) * move
        state[name] = x + move
        g[name] = layer.activation(state[name])
    return state, far


def descend(graph: Any, state: State, free: Free, stride: Stride, *, steps: int, tol: float, trace: bool) -> Descent:
    """Return where sweeps lead: `steps` of them at most, each sample until it rests."""
    rests = _leading(graph, state) > 0
    taken = rests.long()
    energies = [graph.total(state)] if trace else []
    for _ in range(steps):
        moved, far = sweep(graph, state, free, stride)
        if tol > 0:  # or whatever rests moves by nothing
            moved = {name: torch.where(_spread(rests, graph.layers[name]), state[name], x) for name, x in moved.items()}
        state = moved
        taken = taken + (~rests).long()
        rests = rests | (far <= tol)
        if trace:
            energies.append(graph.total(state))
        if tol > 0 and not torch.compiler.is_compiling() and bool(rests.all()):
            break
    energy = energies[-1] if trace else graph.total(state)
    return Descent(state, graph.activated(state), energy, taken, rests, torch.stack(energies) if trace else None)


def _halved(graph: Any, name: str, x: Tensor, move: Tensor, g: State, halvings: int) -> Tensor:
    """Return the share (...) of a move that does not raise E: 1, ½, ¼, …, or 0 where none does."""
    layer, parts = graph.layers[name], graph.around(name, x, g)
    before, size = sum(parts), sum(part.abs() for part in parts) + (x * x).sum(tuple(range(-len(layer.shape), 0))) / 2
    most = before + 8 * torch.finfo(x.dtype).eps * size  # but for rounding

    def rises(share: Tensor) -> Tensor:
        after: Tensor = sum(graph.around(name, x + _spread(share, layer) * move, g))
        return ~(after <= most)  # of NaN too

    share = torch.ones_like(before)
    for _ in range(halvings):
        climbs = rises(share)
        if not torch.compiler.is_compiling() and not bool(climbs.any()):
            return share
        share = torch.where(climbs, share / 2, share)
    return torch.where(rises(share), torch.zeros_like(share), share)


def _leading(graph: Any, state: State) -> Tensor:
    """Return 0 (...) for each sample."""
    name = graph.moving[0] if graph.moving else next(iter(state))
    return _size(torch.zeros_like(state[name]), graph.layers[name])


def _size(x: Tensor, layer: Any) -> Tensor:
    """Return max |x| (...) over the neurons of a layer."""
    return x.detach().abs().amax(tuple(range(-len(layer.shape), 0)))


def _spread(value: Tensor, layer: Any) -> Tensor:
    """Return a value (...) of each sample with an axis of 1 for each of the layer."""
    return value.reshape(*value.shape, *(1 for _ in layer.shape))
