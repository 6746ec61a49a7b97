"""Kinds that mean it: a memory is nearer than half the way to the next, and nothing depends on the order of storage."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.data import digits


def signs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.where(rng.random(shape) < 0.5, 1, -1)


def kinds(recall) -> Counter[str]:
    return Counter(kind.name for kind in recall.kind)


# --- memories that are none --------------------------------------------------------------------------------------


def test_one_state_for_a_hundred_alike_digits_is_no_memory() -> None:
    patterns = np.where(digits()[0].reshape(500, -1)[:100] > 0.5, 1, -1)
    memory = mn.classical_hopfield()
    memory.store(patterns)
    recall = memory.recall(patterns)
    are = (recall.state[:, None] == patterns[None]).all(axis=-1).any(axis=1)
    assert ((recall.kind == mn.Kind.MEMORY) <= are).all()
    assert (recall.kind == mn.Kind.SPURIOUS).all()


def test_a_blank_that_all_sparse_patterns_fall_to_is_spurious(rng) -> None:
    memory = mn.classical_hopfield()
    patterns = np.where(rng.random((10, 400)) < 0.05, 1, -1)
    memory.store(patterns)
    recall = memory.recall(patterns)
    assert len(np.unique(recall.state, axis=0)) == 1
    assert kinds(recall) == {"SPURIOUS": 10}


@pytest.mark.parametrize("load", [0.02, 0.05, 0.1, 0.13, 0.16, 0.3])
def test_at_every_load_a_random_pattern_that_is_kept_is_a_memory_and_one_that_is_lost_is_not(load, rng) -> None:
    patterns = signs(rng, int(load * 500), 500)
    memory = mn.classical_hopfield()
    memory.store(patterns)
    recall = memory.recall(patterns)
    own = (recall.state * patterns).mean(axis=1)
    told = recall.kind == mn.Kind.MEMORY
    assert (told[own >= 0.9]).all()
    other = (recall.state @ patterns.T / 500).max(axis=1)
    assert (told == (other >= 0.9)).all()


def test_a_blend_of_three_is_one_and_of_all_is_none(rng) -> None:
    patterns = signs(rng, 6, 500)
    memory = mn.classical_hopfield()
    memory.store(patterns)
    recall = memory.recall(np.sign(patterns[:3].sum(axis=0)))
    assert (recall.kind, recall.components) == (mn.Kind.MIXTURE, 3)


def test_a_held_half_unlike_any_memory_makes_no_memory() -> None:
    images = digits()[0].reshape(500, -1)[:60]
    memory = mn.kernel_memory()
    memory.store(images)
    white = images[:12].copy()
    white[:, 392:] = 1.0
    clamped = np.ones((12, 784), bool)
    recall = memory.recall(white, clamped=clamped, unfamiliar=None)
    assert "MEMORY" not in kinds(recall)


def test_copies_are_one_memory() -> None:
    rows = np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 5.0]])
    memory = mn.kernel_memory(4.0)
    memory.store(rows)
    recall = memory.recall(rows)
    assert kinds(recall) == {"MEMORY": 3}
    assert recall.components.tolist() == [1, 1, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["kernel", "modern", "sparse"]))
def test_what_is_called_a_memory_is_in_the_ball_of_its_nearest(seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(15, 4))
    memory = {"kernel": mn.kernel_memory, "modern": mn.modern_hopfield, "sparse": mn.sparse_hopfield}[name](beta=3.0)
    memory.store(rows)
    recall = memory.recall(rng.normal(size=(10, 4)), unfamiliar=None, known=rng.random((10, 4)) < 0.7)
    apart = np.linalg.norm(recall.state[:, None] - rows[None], axis=-1)
    between = np.linalg.norm(rows[:, None] - rows[None], axis=-1)
    np.fill_diagonal(between, np.inf)
    mine = apart.argmin(axis=1)
    inside = apart.min(axis=1) < between.min(axis=1)[mine] / 2
    assert ((recall.kind == mn.Kind.MEMORY) <= inside).all()
    heavy = (recall.weights.max(axis=1) >= 0.9) & inside
    assert (recall.kind[heavy] == mn.Kind.MEMORY).all()


# --- the order of storage ----------------------------------------------------------------------------------------


BUILDS = [
    mn.classical_hopfield, lambda: mn.dense_memory(3), lambda: mn.dense_memory(4), mn.exponential_memory, mn.hebbian,
    lambda: mn.dense_memory(3, rectified=True), lambda: mn.kernel_memory(0.1),
]  # fmt: skip


@pytest.mark.parametrize("build", BUILDS)
def test_no_tie_is_decided_by_the_order_of_storage(build, rng) -> None:
    for width in (16, 32, 64):
        patterns = signs(rng, 20, width)
        cues = np.concatenate([signs(rng, 20, width), patterns * np.where(rng.random((20, width)) < 0.25, -1, 1)])
        order = rng.permutation(20)
        one, other = build(), build()
        one.store(patterns)
        other.store(patterns[order])
        a, b = one.recall(cues), other.recall(cues)
        np.testing.assert_array_equal(patterns[a.nearest], patterns[order][b.nearest])
        assert (a.kind == b.kind).all()
        np.testing.assert_array_equal(a.components, b.components)


TIES = [
    (lambda: mn.modern_hopfield(beta=1.0), [[0, 1], [1, 0]], [0.5, 0.5], {}),
    (lambda: mn.AssociativeMemory(mn.Manhattan(), mn.Softmax(4.0), mn.Real()), [[0], [1]], [0.5], {}),
    (lambda: mn.AssociativeMemory(mn.Dot(), mn.KSubsets(2), mn.Real()), [[1, 0, 0], [0, 2, 0]], [0.5, 0.5, 0], {}),
    (lambda: mn.kernel_memory(beta=4.0), [[0], [1]], [0.5], {"strength": [2.0, 2.0]}),
]


@pytest.mark.parametrize(("build", "rows", "cue", "options"), TIES)
def test_no_tie_between_real_patterns_is_either(build, rows, cue, options) -> None:
    rows = np.array(rows, float)
    found = []
    for order in ([0, 1], [1, 0]):
        memory = build()
        memory.store(rows[order], **options)
        found.append(rows[order][memory.recall(cue, max_steps=0).nearest].tolist())
    assert found[0] == found[1]


@pytest.mark.parametrize("copies", [2, 33, 40, 100])
def test_however_many_copies_are_one_memory(copies) -> None:
    memory = mn.kernel_memory(beta=50.0)
    memory.store([[0.0, 0.0]] * copies + [[1.0, 1.0]] * 2)
    recall = memory.recall([0.1, 0.0])
    assert (recall.kind, recall.components) == (mn.Kind.MEMORY, 1)
