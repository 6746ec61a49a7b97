"""The compiled look at patterns, against its slow twin: what is told of states, tile by tile in array functions."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import softmax_readout

BUILDS = {"dot": mn.modern_hopfield, "distance": mn.kernel_memory}
ROUNDING = {"float32": 2e-5, "float64": 1e-12}


def told(memory: mn.AssociativeMemory, states: np.ndarray, least: int) -> mn.Recall:
    """Tell what states are, by kernels from so many products on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(softmax_readout, "_WORTH_IT", least)
        recall = memory.recall(states, max_steps=0)
        assert len(recall.nearest) == len(states)  # asked while kernels serve, or do not
        return recall


def assert_alike(memory: mn.AssociativeMemory, states: np.ndarray, dtype: str) -> None:
    quick, slow = told(memory, states, 0), told(memory, states, 2**62)
    np.testing.assert_array_equal(quick.nearest, slow.nearest)
    np.testing.assert_array_equal(quick.components, slow.components)
    np.testing.assert_allclose(quick.energy, slow.energy, rtol=ROUNDING[dtype], atol=ROUNDING[dtype])
    np.testing.assert_allclose(quick.top.weights, slow.top.weights, rtol=100 * ROUNDING[dtype], atol=ROUNDING[dtype])
    if quick.values is not None:
        np.testing.assert_allclose(quick.values, slow.values, rtol=ROUNDING[dtype], atol=ROUNDING[dtype])


@for_all(
    seed=st.integers(0, 2**32 - 1),
    cues=st.sampled_from([1, 2, 5, 65]),
    count=st.sampled_from([1, 2, 31, 33, 130, 1000]),
    width=st.sampled_from([1, 3, 16, 33, 64, 259]),
    kind=st.sampled_from(sorted(BUILDS)),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_the_kernel_sees_what_the_slow_twin_sees(seed, cues, count, width, kind, dtype) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, width)).astype(dtype)
    states = (rows[rng.integers(count, size=cues)] + 0.05 * rng.normal(size=(cues, width))).astype(dtype)
    memory = BUILDS[kind](2.0)
    memory.store(rows)
    assert_alike(memory, states, dtype)


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("kind", sorted(BUILDS))
def test_the_nearest_is_found_far_from_the_origin(kind, offset, rng) -> None:
    rows = rng.random((700, 20)) + offset
    memory = BUILDS[kind](2.0)
    memory.store(rows)
    np.testing.assert_array_equal(told(memory, rows[:50] + rng.normal(0, 0.01, (50, 20)), 0).nearest, np.arange(50))


def test_of_equal_patterns_the_first_is_told(rng) -> None:
    rows = np.tile(rng.normal(size=(50, 30)), (40, 1))
    memory = mn.modern_hopfield(1.0)
    memory.store(rows)
    quick, slow = told(memory, rows[:50], 0), told(memory, rows[:50], 2**62)
    np.testing.assert_array_equal(quick.nearest, np.arange(50))
    np.testing.assert_array_equal(quick.top.ids[:, 0], slow.top.ids[:, 0])


def test_values_come_with_it(rng) -> None:
    memory, rows = mn.modern_hopfield(4.0), rng.normal(size=(500, 30))
    memory.store(rows, values=rng.normal(size=(500, 3)))
    assert_alike(memory, rows[:7], "float64")


def test_a_look_is_the_same_over_an_executor(rng) -> None:
    memory, rows = mn.modern_hopfield(4.0), rng.normal(size=(3000, 30))
    memory.store(rows)
    with ThreadPoolExecutor(2) as threads:
        spread = memory.recall(rows[:40], executor=threads)
    here = memory.recall(rows[:40])
    np.testing.assert_array_equal(spread.nearest, here.nearest)
    np.testing.assert_array_equal(spread.top.ids, here.top.ids)
    np.testing.assert_allclose(spread.energy, here.energy, rtol=1e-12)
