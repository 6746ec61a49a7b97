"""Layers of the reference package: its weights give its numbers, its arguments all have their place on the page."""

import json
import re
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import HopfieldLayer, HopfieldPooling, from_hflayers
from mnemonist.nn.hflayers_arguments import HOPFIELD, REFUSED

PAGE = Path(__file__).parents[2] / "docs" / "from-hflayers.md"

with safe_open(Path(__file__).parent / "golden" / "hflayers.safetensors", "pt") as file:
    CASES = json.loads(file.metadata()["cases"])
    ARGUMENTS = json.loads(file.metadata()["arguments"])
    TENSORS = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def tensors(start: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(start): x for name, x in TENSORS.items() if name.startswith(start)}


@pytest.mark.parametrize(("dtype", "to"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
@pytest.mark.parametrize("name", CASES)
def test_with_its_weights_a_layer_gives_its_numbers(name, dtype, to) -> None:
    kind, arguments = CASES[name]["kind"], CASES[name]["arguments"]
    weights = {key: x.to(dtype) for key, x in tensors(f"{name}/weights/").items()}
    layer = from_hflayers(weights, **arguments).eval()
    given = [x.to(dtype) for x in tensors(f"{name}/input/").values()]
    if len(given) == 3:
        given[:2] = given[1], given[0]  # stored patterns come first there
    found = layer(*given)
    expected = TENSORS[f"{name}/output"]
    found = found.flatten(1) if kind == "HopfieldPooling" else found
    torch.testing.assert_close(found.double(), expected, rtol=to, atol=to)
    assert expected.std() > 0.1  # or cases that differ could not be told apart


def test_its_own_parameters_may_be_fixed() -> None:
    pooling = from_hflayers(tensors("pooling/weights/"), **CASES["pooling"]["arguments"], trainable=False)
    assert isinstance(pooling, HopfieldPooling)
    assert not pooling.queries.requires_grad
    lookup = from_hflayers(
        tensors("look-up of values/weights/"),
        **CASES["look-up of values"]["arguments"],
        trainable=False,
        lookup_targets_as_trainable=True,
    )
    assert isinstance(lookup, HopfieldLayer)
    assert not lookup.memories.requires_grad
    assert lookup.values.requires_grad


def test_the_weights_are_copies() -> None:
    weights = tensors("defaults/weights/")
    layer = from_hflayers(weights, input_size=8)
    before = weights["association_core.in_proj_weight"].clone()
    with torch.no_grad():
        for weight in layer.parameters():
            weight.zero_()
    assert torch.equal(weights["association_core.in_proj_weight"], before)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"batch_first": False}, "batch_first must be True, .*; got False.* transpose what you pass"),
        ({"concat_bias_pattern": True}, "concat_bias_pattern must be False, for the reference makes .*; got True"),
        ({"add_zero_association": True}, "add_zero_association must be False, .*; got True.* append a row of zeros"),
        ({"update_steps_max": None}, "update_steps_max must be a whole number >= 0; got None. Pass how many updates"),
        ({"scaling": torch.ones(2)}, "scaling must be one number; got a tensor of 2, which the reference deals out"),
        ({"scaling": 0.0}, "scaling must be a finite number > 0"),
        ({"num_heads": 2, "state_pattern_as_static": True}, "num_heads must be 1 where patterns are static; got 2"),
        (
            {"association_activation": "sin"},
            "association_activation must be None or one of relu, sigmoid, tanh; got 'sin'",
        ),
        ({"beta": 2.0}, "arguments must be those of hflayers.Hopfield, .*; got beta. Leave it out"),
        ({"hidden_size": -1}, "hidden_size must be a whole number >= 1; got -1"),
        ({"hidden_size": 5}, r"projections must have \[5, 5, 5\] rows, as the arguments have it; got \[24\]"),
        ({"num_heads": 3}, "input_size must be a multiple of num_heads"),
        ({"pattern_projection_as_static": True}, r"projections must have \[8, 8\] rows"),
        ({"disable_out_projection": True}, "only what the arguments ask for; got association_core.out_proj.bias, "),
        ({"normalize_state_pattern": False}, "ask for; got norm_state_pattern.bias, norm_state_pattern.weight besides"),
        ({"normalize_hopfield_space": True, "normalize_hopfield_space_affine": True}, "must hold .*p_norm_weight"),
    ],
)
def test_what_is_not_taken_over_is_refused_by_its_name(change, says) -> None:
    with pytest.raises(InvalidArgument, match=says):
        from_hflayers(tensors("defaults/weights/"), **({"input_size": 8} | change))


def test_what_are_no_weights_and_no_switches_is_refused() -> None:
    with pytest.raises(InvalidType, match="state_dict must be a dictionary of tensors"):
        from_hflayers([1, 2])  # type: ignore[arg-type]
    with pytest.raises(InvalidType, match="input_bias must be True or False; got 'no'"):
        from_hflayers({}, input_bias="no")


def test_the_defaults_are_of_all_its_arguments() -> None:
    assert len(ARGUMENTS) == 33
    assert list(HOPFIELD) == ARGUMENTS


def test_the_page_says_of_each_argument_how_it_is_said_here() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _, _ in rows] == ARGUMENTS
    assert {name: default for name, default, _ in rows} == {name: repr(value) for name, value in HOPFIELD.items()}
    refused = {name for name, _, here in rows if here.startswith("not here, because")}
    assert refused == set(REFUSED)
