r"""Remedies: other models of the same patterns, tried in turn.

    ±1             projection(), then dense memories of degree 3, 5, 11 and 21, then the exponential memory
    other discrete the same neurons under a power of degree 3, 5, 11, 21, then Softmax
    continuous     the same model with β for its closest pair; by distance where norms differ; the sparse one

They stand in the order of what they change least. Each is filled with the patterns and its stability measured: nothing
is recommended that was not seen to help. Trying stops at the second that holds all.

Source: theory.capacity for the order of the discrete ones; memories.sharpness for β.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np

from mnemonist.core.neurons import Binary, Real
from mnemonist.core.power import Power
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.core.softmax import Softmax
from mnemonist.diagnosis.likeness import Likeness, Places
from mnemonist.diagnosis.stability import stability
from mnemonist.dynamics.pattern_memory import PatternMemory
from mnemonist.errors import MnemonistError
from mnemonist.memories.legality import largest_beta
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import dense_memory, exponential_memory, kernel_memory
from mnemonist.networks.named import projection

_DEGREES = (3, 5, 11, 21)
_ENOUGH = 2

Candidate = tuple[str, Callable[[], PatternMemory]]


@dataclass(frozen=True)
class Remedy:
    """A model as one would write it, how many of the probed patterns it held, and the least margin among them all."""

    name: str
    held: int
    margin: float


def remedies(memory: PatternMemory, positions: Places, alike: Likeness) -> tuple[Remedy, ...]:
    """Return what other models held of the patterns at these positions, up to the second that held all."""
    found: list[Remedy] = []
    for name, build in candidates(memory, alike):
        other = _filled(build, memory)
        if other is not None:
            tried = stability(other, positions)
            found.append(Remedy(name, int(tried.held.sum()), float(tried.margin.min())))
        if sum(remedy.held == len(positions) for remedy in found) == _ENOUGH:
            break
    return tuple(found)


def candidates(memory: PatternMemory, alike: Likeness) -> Iterator[Candidate]:
    """Yield models to try instead of this one."""
    if isinstance(memory.neurons, Binary):
        yield "projection()", projection
        for degree in _DEGREES:
            yield f"dense_memory(degree={degree})", partial(dense_memory, degree)
        yield "exponential_memory()", exponential_memory
    elif isinstance(memory, AssociativeMemory):
        yield from _of_parts(memory, alike)


def _of_parts(memory: AssociativeMemory, alike: Likeness) -> Iterator[Candidate]:
    """Yield the same memory with another separation, and for real neurons other ways to compare."""
    if memory.neurons.discrete:
        for separation in (*(Power(degree) for degree in _DEGREES), Softmax(1.0)):
            yield f"the same with {separation}", partial(AssociativeMemory, Dot(), separation, memory.neurons)
        return
    beta = splitting_beta(memory, alike)
    if beta is not None:
        sharper = cast(Separation, replace(cast(Any, memory.separation), beta=beta))
        yield f"the same with beta={beta:.3g}", partial(AssociativeMemory, memory.similarity, sharper, memory.neurons)
    gaussian = memory.similarity.confining and isinstance(memory.separation, Softmax)
    if isinstance(memory.neurons, Real) and not gaussian:
        yield "kernel_memory()", kernel_memory
        least = _least(alike)
        if 0 < least < math.inf:
            sharp = Softmax(1.0).automatic_beta(len(memory), least**2)
            yield f"kernel_memory(beta={sharp:.3g})", partial(kernel_memory, sharp)


def splitting_beta(memory: PatternMemory, alike: Likeness) -> float | None:
    """Return the β that sets the closest pair of different patterns apart; None where the model has no β, or it fits.

    For scores that are not distances of patterns of equal norm it is only where to look.
    """
    separation = memory.landscape.separation
    beta, least = getattr(separation, "beta", None), _least(alike)
    if beta is None or not 0 < least < math.inf or not isinstance(memory, AssociativeMemory):
        return None
    if not memory.similarity.has_energy:
        return None
    sharp = min(separation.automatic_beta(len(memory), least**2), largest_beta(memory.neurons))
    return sharp if sharp > float(beta) and math.isfinite(sharp) else None


def _least(alike: Likeness) -> float:
    return float(np.min(alike.distance, initial=math.inf))


def _filled(build: Callable[[], PatternMemory], memory: PatternMemory) -> PatternMemory | None:
    """Return a model with the patterns in it; None where it refuses them."""
    whole = memory.landscape.patterns.whole
    try:
        other = build()
        other.store(whole.rows, known=whole.known)
    except MnemonistError:
        return None
    return other
