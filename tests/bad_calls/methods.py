"""The table, its methods: what every memory can be asked and told."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.call import CODES, COLUMNS, INF, MIXED, SIGNS, SPARSE, Call, seen, stored
from bad_calls.roles import Role, either, flag, ids, kind, like, mask, number, plain, rows, seed, whole
from bad_calls.values import ROWS, N
from mnemonist.dynamics.protocol import Dynamics

Memories = tuple[Callable[[], Any], Any, tuple[float, ...]]

MEMORIES: dict[str, Memories] = {
    "AssociativeMemory": (lambda: mn.kernel_memory(2.0), ROWS, ()),
    "AssociativeMemory of signs": (lambda: mn.dense_memory(3), ROWS, SIGNS),
    "AssociativeMemory of directions": (mn.spherical_memory, ROWS, ()),
    "AssociativeMemory of categories": (lambda: mn.potts_memory((3, 3)), CODES, (0.0, 1.0)),
    "AssociativeMemory of columns": (lambda: mn.mixed_memory(COLUMNS, beta=2.0), MIXED, ()),
    "HopfieldNetwork": (mn.hebbian, ROWS, SIGNS),
    "HopfieldNetwork by projection": (mn.projection, ROWS, SIGNS),
    "HopfieldNetwork of 0/1": (lambda: mn.covariance(0.4), SPARSE, (0.0, 1.0)),
    "LayeredMemory": (lambda: mn.model_b(2.0), ROWS, ()),
    "SequenceMemory": (mn.dense_sequence, ROWS, SIGNS),
    "SequenceMemory with delay": (mn.delayed_sequence, ROWS, SIGNS),
    "SimplicialNetwork": (lambda: mn.SimplicialNetwork([(0, 1), (1, 2, 3), (3, 4), (4, 5)]), ROWS, SIGNS),
    "RandomFeatureMemory": (lambda: mn.RandomFeatureMemory(1.0, features=32), ROWS, ()),
}
FEW = ("AssociativeMemory", "AssociativeMemory of signs", "HopfieldNetwork", "SequenceMemory")


def methods(*, few: bool) -> Iterator[Call]:
    for name in FEW if few else MEMORIES:
        yield from asked(name, *MEMORIES[name])
        yield from kept(name, *MEMORIES[name])
    yield from pairs()


def fitted(
    patterns: Any, levels: tuple[float, ...], *, directed: bool = False, undecided: bool = False, **options: Any
) -> Role:
    """Return the role of patterns or cues; which rows fit categories and columns these say themselves."""
    if patterns is CODES or patterns is MIXED:
        neurons = mn.Categorical((3, 3)) if patterns is CODES else mn.Mixed(COLUMNS)
        plainly = rows(patterns)
        return like(
            lambda: np.array(patterns),
            lambda value: (
                plainly.accepts(value) and not neurons.misfit(np.atleast_2d(plain(value)), undecided=undecided).any()
            ),
        )
    role = rows(patterns, levels=levels, **options)
    if not directed:
        return role
    foreign = options.get("foreign", False)
    return like(role.good, lambda value: role.accepts(value) and np.any(plain(value, foreign=foreign), -1).all())


def asked(name: str, build: Callable[[], Any], patterns: Any, levels: tuple[float, ...]) -> Iterator[Call]:
    """Yield what a filled memory is asked."""
    memory, who = stored(build(), patterns), name.partition(" ")[0]
    watched, directed = partial(seen, memory), memory.neurons.directions
    cues = fitted(patterns, levels, directed=directed)
    states = {
        "states": either(
            cues, fitted(patterns, (*levels, 0.0, 0.4) if levels else (), directed=directed, undecided=True)
        )
    }
    options = {
        "cues": cues,
        "known": mask((3, N)),
        "clamped": like(lambda: None, lambda value: value is False or mask((3, N)).accepts(value)),
        "dynamics": kind(lambda: None, Dynamics, none=True),
        "max_steps": whole(3, 0, INF),
        "tol": number(1e-6, 0, words=(None,)),
        "rng": seed(),
        "trace": flag(),
        "executor": kind(lambda: None, none=True),
    }
    yield Call(f"{who}.recall", memory.recall, options, watched)
    for method in ("energy", "scores", "fields"):
        if hasattr(memory, method):
            yield Call(f"{who}.{method}", getattr(memory, method), states, watched)
    if who == "SequenceMemory":
        replay = {name: options[name] for name in ("cues", "known", "clamped")} | {
            "steps": whole(3, 0, 2**31, costly=10**4)
        }
        yield Call("SequenceMemory.replay", memory.replay, replay, watched)
    if who == "LayeredMemory":
        hidden = like(lambda: np.ones(3), lambda value: value is None or rows(width=3).accepts(value))
        yield Call("LayeredMemory.energy", memory.energy, {"states": rows(ROWS[0]), "hidden": hidden}, watched)
    recall = memory.recall(patterns)
    yield Call("Recall.__getitem__", recall.__getitem__, {"b": like(lambda: 1, whole(0, -3, 2).fits)})


def kept(name: str, build: Callable[[], Any], patterns: Any, levels: tuple[float, ...]) -> Iterator[Call]:
    """Yield how a memory is filled and emptied, each in a memory of its own."""
    who, several = name.partition(" ")[0], patterns is CODES or patterns is MIXED
    directed = build().neurons.directions
    good = fitted(patterns, levels, directed=directed)
    first = good if several else fitted(patterns, levels, directed=directed, width=None, foreign=True)
    filled = partial(stored, patterns=patterns)
    if who == "RandomFeatureMemory":
        yield changing(f"{who}.store", build, "store", {"patterns": first})
        yield changing(f"{who}.unstore", lambda: filled(build()), "unstore", {"patterns": good})
        return
    more = {"values": like(lambda: None, lambda value: value is None or are_values(value)), "known": mask((3, N))}
    more |= {"cyclic": flag()} if who == "SequenceMemory" else {}
    held = [0, 1, 2] if who == "SequenceMemory" else [0]
    yield changing(f"{who}.store", build, "store", {"patterns": first} | more)
    yield changing(f"{who}.store", lambda: filled(build()), "store", {"patterns": good})
    yield changing(f"{who}.forget", lambda: filled(build()), "forget", {"ids": ids(held, 3)})


def are_values(value: Any) -> bool:
    x = plain(value)
    return x is not None and x.ndim in (1, 2) and x.shape[0] == 3 and x.shape[-1] > 0 and bool(np.isfinite(x).all())


def changing(who: str, build: Callable[[], Any], method: str, roles: dict[str, Role]) -> Call:
    """Return a call of a method in a memory that is made anew when it was changed."""
    held = [build()]

    def function(**given: Any) -> Any:
        memory = held[0]
        getattr(memory, method)(**given)
        held[0] = build()
        return seen(memory)[1]

    return Call(who, function, roles, lambda: seen(held[0]))


def filled_pairs() -> mn.BidirectionalMemory:
    memory = mn.BidirectionalMemory()
    memory.store(ROWS, ROWS)
    return memory


def pairs() -> Iterator[Call]:
    who, memory = "BidirectionalMemory", filled_pairs()
    watched, signs = partial(seen, memory), rows(levels=SIGNS)
    states, new = rows(levels=(*SIGNS, 0.0)), rows(levels=SIGNS, width=None, foreign=True)
    recall = {
        "left": like(ROWS.copy, lambda value: value is None or signs.accepts(value)),
        "right": like(lambda: None, lambda value: value is None or signs.accepts(value)),
        "known_left": mask((3, N)),
        "clamped": flag(),
        "max_steps": whole(3, 0, INF),
        "rng": seed(),
        "trace": flag(),
    }
    yield Call(f"{who}.recall", memory.recall, recall, watched)
    yield Call(f"{who}.energy", memory.energy, {"left": states, "right": states}, watched)
    yield changing(f"{who}.store", mn.BidirectionalMemory, "store", {"left": new, "right": new})
    yield changing(f"{who}.forget", filled_pairs, "forget", {"ids": ids([0], 3)})
