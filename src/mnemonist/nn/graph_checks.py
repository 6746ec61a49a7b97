"""What a hierarchy is made of, and the states that it is asked about: a sentence for each fault of a caller.

Whether a synapse fits the layers that it joins is tried out, once, on activations of 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from mnemonist.errors import InvalidArgument, InvalidType, MnemonistError, shown
from mnemonist.nn.neuron_layer import InputLayer, NeuronLayer, fits

Joined = list[tuple[nn.Module, tuple[str, ...]]]


def check_layers(layers: Any) -> None:
    """Refuse what is no mapping of names to layers, and names that a module cannot have."""
    if not isinstance(layers, Mapping) or not layers:
        raise InvalidType(
            f"Hierarchy: layers must be a dict of layers by name; got {shown(layers)}. Pass {{name: layer}}."
        )
    for name, layer in layers.items():
        if not isinstance(name, str) or not name or "." in name or hasattr(nn.ModuleDict(), name):
            raise InvalidArgument(
                f"Hierarchy: names of layers must be words without a point, and none of a dict's own; "
                f"got {shown(name)}. Choose another."
            )
        if not isinstance(layer, (NeuronLayer, InputLayer)):
            raise InvalidType(
                f"Hierarchy: layer {name!r} must be a NeuronLayer or an InputLayer; got {shown(layer)}. "
                "Pass NeuronLayer(lagrangian, shape)."
            )


def check_synapses(synapses: Any, layers: Mapping[str, nn.Module]) -> Joined:
    """Return modules with the names of the layers that they join, or refuse what is none of a layer."""
    if not isinstance(synapses, Sequence) or isinstance(synapses, str):
        raise InvalidType(
            f"Hierarchy: synapses must be a list of pairs; got {shown(synapses)}. Pass [(synapse, names), ...]."
        )
    joined: Joined = []
    for pair in synapses:
        if not (isinstance(pair, Sequence) and len(pair) == 2 and isinstance(pair[0], nn.Module)):
            raise InvalidType(
                f"Hierarchy: each of synapses must be a pair of a module and names; got {shown(pair)}. "
                "Pass (Dense(8, 4), ('pixels', 'features'))."
            )
        names = checked_names("Hierarchy", "names of a synapse", pair[1])
        for name in names:
            if name not in layers:
                raise InvalidArgument(
                    f"Hierarchy: {type(pair[0]).__name__} must join layers that there are; got {shown(name)}. "
                    f"Layers are {_listed(layers)}."
                )
        joined.append((pair[0], names))
    return joined


def labels(joined: Joined) -> tuple[str, ...]:
    """Return a name for each synapse, counted where several would have the same."""
    found: list[str] = []
    for synapse, names in joined:
        label = f"{type(synapse).__name__}({', '.join(names)})"
        twins = sum(each.partition(" #")[0] == label for each in found)
        found.append(f"{label} #{twins + 1}" if twins else label)
    return tuple(found)


def check_probe(label: str, synapse: nn.Module, layers: Sequence[nn.Module]) -> None:
    """Refuse a synapse that has no energy (2,) for two samples of its layers."""
    first = weights_like(synapse, torch.zeros(()))
    sizes = [tuple(2 if n is None else n for n in layer.shape) for layer in layers]
    given = [torch.zeros((2, *size), dtype=first.dtype, device=first.device) for size in sizes]
    try:
        with torch.no_grad():
            energy = synapse(*given)
    except MnemonistError as error:
        raise InvalidArgument(who=f"Hierarchy: {label}", must=error.must, got=error.got, fix=error.fix) from None
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise InvalidArgument(
            who=f"Hierarchy: {label}", must=f"must take activations of {' and '.join(map(str, sizes))}",
            got=f"it says {shown(str(error))}", fix="Join other layers, or make it for these.",
        ) from error  # fmt: skip
    if not isinstance(energy, Tensor) or energy.ndim < 1 or energy.shape[0] != 2:
        raise InvalidArgument(
            f"Hierarchy: {label} must return an energy for each sample, (2,) of two; got {shown(energy)}. "
            "Sum over the axes of the layers, not over those before them."
        )


def check_state(graph: Any, method: str, state: Any) -> dict[str, Tensor]:
    """Return currents of all layers in their order, or refuse what does not fit them."""
    who = method if method == "at_rest" else f"Hierarchy.{method}"
    if not isinstance(state, Mapping):
        raise InvalidType(f"{who}: state must be a dict of currents by layer; got {shown(state)}. Make it with start.")
    lacking = [name for name in graph.layers if name not in state]
    if lacking:
        raise InvalidArgument(
            f"{who}: state must have all layers; it lacks {lacking[0]!r}. Make it with start, which fills up the rest."
        )
    check_currents(graph, who, state)
    return {name: state[name] for name in graph.layers}


def check_currents(graph: Any, who: str, given: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the leading axes that all currents or activations of some layers share, or refuse them."""
    leading: dict[tuple[int, ...], str] = {}
    for name, x in given.items():
        check_name(graph, who, name)
        _check_tensor(who, name, x, graph.layers[name])
        leading.setdefault(tuple(x.shape[: x.ndim - len(graph.layers[name].shape)]), name)
    if len(leading) > 1:
        raise InvalidArgument(
            f"{who}: layers must have the same leading axes; got "
            f"{' and '.join(f'{axes} of {name!r}' for axes, name in leading.items())}. Expand those that have fewer."
        )
    like = weights_like(graph, next(iter(given.values()), torch.zeros(())))
    for name, x in given.items():
        if x.dtype != like.dtype:
            raise InvalidType(
                f"{who}: layer {name!r} must be of {like.dtype}, as weights and other layers are; got {x.dtype}. "
                f"Pass x.to({like.dtype}), or move the hierarchy."
            )
    return next(iter(leading), ())


def _check_tensor(who: str, name: str, x: Any, layer: Any) -> None:
    """Refuse what is no tensor of floats of the shape of a layer."""
    if not isinstance(x, Tensor) or not x.dtype.is_floating_point:
        raise InvalidType(f"{who}: layer {name!r} must be a tensor of floats; got {shown(x)}. Pass x.float().")
    if not fits(layer, tuple(x.shape)):
        sizes = ", ".join("any" if n is None else str(n) for n in layer.shape)
        raise InvalidArgument(
            f"{who}: layer {name!r} must be (..., {sizes}); got shape {tuple(x.shape)}. Reshape it to that."
        )


def weights_like(module: nn.Module, otherwise: Tensor) -> Tensor:
    """Return a tensor of the dtype and device of a module's numbers; the other one where it has none."""
    numbers = (x for x in chain(module.parameters(), module.buffers()) if x.dtype.is_floating_point)
    return next(numbers, otherwise)


def checked_names(who: str, name: str, given: Any) -> tuple[Any, ...]:
    """Return one name, or several, as a tuple."""
    if not isinstance(given, Iterable):
        raise InvalidType(f"{who}: {name} must be names of layers; got {shown(given)}. Pass one, or several in order.")
    return (given,) if isinstance(given, str) else tuple(given)


def checked_mapping(who: str, name: str, given: Any) -> Mapping[str, Any]:
    """Return tensors by layer; none where nothing is given."""
    if given is not None and not isinstance(given, Mapping):
        raise InvalidType(f"{who}: {name} must be a dict of tensors by layer; got {shown(given)}. Pass {{name: x}}.")
    return given or {}


def check_name(graph: Any, who: str, name: Any) -> None:
    """Refuse a name that no layer has."""
    if not isinstance(name, str) or name not in graph.layers:
        raise InvalidArgument(f"{who}: names must be of layers; got {shown(name)}. Layers are {_listed(graph.layers)}.")


def check_finite(who: str, given: Mapping[str, Tensor], fix: str) -> None:
    """Refuse NaN and infinity; while a program is being traced there are no values to look at."""
    if torch.compiler.is_compiling():
        return
    for name, x in given.items():
        if not bool(torch.isfinite(x).all()):
            raise InvalidArgument(f"{who}: layer {name!r} must be finite; got NaN or infinity. {fix}")


def _listed(layers: Mapping[str, Any]) -> str:
    return ", ".join(map(repr, layers))
