"""Flow follows the equation of motion, and its steps never raise an energy."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import mnemonist as mn


def filled(memory, k: int = 3, n: int = 6):
    memory.store(np.random.default_rng(1).uniform(-1, 1, size=(k, n)))
    return memory


def network(gain: float = 2.0) -> mn.HopfieldNetwork:
    w = np.random.default_rng(2).normal(size=(6, 6))
    return mn.HopfieldNetwork((w + w.T) / 4, bias=0.2, neurons=mn.Graded(gain))


MEMORIES = {
    "modern": lambda: filled(mn.modern_hopfield(4.0)),
    "kernel": lambda: filled(mn.kernel_memory(2.0)),
    "spherical": lambda: filled(mn.spherical_memory(mn.Power(4))),
    "graded": lambda: filled(mn.graded_memory(1.5, degree=4, scale=1.5)),
    "network": network,
    "model A": lambda: filled(mn.model_a(gain=2.0, tau_h=0.5)),
    "model B": lambda: filled(mn.model_b(4.0, tau_h=1.0)),
    "model C": lambda: filled(mn.model_c(tau_f=0.8, tau_h=0.5)),
}


@pytest.mark.parametrize("name", MEMORIES)
def test_it_tends_to_the_trajectory_of_an_accurate_solver_as_steps_shrink(name, claim) -> None:
    model = MEMORIES[name]().landscape.currents
    start = model.start(np.random.default_rng(3).uniform(-0.5, 0.5, size=(1, 6)), None)

    def velocity(t: float, y: np.ndarray) -> np.ndarray:
        return model.velocity(y[None])[0]

    exact = solve_ivp(velocity, (0, 0.8), start[0], rtol=1e-11, atol=1e-12).y[:, -1]
    free, errors = np.ones(start.shape, dtype=bool), []
    for steps in (200, 400, 800):
        state = start
        for _ in range(steps):
            state = model.flow(state, free, 0.8 / steps)
        errors.append(np.abs(model.visible(state) - model.visible(exact[None])).max())
    order = np.log2(errors[-2] / errors[-1])
    claim(f"order of the Euler steps of Flow, {name}", "Euler's method", measured=order, near=1.0, within=0.1)
    assert errors[-1] < 0.01


@pytest.mark.parametrize("name", ["modern", "kernel", "spherical", "graded"])
@for_all(seed=st.integers(0, 2**32 - 1), dt=st.floats(0.001, 1.0))
def test_no_step_up_to_tau_raises_the_energy(name, seed, dt) -> None:
    memory, rng = MEMORIES[name](), np.random.default_rng(seed)
    cues = rng.uniform(-1, 1, size=(3, 6))
    clamp = {"clamped": rng.random((3, 6)) < 0.3} if name != "spherical" else {}
    energies = memory.recall(cues, dynamics=mn.Flow(dt), max_steps=20, trace=True, **clamp).trace.energies
    assert (np.diff(energies, axis=0) <= 1e-12 * (1 + np.abs(energies[1:]))).all()


def test_a_step_of_tau_is_the_synchronous_update(rng) -> None:
    for name in ("modern", "kernel", "spherical", "graded"):
        memory, cues = MEMORIES[name](), rng.uniform(-1, 1, size=(4, 6))
        one, other = (memory.recall(cues, dynamics=d, max_steps=1).state for d in (mn.Flow(1.0), mn.Synchronous()))
        np.testing.assert_allclose(one, other, rtol=1e-14)


def test_a_step_that_might_raise_the_energy_is_refused() -> None:
    with pytest.raises(mn.errors.IllegalCombination, match="Flow: dt must be at most 1 here, or the energy might rise"):
        MEMORIES["modern"]().recall(np.ones(6), dynamics=mn.Flow(1.01))
    with pytest.raises(mn.errors.InvalidArgument, match="Flow: dt must be a finite number > 0"):
        mn.Flow(0.0)


def test_a_saturated_neuron_does_not_rest_before_its_current_does() -> None:
    # x = tanh(3 u) is 1 to all digits from u = 6.3 on, and stays so for a while as u falls
    memory = mn.graded_memory(3.0, scale=2.0)
    memory.store([[1, 1, 1, 1, -1, -1]])
    recall = memory.recall([1, 1, 1, -1, -1, -1], dynamics=mn.Flow(0.01), max_steps=5000, trace=True)
    assert recall.converged
    assert abs(recall.trace.states[3, 3] + 1) < 1e-9
    assert recall.state[3] > 0.99


def test_what_is_clamped_stays_to_the_last_digit(rng) -> None:
    for name in ("graded", "network", "model A", "model B"):
        cues, clamped = rng.uniform(-1, 1, size=(20, 6)), rng.random((20, 6)) < 0.5
        recall = MEMORIES[name]().recall(cues, clamped=clamped, dynamics=mn.Flow(0.1), max_steps=30)
        np.testing.assert_array_equal(recall.state[clamped], cues[clamped])
        assert (recall.state[~clamped] != cues[~clamped]).all()
