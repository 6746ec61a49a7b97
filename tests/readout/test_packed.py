"""A survey of packed patterns by ±1 states, counted by score, against a survey tile by tile."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import loading
from mnemonist.readout import packed
from mnemonist.readout.reader import Reader
from mnemonist.recall.identify import identify

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
        return identify(model, states)


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
    assert len(surveyed) == 3
    assert max(surveyed) < 100
