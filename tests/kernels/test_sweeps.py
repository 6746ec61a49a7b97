"""Compiled sweeps against their slow twins: the same states, update by update, whatever the parts."""

import math
import os
import subprocess
import sys
from threading import Thread

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.kernels import loading
from mnemonist.kernels.threads import share
from mnemonist.sites.tables import differences_of

SEPARATIONS = [
    mn.Power(1), mn.Power(2), mn.Power(3, scale=7.0), mn.Power(4), mn.Power(30), mn.RectifiedPower(2),
    mn.RectifiedPower(5), mn.Softmax(0.1), mn.Softmax(3.0), mn.Softmax(250.0), mn.Exponential(0.5),
]  # fmt: skip
DYNAMICS = [mn.Asynchronous(), mn.Asynchronous("sequential"), mn.Synchronous()]


def both(patch, recall):
    """Return what a recall is with every sweep by a kernel, and with none."""
    recalls = []
    for worked in (math.inf, -math.inf):
        patch.setattr(loading._work, "seconds", worked)
        recalls.append(recall())
    return recalls


def assert_same(kernel, twin) -> None:
    np.testing.assert_array_equal(kernel.state, twin.state)
    np.testing.assert_array_equal(kernel.steps, twin.steps)
    np.testing.assert_array_equal(kernel.trace.states, twin.trace.states)
    np.testing.assert_array_equal(kernel.outcome, twin.outcome)
    assert kernel.state.dtype == twin.state.dtype


sizes = st.tuples(st.integers(1, 70), st.integers(1, 40), st.integers(1, 9))


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
@pytest.mark.parametrize("dynamics", DYNAMICS, ids=repr)
def test_overlaps_are_swept_as_by_the_twin(separation, dynamics) -> None:
    @settings(max_examples=8, deadline=None)
    @given(sizes, st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
    @example((1, 1, 1), 0, False, False)
    @example((65, 33, 5), 1, True, True)
    def holds(size, seed, hidden, forgotten) -> None:
        neurons, patterns, count = size
        rng = np.random.default_rng(seed)
        rows = rng.choice([-1.0, 1.0], size=(patterns, neurons))
        cues = rng.choice([-1.0, 1.0], size=(count, neurons))
        cues[: patterns // 2] = rows[: min(patterns // 2, count)] * rng.choice([1, 1, 1, -1], neurons)
        known = rng.random((count, neurons)) < 0.6
        clamped = known & (rng.random(known.shape) < 0.5)
        stored = rng.random(rows.shape) < 0.8 if forgotten else None
        memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
        memory.store(rows, known=stored)
        with pytest.MonkeyPatch.context() as patch:
            options = {"dynamics": dynamics} | ({"known": known, "clamped": clamped} if hidden else {})
            assert_same(*both(patch, lambda: memory.recall(cues, max_steps=6, trace=True, rng=seed, **options)))

    holds()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activity", [None, 0.3])
def test_fields_are_swept_as_by_the_twin(activity, dtype) -> None:
    @settings(max_examples=25, deadline=None)
    @given(sizes, st.integers(0, 2**32 - 1), st.booleans())
    @example((1, 1, 1), 0, False)
    def holds(size, seed, hidden) -> None:
        neurons, patterns, count = size
        rng = np.random.default_rng(seed)
        levels = [-1.0, 1.0] if activity is None else [0.0, 1.0]
        network = mn.hebbian() if activity is None else mn.covariance(activity)
        network.store(rng.choice(levels, size=(patterns, neurons)).astype(dtype))
        cues = rng.choice(levels, size=(count, neurons)).astype(dtype)
        options = {"known": rng.random(cues.shape) < 0.6} if hidden else {}
        with pytest.MonkeyPatch.context() as patch:
            assert_same(*both(patch, lambda: network.recall(cues, max_steps=6, trace=True, rng=seed, **options)))

    holds()


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
def test_exact_ties_are_ties_in_a_kernel_too(separation, monkeypatch) -> None:
    rows = np.array([[1, 1, 1, 1, 1, -1], [1, 1, 1, 1, -1, 1], [1, 1, -1, -1, 1, 1], [1, 1, -1, -1, -1, -1]])
    cues = np.ones((1, 6))
    memory = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())
    memory.store(np.concatenate([rows, rows]))
    known = np.array([[True, True, True, False, False, False]])
    for dynamics in DYNAMICS:
        for options in ({}, {"known": known}):
            assert_same(
                *both(
                    monkeypatch,
                    lambda d=dynamics, o=options: memory.recall(cues, max_steps=4, trace=True, dynamics=d, **o),
                )
            )


def test_pairs_are_swept_in_turn_as_by_the_twin(rng, monkeypatch) -> None:
    memory = mn.BidirectionalMemory(mn.Power(3))
    left, right = rng.choice([-1.0, 1.0], size=(7, 33)), rng.choice([-1.0, 1.0], size=(7, 20))
    memory.store(left, right)
    cues = left * rng.choice([1, 1, 1, -1], 33)
    kernel, twin = both(monkeypatch, lambda: memory.recall(left=cues, rng=1))
    np.testing.assert_array_equal(kernel.left, twin.left)
    np.testing.assert_array_equal(kernel.right, twin.right)


@given(st.integers(0, 40))
def test_work_is_shared_out_whole_and_once(count) -> None:
    done: list[int] = []
    share(done.append, count)
    assert sorted(done) == list(range(count))


@pytest.mark.parametrize("task", [0, 1, 7])
def test_what_a_shared_task_raises_is_raised_by_who_shares(task) -> None:
    def work(i: int) -> None:
        if i == task:
            raise KeyError(i)

    for _ in range(5):
        with pytest.raises(KeyError, match=str(task)):
            share(work, 8)


def test_many_share_at_once_and_inside_of_what_is_shared() -> None:
    done: list[int] = []
    callers = [Thread(target=share, args=(lambda i: share(done.append, i), 20)) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
        assert not caller.is_alive()
    assert sorted(done) == sorted(6 * [i for count in range(20) for i in range(count)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes fork on Unix")
def test_a_process_that_forked_has_threads_of_its_own() -> None:
    code = """
import os
from mnemonist.kernels.threads import share
share(lambda i: None, 8)
child, done = os.fork(), []
share(done.append, 8)
assert sorted(done) == list(range(8))
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_differences_of_powers_up_to_three_are_parabolas() -> None:
    assert [len(differences_of(mn.Power(degree), 50).parabolas) > 0 for degree in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]
    assert len(differences_of(mn.RectifiedPower(2), 50).parabolas) == 0


def test_tables_that_would_be_too_large_are_not_made() -> None:
    assert differences_of(mn.Power(3), 2**21) is None
