"""Pooling: learned queries read sets of any size, in any order."""

import pytest
import torch

from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import Association, Hopfield, HopfieldPooling, projected


def pooling(steps: int = 2) -> HopfieldPooling:
    torch.manual_seed(0)
    return HopfieldPooling(projected(8, heads=2, association=Association(steps=steps)), queries=3, width=8)


def test_it_is_its_layer_with_the_queries_for_each_set() -> None:
    pool, sets = pooling(), torch.randn(4, 5, 8)
    expected = pool.layer(pool.queries.expand(4, 3, 8), sets)
    torch.testing.assert_close(pool(sets), expected)
    torch.testing.assert_close(pool(sets[0]), expected[0])


def test_the_order_of_a_set_does_not_matter_nor_does_its_padding() -> None:
    pool, sets = pooling(), torch.randn(4, 5, 8)
    padded = torch.cat([sets, torch.randn(4, 2, 8)], dim=1)
    padding = torch.arange(7).expand(4, 7) >= 5
    torch.testing.assert_close(pool(sets[:, [3, 0, 4, 1, 2]]), pool(sets))
    found, weights = pool(padded, padding=padding, return_association=True)
    torch.testing.assert_close(found, pool(sets))
    assert not weights[..., 5:].any()


def test_its_queries_are_learned() -> None:
    pool = pooling()
    pool(torch.randn(4, 5, 8)).square().sum().backward()
    assert pool.queries.grad is not None
    assert pool.queries.grad.any(dim=-1).all()
    assert "queries" in dict(pool.named_parameters())


def test_values_of_a_set_can_be_others() -> None:
    pool = HopfieldPooling(Hopfield(Association()), queries=2, width=4)
    assert pool(torch.randn(3, 5, 4), torch.randn(3, 5, 7)).shape == (3, 2, 7)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((Association(), 2, 3), InvalidType, "HopfieldPooling: layer must be a Hopfield; got Association"),
        ((Hopfield(Association()), 0, 3), InvalidArgument, "queries must be a whole number >= 1; got 0"),
        ((Hopfield(Association()), 2, 3.5), InvalidArgument, "width must be a whole number >= 1; got 3.5"),
    ],
)
def test_what_it_cannot_be_made_of_is_refused(arguments, error, says) -> None:
    with pytest.raises(error, match=says):
        HopfieldPooling(*arguments)
