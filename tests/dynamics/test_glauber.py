"""Glauber dynamics samples the Boltzmann distribution, exactly."""

import itertools

import numpy as np
import pytest
from scipy.stats import chi2

import mnemonist as mn
from mnemonist.dynamics.glauber import drawn

UNLIKELY = 1e-4  # chance of each test against a distribution to fail, were its seed drawn anew


def every_state(n: int) -> np.ndarray:
    return np.array(list(itertools.product([-1.0, 1.0], repeat=n)))


def boltzmann(memory: mn.AssociativeMemory, states: np.ndarray, temperature: float) -> np.ndarray:
    energy = memory.energy(states)
    weights = np.exp(-(energy - energy.min()) / temperature)
    return weights / weights.sum()


def assert_sampled(counts: np.ndarray, chances: np.ndarray) -> None:
    """Compare counts with chances by χ², rare outcomes taken together until five of them are expected."""
    order = np.argsort(chances)
    group = np.floor(np.cumsum(chances[order]) * counts.sum() / 5).astype(int)
    observed, expected = (
        np.bincount(group, weights=x[order])[np.unique(group)] for x in (counts, chances * counts.sum())
    )
    if expected[-1] < 1:
        observed, expected = (np.append(x[:-2], x[-2:].sum()) for x in (observed, expected))
    assert len(expected) > 3
    assert chi2.sf(((observed - expected) ** 2 / expected).sum(), len(expected) - 1) > UNLIKELY


def counted(states: np.ndarray, possible: np.ndarray) -> np.ndarray:
    powers = 2 ** np.arange(possible.shape[1])
    where = {key: i for i, key in enumerate(((possible > 0) @ powers).tolist())}
    return np.bincount([where[key] for key in ((states > 0) @ powers).tolist()], minlength=len(possible))


# P = sigmoid(−ΔE/T); the sampled distribution is exp(−E/T)/Z, for every state of N ≤ 10.
@pytest.mark.parametrize(
    ("memory", "temperature"),
    [
        (mn.classical_hopfield(), 0.75),
        (mn.dense_memory(3), 120.0),
        (mn.dense_memory(4, rectified=True, scale=8.0), 0.4),
        (mn.exponential_memory(), 2.0),
        (mn.AssociativeMemory(mn.Dot(), mn.Softmax(5.0), mn.Binary()), 1.5),
    ],
    ids=repr,
)
@pytest.mark.parametrize("masked", [False, True])
def test_the_samples_are_boltzmann(memory: mn.AssociativeMemory, temperature: float, masked: bool) -> None:
    rng, n = np.random.default_rng(3), 8
    memory = mn.AssociativeMemory(memory.similarity, memory.separation, memory.neurons)
    memory.store(rng.choice([-1, 1], size=(3, n)), known=rng.random((3, n)) < 0.8 if masked else None)
    cues = rng.choice([-1, 1], size=(3000, n))  # independent, so that the last states are
    recall = memory.recall(cues, dynamics=mn.Glauber(temperature), max_steps=30, rng=1)
    states = every_state(n)
    assert_sampled(counted(recall.state, states), boltzmann(memory, states, temperature))


def test_clamped_sites_condition_the_samples() -> None:
    rng, n = np.random.default_rng(4), 10
    memory = mn.dense_memory(3)
    memory.store(rng.choice([-1, 1], size=(4, n)))
    cue, known = rng.choice([-1, 1], size=n), np.arange(n) < 3
    recall = memory.recall(np.tile(cue, (3000, 1)), known=known, dynamics=mn.Glauber(200.0), max_steps=40, rng=2)
    assert (recall.state[:, known] == cue[known]).all()
    states = every_state(n)
    states = states[(states[:, known] == cue[known]).all(axis=-1)]
    assert_sampled(counted(recall.state, states), boltzmann(memory, states, 200.0))


@pytest.mark.slow
@pytest.mark.parametrize(("temperature", "magnetisation"), [(0.5, 0.9575), (0.8, 0.7104)])
def test_one_pattern_has_the_magnetisation_of_mean_field(temperature: float, magnetisation: float, claim) -> None:
    # The mean over 200 cues has a standard error below .0025, and N is finite by .002: chance of failing < 2e-3,
    # were the seed drawn anew.
    rng, n = np.random.default_rng(5), 1000
    pattern = rng.choice([-1, 1], size=n)
    memory = mn.classical_hopfield()
    memory.store(pattern)
    recall = memory.recall(
        np.tile(pattern, (200, 1)), dynamics=mn.Glauber(temperature), max_steps=20, rng=0, trace=True
    )
    mean = (recall.trace.states[13:] @ pattern / n).mean()
    claim(
        f"one pattern, N = 1000: m = tanh(m/T) at T = {temperature}",
        "Amit, Gutfreund & Sompolinsky 1985", measured=mean, near=magnetisation, within=0.01,
    )  # fmt: skip
    assert np.tanh(magnetisation / temperature) == pytest.approx(magnetisation, abs=1e-3)


def test_at_temperature_zero_it_is_the_asynchronous_rule(rng) -> None:
    memory = mn.dense_memory(3)
    memory.store(rng.choice([-1, 1], size=(10, 30)))
    cues = rng.choice([-1, 1], size=(40, 30))
    cold, calm = memory.recall(cues, dynamics=mn.Glauber(0.0), rng=3), memory.recall(cues, rng=3)
    np.testing.assert_array_equal(cold.state, calm.state)
    np.testing.assert_array_equal(cold.steps, calm.steps)
    assert cold.converged.all()


def test_it_rests_when_it_has_cooled_and_not_before(rng) -> None:
    memory = mn.classical_hopfield()
    memory.store(rng.choice([-1, 1], size=(4, 40)))
    cues = memory.patterns[:3]
    cooled = memory.recall(cues, dynamics=mn.Glauber(mn.Annealing(1.0, 0.0, sweeps=10)), rng=0)
    assert cooled.converged.all()
    assert (cooled.steps >= 10).all()
    frozen = memory.recall(cues, dynamics=mn.Glauber(1e-9), max_steps=7)  # nothing ever moves, but it might
    np.testing.assert_array_equal(frozen.state, cues)
    assert set(frozen.outcome) == {mn.Outcome.MAX_STEPS}
    assert (frozen.steps == 7).all()


def test_annealing_finds_lower_energies_than_descent() -> None:
    # Mean energies of 60 cues far beyond capacity: annealed below descended by more than five standard errors.
    rng = np.random.default_rng(8)
    memory = mn.classical_hopfield()
    memory.store(rng.choice([-1, 1], size=(30, 60)))
    cues = rng.choice([-1, 1], size=(60, 60))
    cooled = memory.recall(cues, dynamics=mn.Glauber(mn.Annealing(1.0, 0.0, sweeps=100))).energy
    descended = memory.recall(cues).energy
    assert (descended - cooled).mean() > 5 * (descended - cooled).std() / np.sqrt(60)


def test_energies_beyond_float64_still_decide() -> None:
    memory = mn.dense_memory(100)
    memory.store(np.ones((1, 5000)))
    cue = np.where(np.arange(5000) < 10, -1.0, 1.0)
    assert (memory.recall(cue, dynamics=mn.Glauber(1.0), max_steps=1).state == 1).all()


def test_an_option_is_drawn_by_its_weight() -> None:
    levels = np.log(np.array([[1.0, 0.5, 0.25]]) ** -1)  # weights 4 : 2 : 1 in sevenths
    picked = [int(drawn(levels, 1.0, np.array([u]))[0]) for u in (0.0, 0.57, 0.58, 0.85, 0.86, 0.999)]
    assert picked == [0, 0, 1, 1, 2, 2]
    assert int(drawn(np.array([[0.0, -1e308]]), 1e-3, np.array([0.5]))[0]) == 1


@pytest.mark.parametrize(
    "build", [mn.hebbian, lambda: mn.SimplicialNetwork(mn.random_simplices(7, {2: 12, 3: 20}, rng=0))]
)
def test_levels_of_networks_are_differences_of_their_energy(build, rng) -> None:
    network = build()
    network.store(rng.choice([-1.0, 1.0], size=(3, 7)))
    state = rng.choice([-1.0, 1.0], size=(4, 7))
    sites = network.landscape.sites(state)
    for site in range(7):
        up, down = state.copy(), state.copy()
        up[:, site], down[:, site] = 1, -1
        np.testing.assert_allclose(
            sites.levels(site)[:, 1], network.energy(up) - network.energy(down), rtol=1e-9, atol=1e-12
        )
