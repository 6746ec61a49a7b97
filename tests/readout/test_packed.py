"""A survey of packed patterns by ±1 states, counted by score, against a survey tile by tile."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import bits, loading
from mnemonist.readout import packed
from mnemonist.readout.reader import Reader
from mnemonist.recall.identify import identify
from mnemonist.recall.kinds import tell

SEPARATIONS = [
    mn.Power(1), mn.Power(2), mn.Power(3), mn.Power(40), mn.RectifiedPower(4), mn.Softmax(0.02), mn.Softmax(2.0),
    mn.Exponential(0.05),
]  # fmt: skip
SIZES = st.tuples(st.integers(1, 140), st.integers(1, 900), st.integers(1, 4))


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_states_see_the_same_as_tile_by_tile(separation, dtype) -> None:
    @settings(max_examples=8, deadline=None)
    @given(SIZES, st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.booleans())
    @example((1, 1, 1), 0, False, False, False)
    @example((64, 40, 2), 1, True, True, False)
    @example((130, 900, 3), 2, False, True, False)
    @example((130, 900, 2), 3, False, False, True)
    def holds(size, seed, twice, mirrored, alike) -> None:
        neurons, patterns, count = size
        rng = np.random.default_rng(seed)
        rows = np.where(rng.random((patterns, neurons)) < (0.9 if alike else 0.5), 1, -1).astype(dtype)
        if twice:
            rows[patterns // 2 :] = rows[: patterns - patterns // 2]
        memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
        memory.store(rows)
        states = rows[rng.integers(0, patterns, count)] * rng.choice([1, 1, 1, -1, 0], size=(count, neurons))
        states = (-states if mirrored else states).astype(dtype)
        ours, twin = (told(memory.landscape, states, counted=counted) for counted in (True, False))
        for name in ("nearest", "kind", "components", "overlap"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(twin, name))
        np.testing.assert_array_equal(ours.top.ids, twin.top.ids)
        np.testing.assert_allclose(ours.top.weights, twin.top.weights, rtol=1e-12)
        np.testing.assert_allclose(ours.energy, twin.energy, rtol=1e-12, atol=1e-9)

    holds()


def told(model, states, *, counted):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading._work, "seconds", math.inf)
        patch.setattr(packed, "_BY_SCORE", 0)
        if not counted:
            patch.setattr(packed.PackedKernels, "survey", lambda self, reader, state: None)
        found = identify(model, states)
        kinds = tell(model.reader, states, found, None)
        return SimpleNamespace(**vars(found), kind=kinds.kind, components=kinds.components)


def test_few_patterns_are_looked_at(rng, monkeypatch) -> None:
    memory = mn.dense_memory(3)
    memory.store(rows := rng.choice([-1, 1], size=(2000, 300)))
    surveyed = []
    survey_tile = Reader.survey_tile

    def noted(reader, state, h, block, summary):
        surveyed.append(h.shape[1])
        return survey_tile(reader, state, h, block, summary)

    monkeypatch.setattr(Reader, "survey_tile", noted)
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    monkeypatch.setattr(packed, "_BY_SCORE", 0)
    identify(memory.landscape, rows[:3].astype(float))
    assert len(surveyed) == 1
    assert surveyed[0] < 100


SHARP = [mn.Softmax(1.0), mn.Softmax(8.0), mn.Exponential(2.0), mn.Power(60), mn.Power(99), mn.RectifiedPower(80)]


@pytest.mark.parametrize("separation", SHARP, ids=repr)
def test_few_tiles_tell_the_same_as_all_patterns(separation) -> None:
    @settings(max_examples=12, deadline=None)
    @given(st.integers(0, 2**32 - 1), st.sampled_from(["apart", "twice", "alike", "mirrored"]), st.integers(1, 4))
    def holds(seed, kind, count) -> None:
        rng = np.random.default_rng(seed)
        rows = np.where(rng.random((8300, 70)) < (0.9 if kind == "alike" else 0.5), 1.0, -1.0)
        if kind == "twice":
            rows[4000:8000] = rows[:4000]
        states = rows[rng.integers(0, 8300, count)] * rng.choice([1, 1, 1, 1, 1, 1, -1, 0], size=(count, 70))
        if kind == "mirrored":
            rows[:300] = -rows[300:600]
            states[0] = -rows[7]
        memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
        memory.store(rows)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(packed, "_LEAST", 32)
            patch.setattr(packed, "_FEW", 1)
            by_tiles = told(memory.landscape, states, counted=True)
            patch.setattr(packed, "_LEAST", 2**62)
            by_score = told(memory.landscape, states, counted=True)
        for name in ("nearest", "kind", "components", "overlap"):
            np.testing.assert_array_equal(getattr(by_tiles, name), getattr(by_score, name))
        np.testing.assert_array_equal(by_tiles.top.ids, by_score.top.ids)
        np.testing.assert_allclose(by_tiles.top.weights, by_score.top.weights, rtol=1e-14)
        np.testing.assert_allclose(by_tiles.energy, by_score.energy, rtol=1e-14)

    holds()


@pytest.fixture
def scored(monkeypatch):
    """Note of how many cues all scores were made, and of how many the ends of all tiles."""
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    monkeypatch.setattr(packed, "_BY_SCORE", 0)
    asked = {"scores": 0, "reach": 0}
    for name in asked:
        make = getattr(bits, name)

        def noted(planes, cues, *rest, name=name, make=make):
            asked[name] += len(cues[0])
            return make(planes, cues, *rest)

        monkeypatch.setattr(bits, name, noted)
    return asked


def test_a_survey_takes_over_what_the_last_sweep_found(rng, scored) -> None:
    memory, rows = mn.AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Binary()), signs(rng, (33_000, 200))
    memory.store(rows)
    recall = memory.recall(rows[:5] * rng.choice([1, 1, 1, 1, -1], size=(5, 200)))
    np.testing.assert_array_equal(recall.steps, 2)
    assert scored == {"scores": 0, "reach": 10}
    memory.recall(rows[:5])
    assert scored == {"scores": 0, "reach": 15}


@pytest.mark.parametrize("separation", [mn.Power(3), mn.Softmax(0.02)], ids=repr)
def test_spread_weights_are_counted_by_score_at_once(separation, rng, scored) -> None:
    memory, rows = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary()), signs(rng, (33_000, 40))
    memory.store(rows)
    identify(memory.landscape, rows[:3])
    assert scored == {"scores": 3, "reach": 0}


def test_states_see_the_same_whatever_others_are_beside_them(rng, scored) -> None:
    memory, rows = mn.AssociativeMemory(mn.Dot(), mn.Softmax(0.5), mn.Binary()), signs(rng, (33_000, 100))
    memory.store(rows)
    states = rows[:4] * rng.choice([1, 1, 1, -1], size=(4, 100))
    states[1] = signs(rng, 100)
    together = identify(memory.landscape, states)
    for i in range(4):
        alone = identify(memory.landscape, states[i : i + 1])
        assert together.energy[i] == alone.energy[0]
        np.testing.assert_array_equal(together.top.weights[i], alone.top.weights[0])
        np.testing.assert_array_equal(together.top.ids[i], alone.top.ids[0])


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape)
