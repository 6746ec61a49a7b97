"""Whole couplings: fields without rounding, carried from sweep to sweep, take the very way that float64 takes."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from arrays import LIBRARIES
from mnemonist.kernels import loading
from mnemonist.networks import couplings
from mnemonist.networks import field_cache as kept
from mnemonist.networks.field_cache import FieldCache
from mnemonist.networks.integer_weights import integer_weights

DYNAMICS = [mn.Asynchronous(), mn.Asynchronous("sequential"), mn.Synchronous(), mn.Glauber(0.3)]
sizes = st.tuples(st.integers(1, 70), st.integers(1, 40), st.integers(1, 9))


def both(recall):
    """Return what a recall is by whole numbers, and without them or any kernel."""
    found = []
    for least, worked in ((0, math.inf), (2**62, -math.inf)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(couplings, "_WORTH_IT", least)
            patch.setattr(loading._work, "seconds", worked)
            found.append(recall())
    return found


def assert_same(fast, twin) -> None:
    np.testing.assert_array_equal(fast.trace.states, twin.trace.states)
    np.testing.assert_array_equal(fast.steps, twin.steps)
    np.testing.assert_array_equal(fast.outcome, twin.outcome)
    assert fast.state.dtype == twin.state.dtype
    if fast.energy is not None:
        np.testing.assert_allclose(fast.trace.energies, twin.trace.energies, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dynamics", DYNAMICS, ids=repr)
def test_a_recall_goes_the_same_way_by_whole_numbers(dynamics) -> None:
    @settings(max_examples=15, deadline=None)
    @given(sizes, st.integers(0, 2**32 - 1), st.booleans())
    @example((1, 1, 1), 0, False)
    @example((65, 4, 5), 1, True)  # many ties
    def holds(size, seed, hidden) -> None:
        neurons, patterns, count = size
        rng = np.random.default_rng(seed)
        network = mn.hebbian(bias=float(rng.integers(-1, 2)))
        network.store(rng.choice([-1.0, 1.0], size=(patterns, neurons)))
        cues = rng.choice([-1.0, 1.0], size=(count, neurons))
        options = {"known": rng.random(cues.shape) < 0.6} if hidden else {}
        assert_same(
            *both(lambda: network.recall(cues, max_steps=6, trace=True, rng=seed, dynamics=dynamics, **options))
        )

    holds()


@pytest.mark.parametrize("dynamics", DYNAMICS, ids=repr)
def test_so_does_one_of_an_asymmetric_matrix_of_whole_numbers(dynamics, rng) -> None:
    network = mn.HopfieldNetwork(rng.integers(-3, 4, size=(33, 33)), bias=rng.integers(-2, 3, size=33))
    cues = rng.choice([-1.0, 1.0], size=(7, 33))
    assert_same(*both(lambda: network.recall(cues, max_steps=6, trace=True, dynamics=dynamics)))


def test_fields_of_whole_numbers_are_not_rounded(rng) -> None:
    counts = rng.integers(-300, 300, size=(45, 45))
    found, states = integer_weights(counts / 45, np.full(45, 2 / 45)), rng.choice([-1, 0, 1], size=(6, 45))
    np.testing.assert_array_equal(found.fields(states.astype(float)), states @ counts.T + 2)
    assert found.unit == 1 / 45
    assert integer_weights(counts.astype(float), np.zeros(45)).unit in (1, 1 / 45)


@pytest.mark.parametrize(
    ("matrix", "bias"),
    [
        (np.array([[0.0, 0.3], [0.3, 0.0]]), np.zeros(2)),
        (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0.3, 0.0])),
        (np.array([[0.0, 2.0**24], [1.0, 0.0]]), np.ones(2)),
        (LIBRARIES["torch"].zeros((2, 2)), LIBRARIES["torch"].zeros(2)),
    ],
    ids=["not whole", "a bias that is not", "too large", "torch"],
)
def test_other_weights_stay_as_they_are(matrix, bias) -> None:
    assert integer_weights(matrix, bias) is None


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_kept_fields_are_those_of_a_product(seed) -> None:
    rng = np.random.default_rng(seed)
    weights, store = rng.integers(-3, 4, size=(6, 6)), FieldCache()
    made: list[int] = []

    def product(state: np.ndarray) -> np.ndarray:
        made.append(len(state))
        return (state @ weights).astype(np.float32)

    states = rng.choice([-1.0, 0.0, 1.0], size=(12, 6))
    for _ in range(3):
        swept = states[rng.integers(0, 12, size=5)]
        store.keep(swept, product(swept))
    made.clear()
    np.testing.assert_array_equal(store.fields(swept, product), swept @ weights)
    assert sum(made) == 0
    asked = states[rng.integers(0, 12, size=8)]
    np.testing.assert_array_equal(store.fields(asked, product), asked @ weights)


def test_no_more_fields_are_kept_than_there_is_room_for(monkeypatch, rng) -> None:
    monkeypatch.setattr(kept, "_MOST", 40)
    store, state = FieldCache(), rng.choice([-1.0, 1.0], size=(3, 6))
    for _ in range(4):
        store.keep(state, state)
    assert len(store._sweeps) == 2
    store.keep(np.ones((10, 6)), np.ones((10, 6)))
    assert len(store._sweeps) == 2
