"""Recall by executors: the same answer as here, whatever becomes of the workers."""

import os
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist import errors
from mnemonist.readout import executor as gathering

MEMORIES = [
    lambda: mn.modern_hopfield(8.0), mn.kernel_memory, lambda: mn.sparse_hopfield(1.5, 2.0), mn.epanechnikov_memory,
    lambda: mn.spherical_memory(mn.Power(4)), lambda: mn.graded_memory(2.0),
    lambda: mn.AssociativeMemory(mn.Cosine(), mn.Softmax(3.0), mn.Real()),
]  # fmt: skip


class Backwards(Executor):
    """Does what it was given last first, and only when a result is asked for."""

    def __init__(self) -> None:
        self.tasks: list = []

    def submit(self, fn, /, *args, **kwargs):
        task = _Late(self)
        self.tasks.append((task, fn, args))
        return task


class _Late(Future):
    def __init__(self, executor: Backwards) -> None:
        super().__init__()
        self.executor = executor

    def result(self, timeout=None):
        while self.executor.tasks:
            task, fn, args = self.executor.tasks.pop()
            task.set_result(fn(*args))
        return super().result()


@pytest.fixture
def small_parts(monkeypatch) -> None:
    """Parts of a few numbers, so that small memories have several."""
    monkeypatch.setattr(gathering, "_NUMBERS", 40)


def assert_same(one: mn.Recall, other: mn.Recall) -> None:
    np.testing.assert_allclose(other.state, one.state, rtol=1e-9, atol=1e-9)
    for name in ("nearest", "kind", "components", "steps", "outcome", "ids"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name))
    np.testing.assert_array_equal(other.top.ids, one.top.ids)
    np.testing.assert_allclose(other.weights, one.weights, rtol=1e-8, atol=1e-9)
    if one.values is not None:
        np.testing.assert_allclose(other.values, one.values, rtol=1e-8, atol=1e-9)
    if one.energy is not None:
        np.testing.assert_allclose(other.energy, one.energy, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("build", MEMORIES, ids=lambda build: str(build()).split("  #")[0])
def test_parts_are_put_together_to_the_same_recall(build, small_parts) -> None:
    @settings(max_examples=6, deadline=None)
    @given(st.integers(1, 40), st.integers(1, 20), st.integers(1, 4), st.integers(0, 99), st.booleans(), st.booleans())
    def holds(patterns, neurons, cues, seed, hidden, holes) -> None:
        rng, memory = np.random.default_rng(seed), build()
        rows = rng.uniform(-0.9, 0.9, size=(patterns, neurons))
        known = rng.random(rows.shape) < 0.8
        known[:, 0] = True
        memory.store(rows, values=rng.normal(size=(patterns, 2)), known=known if holes else None)
        cue = rows[rng.integers(patterns, size=cues)] + 0.1 * rng.uniform(-1, 1, size=(cues, neurons))
        options = {"known": rng.random(cue.shape) < 0.7, "clamped": False} if hidden else {}
        options["max_steps"] = 4
        here = memory.recall(cue, **options)
        with ThreadPoolExecutor(2) as pool:
            assert_same(here, memory.recall(cue, executor=pool, **options))
        assert_same(here, memory.recall(cue, executor=Backwards(), **options))

    holds()


def test_flows_and_traces_are_made_of_parts_too(small_parts, rng) -> None:
    memory, rows = mn.modern_hopfield(4.0), rng.normal(size=(20, 6))
    memory.store(rows)
    for dynamics in (mn.Flow(), mn.Langevin(temperature=0.1)):
        options = {"dynamics": dynamics, "max_steps": 5, "trace": True, "rng": 1}
        one, other = memory.recall(rows, **options), memory.recall(rows, executor=Backwards(), **options)
        np.testing.assert_allclose(other.trace.states, one.trace.states, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(other.trace.energies, one.trace.energies, rtol=1e-9, atol=1e-9)


def test_who_cannot_recall_from_parts_refuses_an_executor(rng) -> None:
    rows = rng.choice([-1.0, 1.0], size=(3, 8))
    network, discrete, memory, sequence = mn.hebbian(), mn.dense_memory(2), mn.kernel_memory(), mn.sequence_net()
    for each in (network, discrete, memory, sequence):
        each.store(rows)
    with ThreadPoolExecutor(1) as pool:
        for each in (network, sequence):
            with pytest.raises(errors.IllegalCombination, match="executor must be left out"):
                each.recall(rows, executor=pool)
        with pytest.raises(errors.IllegalCombination, match="sweeps use all processors"):
            discrete.recall(rows, executor=pool)
    with pytest.raises(errors.InvalidType, match=r"client\.get_executor"):
        memory.recall(rows, executor=2)
    with pytest.raises(errors.InvalidArgument, match="after shutdown"):
        memory.recall(rows, executor=pool)


def test_what_fails_in_a_part_is_raised_here(small_parts, rng, tmp_path) -> None:
    rows = rng.normal(size=(50, 4))
    np.save(tmp_path / "a.npy", rows)
    memory = mn.kernel_memory(1.0)
    memory.store(mn.MappedPatterns(tmp_path / "a.npy"))
    os.utime(tmp_path / "a.npy", ns=(0, 0))
    with ThreadPoolExecutor(2) as pool, pytest.raises(errors.UnreadableFile, match="was changed"):
        memory.recall(rows, executor=pool)


# --- processes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path, monkeypatch) -> tuple[mn.AssociativeMemory, np.ndarray, mn.Recall]:
    """A memory of patterns in two files that come in many parts, cues, and what they recall here."""
    monkeypatch.setattr(gathering, "_NUMBERS", 2**15)
    rows = np.random.default_rng(0).normal(size=(20_000, 64)).astype(np.float32)
    for name, part in (("a", rows[:9000]), ("b", rows[9000:])):
        np.save(tmp_path / f"{name}.npy", part)
    memory = mn.modern_hopfield(1.0)
    memory.store(mn.MappedPatterns(tmp_path / "a.npy", tmp_path / "b.npy"))
    cues = rows[:3] + np.float32(0.1)
    return memory, cues, memory.recall(cues)


def test_processes_open_the_files_themselves(stored) -> None:
    memory, cues, here = stored
    with ProcessPoolExecutor(2) as pool:
        there = memory.recall(cues, executor=pool)
    np.testing.assert_allclose(there.state, here.state, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(there.nearest, here.nearest)


def test_a_pool_that_lost_a_process_is_done_without(stored) -> None:
    memory, cues, here = stored
    with ProcessPoolExecutor(2) as pool:
        pool.submit(int).result()
        for process in list(pool._processes):
            os.kill(process, signal.SIGKILL)
        with pytest.warns(UserWarning, match="goes on here"):
            there = memory.recall(cues, executor=pool)
    np.testing.assert_allclose(there.state, here.state, rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def client() -> Iterator:
    """A client of a local cluster of two processes, which never gives up a worker that was killed more than once."""
    dask, distributed = pytest.importorskip("dask"), pytest.importorskip("dask.distributed")
    patience = {"distributed.deploy.lost-worker-timeout": "1 hour"}
    with dask.config.set(patience), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        )
        with distributed.Client(made) as client:
            yield client
        made.close()


def workers(client, without: int = 0) -> list[int]:
    """Return the processes of two workers that answer, once that one is gone."""
    for _ in range(200):
        found = list(client.run(os.getpid, on_error="ignore").values())
        if len(found) == 2 and without not in found:
            return found
        time.sleep(0.1)
    raise TimeoutError


def killed(client, stored, delay: float) -> bool:
    """Recall while a worker is killed, check the recall, and say whether it was still at work."""
    memory, cues, here = stored
    process, done = workers(client)[0], threading.Event()
    struck: list[bool] = []

    def strike() -> None:
        time.sleep(delay)
        struck.append(not done.is_set())
        os.kill(process, signal.SIGKILL)

    thread = threading.Thread(target=strike)
    thread.start()
    there = memory.recall(cues, executor=client.get_executor(pure=False))
    done.set()
    thread.join()
    workers(client, without=process)
    np.testing.assert_allclose(there.state, here.state, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(there.nearest, here.nearest)
    np.testing.assert_allclose(there.top.weights, here.top.weights, rtol=1e-3, atol=1e-6)
    return struck[0]


def test_a_worker_killed_in_mid_recall_costs_time_not_the_answer(client, stored) -> None:
    assert killed(client, stored, 0.05)


@pytest.mark.slow
def test_ten_workers_killed_in_a_row_do_not_cost_the_answer(client, stored) -> None:
    assert all(killed(client, stored, 0.02 + 0.01 * i) for i in range(10))
