"""When kernels are loaded: all that slow twins did is added up, whoever asked for it."""

import math
from threading import Thread

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.kernels import loading
from mnemonist.sites import binary


@pytest.fixture
def work(monkeypatch):
    """The counter of a process in which twins have done nothing yet."""
    monkeypatch.setattr(loading._work, "seconds", 0.0)
    return loading._work


def test_little_work_is_left_to_the_twins(work) -> None:
    assert not loading.worth_it(100, 10_000)
    assert 0 < work.seconds < loading._LOADING


def test_much_work_at_once_loads_kernels_for_the_first_call(work) -> None:
    assert loading.worth_it(100_000, 0)
    assert loading.worth_it(1, 1)


def test_little_work_many_times_loads_kernels_too(work) -> None:
    asked = [loading.worth_it(100, 10_000) for _ in range(200)]
    assert asked == sorted(asked)
    assert asked[-1]


def test_once_loaded_they_do_the_smallest_work(work) -> None:
    work.seconds = math.inf
    assert loading.worth_it(0, 0)


def test_threads_add_up_what_they_do(work, monkeypatch) -> None:
    monkeypatch.setattr(loading, "_LOADING", math.inf)
    threads = [Thread(target=lambda: [loading.worth_it(1, 0) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < work.seconds <= 2001 * loading._STEP


@pytest.mark.parametrize("build", [mn.classical_hopfield, lambda: mn.dense_memory(3), mn.hebbian])
def test_a_recall_is_the_same_before_and_after(build, work, rng) -> None:
    memory, rows = build(), rng.choice([-1.0, 1.0], size=(20, 64))
    memory.store(rows)
    cues = rows * rng.choice([1, 1, 1, 1, -1], size=rows.shape)
    before = memory.recall(cues)
    work.seconds = math.inf
    after = memory.recall(cues)
    for name in ("state", "steps", "nearest", "kind", "overlap", "energy"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    np.testing.assert_array_equal(before.top.ids, after.top.ids)


def test_small_recalls_in_a_loop_come_to_be_swept_by_kernels(work, rng, monkeypatch) -> None:
    memory, rows, swept = mn.classical_hopfield(), rng.choice([-1.0, 1.0], size=(5, 64)), []
    memory.store(rows)
    sweep = binary.sweep_overlaps
    monkeypatch.setattr(binary, "sweep_overlaps", lambda *a, **o: swept.append(sweep(*a, **o)))
    memory.recall(rows[0])
    assert not swept
    for _ in range(200):
        memory.recall(rows[0])
    assert swept
