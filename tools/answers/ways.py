"""How a memory is asked: each way takes a trial, stores its rows, and returns a recall, or reads by name."""

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from answers.reading import Reads, reads_of, value_of
from answers.trials import Trial, drawn

Way = Callable[[Trial], Any]


def late(asked: Trial) -> Any:
    """Recall, then store more and write over the cues."""
    memory, cues = asked.stored(), np.array(asked.cues)
    recall = memory.recall(cues, max_steps=4, trace=True)
    cues[...] = 0
    memory.store(asked.rows[::-1])
    return recall


def later(asked: Trial) -> Any:
    """Recall, then forget most."""
    memory = asked.stored(values=asked.values)
    recall = memory.recall(asked.cues, max_steps=4)
    memory.forget(memory.ids[1:])
    return recall


def forgotten(asked: Trial) -> Any:
    """Store, forget some, store one more, and recall."""
    memory = asked.stored(known=asked.held)
    memory.forget(memory.ids[1:3])
    memory.store(asked.rows[1])
    return memory.recall(asked.cues, max_steps=50)


def in_parts(asked: Trial) -> Any:
    """Store some, one, the rest, and all of them again."""
    memory = asked.stored()
    for rows in (asked.rows[:2], asked.rows[2], asked.rows[3:]):
        memory.store(rows)
    return memory.recall(asked.cues, max_steps=50)


def overwritten(asked: Trial) -> Reads:
    """Recall, and write over the state before anything else is read."""
    recall = asked.stored().recall(asked.cues, max_steps=4)
    recall.state[...] = 0
    return {
        name: read
        for name, read in reads_of(recall).items()
        if not name.endswith(("state", "weights")) or "top" in name
    }


def in_threads(asked: Trial, **options: Any) -> Any:
    """Recall on threads that have ended when the recall is read."""
    with ThreadPoolExecutor(2) as pool:
        return asked.stored().recall(asked.cues, executor=pool, max_steps=20, **options)


def from_files(asked: Trial, *, values: Any = None, threads: bool = False) -> Any:
    """Recall from patterns in files."""
    memory = asked.make(asked.rows.shape[-1])
    memory.store(asked.mapped()[0], values=values)
    with ThreadPoolExecutor(2) as pool:
        return memory.recall(asked.cues, executor=pool if threads else None, max_steps=20)


def from_lost_files(asked: Trial) -> Reads:
    """Recall from patterns in files, and lose them before anything but all weights is read."""
    memory, (patterns, paths) = asked.make(asked.rows.shape[-1]), asked.mapped()
    memory.store(patterns)
    recall = memory.recall(asked.cues, max_steps=20)
    for path in paths:
        np.save(path, 0 * np.load(path))
    return {name: read for name, read in reads_of(recall).items() if not name.endswith("weights") or "top" in name}


def facts(asked: Trial) -> Reads:
    """Return what a memory says without a recall."""
    memory = asked.stored()
    of = {"energy": asked.cues, "energy of one": asked.cues[0], "scores": asked.cues, "fields": asked.cues}
    reads: Reads = {name: partial(_called, memory, name.split(" ")[0], given) for name, given in of.items()}
    reads |= {"constants": partial(_called, memory, "energy_constants"), "length": memory.__len__}
    names = ("ids", "patterns", "load", "weights", "bias")
    reads |= {name: partial(value_of, memory, name) for name in names if hasattr(memory, name)}
    reads["beta"] = lambda: getattr(getattr(memory, "separation", None), "beta", None)
    return {f"memory: {name}": read for name, read in reads.items()}


def _called(memory: Any, name: str, *given: Any) -> Any:
    """Return what a method says; None where the memory has no such method."""
    return getattr(memory, name)(*given) if hasattr(memory, name) else None


def moved(make: Callable[[], Any], asked: Trial) -> Any:
    """Recall by other dynamics than the usual ones."""
    known = {"known": asked.shown, "clamped": False}
    return asked.stored().recall(asked.cues, **known, dynamics=make(), rng=3, max_steps=12, trace=True)


def in_torch(asked: Trial, *, dtype: Any = np.float64, masked: bool = False) -> Any:
    """Recall from tensors; with holes and values where masked."""
    of = importlib.import_module("torch").from_numpy
    there = asked.converted(lambda x: of(x.astype(dtype)))
    if not masked:
        return there.stored().recall(there.cues, max_steps=20)
    memory = there.stored(known=of(asked.held), values=there.values)
    return memory.recall(there.cues, known=of(asked.shown), clamped=False, max_steps=20, trace=True)


WAYS: dict[str, Way] = {
    "plain": lambda t: t.stored().recall(t.cues), "one cue": lambda t: t.stored().recall(t.cues[0]),
    "known": lambda t: t.stored().recall(np.where(t.shown, t.cues, np.nan), known=t.shown, max_steps=99),
    "known, one cue": lambda t: t.stored().recall(t.cues[1], known=t.shown[1], rng=np.random.default_rng(4)),
    "known, free": lambda t: t.stored().recall(t.cues, known=t.shown, clamped=False, max_steps=50, trace=True),
    "clamped": lambda t: t.stored().recall(t.cues, clamped=t.shown, rng=7, max_steps=99),
    "known, clamped in part": lambda t: t.stored().recall(t.cues, known=t.shown, clamped=t.shown & t.shown[:1], rng=2),
    "holes": lambda t: t.stored(known=t.held).recall(t.cues, max_steps=50),
    "holes, known": lambda t: t.stored(known=t.held).recall(t.cues, known=t.shown, clamped=False, max_steps=50),
    "values": lambda t: t.stored(values=t.values).recall(t.cues, max_steps=50),
    "one update": lambda t: t.stored().recall(t.cues, max_steps=1), "late": late, "later": later,
    "no update": lambda t: t.stored().recall(t.cues, max_steps=0), "no cues": lambda t: t.stored().recall(t.cues[:0]),
    "trace": lambda t: t.stored().recall(t.cues, max_steps=6, trace=True), "forgotten": forgotten,
    "in parts, twice": in_parts, "overwritten": overwritten,
    "tol": lambda t: t.stored().recall(t.cues, tol=1e-2), "facts": facts,
    "float32": lambda t: t.converted(np.float32).stored().recall(t.cues.astype(np.float32)),
    "float32, known": lambda t: t.converted(np.float32).stored().recall(t.cues, known=t.shown, clamped=False),
    "int8": lambda t: t.converted(np.int8).stored().recall(t.cues.astype(np.int8), max_steps=50),
}  # fmt: skip
FEW = ("trace", "holes, known", "values", "float32")
TORCH: dict[str, Way] = {
    "torch": in_torch, "torch, masked": partial(in_torch, masked=True),
    "torch, float32": partial(in_torch, dtype=np.float32),
}  # fmt: skip
ELSEWHERE: dict[str, Way] = {
    "threads": in_threads, "threads, known": lambda t: in_threads(t, known=t.shown, clamped=False),
    "files": from_files, "files, values": lambda t: from_files(t, values=t.values),
    "files, threads": partial(from_files, threads=True), "lost files": from_lost_files,
}  # fmt: skip
REPLAYS: dict[str, Way] = {
    "replay": lambda t: t.stored().replay(t.cues, steps=6), "round": lambda t: t.stored(cyclic=True).recall(t.cues),
    "replay, one cue": lambda t: t.stored(cyclic=True).replay(t.cues[0], steps=9, known=t.shown[0]),
    "replay, holes": lambda t: t.stored(known=t.held).replay(t.cues, steps=4, clamped=t.shown),
    "two sequences": lambda t: _two_sequences(t).replay(t.cues, steps=5),
}  # fmt: skip
UNLISTED: dict[str, Way] = {
    "unstored": lambda t: _unstored(t).recall(t.cues),
    **{name: way for name, way in WAYS.items() if "holes" not in name and name not in ("values", "later", "forgotten")},
}


def _two_sequences(asked: Trial) -> Any:
    """Store three sequences, one of them round, and forget the first."""
    memory = asked.stored()
    memory.store(drawn(memory.neurons, np.random.default_rng(5), 3, asked.rows.shape[1]), cyclic=True)
    memory.store(-asked.rows[:3])
    memory.forget(memory.sequences[0])
    return memory


def _unstored(asked: Trial) -> Any:
    memory = asked.stored()
    memory.unstore(asked.rows[:2])
    return memory
