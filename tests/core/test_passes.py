"""Sparse separations by passes: the same level, and the same recall, as from the scores that are kept."""

import numpy as np
import pytest
from hypothesis import example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import mnemonist as mn
from mnemonist.core.sparse import by_passes
from mnemonist.readout import reader
from mnemonist.stores import tiles

SPARSE = [
    mn.Entmax(1.5, 1.3), mn.Entmax(1.0, 0.7), mn.Entmax(2.0, 3.0), mn.Entmax(4.0, 0.1), mn.Normmax(2.0, 1.0),
    mn.Normmax(1.3, 0.2), mn.Normmax(5.0, 2.0), mn.KSubsets(2, 1.0), mn.KSubsets(7, 0.05), mn.TopK(3, 1.0),
]  # fmt: skip


@pytest.mark.parametrize("separation", SPARSE, ids=repr)
def test_passes_over_blocks_find_the_level_that_all_scores_have(separation) -> None:
    @settings(max_examples=25, deadline=None)
    @for_all(
        arrays(np.float64, (3, 17), elements=st.integers(-8, 8)), st.integers(1, 16), st.sampled_from([1.0, 0.01, 1e6])
    )
    @example(np.zeros((3, 17)), 5, 1.0)
    @example(
        np.eye(3, 17) * 3 - 3, 1, 1.0
    )  # of α = 4 at 0.1, τ is 1e-8 below the least scores: roots amplify roundings
    def holds(h, cut, scale) -> None:
        h = h * scale

        def survey(look, together):
            return together(look(h[:, :cut]), look(h[:, cut:]))

        whole, found = separation.level(h), by_passes(separation, survey)
        np.testing.assert_allclose(separation.scaled(h, found), separation.scaled(h, whole), rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(separation.value(found), separation.value(whole), rtol=1e-8, atol=1e-9)

    holds()


@pytest.mark.parametrize("separation", SPARSE, ids=repr)
def test_a_memory_recalls_the_same_whether_it_keeps_scores_or_passes(separation, monkeypatch) -> None:
    monkeypatch.setattr(tiles, "_NUMBERS", 1)
    rng = np.random.default_rng(0)
    memory, rows = mn.AssociativeMemory(mn.Dot(), separation, mn.Real()), rng.normal(size=(300, 8))
    memory.store(rows, values=rng.normal(size=(300, 2)))
    kept = memory.recall(rows[:5], max_steps=5)
    assert kept.energy is not None  # told before less is kept
    monkeypatch.setattr(reader, "_ALIVE", 0)
    passed = memory.recall(rows[:5], max_steps=5)
    np.testing.assert_allclose(passed.state, kept.state, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(passed.energy, kept.energy, rtol=1e-9)
    np.testing.assert_allclose(passed.top.weights, kept.top.weights, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(passed.values, kept.values, rtol=1e-7, atol=1e-9)
