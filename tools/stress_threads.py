"""Show that threads may share a memory: readers beside a writer, and several writers, of every kind of memory.

    python -m tools.stress_threads [--recalls 300] [--each 200]

*Readers beside a writer*: 8 threads recall while one stores and forgets. All states that the memory goes through are
made beforehand by one thread, and what each of them answers; an answer that is none of these is of a *mixed* model.
*Several writers*: 4 threads store patterns of their own, one at a time. A pattern that is not there afterwards is
*lost*, and so is a memory that answers otherwise than one that was given the same patterns by one thread.

Run it from the repository. Exit status 1 where anything was mixed, lost, or raised.
"""

import argparse
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

import mnemonist as mn
from tools.every_model import MODELS, drawn

Rows = np.ndarray[Any, Any]
Answer = tuple[Any, ...]

WIDTH, READERS, WRITERS = 24, 8, 4
_FEW = {"perceptron": 3, "perceptron, symmetric": 3, "projection": 5, "sequence, inverse": 5}  # patterns of a writer


@dataclass(frozen=True)
class Kind:
    """A kind of memory: its name, how an empty one is made, and how rows go in and come out."""

    name: str
    make: Callable[[], Any]

    def rows(self, count: int) -> Rows:
        """Return rows (count, N) that it may store, a function of its name."""
        memory, rng = self.make(), np.random.default_rng(zlib.crc32(self.name.encode()))
        neurons = getattr(memory, "neurons", mn.Binary())
        return drawn(neurons, rng, count, neurons.width or WIDTH)

    def store(self, memory: Any, rows: Rows) -> Any:
        """Store rows; return their ids where it gives any."""
        if isinstance(memory, mn.BidirectionalMemory):
            return memory.store(rows[:, : WIDTH // 2], rows[:, WIDTH // 2 :])
        return memory.store(rows)

    def forget(self, memory: Any, rows: Rows, ids: Any) -> None:
        """Take rows out again, if this kind can."""
        if isinstance(memory, mn.RandomFeatureMemory):
            memory.unstore(rows)
        elif not isinstance(getattr(memory, "rule", None), mn.Storkey):
            memory.forget(ids)

    def ask(self, memory: Any, cues: Rows) -> Answer:
        """Return what a recall says: states, energies, the places of the nearest patterns, and of how many patterns."""
        if isinstance(memory, mn.BidirectionalMemory):
            recall = memory.recall(left=cues[:, : WIDTH // 2]).joint
        else:
            recall = memory.recall(cues, max_steps=20)
        energy = None if recall.energy is None else np.asarray(recall.energy).tobytes()
        nearest = np.searchsorted(recall.ids, recall.nearest).tolist()
        return np.asarray(recall.state).tobytes(), energy, nearest, len(recall.ids)


def _kinds() -> Iterator[Kind]:
    for name, make in MODELS.items():
        if getattr(make(WIDTH), "rule", make) is not None:
            yield Kind(name, lambda make=make: make(WIDTH))  # type: ignore[misc]
    yield Kind("classical, textbook's", mn.classical_hopfield)
    yield Kind("random features", lambda: mn.RandomFeatureMemory(0.5, features=64))
    for separation in (None, mn.Softmax(1.0)):
        yield Kind(f"pairs, {separation}", lambda separation=separation: mn.BidirectionalMemory(separation))  # type: ignore[misc]


KINDS = {kind.name: kind for kind in _kinds()}


class Beside(NamedTuple):
    """What became of readers beside a writer: how many recalls they made, how many were of mixed models or raised."""

    recalls: int = 0
    mixed: int = 0
    raised: int = 0


def beside_a_writer(kind: Kind, recalls: int) -> Beside:
    """Have readers recall beside a writer, in one new memory after the other, until there are so many recalls."""
    rows, total = kind.rows(8), Beside()
    expected = set(map(repr, _answers(kind, rows)))
    while total.recalls < recalls:
        found = _round(kind, rows, expected)
        total = Beside(*(a + b for a, b in zip(total, found, strict=True)))
    return total


def changes(kind: Kind, memory: Any, rows: Rows) -> Iterator[None]:
    """Change a memory step by step: store pairs of rows, and take the second pair out again."""
    ids = []
    for start in range(0, len(rows), 2):
        ids.append(kind.store(memory, rows[start : start + 2]))
        yield
    kind.forget(memory, rows[2:4], ids[1])
    yield


def _answers(kind: Kind, rows: Rows) -> list[Answer]:
    """Return the answers of all the states that the changes lead through."""
    memory = kind.make()
    return [kind.ask(memory, rows[:3]) for _ in changes(kind, memory, rows)]


def _round(kind: Kind, rows: Rows, expected: set[str]) -> Beside:
    """Have readers recall for as long as a writer changes a new memory."""
    memory, begin, written = kind.make(), threading.Barrier(READERS + 1), threading.Event()
    steps = changes(kind, memory, rows)
    next(steps)

    def write() -> None:
        begin.wait()
        for _ in steps:
            pass
        written.set()

    def read() -> Beside:
        begin.wait()
        made = mixed = raised = 0
        while not made or not written.is_set():
            made += 1
            try:
                mixed += repr(kind.ask(memory, rows[:3])) not in expected
            except Exception:
                raised += 1
        return Beside(made, mixed, raised)

    with ThreadPoolExecutor(READERS + 1) as pool:
        futures = [pool.submit(read) for _ in range(READERS)]
        pool.submit(write).result()
        found = [future.result() for future in futures]
    return Beside(*(sum(part) for part in zip(*found, strict=True)))


def lost_by_writers(kind: Kind, each: int) -> int:
    """Have writers store so many patterns each; return how many are lost, one at least where an answer is another."""
    each = min(each, _FEW.get(kind.name, each))
    rows, memory = kind.rows(WRITERS * each), kind.make()
    begin = threading.Barrier(WRITERS)

    def store(row: Rows) -> Any:
        try:
            return kind.store(memory, row[None])
        except Exception:
            return np.empty(0, np.int64)

    def write(writer: int) -> list[Any]:
        begin.wait()
        return [store(row) for row in rows[writer::WRITERS]]

    with ThreadPoolExecutor(WRITERS) as pool:
        given = [one for ids in pool.map(write, range(WRITERS)) for one in ids]
    stored = np.concatenate([rows[writer::WRITERS] for writer in range(WRITERS)])
    ids = np.arange(len(rows)) if given[0] is None else np.concatenate(given)  # random features have no ids
    lost = len(rows) - min(len(set(ids.tolist())), len(memory))
    return lost or int(not _as_by_one(kind, memory, stored[np.argsort(ids)]))


def _as_by_one(kind: Kind, memory: Any, rows: Rows) -> bool:
    """Say whether a memory answers as one that was given these rows by one thread."""
    twin = kind.make()
    for row in rows:
        kind.store(twin, row[None])
    if isinstance(memory, mn.RandomFeatureMemory):  # a sum of floats, in another order
        return bool(np.allclose(memory.recall(rows[:3]).state, twin.recall(rows[:3]).state))
    return kind.ask(twin, rows[:3]) == kind.ask(memory, rows[:3])


@contextmanager
def switching() -> Iterator[None]:
    """Have threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def main() -> int:
    """Try every kind, print a line for each, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recalls", type=int, default=300, help="recalls beside a writer, of each kind")
    parser.add_argument("--each", type=int, default=200, help="patterns that each of 4 writers stores")
    options, bad = parser.parse_args(), 0
    sys.stdout.write(f"{'kind':24}{'recalls':>9}{'mixed':>8}{'raised':>8}{'lost':>8}\n")
    with switching():
        for name, kind in KINDS.items():
            found, lost = beside_a_writer(kind, options.recalls), lost_by_writers(kind, options.each)
            sys.stdout.write(f"{name:24}{found.recalls:9}{found.mixed:8}{found.raised:8}{lost:8}\n")
            sys.stdout.flush()
            bad += found.mixed + found.raised + lost
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
