"""The table, its methods: what every memory can be asked and told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.call import COLUMNS, INF, MIXED, SIGNS, SPARSE, Call, held_by, seen, stored
from bad_calls.roles import (
    Role,
    anything,
    either,
    flag,
    ids,
    kind,
    left_out,
    like,
    mask,
    number,
    path,
    seed,
    share,
    whole,
)
from bad_calls.tables import rows, strength, values
from bad_calls.values import CODES, ROWS, N
from mnemonist.core.expectation import Expectation
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
        yield saving(name.partition(" ")[0], stored(MEMORIES[name][0](), MEMORIES[name][1]))
    yield from pairs()


def fitted(patterns: Any, levels: tuple[float, ...], **options: Any) -> Role:
    """Return the role of patterns or cues; which rows fit categories and columns these say themselves."""
    if patterns is CODES:
        return rows(patterns, neurons=mn.Categorical((3, 3)), **options)
    if patterns is MIXED:
        return rows(patterns, neurons=mn.Mixed(COLUMNS), low=np.array([0.0, 0, -1, 0, 0, 0]), **options)
    return rows(patterns, levels=levels, low=-1.0 if -1.0 in levels else 0.0, **options)


def asked(name: str, build: Callable[[], Any], patterns: Any, levels: tuple[float, ...]) -> Iterator[Call]:
    """Yield what a filled memory is asked."""
    memory, who = stored(build(), patterns), name.partition(" ")[0]
    watched, directed = partial(seen, memory), memory.neurons.directions
    loose = (*levels, 0.0, 0.4) if levels else ()
    undecided = fitted(patterns, loose, directed=directed, undecided=True)
    states = {"states": either(fitted(patterns, levels, directed=directed), undecided)}
    options = {
        "cues": fitted(patterns, levels, directed=directed, holes="known", blank=True),
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
    if who == "AssociativeMemory":
        yield from evidence(memory, {name: options[name] for name in ("cues", "known")}, watched)
    yield Call(f"{who}.recall", partial(told_apart, memory, patterns), {"unfamiliar": share()}, watched)
    if who == "SequenceMemory":
        replay = {name: options[name] for name in ("cues", "known", "clamped")} | {
            "steps": whole(3, 0, 2**31, costly=10**4)
        }
        yield Call("SequenceMemory.replay", memory.replay, replay, watched)
    if who == "LayeredMemory":
        hidden = rows(np.ones(3), width=3, none=True)
        yield Call("LayeredMemory.energy", memory.energy, {"states": rows(ROWS[0]), "hidden": hidden}, watched)
    recall = memory.recall(patterns)
    yield Call("Recall.__getitem__", recall.__getitem__, {"b": like(lambda: 1, whole(0, -3, 2).fits)})


def evidence(memory: Any, options: dict[str, Role], watched: Callable[[], Any]) -> Iterator[Call]:
    """Yield what a memory is asked in one look."""
    options = options | {"leave_out": like(lambda: None, are_left_out), "top": whole(2, 1)}

    def weighed(**given: Any) -> Any:
        found = memory.weigh(**given)
        return found.ids, found.weights

    expectation = kind(mn.Mean, Expectation)
    yield Call("AssociativeMemory.weigh", weighed, options, watched)
    yield Call(
        "AssociativeMemory.complete",
        lambda **given: memory.complete(**given).state,
        options | {"expectation": expectation},
        watched,
    )


def are_left_out(value: Any) -> bool:
    """Say whether these are ids of three patterns, or −1, one per cue; or nothing."""
    if value is None:
        return True
    x = np.asarray(value)
    return not np.ma.is_masked(value) and x.dtype.kind in "iu" and x.shape == (3,) and bool((x < 3).all())


def told_apart(memory: Any, patterns: Any, unfamiliar: Any) -> Any:
    """Return what is said of cues, unfamiliar or not."""
    recall = memory.recall(patterns, unfamiliar=unfamiliar)
    return [float(kind is mn.Kind.UNFAMILIAR) for kind in recall.kind], np.nan_to_num(recall.familiarity)


def kept(name: str, build: Callable[[], Any], patterns: Any, levels: tuple[float, ...]) -> Iterator[Call]:
    """Yield how a memory is filled and emptied, each in a memory of its own."""
    who, several = name.partition(" ")[0], patterns is CODES or patterns is MIXED
    directed = build().neurons.directions
    holes = "" if who == "RandomFeatureMemory" else "known"
    good = fitted(patterns, levels, directed=directed, holes=holes)
    first = good if several else fitted(patterns, levels, directed=directed, holes=holes, width=None, foreign=True)
    filled = partial(stored, patterns=patterns)
    if who == "RandomFeatureMemory":
        yield changing(f"{who}.store", build, "store", {"patterns": first})
        yield changing(f"{who}.unstore", lambda: filled(build()), "unstore", {"patterns": good})
        return
    weighs = build().weighs
    more = {"values": values(), "known": mask((3, N)), "strength": strength(none=True) if weighs else left_out()}
    more |= {"cyclic": flag()} if who == "SequenceMemory" else {}
    held = [0, 1, 2] if who == "SequenceMemory" else [0]
    yield changing(f"{who}.store", build, "store", {"patterns": first} | more)
    yield changing(f"{who}.store", lambda: filled(build()), "store", {"patterns": good})
    yield changing(f"{who}.forget", lambda: filled(build()), "forget", {"ids": ids(held, 3)})
    weighing = {"ids": ids([0, 1, 2], 3), "factor": strength()} if weighs else {"ids": anything(), "factor": anything()}
    unlike = {"strength": [1e10, 1e-10, 1.0]} if weighs else {}
    yield changing(f"{who}.strengthen", lambda: filled(build(), **unlike), "strengthen", weighing)


def saving(who: str, memory: Any) -> Call:
    """Return the call that saves a memory, and answers what is loaded then."""

    def function(path: Any) -> Any:
        memory.save(path)
        return held_by(mn.load(path))

    return Call(f"{who}.save", function, {"path": path("saved")}, partial(seen, memory))


def changing(who: str, build: Callable[[], Any], method: str, roles: dict[str, Role]) -> Call:
    """Return a call of a method in a memory that is made anew when it was changed."""
    held = [build()]

    def function(**given: Any) -> Any:
        memory = held[0]
        getattr(memory, method)(**given)
        held[0] = build()
        return held_by(memory)

    return Call(who, function, roles, lambda: seen(held[0]))


def filled_pairs() -> mn.BidirectionalMemory:
    memory = mn.BidirectionalMemory()
    memory.store(ROWS, ROWS)
    return memory


def pairs() -> Iterator[Call]:
    who, memory = "BidirectionalMemory", filled_pairs()
    watched, half = partial(seen, memory), partial(rows, levels=SIGNS, low=-1.0)
    states, new = half(levels=(*SIGNS, 0.0)), half(width=None, foreign=True)
    recall = {
        "left": half(holes="known_left", blank=True, none=True),
        "right": replace(half(holes="known_right", blank=True, none=True), good=lambda: None),
        "known_left": mask((3, N)),
        "clamped": flag(),
        "max_steps": whole(3, 0, INF),
        "rng": seed(),
        "trace": flag(),
    }
    yield Call(f"{who}.recall", memory.recall, recall, watched)
    yield Call(f"{who}.energy", memory.energy, {"left": states, "right": states}, watched)
    yield changing(f"{who}.store", mn.BidirectionalMemory, "store", {"left": new, "right": new})
    yield saving(who, memory)
    yield changing(f"{who}.forget", filled_pairs, "forget", {"ids": ids([0], 3)})
