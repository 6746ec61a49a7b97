"""Lagrangians: activations are their gradients, and a layer follows what pulls; the rest is in the contracts."""

import numpy as np
import pytest

import mnemonist as mn
from arrays import given, host
from mnemonist.core.lagrangian import Layer
from mnemonist.core.layer_norm import LayerNorm
from mnemonist.core.logistic import Logistic

LAGRANGIANS = [
    mn.Real(), mn.Graded(1.0), mn.Graded(7.5), mn.Sphere(), mn.Softmax(1.0), mn.Softmax(6.0), mn.Power(2),
    mn.RectifiedPower(3), mn.Exponential(0.5), mn.Entmax(1.5, 2.0), LayerNorm(), Logistic(1.0), Logistic(4.0),
    LayerNorm(1.7, np.array([0.3, -1.0, 0.0, 2.0, 0.1])),
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


def test_the_energy_of_a_layer_scales_with_its_decay() -> None:
    x, b = np.random.default_rng(0).normal(size=(3, 4)), np.ones(4)
    g = np.tanh(x)
    expected = 0.5 * ((x * g).sum(-1) - np.log(np.cosh(x)).sum(-1)) - g.sum(-1)
    np.testing.assert_allclose(Layer(mn.Graded(1.0), decay=0.5).energy(x, b), expected, rtol=1e-12)


def test_the_powers_of_hamux_are_rectified_powers_of_another_scale() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4))
    for n in (1, 2, 3, 5):
        theirs = mn.RectifiedPower(n, scale=n ** (1 / n))
        np.testing.assert_allclose(theirs.lagrangian(x), (np.maximum(x, 0) ** n / n).sum(-1), rtol=1e-12)
        np.testing.assert_allclose(theirs.activation(x), (x > 0) * np.maximum(x, 0) ** (n - 1), rtol=1e-12)


@pytest.mark.parametrize("lagrangian", LAGRANGIANS, ids=repr)
def test_a_separable_lagrangian_is_a_sum_over_neurons(lagrangian) -> None:
    x = np.random.default_rng(2).normal(size=(50, 5))
    g = lagrangian.activation(x)
    moved = lagrangian.activation(x + 0.5 * np.eye(5)[0])
    assert (np.abs(moved - g)[:, 1:].max() < 1e-12) == lagrangian.separable


@pytest.mark.parametrize("lagrangian", [LayerNorm(1.5, 0.2), LayerNorm(2.0, np.arange(5.0)), Logistic(2.0)], ids=repr)
def test_new_lagrangians_are_convex_and_the_same_in_every_library(lagrangian, xp) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 30, 5)) * 3
    chord = (lagrangian.lagrangian(x) + lagrangian.lagrangian(y)) / 2
    assert (lagrangian.lagrangian((x + y) / 2) <= chord + 1e-12).all()
    np.testing.assert_allclose(host(lagrangian.lagrangian(given(xp, x))), lagrangian.lagrangian(x), rtol=1e-12)
    np.testing.assert_allclose(
        host(lagrangian.activation(given(xp, x))), lagrangian.activation(x), rtol=1e-12, atol=1e-14
    )
    assert lagrangian.activation(x.astype(np.float32)).dtype == np.float32


def test_layer_norm_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    x = torch.randn(6, 7, dtype=torch.float64) * 4 + 1
    gamma, delta = torch.tensor(1.5, dtype=torch.float64), torch.randn(7, dtype=torch.float64)
    ours = LayerNorm(gamma, delta).activation(x)
    torch.testing.assert_close(
        ours, torch.nn.functional.layer_norm(x, (7,), gamma.expand(7), delta), rtol=1e-12, atol=1e-12
    )
    assert LayerNorm().activation(torch.ones(3, 1)).tolist() == [[0.0]] * 3


def test_logistic_neurons_are_finite_at_their_ends_and_tell_their_currents() -> None:
    neurons, x = Logistic(2.0), np.linspace(-4, 4, 9)
    np.testing.assert_allclose(neurons.current(neurons.activation(x)), x, atol=1e-9)
    np.testing.assert_array_equal(neurons.activation(np.array([1e300, -1e300])), [1.0, 0.0])
    assert neurons.lagrangian(np.array([1e150])) == pytest.approx(1e150)
    assert np.isfinite(neurons.current(np.array([0.0, 1.0]))).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: LayerNorm(gamma=-1.0), "gamma must be a finite number >= 0; got -1.0"),
        (lambda: LayerNorm(eps=0.0), "eps must be a finite number > 0"),
        (lambda: LayerNorm(delta="bias"), "delta must be a finite number; got 'bias'. Pass one, or an array"),
        (lambda: LayerNorm(delta=np.array([0.0, np.nan])), "delta must be finite; got NaN"),
        (lambda: LayerNorm(delta=np.zeros((2, 2))), r"delta must be a number.*got an array of shape \(2, 2\)"),
        (lambda: LayerNorm(delta=np.zeros(3)).activation(np.zeros(4)), "one number for each of D = 4 neurons; got 3"),
        (lambda: Logistic(0.0), "gain must be a finite number > 0"),
    ],
)
def test_what_makes_no_lagrangian_is_refused(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
