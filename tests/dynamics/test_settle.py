"""Settling: rest, cycles, limits, and the order of visits."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.dynamics import settle as settling


class Ring:
    """A model whose state is a ring of ±1 that turns by one place at each update: period N for a single +1."""

    neurons = mn.Binary()

    def step(self, state, free, *, cue_mask=None):
        return np.where(free, np.roll(state, 1, axis=-1), state)


def turn(state, **limits):
    free, limits = np.ones(state.shape, bool), settling.Limits(**limits)
    return settling.settle(Ring(), state, free, cue_mask=None, dynamics=mn.Synchronous(), limits=limits)


@pytest.mark.parametrize("period", [2, 3, 5, 14])
def test_cycles_of_any_period_are_found(period: int) -> None:
    state = np.where(np.arange(period) == 0, 1.0, -1.0)[None]
    settled = turn(state)
    assert settled.outcome[0] is mn.Outcome.CYCLE
    assert settled.period[0] == period
    assert settled.steps[0] == period  # no later than the first return


def test_each_cue_stops_by_itself() -> None:
    state = np.array([[1.0, 1, 1, 1], [1, -1, 1, -1], [1, -1, -1, -1]])
    settled = turn(state)
    assert settled.steps.tolist() == [1, 2, 4]
    assert settled.period.tolist() == [0, 2, 4]
    assert settled.outcome.tolist() == [mn.Outcome.CONVERGED, mn.Outcome.CYCLE, mn.Outcome.CYCLE]


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_how_many_cues_move_together_changes_nothing(at_once: int) -> None:
    state = np.array([[1.0, 1, 1, 1], [1, -1, 1, -1], [1, -1, -1, -1], [-1, 1, -1, -1], [-1, -1, -1, -1]])
    one, many = turn(state, trace=True), turn(state, trace=True, batch_size=at_once)
    np.testing.assert_array_equal(many.state, one.state)
    np.testing.assert_array_equal(many.steps, one.steps)
    np.testing.assert_array_equal(many.period, one.period)
    np.testing.assert_array_equal(np.stack(many.path), np.stack(one.path))


def test_a_limit_is_a_limit() -> None:
    settled = turn(np.array([[1.0, -1, -1, -1]]), max_steps=3)
    assert settled.steps[0] == 3
    assert settled.outcome[0] is mn.Outcome.MAX_STEPS


def test_a_synchronous_classical_network_rests_or_has_period_two(rng) -> None:
    # N = 100, K = 20, random starts: in one published draw 237 of 300 rest, 63 have period 2, nothing else.
    # A share of 0.21 in 300 draws stays within 0.10 … 0.32 but for a chance below 1e-5.
    memory = mn.classical_hopfield()
    memory.store(rng.choice([-1, 1], size=(20, 100)))
    recall = memory.recall(rng.choice([-1, 1], size=(300, 100)), dynamics=mn.Synchronous())
    assert set(recall.period.tolist()) <= {0, 2}
    assert 0.10 < (recall.outcome == mn.Outcome.CYCLE).mean() < 0.32
    assert recall.converged.sum() + (recall.outcome == mn.Outcome.CYCLE).sum() == 300


def test_a_cycle_is_a_cycle(rng) -> None:
    memory = mn.dense_memory(3)
    memory.store(rng.choice([-1, 1], size=(30, 14)))
    cues = rng.choice([-1, 1], size=(400, 14))
    recall = memory.recall(cues, dynamics=mn.Synchronous())
    cycling = recall.period > 0
    assert cycling.any()
    for state, period in zip(recall.state[cycling], recall.period[cycling], strict=True):
        path = memory.recall(state, dynamics=mn.Synchronous(), max_steps=int(period), trace=True).trace.states
        np.testing.assert_array_equal(path[-1], state)
        assert not any((path[i] == state).all() for i in range(1, int(period)))


def test_a_random_order_follows_the_seed_and_visits_every_site() -> None:
    order = mn.Asynchronous()
    first, again, other = (list(order.visits(50, seed=s, sweep=1)) for s in (4, 4, 5))
    assert first == again != other
    assert sorted(first) == list(range(50))
    assert first != list(order.visits(50, seed=4, sweep=2))
    assert list(mn.Asynchronous("sequential").visits(5, seed=4, sweep=1)) == [0, 1, 2, 3, 4]


def test_a_recall_is_a_function_of_its_arguments(rng) -> None:
    memory = mn.classical_hopfield()
    memory.store(rng.choice([-1, 1], size=(20, 40)))
    cues = rng.choice([-1, 1], size=(50, 40))
    np.testing.assert_array_equal(memory.recall(cues).state, memory.recall(cues, rng=0).state)
    assert (memory.recall(cues, rng=1).state != memory.recall(cues).state).any()
    generator = np.random.default_rng(3)
    one, two = memory.recall(cues, rng=generator), memory.recall(cues, rng=generator)
    assert (one.state != two.state).any()


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(
        mn.errors.InvalidArgument, match="Asynchronous: order must be 'random' or 'sequential'; got 'odd'"
    ):
        mn.Asynchronous("odd")
