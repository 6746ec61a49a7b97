"""The list of what is asked: small recalls, and in front of them, where kernels are to be warm, large ones."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np

import mnemonist as mn
from answers.trials import DYNAMICS, LARGE, MODELS, PARTS, Sizes, trial
from answers.ways import ELSEWHERE, FEW, REPLAYS, TORCH, UNLISTED, WAYS, Way, moved

Question = Callable[[], Any]
Named = tuple[str, Question]


def questions(mode: str) -> Iterator[Named]:
    """Yield what is asked, by name: functions that return a recall, or reads by name."""
    if mode == "warm":
        yield from _large()
    for name, make in MODELS.items():
        yield from _asked(name, make, WAYS | TORCH | {how: partial(moved, of) for how, of in DYNAMICS.items()})
        yield from _asked(f"{name}, many", make, {how: WAYS[how] for how in ("plain", "values")}, (70, 24, 5))
        if name.startswith("sequence"):
            yield from _asked(name, make, REPLAYS)
    for parts in product(*PARTS):
        ways = {how: WAYS[how] for how in (FEW if _legal(parts) else FEW[:1])}
        yield from _asked(", ".join(map(str, parts)), partial(_of_parts, parts), ways)
    for name in ("modern", "kernel", "sparse", "epanechnikov 1", "spherical", "graded", "dense 3", "mixed", "hebbian"):
        yield from _asked(name, MODELS[name], ELSEWHERE)
    yield from _asked("energy overflows", lambda n: mn.dense_memory(100), {"plain": WAYS["plain"]}, (5, 2000, 2))
    yield from _asked("random features", lambda n: mn.RandomFeatureMemory(0.5, features=256), UNLISTED)
    for separation in (None, mn.Softmax(1.0), mn.Power(3)):
        yield from _pairs(f"pairs, {separation}", separation)


def _asked(name: str, make: Any, ways: dict[str, Way], sizes: Sizes | None = None) -> Iterator[Named]:
    """Yield one memory, asked in these ways; what it is asked of is made when the first is."""
    made = cache(partial(trial, name, make, sizes))
    for how, way in ways.items():
        yield f"{name}: {how}", lambda way=way: way(made())  # type: ignore[misc]


def _of_parts(parts: Any, width: int) -> Any:
    return mn.AssociativeMemory(*parts)


def _legal(parts: Any) -> bool:
    try:
        return mn.AssociativeMemory(*parts) is not None
    except mn.errors.IllegalCombination:
        return False


def _large() -> Iterator[Named]:
    """Yield recalls that kernels serve."""
    few = {how: WAYS[how] for how in ("plain", "values", "one update", "known, free")}
    for name, (make, sizes) in LARGE.items():
        more = {
            "float32": WAYS["float32"],
            "all at once": lambda t: t.stored().recall(t.cues, dynamics=mn.Synchronous()),
        }
        yield from _asked(f"large, {name}", make, few | more, sizes)
    yield from _asked(
        "large, modern, in parts",
        lambda n: mn.modern_hopfield(0.1),
        {"threads": ELSEWHERE["threads"]},
        (263_000, 64, 2),
    )
    yield from _asked("large, kernel, in files", lambda n: mn.kernel_memory(0.1), ELSEWHERE, (9000, 256, 2))
    yield from _asked("large, modern, in torch", lambda n: mn.modern_hopfield(0.1), TORCH, (5000, 64, 4))


def _pairs(name: str, separation: Any) -> Iterator[Named]:
    """Yield recalls of pairs."""
    rng = np.random.default_rng(8)
    left, right = rng.choice([-1.0, 1.0], (6, 20)), rng.choice([-1.0, 1.0], (6, 14))
    known = rng.random(left.shape) < 0.8

    def asked(store: Any = None, **given: Any) -> Callable[[], Any]:
        def recall() -> Any:
            memory = mn.BidirectionalMemory(separation)
            memory.store(left.astype(np.float32), right.astype(np.int8))
            if store:
                memory.forget(store)
            return memory.recall(**given, max_steps=50)

        return recall

    yield f"{name}: left", asked(left=left)
    yield f"{name}: right", asked(right=right, trace=True)
    yield f"{name}: both", asked(left=left, right=-right, rng=3)
    yield f"{name}: known", asked(left=left, known_left=known, clamped=True)
    yield f"{name}: one cue", asked(right=right[2], known_right=np.arange(14) < 9)
    yield f"{name}: forgotten", asked(store=[1, 2], left=left)
