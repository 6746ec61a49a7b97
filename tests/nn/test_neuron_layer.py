"""Layers of neurons: a Lagrangian along one axis, or over all neurons; shapes; numbers that are learned."""

import copy

import pytest
import torch

import mnemonist as mn
from mnemonist.nn import InputLayer, NeuronLayer
from mnemonist.nn.neuron_layer import fits


@pytest.mark.parametrize("axis", [-1, -2, -3, None])
@pytest.mark.parametrize(
    "lagrangian", [mn.Softmax(2.0), mn.Graded(1.5), mn.Sphere(), mn.LayerNorm(), mn.Entmax(1.5, 1.0)], ids=repr
)
def test_activations_and_energy_are_those_of_the_neurons_read_together(lagrangian, axis) -> None:
    x = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    layer = NeuronLayer(lagrangian, (3, 4, 5), axis=axis, decay=0.5)
    read = x.flatten(1) if axis is None else x.movedim(axis, -1)  # what the Lagrangian reads, last
    g = lagrangian.activation(read)
    back = g.reshape(x.shape) if axis is None else g.movedim(-1, axis)
    torch.testing.assert_close(layer.activation(x), back)
    each = (read * g).sum(-1) - lagrangian.lagrangian(read)
    torch.testing.assert_close(layer.energy(x), 0.5 * each.flatten(1).sum(-1) if axis is not None else 0.5 * each)
    torch.testing.assert_close(layer.energy(x, back), layer.energy(x))
    slope = torch.func.grad(lambda x: (x * layer.activation(x)).sum() - 2 * layer.energy(x).sum())(x)  # of L
    torch.testing.assert_close(slope, back, rtol=1e-7, atol=1e-9)


def test_currents_are_told_from_activations_where_these_have_one() -> None:
    layer, x = NeuronLayer(mn.Graded(2.0), (3, 2), axis=None), torch.randn(4, 3, 2, dtype=torch.float64)
    torch.testing.assert_close(layer.current(layer.activation(x)), x)
    with pytest.raises(mn.MnemonistError, match="Softmax does not, for several currents have the same"):
        NeuronLayer(mn.Softmax(1.0), 3).current(torch.ones(3))


def test_numbers_that_are_tensors_are_parameters_and_buffers_of_the_layer() -> None:
    gamma, delta = torch.nn.Parameter(torch.tensor(2.0)), torch.tensor([0.0, 1.0, 2.0])
    layer = NeuronLayer(mn.LayerNorm(gamma, delta), 3)
    assert {name for name, _ in layer.named_parameters()} == {"learned.gamma"}
    assert {name for name, _ in layer.named_buffers()} == {"learned.delta"}
    twin = copy.deepcopy(layer)
    with torch.no_grad():
        gamma.mul_(2.0)
    x = torch.tensor([1.0, 2.0, 4.0])
    assert layer.lagrangian.gamma is gamma
    torch.testing.assert_close(layer.activation(x) - delta, 2 * (twin.activation(x) - delta))
    assert layer.double().activation(x.double()).dtype == torch.float64
    assert "gamma=learned" in repr(layer)


def test_shapes_are_told_from_the_end_and_none_is_any() -> None:
    tokens = NeuronLayer(mn.Real(), (None, 4))
    assert [fits(tokens, shape) for shape in ((3, 4), (2, 9, 4), (4,), (3, 5), (0, 4))] == [
        True,
        True,
        False,
        False,
        False,
    ]
    vector = InputLayer(4)
    assert [fits(vector, shape) for shape in ((4,), (0, 4), (), (3,))] == [True, True, False, False]
    assert repr(tokens).splitlines()[1].strip() == "(None, 4)"
    assert "tau=0.5, decay=0, axis=None" in repr(NeuronLayer(mn.Real(), 4, tau=0.5, decay=0.0, axis=None))
