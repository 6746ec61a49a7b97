"""Binary states over packed patterns, bit by bit, against the unpacked rows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import loading
from mnemonist.sites import synchronous as bitwise

SEPARATIONS = [mn.Power(2), mn.Power(3), mn.Power(40), mn.RectifiedPower(4), mn.Softmax(0.02), mn.Softmax(2.0)]
SIZES = st.tuples(st.integers(1, 130), st.integers(1, 700), st.integers(1, 9))


def drawn(separation, size, seed, *, stored):
    """Return a memory and states of which some neurons are undecided."""
    neurons, patterns, count = size
    rng = np.random.default_rng(seed)
    memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
    rows = rng.choice([-1, 1], size=(patterns, neurons))
    known = rng.random(rows.shape) < 0.8 if stored else None
    if known is not None:
        known[:, 0] = True
    memory.store(rows, known=known)
    state = rng.choice([-1.0, 1.0], size=(count, neurons))
    state[: patterns // 2] = rows[: min(patterns // 2, count)] * rng.choice([1, 1, 1, -1], neurons)
    state[0] *= rng.random(neurons) < 0.8
    return memory, state, rng.random(state.shape) < 0.9


def both(model, ask):
    """Return what a model says bit by bit, and from unpacked rows."""
    found = []
    for worked in (math.inf, -math.inf):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loading._work, "seconds", worked)
            found.append(ask(model))
    return found


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
def test_states_are_scored_and_decided_as_from_rows(separation) -> None:
    @settings(max_examples=8, deadline=None)
    @given(SIZES, st.integers(0, 2**32 - 1), st.booleans())
    def holds(size, seed, stored) -> None:
        memory, state, free = drawn(separation, size, seed, stored=stored)
        model = memory.landscape
        for cue_mask in (None, free):
            np.testing.assert_array_equal(*both(model, lambda m, c=cue_mask: m.reader.scores(state, cue_mask=c)))
        np.testing.assert_array_equal(*both(model, lambda m: m.step(state, free)))
        np.testing.assert_array_equal(*both(model, lambda m: m.energy(state)))

    holds()


def test_readouts_decide_by_themselves_but_for_cues_in_doubt(monkeypatch) -> None:
    memory, state, free = drawn(mn.Softmax(0.5), (128, 600, 6), 1, stored=True)
    model = memory.landscape
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    left = []

    def twin(states, movable):
        left.append(len(states))
        return model.sites(states).at_once(movable)

    bitwise.at_once(model._tables, model.patterns, state, free, twin)
    assert sum(left) <= 1


@pytest.mark.parametrize("stored", [False, True])
def test_many_cues_go_where_each_goes_alone(monkeypatch, stored) -> None:
    memory, state, free = drawn(mn.Softmax(0.3), (100, 900, 130), 2, stored=stored)
    model = memory.landscape
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    each = [model.step(state[i : i + 1], free[i : i + 1]) for i in range(len(state))]
    np.testing.assert_array_equal(model.step(state, free), np.concatenate(each))
    np.testing.assert_array_equal(model.step(np.asfortranarray(state), np.asfortranarray(free)), np.concatenate(each))


def test_a_recall_is_the_same_bit_by_bit(rng) -> None:
    memory = mn.dense_memory(3)
    rows = rng.choice([-1, 1], size=(600, 90))
    memory.store(rows, values=rng.normal(size=(600, 2)))
    cues = rows[:5] * rng.choice([1, 1, 1, -1], size=(5, 90))
    for dynamics in (mn.Synchronous(), mn.Asynchronous()):
        ours, twin = both(memory, lambda m, d=dynamics: m.recall(cues, dynamics=d))
        for name in ("state", "steps", "nearest", "overlap", "kind", "energy"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(twin, name))
        np.testing.assert_array_equal(ours.top.ids, twin.top.ids)
        np.testing.assert_allclose(ours.values, twin.values, rtol=1e-12)


def test_states_that_are_not_signs_are_scored_from_rows(monkeypatch) -> None:
    memory, state, _ = drawn(mn.Power(2), (64, 300, 3), 0, stored=False)
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    patterns = memory.landscape.reader.patterns
    assert bitwise.in_bits(patterns, state)
    for other in (state / 2, np.where(state > 0, np.inf, state), np.where(state > 0, np.nan, state)):
        assert not bitwise.in_bits(patterns, other)
