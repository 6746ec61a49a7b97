"""The constructor arguments of the reference package, hflayers: their defaults, and what is not taken over.

docs/from-hflayers.md says of each how the same is said here; a test holds that page against this table.

Source: Ramsauer et al. 2021, arXiv:2008.02217, github.com/ml-jku/hopfield-layers.
"""

from types import SimpleNamespace
from typing import Any

from torch import Tensor
from torch.nn import Module, ReLU, Sigmoid, Tanh

from mnemonist.core.number import check_flag, check_number, check_whole
from mnemonist.errors import InvalidArgument, shown

WHO = "from_hflayers"
Arguments = SimpleNamespace
ACTIVATIONS: dict[str, type[Module]] = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}
_NORMS = {
    f"normalize_{of}{end}": value
    for of in ("stored_pattern", "state_pattern", "pattern_projection")
    for end, value in (("", True), ("_affine", True), ("_eps", 1e-5))
}
HOPFIELD: dict[str, Any] = {
    "input_size": None,
    "hidden_size": None,
    "output_size": None,
    "pattern_size": None,
    "num_heads": 1,
    "scaling": None,
    "update_steps_max": 0,
    "update_steps_eps": 1e-4,
    **_NORMS,
    "normalize_hopfield_space": False,
    "normalize_hopfield_space_affine": False,
    "normalize_hopfield_space_eps": 1e-5,
    "stored_pattern_as_static": False,
    "state_pattern_as_static": False,
    "pattern_projection_as_static": False,
    "pattern_projection_as_connected": False,
    "stored_pattern_size": None,
    "pattern_projection_size": None,
    "batch_first": True,
    "association_activation": None,
    "dropout": 0.0,
    "input_bias": True,
    "concat_bias_pattern": False,
    "add_zero_association": False,
    "disable_out_projection": False,
}
MORE: dict[str, Any] = {  # of HopfieldPooling and HopfieldLayer
    "quantity": 1,
    "trainable": True,
    "lookup_weights_as_separated": False,
    "lookup_targets_as_trainable": True,
}
REFUSED = {  # why, and what to do instead
    "batch_first": ("as layers here have it", "The weights are the same: leave it out, and transpose what you pass."),
    "concat_bias_pattern": (
        "for the reference makes parameters for it that it never uses",
        "Leave it out, and bias_k and bias_v out of state_dict.",
    ),
    "add_zero_association": ("for it has no weights", "Leave it out, and append a row of zeros to what is stored."),
}
_SIZES = ("input_size", "hidden_size", "output_size", "pattern_size", "stored_pattern_size", "pattern_projection_size")


def checked(arguments: dict[str, Any]) -> Arguments:
    """Return all arguments, with the defaults of the reference; refuse unknown ones, and what is not taken over."""
    defaults = HOPFIELD | MORE
    for name, value in arguments.items():
        if name not in defaults:
            raise InvalidArgument(
                f"{WHO}: arguments must be those of hflayers.Hopfield, HopfieldPooling or HopfieldLayer; got {name}. "
                "Leave it out."
            )
        if isinstance(defaults[name], bool):
            check_flag(WHO, name, value)
        if name in REFUSED and bool(value) is not defaults[name]:
            why, fix = REFUSED[name]
            raise InvalidArgument(f"{WHO}: {name} must be {defaults[name]}, {why}; got {shown(value)}. {fix}")
        if name in _SIZES and value is not None:
            check_whole(WHO, name, value, least=1)
    asked = SimpleNamespace(**(defaults | arguments))
    check_whole(WHO, "num_heads", asked.num_heads, least=1)
    fix = "Pass how many updates are enough, one number for all heads: every sample makes as many."
    check_whole(WHO, "update_steps_max", asked.update_steps_max, least=0, fix=fix)
    asked.scaling = _scaling(asked.scaling)
    _check_static(asked)
    if asked.association_activation is not None and asked.association_activation not in ACTIVATIONS:
        raise InvalidArgument(
            f"{WHO}: association_activation must be None or one of {', '.join(ACTIVATIONS)}; got "
            f"{shown(asked.association_activation)}. Leave it out, and put it behind the layer."
        )
    return asked


def _scaling(scaling: Any) -> float | None:
    """Return a scaling as a number; one a head is none that the reference gives to heads."""
    if isinstance(scaling, Tensor) and scaling.numel() > 1:
        raise InvalidArgument(
            f"{WHO}: scaling must be one number; got a tensor of {scaling.numel()}, which the reference deals out to "
            "coordinates in turn, not to heads. Build the layer anew with Association(beta=...), one a head."
        )
    scaling = float(scaling) if isinstance(scaling, Tensor) else scaling
    if scaling is not None:
        check_number(WHO, "scaling", scaling, least=0, strict=True)
    return scaling  # type: ignore[no-any-return]


def _check_static(asked: Arguments) -> None:
    """Refuse heads of patterns that are not projected."""
    loose = asked.stored_pattern_as_static or asked.state_pattern_as_static
    loose = loose or (asked.pattern_projection_as_static and not asked.pattern_projection_as_connected)
    if asked.num_heads > 1 and loose:
        raise InvalidArgument(
            f"{WHO}: num_heads must be 1 where patterns are static; got {asked.num_heads}: there the reference gives "
            "heads the patterns of other samples. Use one head, or projections."
        )
