"""Look-up: states read learned memories, of which there is one set."""

import pytest
import torch

from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import Association, Hopfield, HopfieldLayer, projected


def test_memories_that_are_set_are_retrieved() -> None:
    patterns = torch.randn(10, 32, generator=torch.Generator().manual_seed(0))
    lookup = HopfieldLayer(Hopfield(Association(beta=1.0, steps=3)), memories=10, width=32)
    lookup.memories.data = patterns
    torch.testing.assert_close(lookup(patterns[:3] + 0.1), patterns[:3], rtol=1e-4, atol=1e-4)


def test_a_label_is_looked_up_as_a_value() -> None:
    patterns = torch.randn(10, 32, generator=torch.Generator().manual_seed(0))
    lookup = HopfieldLayer(Hopfield(Association()), memories=10, width=32, values=2)
    labels = torch.nn.functional.one_hot(torch.arange(10) % 2).float()
    lookup.memories.data, lookup.values.data = patterns, labels
    assert lookup(patterns + 0.1).argmax(-1).tolist() == [0, 1] * 5


def test_it_is_its_layer_with_the_memories_for_each_sample() -> None:
    torch.manual_seed(0)
    lookup = HopfieldLayer(projected(8, heads=2, association=Association(steps=2)), memories=6, width=8)
    state = torch.randn(4, 5, 8)
    expected = lookup.layer(state, lookup.memories.expand(4, 6, 8))
    mask = torch.rand(6) > 0.5
    torch.testing.assert_close(lookup(state), expected)
    torch.testing.assert_close(lookup(state[0]), expected[0])
    assert not lookup(state, padding=mask, return_association=True)[1][..., mask].any()


def test_memories_and_values_are_learned() -> None:
    lookup = HopfieldLayer(Hopfield(Association()), memories=6, width=8, values=3)
    lookup(torch.randn(4, 8)).square().sum().backward()
    assert lookup.memories.grad.any()
    assert lookup.values.grad.any()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("layer", 2, 3), InvalidType, "HopfieldLayer: layer must be a Hopfield; got 'layer'"),
        ((Hopfield(Association()), -1, 3), InvalidArgument, "memories must be a whole number >= 1; got -1"),
        ((Hopfield(Association()), 2, 3, 0), InvalidArgument, "values must be a whole number >= 1; got 0"),
    ],
)
def test_what_it_cannot_be_made_of_is_refused(arguments, error, says) -> None:
    with pytest.raises(error, match=says):
        HopfieldLayer(*arguments)
