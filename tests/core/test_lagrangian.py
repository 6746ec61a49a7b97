"""Lagrangians: activations are their gradients, and a layer follows what pulls; the rest is in the contracts."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.core.lagrangian import Layer

LAGRANGIANS = [
    mn.Real(), mn.Graded(1.0), mn.Graded(7.5), mn.Sphere(), mn.Softmax(1.0), mn.Softmax(6.0), mn.Power(2),
    mn.RectifiedPower(3), mn.Exponential(0.5), mn.Entmax(1.5, 2.0),
]  # fmt: skip


@pytest.mark.parametrize("lagrangian", LAGRANGIANS, ids=repr)
def test_activations_are_the_gradient_of_the_lagrangian(lagrangian, claim) -> None:
    x, worst = np.random.default_rng(5).normal(size=(20, 5)), 0.0
    g = lagrangian.activation(x)
    for i in range(5):
        nudge = 1e-5 * np.eye(5)[i]
        slope = (lagrangian.lagrangian(x + nudge) - lagrangian.lagrangian(x - nudge)) / 2e-5
        worst = max(worst, float((np.abs(g[:, i] - slope) / (1e-3 + np.abs(g).max(axis=-1))).max()))
    claim(f"g = ∇L of {lagrangian!r}, relative error", "Krotov & Hopfield 2021", measured=worst, most=1e-5)


def test_graded_neurons_are_finite_at_their_ends_and_far_beyond() -> None:
    neurons = mn.Graded(2.0)
    np.testing.assert_allclose(neurons.energy(np.array([[1.0, -1.0, 0.0]])), np.log(2))
    np.testing.assert_array_equal(neurons.activation(np.array([1e300, -1e300])), [1.0, -1.0])
    assert neurons.lagrangian(np.array([1e150])) == pytest.approx(1e150)
    for dtype in (np.float32, np.float64):
        ends = neurons.current(np.array([1.0, -1.0], dtype))
        assert np.isfinite(ends).all()
        assert np.abs(neurons.activation(ends)).min() > 1 - 1e-6


def test_a_layer_faster_than_the_step_follows_at_once() -> None:
    x, pull = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    for tau in (0.0, 0.5, 1.0):
        np.testing.assert_allclose(Layer(mn.Real(), tau).moved(x, pull, 1.0), pull)
    np.testing.assert_allclose(Layer(mn.Real(), 4.0).moved(x, pull, 1.0), x + (pull - x) / 4)
    np.testing.assert_allclose(Layer(mn.Sphere(), 2.0, decay=0.0).moved(x, pull, 1.0), x + pull / 2)
    np.testing.assert_allclose(Layer(mn.Sphere(), 2.0, decay=0.5).velocity(x, pull), (pull - x / 2) / 2)
