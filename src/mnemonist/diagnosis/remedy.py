r"""Remedies: other models of the same patterns, tried in turn.

    ±1             projection(), then dense memories of degree 3, 5, 11 and 21, then the exponential memory; before
                   these, where negatives are stored, a rectified and an even power
    other discrete the same neurons under a power of degree 3, 5, 11, 21, then Softmax
    graded         a network of them by the projection rule
    continuous     the same model with β for its closest pair, or under Softmax; of real neurons one by distance

They stand in the order of what they change least. Each is filled with the patterns and its stability measured: nothing
is recommended that was not seen to help. Trying stops at the second that holds all.

Source: theory.capacity for the order of the discrete ones; memories.automatic_beta for β.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np

from mnemonist._array import is_array, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Binary, Real
from mnemonist.core.power import Power
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.core.softmax import Softmax
from mnemonist.diagnosis.coherence import Coherence, Places, reader_of
from mnemonist.diagnosis.stability import stability
from mnemonist.errors import MnemonistError
from mnemonist.memories.automatic_beta import least_betas
from mnemonist.memories.compatibility import largest_beta
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import dense_memory, exponential_memory, kernel_memory
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.named import projection
from mnemonist.networks.projection import Projection
from mnemonist.recall.pattern_memory import PatternMemory

_DEGREES = (3, 5, 11, 21)
_ENOUGH = 2
_SEARCHED = 2**23  # numbers in the patterns, of which copies are made in the search for a β

Candidate = tuple[str, Callable[[], PatternMemory]]


@dataclass(frozen=True)
class Remedy:
    """A model as one would write it, how many of the probed patterns it held, and the least margin among them all."""

    name: str
    held: int
    margin: float


def remedies(memory: PatternMemory, positions: Places, alike: Coherence) -> tuple[Remedy, ...]:
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


def candidates(memory: PatternMemory, alike: Coherence) -> Iterator[Candidate]:
    """Yield models to try instead of this one."""
    neurons = memory.neurons
    if isinstance(neurons, Binary):
        if alike.negatives:
            yield "dense_memory(degree=3, rectified=True)", partial(dense_memory, 3, rectified=True)
            yield "dense_memory(degree=4)", partial(dense_memory, 4)
        yield "projection()", projection
        for degree in _DEGREES:
            yield f"dense_memory(degree={degree})", partial(dense_memory, degree)
        yield "exponential_memory()", exponential_memory
    elif isinstance(neurons, Graded) and isinstance(memory, HopfieldNetwork):
        name = f"HopfieldNetwork(rule=Projection(), neurons={neurons})"
        yield name, partial(HopfieldNetwork, rule=Projection(), neurons=neurons)
    elif isinstance(memory, AssociativeMemory):
        yield from _of_discrete(memory) if neurons.discrete else _of_continuous(memory, alike)


def _of_discrete(memory: AssociativeMemory) -> Iterator[Candidate]:
    """Yield the same memory with another separation."""
    for separation in (*(Power(degree) for degree in _DEGREES), Softmax("auto")):
        yield f"the same with {separation}", partial(AssociativeMemory, Dot(), separation, memory.neurons)


def _of_continuous(memory: AssociativeMemory, alike: Coherence) -> Iterator[Candidate]:
    """Yield the same memory sharper, and for real neurons one that compares by distance."""
    beta, least = number(getattr(memory.separation, "beta", None)), _least(alike)
    if not 0 < least < math.inf:
        return
    if beta is None:
        yield (
            "the same with Softmax('auto')",
            partial(AssociativeMemory, memory.similarity, Softmax("auto"), memory.neurons),
        )
    else:
        sharp = _sharpest(memory, alike)
        if sharp > beta:
            yield f"the same with beta={sharp:.3g}", partial(_sharper, memory, sharp)
    gaussian = memory.similarity.confining and isinstance(memory.separation, Softmax)
    if isinstance(memory.neurons, Real) and not gaussian:
        yield "kernel_memory()", kernel_memory
        sharp = _parting(Softmax(1.0), least**2 / 2)
        yield f"kernel_memory(beta={sharp:.3g})", partial(kernel_memory, sharp)


def splitting_beta(memory: PatternMemory, alike: Coherence) -> float | None:
    """Return the least β, within 5 %, that holds both of the closest pair of patterns; None where none was found.

    Only continuous neurons are asked: discrete patterns one site apart tie at every β.
    """
    pair = _closest(memory, alike)
    if pair is None or not isinstance(memory, AssociativeMemory) or memory.neurons.discrete:
        return None
    beta = number(getattr(memory.separation, "beta", None))
    if beta is None or not memory.similarity.has_energy or len(memory) * memory.landscape.like.shape[-1] > _SEARCHED:
        return None
    low, high = beta, _sharpest(memory, alike)
    if high <= low or not _holds(memory, high, pair):
        return None
    while high > 1.05 * low:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if _holds(memory, middle, pair) else (middle, high)
    return high


def _closest(memory: PatternMemory, alike: Coherence) -> Places | None:
    """Return the positions of the closest pair of different patterns, if there is one."""
    if not 0 < _least(alike) < math.inf:
        return None
    here = int(alike.distance.argmin())
    return np.searchsorted(memory.ids, [alike.ids[here], alike.rivals[here]])


def _holds(memory: AssociativeMemory, beta: float, pair: Places) -> bool:
    """Return whether the same memory with this β holds both of a pair."""
    other = _filled(partial(_sharper, memory, beta), memory)
    return other is not None and bool(stability(other, pair).held.all())


def _sharpest(memory: AssociativeMemory, alike: Coherence) -> float:
    """Return the β that "auto" would begin with, were there only the closest pair."""
    return min(_parting(memory.separation, _least(alike) ** 2 / 2), largest_beta(memory.neurons))


def _parting(separation: Separation, lead: float) -> float:
    """Return the β at which two patterns with this lead over each other are kept apart."""
    return float(least_betas(separation, np.array([[lead]]))[0])


def _sharper(memory: AssociativeMemory, beta: float) -> AssociativeMemory:
    separation = cast(Separation, replace(cast(Any, memory.separation), beta=beta))
    return AssociativeMemory(memory.similarity, separation, memory.neurons)


def _least(alike: Coherence) -> float:
    return float(np.min(alike.distance, initial=math.inf))


def number(beta: Any) -> float | None:
    """Return a β as a number, off any autograd graph; None of None."""
    return None if beta is None else float(to_numpy(beta) if is_array(beta) else beta)


def _filled(build: Callable[[], PatternMemory], memory: PatternMemory) -> PatternMemory | None:
    """Return a model with the patterns in it; None where it refuses them."""
    whole = reader_of(memory.landscape).patterns.block()
    try:
        other = build()
        other.store(whole.rows, known=whole.known)
    except MnemonistError:
        return None
    return other
