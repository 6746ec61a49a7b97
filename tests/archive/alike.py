"""Whether two memories are one and the same, to the last bit, as far as anyone can see."""

from contextlib import suppress
from typing import Any

import numpy as np

import mnemonist as mn
from arrays import host

FIELDS = ("state", "steps", "outcome", "period", "energy", "nearest", "overlap", "kind", "components", "values",
          "weights", "ids")  # fmt: skip


def same(one: Any, other: Any) -> None:
    """Assert that two arrays, numbers or members are equal, of one library and dtype; NaN equals NaN."""
    assert type(one) is type(other)
    if one is None:
        return
    assert getattr(one, "dtype", None) == getattr(other, "dtype", None)
    one, other = (
        x if isinstance(x, np.ndarray) else host(x) if hasattr(x, "dtype") else np.asarray(x) for x in (one, other)
    )
    assert one.shape == other.shape
    assert one.tobytes() == other.tobytes() if one.dtype != object else (one == other).all()


def same_recalls(one: Any, other: Any) -> None:
    """Assert that two recalls are the same in all they say."""
    for name in FIELDS:
        same(getattr(one, name), getattr(other, name))
    same(one.top.ids, other.top.ids)
    same(one.top.weights, other.top.weights)


def same_answers(memory: Any, loaded: Any, cues: Any) -> None:
    """Assert that two memories look alike and answer alike."""
    assert repr(loaded) == repr(memory)
    assert len(loaded) == len(memory)
    if hasattr(memory, "ids"):
        same(memory.ids, loaded.ids)
    if cues is None:
        return
    if isinstance(memory, mn.BidirectionalMemory):
        pairs = [each.recall(left=cues) for each in (memory, loaded)]
        same_recalls(pairs[0].joint, pairs[1].joint)
        same(pairs[0].right, pairs[1].right)
        return
    same_recalls(memory.recall(cues, rng=1), loaded.recall(cues, rng=1))
    known = np.arange(cues.shape[1]) < cues.shape[1] // 2 if not memory.neurons.layout else None
    if isinstance(cues, np.ndarray) and known is not None and not isinstance(memory.neurons, mn.Categorical):
        options = {"known": known, "clamped": False, "rng": 2}
        same_recalls(memory.recall(cues, **options), loaded.recall(cues, **options))
    if isinstance(memory, mn.SequenceMemory):
        assert [ids.tolist() for ids in loaded.sequences] == [ids.tolist() for ids in memory.sequences]
        same(memory.replay(cues, steps=6).states, loaded.replay(cues, steps=6).states)


def go_on(memory: Any, more: Any) -> Any:
    """Store more, forget one where that can be, and return what the first gave."""
    if isinstance(more, tuple):
        return memory.store(*more)
    values = memory._contents.patterns.block().values if hasattr(memory, "_contents") and len(memory) else None
    ids = memory.store(more) if values is None else memory.store(more, values=values[: len(more)])
    with suppress(mn.MnemonistError, AttributeError):
        memory.forget(ids[:1])
    return ids
