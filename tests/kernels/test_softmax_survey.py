"""The compiled survey of patterns, against its slow twin: what is told of states, tile by tile in array functions."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import softmax_readout, threads
from mnemonist.kernels.softmax_readout import blocks_of
from mnemonist.kernels.softmax_survey import SoftmaxSurvey, merged, softmax_readout_and_survey, softmax_survey

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
    dtypes=st.sampled_from([("float32", "float32"), ("float64", "float64"), ("float64", "float32")]),
)
def test_the_kernel_finds_what_the_slow_twin_finds(seed, cues, count, width, kind, dtypes) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, width)).astype(dtypes[1])
    states = (rows[rng.integers(count, size=cues)] + 0.05 * rng.normal(size=(cues, width))).astype(dtypes[0])
    memory = BUILDS[kind](2.0)
    memory.store(rows)
    assert_alike(memory, states, dtypes[0])


@for_all(
    seed=st.integers(0, 2**32 - 1),
    cues=st.sampled_from([1, 2, 3, 4, 5, 8, 9, 12, 13]),
    count=st.sampled_from([1, 2, 31, 33, 130, 1000, 9000]),
    width=st.sampled_from([1, 3, 16, 33, 64, 259]),
    beta=st.sampled_from([1e-3, 0.3, 4.0]),
    dtypes=st.sampled_from([("float32", "float32"), ("float64", "float64"), ("float64", "float32")]),
    euclidean=st.booleans(),
)
def test_one_pass_finds_what_two_find(seed, cues, count, width, beta, dtypes, euclidean) -> None:
    rng = np.random.default_rng(seed)
    rows, state = rng.normal(size=(count, width)).astype(dtypes[1]), rng.normal(size=(cues, width)).astype(dtypes[0])
    blocks = blocks_of(rows, cues)
    readout, survey = softmax_readout_and_survey(state, blocks, count, beta, euclidean=euclidean, best=32)
    alone = softmax_readout.softmax_readout(state, blocks, count, beta, euclidean=euclidean)
    np.testing.assert_array_equal(readout.pull, alone.pull)
    np.testing.assert_array_equal(readout.mass, alone.mass)
    np.testing.assert_array_equal(readout.summary, alone.summary)
    assert readout.pull.dtype == readout.mass.dtype == readout.summary.peak.dtype == dtypes[0]
    assert_equal(survey, softmax_survey(state, [blocks], count, beta, euclidean=euclidean, best=32))


def assert_equal(found: SoftmaxSurvey, expected: SoftmaxSurvey) -> None:
    """Compare bit for bit."""
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("euclidean", [False, True])
def test_the_best_are_the_best_of_all(euclidean: bool, rng) -> None:
    rows, state = rng.integers(-2, 3, (5000, 8)).astype(np.float64), rng.integers(-2, 3, (3, 8)).astype(np.float64)
    h = -((state[:, None] - rows) ** 2).sum(axis=-1) / 2 if euclidean else state @ rows.T
    found = softmax_survey(state, [blocks_of(rows, 3)], 5000, 1.0, euclidean=euclidean, best=32)
    order = np.argsort(-h, axis=-1, kind="stable")[:, :32]  # many are equal: the first come first
    np.testing.assert_array_equal(found.places, order)
    np.testing.assert_array_equal(found.top, np.take_along_axis(h, order, axis=-1))
    np.testing.assert_array_equal(found.nearest, ((state[:, None] - rows) ** 2).sum(axis=-1).argmin(axis=-1))


def test_surveys_of_parts_merge_to_that_of_the_whole(rng) -> None:
    rows, state = rng.normal(size=(999, 12)), rng.normal(size=(7, 12))
    way = {"beta": 0.7, "euclidean": False, "best": 32}
    whole = softmax_survey(state, [blocks_of(rows, 7)], 999, **way)
    parts = [rows[:5], rows[5:500], rows[500:998], rows[998:]]
    found = merged([softmax_survey(state, [blocks_of(part, 7)], 999, **way) for part in parts], 0.7, 32)
    np.testing.assert_allclose(found.mass, whole.mass, rtol=1e-12)
    assert_equal(found._replace(mass=whole.mass), whole)
    assert_equal(softmax_survey(state, [blocks_of(part, 7) for part in parts], 999, **way), found)


@pytest.mark.parametrize("cues", [2, 300])
def test_the_number_of_threads_changes_nothing(cues: int, rng, monkeypatch) -> None:
    rows, state, found = rng.normal(size=(30_000, 33)), rng.normal(size=(cues, 33)), []
    for many in (1, 2, 5):
        monkeypatch.setattr(threads, "_processors", lambda many=many: many)
        found.append(softmax_survey(state, [blocks_of(rows, cues)], len(rows), 0.5, euclidean=False, best=32))
    for other in found[1:]:
        assert_equal(found[0], other)


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


def test_a_survey_is_the_same_over_an_executor(rng) -> None:
    memory, rows = mn.modern_hopfield(4.0), rng.normal(size=(3000, 30))
    memory.store(rows)
    with ThreadPoolExecutor(2) as threads:
        spread = memory.recall(rows[:40], executor=threads)
    here = memory.recall(rows[:40])
    np.testing.assert_array_equal(spread.nearest, here.nearest)
    np.testing.assert_array_equal(spread.top.ids, here.top.ids)
    np.testing.assert_allclose(spread.energy, here.energy, rtol=1e-12)
