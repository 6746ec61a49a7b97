"""Reference values: published numbers, and the same thing computed the long way."""

import math

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn


@pytest.fixture
def five() -> np.ndarray:
    return np.random.default_rng(0).choice([-1.0, 1.0], size=(5, 64))


def hebbian(patterns: np.ndarray) -> np.ndarray:
    weights = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(weights, 0.0)
    return weights


# --- classical ---------------------------------------------------------------------------------------------------


def test_the_classical_energy_is_minus_the_sum_of_squared_overlaps_over_2n(five) -> None:
    memory = mn.classical_hopfield()
    memory.store(five)
    assert memory.energy(five[0]) == pytest.approx(-sum(float(x @ five[0]) ** 2 for x in five) / (2 * 64), rel=1e-12)


def test_the_classical_energy_is_that_of_the_hebbian_matrix_up_to_a_constant(five) -> None:
    memory = mn.classical_hopfield()
    memory.store(five)
    for state in (*five, np.random.default_rng(1).choice([-1.0, 1.0], size=64)):
        long_way = -0.5 * state @ hebbian(five) @ state
        assert memory.energy(state) + 5 / 2 == pytest.approx(long_way, rel=1e-12)


def test_a_classical_sweep_is_the_textbook_loop(rng) -> None:
    patterns, cues = rng.choice([-1.0, 1.0], size=(12, 50)), rng.choice([-1.0, 1.0], size=(20, 50))
    memory = mn.classical_hopfield()
    memory.store(patterns)
    recall = memory.recall(cues, dynamics=mn.Asynchronous("sequential"), max_steps=1)
    weights = hebbian(patterns) * 50  # integers, so that ties are ties
    for state, end in zip(cues.copy(), recall.state, strict=True):
        for i in range(50):
            field = weights[i] @ state
            state[i] = state[i] if field == 0 else np.sign(field)
        np.testing.assert_array_equal(end, state)


# --- dense and exponential ---------------------------------------------------------------------------------------


def brute_force_energy(kind: str, degree: int, overlaps: list[int]) -> int:
    """Return −Σ F(o) in exact integers."""
    kept = [max(o, 0) for o in overlaps] if kind == "rectified" else overlaps
    return -sum(o**degree for o in kept)


@for_all(st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from(["power", "rectified"]), st.booleans())
def test_flips_cost_what_brute_force_says_ties_included(seed: int, degree: int, kind: str, masked: bool) -> None:
    rng = np.random.default_rng(seed)
    k, n = int(rng.integers(1, 7)), int(rng.integers(1, 14))
    patterns, state = rng.choice([-1, 1], size=(k, n)), rng.choice([-1, 1], size=n)
    known = rng.random((k, n)) < 0.7 if masked else np.ones((k, n), bool)
    known[:, 0] = True
    memory = mn.dense_memory(degree, rectified=kind == "rectified")
    memory.store(patterns, known=known)
    rows = (patterns * known).tolist()
    sites = memory.landscape.sites(state[None].astype(float))
    gains, everywhere = [], sites.all_gains()[0]
    exact = []
    now = brute_force_energy(kind, degree, [sum(a * b for a, b in zip(r, state.tolist(), strict=True)) for r in rows])
    for i in range(n):
        flipped = state.tolist()
        flipped[i] *= -1
        then = brute_force_energy(kind, degree, [sum(a * b for a, b in zip(r, flipped, strict=True)) for r in rows])
        exact.append(then - now)
        option = 1 if flipped[i] > 0 else 0
        gains.append(sites.gains(i)[0, option])
        assert sites.gains(i)[0, 1 - option] == 0
        assert everywhere[i, 1 - option] == 0
        assert everywhere[i, option] == pytest.approx(gains[-1], rel=1e-12, abs=1e-14)
    scale = max((abs(e) for e in exact), default=0) or 1
    unit = next((e / g for e, g in zip(exact, gains, strict=True) if g != 0), None)
    for e, g in zip(exact, gains, strict=True):
        if e == 0:
            assert g == 0  # a tie is a tie
        elif abs(e) > 1e-13 * scale:
            assert np.sign(g) == np.sign(e)
            assert g * unit == pytest.approx(e, rel=1e-9, abs=1e-12 * scale)


@for_all(st.integers(0, 2**32 - 1))
def test_undecided_neurons_go_where_the_energy_is_lower(seed: int) -> None:
    rng = np.random.default_rng(seed)
    patterns, state = rng.choice([-1, 1], size=(4, 9)), rng.choice([-1, 0, 1], size=9)
    memory = mn.dense_memory(3)
    memory.store(patterns)
    sites = memory.landscape.sites(state[None].astype(float))
    for i in np.flatnonzero(state == 0):
        up, down = state.copy(), state.copy()
        up[i], down[i] = 1, -1
        rise = int((patterns @ down) @ (patterns @ down) ** 2) - int((patterns @ up) @ (patterns @ up) ** 2)
        gains = sites.gains(int(i))[0]
        assert np.sign(gains[1] - gains[0]) == np.sign(rise)
        assert max(gains) == 0


@for_all(st.integers(0, 2**32 - 1))
def test_running_sums_are_those_of_a_fresh_start(seed: int) -> None:
    rng = np.random.default_rng(seed)
    memory = mn.dense_memory(4)
    memory.store(rng.choice([-1, 1], size=(6, 10)), known=(rng.random((6, 10)) < 0.8) | (np.arange(10) == 0))
    sites = memory.landscape.sites(rng.choice([-1.0, 0.0, 1.0], size=(3, 10)))
    for _ in range(15):
        sites.put(int(rng.integers(10)), rng.integers(0, 2, size=3), rng.random(3) < 0.5)
        fresh = memory.landscape.sites(sites.state())
        np.testing.assert_allclose(sites.all_gains(), fresh.all_gains(), rtol=1e-9, atol=1e-12)


def test_the_exponential_memory_decides_as_the_sum_of_exponentials(rng) -> None:
    patterns, state = rng.choice([-1, 1], size=(8, 12)), rng.choice([-1, 1], size=12)
    memory = mn.exponential_memory()
    memory.store(patterns)
    gains = memory.landscape.sites(state[None].astype(float)).all_gains()[0].sum(axis=-1)
    total = np.exp(patterns @ state).sum()
    for i in range(12):
        flipped = np.where(np.arange(12) == i, -state, state)
        assert np.sign(gains[i]) == np.sign(total - np.exp(patterns @ flipped).sum())
    assert memory.energy(state) == pytest.approx(-math.log(total), rel=1e-12)


def test_scores_of_a_million_never_overflow() -> None:
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1, 1], size=(3, 20000)).astype(np.int8)
    memory = mn.dense_memory(100)
    memory.store(patterns)
    cue = patterns[0].copy()
    cue[:6000] *= -1
    recall = memory.recall(cue, dynamics=mn.Synchronous())
    np.testing.assert_array_equal(recall.state, patterns[0])
    with pytest.raises(mn.errors.EnergyOverflow, match="Pass scale=N"):
        _ = recall.energy
    with pytest.raises(mn.errors.EnergyOverflow, match="AssociativeMemory"):
        memory.energy(patterns[0])
    scaled = mn.dense_memory(100, scale=20000.0)
    scaled.store(patterns)
    assert scaled.energy(patterns[0]) == pytest.approx(-1.0)


# --- modern ------------------------------------------------------------------------------------------------------


def test_three_steps_of_a_modern_network_are_three_lines(five) -> None:
    memory, x = mn.modern_hopfield(beta=0.1), five[1] + 0.5
    memory.store(five)
    for _ in range(3):
        e = np.exp(0.1 * (five @ x))
        x = (e / e.sum()) @ five
    np.testing.assert_allclose(memory.recall(five[1] + 0.5, max_steps=3, tol=0).state, x, rtol=1e-12)


def test_the_modern_update_is_a_unit_step_down_the_gradient_of_the_energy(rng) -> None:
    memory, x = mn.modern_hopfield(beta=2.0), rng.normal(size=(4, 7))
    memory.store(rng.normal(size=(5, 7)))
    step = memory.recall(x, max_steps=1).state
    np.testing.assert_allclose(x + memory.landscape.force(x), step, rtol=1e-10, atol=1e-12)


def on_sphere(rng, k: int, d: int, radius: float) -> np.ndarray:
    x = rng.normal(size=(k, d))
    return radius * x / np.linalg.norm(x, axis=-1, keepdims=True)


def test_kernel_is_modern_with_a_bias_for_the_norms(rng) -> None:
    patterns = on_sphere(rng, 9, 6, 2.0)  # equal norms: the bias is the same for all, and cancels
    modern, kernel = mn.modern_hopfield(3.0), mn.kernel_memory(3.0)
    for memory in (modern, kernel):
        memory.store(patterns)
    cues = rng.normal(size=(5, 6))
    np.testing.assert_allclose(modern.recall(cues).state, kernel.recall(cues).state, atol=1e-7)


def test_an_overlong_pattern_captures_a_modern_network_and_not_a_kernel_memory(rng) -> None:
    patterns = on_sphere(rng, 6, 20, 1.0)
    patterns[5] *= 6
    modern, kernel = mn.modern_hopfield(20.0), mn.kernel_memory(20.0)
    for memory in (modern, kernel):
        memory.store(patterns)
    cue = patterns[:5] + 0.02 * patterns[5]
    assert (kernel.recall(cue).nearest == np.arange(5)).all()
    assert (modern.recall(cue).nearest != np.arange(5)).any()


def test_a_spherical_memory_finds_the_direction(rng) -> None:
    patterns = rng.normal(size=(10, 30)) * rng.uniform(0.1, 10, size=(10, 1))
    for separation in (mn.Power(6), mn.RectifiedPower(5), mn.Softmax("auto")):
        memory = mn.spherical_memory(separation)
        memory.store(patterns)
        recall = memory.recall(patterns + 0.1 * np.linalg.norm(patterns, axis=-1, keepdims=True) / 5.5)
        np.testing.assert_allclose(np.linalg.norm(recall.state, axis=-1), 1.0, rtol=1e-12)
        assert (recall.nearest == np.arange(10)).all()
        assert (recall.overlap > 0.99).all()
    mirrored = mn.spherical_memory(mn.Power(6))
    mirrored.store(patterns)
    assert mirrored.recall(-patterns[0]).kind is mn.Kind.MIRROR
