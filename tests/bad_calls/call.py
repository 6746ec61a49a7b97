"""A call: a function of keyword arguments, what each asks for, and what it must leave alone when it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.roles import Role, like, number, one, plain
from bad_calls.values import ROWS, N

INF = float("inf")
SIGNS = (-1.0, 1.0)
COLUMNS = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Binary(), 1), mn.Columns(mn.Categorical((3,)))]
MIXED = np.array([[0.5, 1.0, -1, 1, 0, 0], [-1.5, 0.0, 1, 0, 0, 1], [0.1, 2.0, 1, 0, 1, 0]])
SPARSE = (ROWS > 0) * 1.0


@dataclass(frozen=True)
class Call:
    """`who` is the public name; `watched` tells what must be as before once it refused."""

    who: str
    function: Callable[..., Any]
    roles: dict[str, Role] = field(default_factory=dict)
    watched: Callable[[], Any] = lambda: None


def stored(memory: Any, patterns: Any = ROWS, **more: Any) -> Any:
    memory.store(patterns, **more)
    return memory


def used(memory: Any, patterns: Any = ROWS, **options: Any) -> Any:
    """Return what a memory made of these patterns recalls of them."""
    return stored(memory, patterns).recall(patterns, **{"max_steps": 20} | options)


def seen(memory: Any) -> Any:
    """Return what a memory holds, to see that it is as it was."""
    return repr(memory), [part.tolist() for part in held_by(memory)]


def held_by(memory: Any) -> list[np.ndarray]:
    """Return the arrays that a memory holds: its patterns, and their strengths."""
    held = memory.patterns if len(memory) and hasattr(memory, "patterns") else ()
    held = held if isinstance(held, tuple) else (held,)
    held = (*held, memory.strengths) if len(memory) and hasattr(memory, "strengths") else held
    return [np.from_dlpack(part.detach() if hasattr(part, "detach") else part) for part in held]


def positive(good: float, most: float = INF) -> Role:
    return number(good, 0, most, strict=True)


def beta() -> Role:
    return number(2.0, 0, strict=True, words=("auto", "smooth"))


def scale() -> Role:
    return number(2.0, 0, strict=True, words=("textbook",))


def bias() -> Role:
    """A number, or one per neuron."""

    def fits(value: Any) -> bool:
        if number(0.0, -INF).accepts(value):
            return True
        x = plain(one(value))
        return x is not None and x.shape in ((), (N,)) and bool(np.isfinite(x).all())

    return like(lambda: 0.5, fits)
