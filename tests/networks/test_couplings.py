"""Networks given as matrices: energies, exact differences, ties, cycles, and no energy without symmetry."""

import itertools

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from arrays import given, host

seeds = st.integers(0, 2**32 - 1)


def symmetric(rng: np.random.Generator, n: int) -> np.ndarray:
    weights = rng.integers(-3, 4, size=(n, n))
    return (weights + weights.T) * (1 - np.eye(n))


@for_all(seeds)
def test_flips_cost_what_the_energy_says_ties_included(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 10))
    weights, bias, state = symmetric(rng, n), rng.integers(-2, 3, size=n), rng.choice([-1.0, 1.0], size=n)
    network = mn.HopfieldNetwork(weights + np.diag(rng.normal(size=n)), bias)

    def energy(s: np.ndarray) -> float:
        return float(-s @ weights @ s / 2 - bias @ s)

    assert network.energy(state) == energy(state)
    sites = network.landscape.sites(state[None])
    for i in range(n):
        flipped = np.where(np.arange(n) == i, -state, state)
        gain = sites.gains(i)[0]
        assert gain[int(flipped[i] > 0)] == energy(flipped) - energy(state)
        assert gain[int(state[i] > 0)] == 0


@for_all(seeds)
def test_running_fields_are_those_of_a_fresh_start(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = mn.HopfieldNetwork(symmetric(rng, 8), rng.normal(size=8))
    sites = network.landscape.sites(rng.choice([-1.0, 0.0, 1.0], size=(3, 8)))
    for _ in range(15):
        sites.put(int(rng.integers(8)), rng.integers(0, 2, size=3), rng.random(3) < 0.5)
        fresh = network.landscape.sites(sites.state())
        for site in range(8):
            np.testing.assert_allclose(sites.gains(site), fresh.gains(site), rtol=1e-12, atol=1e-12)


@for_all(seeds)
def test_undecided_neurons_go_where_the_energy_is_lower(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network, state = mn.HopfieldNetwork(symmetric(rng, 7)), rng.choice([-1.0, 0.0, 1.0], size=7)
    for i in np.flatnonzero(state == 0):
        low, high = (np.where(np.arange(7) == i, v, state)[None] for v in (-1.0, 1.0))
        rise = network.landscape.energy(low)[0] - network.landscape.energy(high)[0]
        gains = network.landscape.sites(state[None]).gains(int(i))[0]
        assert np.sign(gains[0] - gains[1]) == np.sign(rise)
        assert gains.max() == 0


def test_a_negative_diagonal_can_raise_the_energy_and_is_not_kept(claim) -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(30, 30))
    weights = (weights + weights.T) / 8
    np.fill_diagonal(weights, -1.0)
    rises = 0
    for _ in range(20):
        state = rng.choice([-1.0, 1.0], size=30)
        for i in rng.integers(0, 30, size=100):
            after = state.copy()
            after[i] = np.sign(weights[i] @ state)
            rises += -after @ weights @ after > -state @ weights @ state + 1e-9
            state = after
    claim(
        "the energy falls whatever the diagonal: rises in 2000 updates with W_ii = −1",
        "folklore", measured=rises, near=0, holds=False,
    )  # fmt: skip
    network = mn.HopfieldNetwork(weights)
    assert (np.diag(network.weights) == 0).all()
    recall = network.recall(rng.choice([-1.0, 1.0], size=(50, 30)), trace=True)
    assert recall.converged.all()
    rise = np.diff(recall.trace.energies, axis=0).max()
    claim("with W_ii = 0 the energy never rises: the largest rise", "Hopfield 1982", measured=rise, most=1e-9)


def test_a_recall_ends_in_a_local_minimum_of_the_energy() -> None:
    rng = np.random.default_rng(1)
    network = mn.HopfieldNetwork(symmetric(rng, 10), rng.normal(size=10))
    everything = np.array(list(itertools.product([-1.0, 1.0], repeat=10)))
    energies = network.energy(everything)
    at = {tuple(state): energy for state, energy in zip(everything, energies, strict=True)}
    minima = {
        state for state, energy in at.items()
        if all(at[(*state[:i], -state[i], *state[i + 1 :])] >= energy for i in range(10))
    }  # fmt: skip
    recall = network.recall(everything)
    assert recall.converged.all()
    assert {tuple(state) for state in recall.state} <= minima
    np.testing.assert_array_equal(recall.energy, network.energy(recall.state))


def test_synchronous_symmetric_networks_rest_or_go_to_and_fro(claim) -> None:
    periods = []
    for draw in range(5):
        rng = np.random.default_rng(draw)
        network = mn.hebbian()
        network.store(rng.choice([-1, 1], size=(20, 100)))
        recall = network.recall(rng.choice([-1, 1], size=(300, 100)), dynamics=mn.Synchronous())
        assert (recall.converged | (recall.outcome == mn.Outcome.CYCLE)).all()
        periods.append(recall.period)
    claim(
        "synchronous and symmetric: a fixed point or period 2; the longest period of 1500 runs, N = 100, K = 20",
        "Goles-Chacc et al. 1985", measured=np.concatenate(periods).max(), near=2,
    )  # fmt: skip
    assert set(np.concatenate(periods).tolist()) == {0, 2}
    assert 0.05 < (np.concatenate(periods) == 2).mean() < 0.4  # there 63 of 300 in one draw; draws differ much


def test_an_asymmetric_network_goes_round_and_has_no_energy() -> None:
    ring = np.roll(np.eye(5), 1, axis=0)  # each neuron follows the one before it
    network = mn.HopfieldNetwork(ring)
    assert repr(network) == "HopfieldNetwork(weights)  # N=5, asymmetric"
    recall = network.recall([1, -1, -1, -1, -1], dynamics=mn.Synchronous())
    assert recall.outcome is mn.Outcome.CYCLE
    assert recall.period == 5
    assert recall.energy is None
    with pytest.raises(mn.errors.NoEnergy, match="has no energy, and may cycle"):
        network.energy(np.ones(5))


def test_a_network_given_as_a_matrix_knows_no_memories() -> None:
    network = mn.HopfieldNetwork([[0, 1], [1, 0]])
    recall = network.recall([[1, -1], [1, 1]])
    assert recall.nearest.tolist() == [-1, -1]
    assert np.isnan(recall.overlap).all()
    assert recall.kind.tolist() == [mn.Kind.UNKNOWN] * 2
    assert recall.weights.shape == recall.top.ids.shape == (2, 0)
    assert network.recall([1, 0], known=np.array([True, False]), max_steps=0).kind is mn.Kind.UNDECIDED
    assert len(network) == 0
    assert repr(network) == "HopfieldNetwork(weights)  # N=2"


def test_no_field_is_a_tie_and_keeps_the_value() -> None:
    network = mn.HopfieldNetwork(np.zeros((3, 3)))
    recall = network.recall([1.0, -1.0, np.nan], known=np.array([True, True, False]), clamped=False)
    assert recall.state.tolist() == [1, -1, 0]
    thirds = mn.HopfieldNetwork([[0, 0.1, 0.2, -0.3], [0.1, 0, 0, 0], [0.2, 0, 0, 0], [-0.3, 0, 0, 0]])
    for value in (-1.0, 1.0):  # 0.1 + 0.2 − 0.3 is not 0 in floats
        assert thirds.recall([value, 1, 1, 1], clamped=np.array([False, True, True, True])).state[0] == value


def test_a_bias_decides_where_memories_do_not() -> None:
    network = mn.hebbian(bias=[0.0, 0.0, 0.0, -5.0])
    network.store([[1, 1, 1, 1]])
    assert network.recall([1, 1, 1, 1]).state.tolist() == [1, 1, 1, -1]
    assert network.energy([1, 1, 1, 1]) == pytest.approx(-(4 * 3 / 4) / 2 + 5)
    assert repr(network) == "HopfieldNetwork(bias, rule=Hebbian())  # K=1, N=4"


def test_matrices_of_other_libraries_stay_there(xp) -> None:
    rng = np.random.default_rng(3)
    weights, cues = symmetric(rng, 9), rng.choice([-1.0, 1.0], size=(4, 9))
    expected = mn.HopfieldNetwork(weights).recall(cues, trace=True)
    recall = mn.HopfieldNetwork(given(xp, weights)).recall(given(xp, cues), trace=True)
    np.testing.assert_array_equal(host(recall.state), expected.state)
    np.testing.assert_array_equal(host(recall.energy), expected.energy)
    assert isinstance(recall.state, type(given(xp, cues)))


@pytest.mark.parametrize("memory", [mn.hebbian(), mn.perceptron(), mn.SimplicialNetwork([(0, 1), (0, 1, 2)])])
def test_storing_nothing_teaches_nothing(memory: mn.HopfieldNetwork | mn.SimplicialNetwork) -> None:
    assert memory.store(np.ones((0, 3))).tolist() == []
    assert memory.store([1, -1, 1]).tolist() == [0]
    assert memory.store(np.ones((0, 3))).tolist() == []
    assert memory.recall([1, -1, 1]).nearest == 0


def test_undecided_states_have_an_energy_and_the_nearest_knows_as_much_as_it_says() -> None:
    network = mn.hebbian()
    network.store([[1, 1, 1, 1, 1, 1], [1, 1, -1, -1, -1, -1]], known=np.array([[True] * 6, [True] * 4 + [False] * 2]))
    assert np.isfinite(network.energy([1, 1, 0, 0, -1, -1]))
    recall = network.recall([1, 1, -1, -1, 1, 1], max_steps=0)
    assert recall.nearest == 1
    assert recall.overlap == 1.0
    assert network.recall(np.array([[1, 1, -1, -1, 1, 1]]), max_steps=0).state.dtype == "float32"
