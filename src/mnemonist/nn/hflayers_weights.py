r"""What the weights of the reference package's `Hopfield` are, as modules.

    state     LayerNorm → W_q → norm of each head              values    LayerNorm → (W_k, where connected) → W_v
    stored    LayerNorm → W_k → norm of each head              output    W_o → activation

each part where an argument asks for it. Projections are packed into one where all widths are the same.

Source: the package hflayers of Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: packed (rows of the W_q, W_k and W_v that are there, width); biases behind each other.
"""

import math

import torch
from torch import Tensor
from torch.nn import Flatten, Identity, LayerNorm, Linear, Module, Parameter, Sequential, Unflatten

from mnemonist.core.number import is_whole
from mnemonist.errors import InvalidArgument, shown
from mnemonist.nn.association import Association
from mnemonist.nn.hflayers_arguments import ACTIVATIONS, WHO, Arguments
from mnemonist.nn.hopfield import Hopfield

_CORE = "association_core."
_AS_MADE = "Pass the arguments that the layer was made with."
Weights = dict[str, Tensor]


def made_of(weights: Weights, asked: Arguments) -> Hopfield:
    """Return the layer that weights and arguments make; what it takes is gone from the weights."""
    static = asked.state_pattern_as_static, asked.stored_pattern_as_static, asked.pattern_projection_as_static
    unprojected = all(static) and asked.disable_out_projection and not asked.normalize_hopfield_space
    head = None if unprojected and not asked.pattern_projection_as_connected else _head(asked)
    linear = _projections(weights, asked, static, head)
    space = _space(weights, asked, head)
    first = linear.get("k") if asked.pattern_projection_as_connected else None
    output = None if asked.disable_out_projection else _linear(weights, f"{_CORE}out_proj.weight", asked.input_bias)
    activation = ACTIVATIONS.get(asked.association_activation, Identity)()
    state = _chain(_norm(weights, asked, "state_pattern", asked.input_size), linear.get("q"), space)
    stored_size, value_size = asked.stored_pattern_size, asked.pattern_projection_size
    stored = _chain(_norm(weights, asked, "stored_pattern", stored_size or asked.input_size), linear.get("k"), space)
    norm = _norm(weights, asked, "pattern_projection", value_size or asked.input_size)
    beta = asked.scaling or (1.0 if head is None else 1 / math.sqrt(head))
    return Hopfield(
        Association(beta=beta, steps=asked.update_steps_max + 1, dropout=asked.dropout),
        heads=asked.num_heads,
        state=state,
        stored=stored,
        values=_chain(norm, first, linear.get("v")) or Identity(),
        output=_chain(output, activation if asked.association_activation else None),
    )


def _head(asked: Arguments) -> int:
    """Return the width of a head."""
    if asked.hidden_size is not None:
        return int(asked.hidden_size)
    if not is_whole(asked.input_size, 1) or asked.input_size % asked.num_heads:
        raise InvalidArgument(
            f"{WHO}: input_size must be a multiple of num_heads where there is no hidden_size; got "
            f"{shown(asked.input_size)} and {asked.num_heads} heads. Pass the arguments that the layer was made with."
        )
    return int(asked.input_size // asked.num_heads)


def _projections(weights: Weights, asked: Arguments, static: tuple[bool, ...], head: int | None) -> dict[str, Linear]:
    """Return the linear projections that are there, of q, k and v, whether they were packed into one or apart."""
    letters = [letter for letter, fixed in zip("qkv", static, strict=True) if not fixed]
    sizes = [asked.num_heads * ((asked.pattern_size or head) if letter == "v" else head) for letter in letters]
    packed = weights.pop(f"{_CORE}in_proj_weight", None)
    bias = _taken(weights, f"{_CORE}in_proj_bias") if asked.input_bias and letters else None
    if packed is None:
        parts = [_taken(weights, f"{_CORE}{letter}_proj_weight") for letter in letters]
    else:
        parts = list(packed.split(sizes)) if len(packed) == sum(sizes) else [packed]
    if [len(part) for part in parts] != sizes:
        raise InvalidArgument(
            f"{WHO}: the projections must have {sizes} rows, as the arguments have it; got {[len(p) for p in parts]}. "
            f"{_AS_MADE}"
        )
    biases = [None] * len(sizes) if bias is None else bias[: sum(sizes)].split(sizes)
    return {letter: _made(part, b) for letter, part, b in zip(letters, parts, biases, strict=False)}


def _space(weights: Weights, asked: Arguments, head: int | None) -> Module | None:
    """Return the norm that both states and stored patterns go through, head by head."""
    if not asked.normalize_hopfield_space or head is None:
        return None
    norm = LayerNorm(head, asked.normalize_hopfield_space_eps, asked.normalize_hopfield_space_affine)
    if asked.normalize_hopfield_space_affine:
        norm.weight = Parameter(_taken(weights, f"{_CORE}p_norm_weight").clone())
        norm.bias = Parameter(_taken(weights, f"{_CORE}p_norm_bias").clone())
    return Sequential(Unflatten(-1, (asked.num_heads, head)), norm, Flatten(-2))


def _norm(weights: Weights, asked: Arguments, of: str, width: int | None) -> LayerNorm | None:
    """Return the norm of what is given."""
    if not getattr(asked, f"normalize_{of}"):
        return None
    affine = getattr(asked, f"normalize_{of}_affine")
    if not affine and width is None:
        raise InvalidArgument(f"{WHO}: input_size must be given where {of} is normalised; got None. Pass it.")
    weight = _taken(weights, f"norm_{of}.weight") if affine else torch.empty(int(width or 0))
    norm = LayerNorm(len(weight), getattr(asked, f"normalize_{of}_eps"), affine)
    if affine:
        norm.weight = Parameter(weight.clone())
        norm.bias = Parameter(_taken(weights, f"norm_{of}.bias").clone())
    return norm


def _linear(weights: Weights, name: str, bias: bool) -> Linear:
    weight = _taken(weights, name)
    return _made(weight, _taken(weights, f"{name.removesuffix('weight')}bias") if bias else None)


def _made(weight: Tensor, bias: Tensor | None) -> Linear:
    linear = Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.weight = Parameter(weight.clone())
    if bias is not None:
        linear.bias = Parameter(bias.clone())
    return linear


def _taken(weights: Weights, name: str) -> Tensor:
    """Take a weight out of the dictionary, or refuse one without it."""
    if name not in weights:
        raise InvalidArgument(
            f"{WHO}: state_dict must hold {name}, as the arguments have it; it has "
            f"{', '.join(sorted(weights)) or 'nothing'} left. {_AS_MADE}"
        )
    return weights.pop(name)


def _chain(*parts: Module | None) -> Module | None:
    """Return modules one after the other, without those that are None; None of none."""
    there = [part for part in parts if part is not None]
    return Sequential(*there) if len(there) > 1 else next(iter(there), None)
