"""What Krotov & Hopfield 2021 claim of two layers in continuous time, measured."""

import numpy as np
import pytest

import mnemonist as mn

SOURCE = "Krotov & Hopfield 2021"
N, K = 16, 6
MODELS = {
    "A, tanh and cubes": lambda: mn.model_a(gain=1.0, tau_h=0.2),
    "A, tanh and exp, τ_h = τ_f": lambda: mn.model_a(mn.Exponential(1.0), tau_h=1.0),
    "B": lambda: mn.model_b(1.0, tau_h=0.2),
    "C, α = 1": lambda: mn.model_c(mn.RectifiedPower(3), tau_h=0.2),
    "C, α = 0": lambda: mn.model_c(mn.RectifiedPower(3), decay=0.0, tau_h=0.2),
}


def filled(build, seed: int = 0) -> mn.LayeredMemory:
    memory = build()
    memory.store(np.random.default_rng(seed).uniform(-1, 1, size=(K, N)))
    return memory


def anywhere(memory: mn.LayeredMemory, count: int) -> np.ndarray:
    """Return random currents (count, N + K) of both layers."""
    return np.random.default_rng(1).normal(size=(count, N + K))


@pytest.mark.parametrize("name", MODELS)
def test_plain_euler_steps_never_raise_the_energy(name, claim) -> None:
    # 10 starts × 2000 steps of both layers at once, dt = 5e-4, N = 16, K = 6, random ξ
    memory = filled(MODELS[name])
    layers, state = memory.landscape, anywhere(memory, 10)
    energy, rise = layers.energy(state), -np.inf
    for _ in range(2000):
        state = state + 5e-4 * layers.velocity(state)
        after = layers.energy(state)
        rise, energy = max(rise, float((after - energy).max())), after
    claim(f"largest rise of E, Euler dt = 5e-4, model {name}", SOURCE, measured=rise, most=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_the_energy_falls_at_the_rate_that_the_hessians_give(name, claim) -> None:
    memory = filled(MODELS[name])
    layers, state, step = memory.landscape, anywhere(memory, 10), 1e-5
    moves = layers.velocity(state)
    measured = (layers.energy(state + step * moves) - layers.energy(state - step * moves)) / (2 * step)
    expected = 0.0
    for layer, x, dx in zip((layers.features, layers.memories), layers.split(state), layers.split(moves), strict=True):
        bent = (layer.lagrangian.activation(x + step * dx) - layer.lagrangian.activation(x - step * dx)) / (2 * step)
        expected = expected - layer.tau * (dx * bent).sum(axis=-1)
    error = np.abs(measured / expected - 1).max()
    claim(f"dE/dt = −Σ τ ẋᵀ Hess(L) ẋ, relative error, model {name}", SOURCE, measured=error, most=1e-3)


@pytest.mark.parametrize("name", MODELS)
def test_with_memory_neurons_that_have_followed_it_is_the_memory_of_one_layer(name, claim) -> None:
    memory = filled(MODELS[name])
    one = mn.AssociativeMemory(mn.Dot(), memory.separation, memory.neurons)
    one.store(memory.patterns)
    x = memory.neurons.activation(np.random.default_rng(2).normal(size=(50, N)))
    error = np.abs(memory.energy(x, x @ memory.patterns.T) / one.energy(x) - 1).max()
    claim(f"E(v, h = ξ g) = E of one layer, relative error, model {name}", SOURCE, measured=error, most=1e-12)


@pytest.mark.parametrize("tau_h", [0.0, 0.01])
def test_a_step_of_tau_f_of_model_b_is_attention(tau_h, claim) -> None:
    worst = 0.0
    for beta in (1.0, 7.0):
        layered, attention = (
            filled(lambda b=beta: mn.model_b(b, tau_h=tau_h)),
            filled(lambda b=beta: mn.modern_hopfield(b)),
        )
        x = np.random.default_rng(3).normal(size=(50, N))
        h = beta * x @ layered.patterns.T
        weights = np.exp(h - h.max(axis=-1, keepdims=True))
        softmax = weights / weights.sum(axis=-1, keepdims=True) @ layered.patterns
        one = layered.recall(x, dynamics=mn.Flow(1.0), max_steps=1).state
        worst = max(worst, np.abs(one - softmax).max())
        worst = max(worst, np.abs(one - attention.recall(x, max_steps=1).state).max())
    what = f"Euler step dt = τ_f of model B is the attention update, τ_h = {tau_h:g} τ_f, largest difference"
    claim(what, SOURCE, measured=worst, most=1e-12)


def test_quadratic_memories_of_graded_features_are_hopfields_network_of_1984(claim) -> None:
    memory = filled(lambda: mn.LayeredMemory(mn.Power(2, 2**0.5), mn.Graded(2.0), bias=0.3))
    x, t = np.random.default_rng(4).uniform(-0.99, 0.99, size=(50, N)), memory.patterns.T @ memory.patterns
    integral = (x * np.arctanh(x) + np.log(1 - x**2) / 2).sum(axis=-1) / 2.0
    expected = -((x @ t) * x).sum(axis=-1) / 2 - 0.3 * x.sum(axis=-1) + integral
    error = np.abs(memory.energy(x) - expected).max()
    claim("L_h = ½Σh² gives E of Hopfield 1984 with T = ξᵀξ, largest difference", SOURCE, measured=error, most=1e-12)


def test_the_hessian_of_softmax_has_a_zero_mode_and_that_of_a_length_too(rng) -> None:
    memory = filled(MODELS["B"])
    state, shift = anywhere(memory, 5), np.concatenate([np.zeros(N), np.ones(K)])
    np.testing.assert_allclose(memory.landscape.energy(state + 3 * shift), memory.landscape.energy(state), rtol=1e-12)
    memory = filled(MODELS["C, α = 1"])
    v, h = memory.landscape.split(state)
    longer = np.concatenate([2.5 * v, h], axis=-1)
    np.testing.assert_allclose(memory.landscape.energy(longer), memory.landscape.energy(state), rtol=1e-12)
