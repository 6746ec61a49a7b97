"""Threads may share a memory: a recall sees one frozen state, changes come one after another, nobody waits to read.

Where one thread meets another can mostly be said: a function that both come through is replaced by one
that first lets the other thread do its work. The rest is a short form of `tools/stress_threads.py`.
"""

import copy
import os
import pickle
import threading
from typing import Any

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.memories import bidirectional, random_features
from mnemonist.networks.perceptron import Perceptron
from mnemonist.recall import base, contents, pattern_memory
from tools.stress_threads import KINDS, Beside, beside_a_writer, lost_by_writers, switching

LONG = 30.0  # seconds after which a thread hangs


def in_another_thread(work: Any, wait: float = LONG) -> threading.Thread:
    """Do some work in a thread, and return it when it has ended or time is up."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(wait)
    return thread


def meeting(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, work: Any, *, late: bool = False) -> list[str]:
    """Have work done once, before a function goes to work, or `late`, after it; return what notes that it was done."""
    original, done = getattr(where, name), []

    def met(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs) if late else None
        if not done:
            done.append(name)
            work()
        return found if late else original(*args, **kwargs)

    monkeypatch.setattr(where, name, met)
    return done


PLACES = {
    "before the model is made": (contents.Contents, "model", False),
    "once the model is made": (contents.Contents, "model", True),
    "before arguments are checked": (base, "check_request", False),
    "before the states move": (base, "run", False),
    "before the states are told": (base, "Resting", True),
}
STORING = [kind for kind in KINDS.values() if kind.name != "random features"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", STORING, ids=lambda kind: kind.name)
def test_a_recall_sees_one_state_wherever_a_store_meets_it(kind, place, monkeypatch) -> None:
    rows, memory, small, large = kind.rows(4), kind.make(), kind.make(), kind.make()
    for one, parts in ((memory, rows[:2]), (small, rows[:2]), (large, rows[:2]), (large, rows[2:])):
        kind.store(one, parts)
    expected = [kind.ask(one, rows[:3]) for one in (small, large)]
    where, name, late = PLACES[place]
    threads = []
    done = meeting(
        monkeypatch, where, name, late=late,
        work=lambda: threads.append(in_another_thread(lambda: kind.store(memory, rows[2:]))),
    )  # fmt: skip
    assert kind.ask(memory, rows[:3]) in expected
    assert done
    assert not threads[0].is_alive()  # the writer did not wait for the reader
    assert kind.ask(memory, rows[:3]) == expected[1]  # and nothing of the smaller model is left


def test_a_store_that_meets_the_first_recall_of_a_network_leaves_no_weights_of_the_first_pattern(monkeypatch) -> None:
    rows, network = np.random.default_rng(0).choice([-1, 1], size=(2, 30)), mn.hebbian()
    network.store(rows[0])
    meeting(monkeypatch, mn.HopfieldNetwork, "_make", lambda: network.store(rows[1]))
    assert network.recall(rows[0]).ids.tolist() == [0]
    x = rows.astype(float)
    np.testing.assert_array_equal(network.weights, (x.T @ x / 30) * (1 - np.eye(30)))


def entry(kind: Any) -> tuple[Any, str]:
    """Return the function that every `store` comes through."""
    if kind.name == "random features":
        return random_features, "check_rows"
    return (bidirectional, "check_pairs") if kind.name.startswith("pairs") else (pattern_memory, "check_patterns")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_store_that_meets_another_waits_for_it_and_neither_is_lost(kind, monkeypatch) -> None:
    rows, memory, twin = kind.rows(4), kind.make(), kind.make()
    for part in (rows[:2], rows[2:]):
        kind.store(twin, part)
    others: list[threading.Thread] = []
    meeting(
        monkeypatch, *entry(kind),
        lambda: others.append(in_another_thread(lambda: kind.store(memory, rows[2:]), wait=0.05)),
    )  # fmt: skip
    kind.store(memory, rows[:2])
    others[0].join(LONG)
    assert len(memory) == 4
    assert kind.ask(memory, rows[:3]) == kind.ask(twin, rows[:3])


def test_a_strengthen_that_meets_a_store_waits_for_it_and_a_recall_sees_both_or_neither(monkeypatch) -> None:
    memory, others = mn.kernel_memory(1.0), []
    memory.store([[0.0], [1.0]])
    before = memory.recall([0.5], max_steps=1)
    meeting(
        monkeypatch, pattern_memory, "check_patterns",
        lambda: others.append(in_another_thread(lambda: memory.strengthen(0, 100.0), wait=0.05)),
    )  # fmt: skip
    memory.store([[9.0]])
    others[0].join(LONG)
    assert memory.strengths.tolist() == [100.0, 1.0, 1.0]
    assert before.nearest in (0, 1)
    assert before.weights.tolist() == [0.5, 0.5]  # of what there was when it was asked


def test_a_forget_that_meets_a_store_waits_for_it(monkeypatch) -> None:
    rows, network, others = np.random.default_rng(1).choice([-1, 1], size=(3, 20)), mn.hebbian(), []
    network.store(rows[:2])
    meeting(
        monkeypatch, pattern_memory, "check_patterns",
        lambda: others.append(in_another_thread(lambda: network.forget([0]), wait=0.05)),
    )  # fmt: skip
    network.store(rows[2])
    others[0].join(LONG)
    alone = mn.hebbian()
    alone.store(rows[1:])
    assert network.ids.tolist() == [1, 2]
    np.testing.assert_array_equal(network.weights, alone.weights)


def test_readers_do_not_wait_for_a_writer_that_learns_for_long(monkeypatch) -> None:
    rows, network = np.random.default_rng(2).choice([-1, 1], size=(3, 20)), mn.perceptron()
    network.store(rows[:2])
    learning, go_on, trained = threading.Event(), threading.Event(), Perceptron._trained

    def slow(*args: Any) -> Any:
        learning.set()
        assert go_on.wait(LONG)
        return trained(*args)

    monkeypatch.setattr(Perceptron, "_trained", slow)
    writer = threading.Thread(target=lambda: network.store(rows[2]), daemon=True)
    writer.start()
    assert learning.wait(LONG)
    asked = [network.recall(rows[0]).nearest, network.energy is not None, len(network), network.weights.shape]
    asked += [repr(network), network.ids.tolist(), network.fields(rows[0]).shape, network.load]
    assert asked[0] == 0
    assert asked[2] == 2
    assert writer.is_alive()  # all of this while it went on
    go_on.set()
    writer.join(LONG)
    assert len(network) == 3


def test_a_store_that_is_refused_changes_nothing_and_lets_the_next_writer_in() -> None:
    memory = mn.classical_hopfield()
    memory.store([[1, -1, 1]])
    with pytest.raises(mn.MnemonistError):
        memory.store([[1, 0.5, 1]])
    assert not in_another_thread(lambda: memory.store([[1, 1, 1]])).is_alive()
    assert memory.ids.tolist() == [0, 1]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_copy_of_a_memory_is_of_one_moment_and_its_writers_wait_for_nobody_elses(kind, copied) -> None:
    rows, memory = kind.rows(4), kind.make()
    kind.store(memory, rows[:2])
    before = kind.ask(memory, rows[:3])
    with memory._writing:  # someone writes here
        made = copied(memory)
        assert not in_another_thread(lambda: kind.store(made, rows[2:])).is_alive()
    assert (len(memory), len(made)) == (2, 4)
    assert kind.ask(memory, rows[:3]) == before
    kind.store(memory, rows[2:])
    assert kind.ask(memory, rows[:3]) == kind.ask(made, rows[:3])


def test_a_forked_process_writes_although_another_thread_wrote_when_it_began(monkeypatch) -> None:
    memory = mn.dense_memory()
    with memory._writing:
        monkeypatch.setattr(os, "getpid", lambda: -1)  # as the child of a fork sees it
        assert not in_another_thread(lambda: memory.store([1, 1, -1])).is_alive()
        monkeypatch.undo()
    assert len(memory) == 1


def test_threads_that_ask_at_once_get_one_model(monkeypatch) -> None:
    memory, found = mn.kernel_memory(), []
    memory.store(np.eye(3))
    meeting(
        monkeypatch, mn.AssociativeMemory, "_make",
        lambda: in_another_thread(lambda: found.append(memory.landscape)),
    )  # fmt: skip
    assert memory.landscape is found[0]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_answer_beside_a_writer_is_that_of_a_state_there_was_and_no_pattern_is_lost(kind) -> None:
    with switching():
        found, lost = beside_a_writer(kind, 24), lost_by_writers(kind, 4)
    assert found == Beside(found.recalls)
    assert lost == 0
