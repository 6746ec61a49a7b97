"""Sweeps over packed patterns that look at no more than they must, against the slow twin."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import loading, sweeps
from mnemonist.sites import packed as packed_sites

SEPARATIONS = [
    mn.Power(2), mn.Power(3), mn.Power(40), mn.RectifiedPower(4), mn.Softmax(0.02), mn.Softmax(0.3), mn.Softmax(2.0),
    mn.Exponential(0.5),
]  # fmt: skip
SIZES = st.tuples(st.integers(1, 140), st.integers(1, 900), st.integers(1, 4))


def recalled(memory, cues, *, by_kernels, leaders=64, visits=64, tiles=8, **options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading._work, "seconds", math.inf if by_kernels else -math.inf)
        patch.setattr(sweeps, "_LEADERS", leaders)
        patch.setattr(sweeps, "_TILES", tiles)
        patch.setattr(sweeps, "_LED_BLOCK", 2)
        patch.setattr(packed_sites, "_MANY", 0)
        patch.setattr(packed_sites, "sharp", lambda *_: tiles > 0)
        patch.setattr(packed_sites, "_VISITS", visits)
        patch.setattr(packed_sites, "_FAR", visits)
        return memory.recall(cues, max_steps=6, trace=True, **options)


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
def test_leaders_send_neurons_where_the_twin_does(separation) -> None:
    @settings(max_examples=6, deadline=None)
    @given(
        SIZES, st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.sampled_from([1, 5, 64]),
        st.sampled_from([0, 1, 2, 8]),
    )  # fmt: skip
    @example((1, 1, 1), 0, False, False, 64, 8)
    @example((65, 300, 3), 1, True, True, 1, 0)
    @example((130, 900, 2), 2, True, False, 5, 1)
    @example((130, 900, 4), 3, False, False, 64, 2)
    def holds(size, seed, hidden, forgotten, few, tiles) -> None:
        neurons, patterns, count = size
        rng = np.random.default_rng(seed)
        rows = rng.choice([-1.0, 1.0], size=(patterns, neurons))
        stored, known = rng.random(rows.shape) < 0.8, rng.random((count, neurons)) < 0.7
        stored[:, 0] = known[:, 0] = True
        memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
        memory.store(rows, known=stored if forgotten else None)
        cues = rows[rng.integers(0, patterns, count)] * rng.choice([1, 1, 1, -1], size=(count, neurons))
        options = {"rng": seed, "leaders": few, "visits": few, "tiles": tiles} | ({"known": known} if hidden else {})
        ours, twin = (recalled(memory, cues, by_kernels=kernels, **options) for kernels in (True, False))
        np.testing.assert_array_equal(ours.trace.states, twin.trace.states)
        np.testing.assert_array_equal(ours.steps, twin.steps)

    holds()


@pytest.fixture
def asked(monkeypatch):
    """Note how many visits were made with all scores, and how often a readout told who moves next."""
    found = {"visits": 0, "readouts": 0}
    sweep, at_once = packed_sites.sweep_overlaps, packed_sites.bitwise.at_once

    def swept(columns, visits, *rest, **options):
        found["visits"] += len(visits)
        sweep(columns, visits, *rest, **options)

    def told(*arguments):
        found["readouts"] += 1
        return at_once(*arguments)

    monkeypatch.setattr(packed_sites, "sweep_overlaps", swept)
    monkeypatch.setattr(packed_sites.bitwise, "at_once", told)
    return found


def test_sharp_weights_are_left_to_the_leaders(asked, rng) -> None:
    memory = mn.AssociativeMemory(mn.Dot(), mn.Softmax(2.0), mn.Binary())
    memory.store(rows := rng.choice([-1.0, 1.0], size=(800, 200)))
    recall = recalled(memory, rows[:3] * rng.choice([1, 1, 1, -1], size=(3, 200)), by_kernels=True)
    assert asked == {"visits": 0, "readouts": 0}
    np.testing.assert_array_equal(recall.state, rows[:3])


def test_a_sweep_in_which_nothing_moves_ends_with_one_readout(asked, rng) -> None:
    memory = mn.dense_memory(3)
    memory.store(rows := rng.choice([-1.0, 1.0], size=(800, 200)))
    recall = recalled(memory, rows[:3], by_kernels=True)
    assert asked == {"visits": 3 * packed_sites._VISITS, "readouts": 1}
    np.testing.assert_array_equal(recall.steps, 1)


@pytest.mark.parametrize("many", [0, 2**62])
def test_sites_after_a_sweep_are_those_of_the_state_it_left(many, rng, monkeypatch) -> None:
    memory = mn.dense_memory(3)
    memory.store(rows := rng.choice([-1.0, 1.0], size=(300, 90)))
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    monkeypatch.setattr(packed_sites, "_MANY", many)
    sites = memory.landscape.sites(rows[:2] * rng.choice([1, 1, -1], size=(2, 90)))
    before = sites.gains(0)
    assert sites.sweep(range(90), np.ones((2, 90), np.bool_))
    after = memory.landscape.sites(sites.state())
    assert (sites.gains(0) != before).any()
    for site in (0, 50, 89):
        np.testing.assert_array_equal(sites.gains(site), after.gains(site))
        np.testing.assert_array_equal(sites.levels(site), after.levels(site))


def test_plain_sites_after_a_sweep_are_those_of_the_state_it_left(rng, monkeypatch) -> None:
    model = mn.dense_memory(3)
    model.store(rows := rng.choice([-1.0, 1.0], size=(300, 90)))
    monkeypatch.setattr(loading._work, "seconds", -math.inf)
    cues = rows[:2] * rng.choice([1, 1, -1], size=(2, 90))
    sites = model.landscape.sites(cues)
    cues[:] = 0  # the caller's own
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    assert sites.sweep(range(90), np.ones((2, 90), np.bool_))
    after = model.landscape.sites(sites.state())
    np.testing.assert_array_equal(sites.gains(5), after.gains(5))
