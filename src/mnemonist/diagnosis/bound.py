r"""Bounds: how many random patterns theory gives a memory of this model, where it has a number.

Source: theory.capacity, and the papers named there. Correlated patterns fail at far lower loads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mnemonist import theory
from mnemonist.core.neurons import Binary
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.softmax import Softmax
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.networks.hebb import Hebbian
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.storkey import Storkey
from mnemonist.recall.pattern_memory import PatternMemory


@dataclass(frozen=True)
class Bound:
    """K up to which theory holds patterns of a `sort`, the formula, and whose it is."""

    patterns: float
    formula: str
    source: str
    sort: str = "random"


def bound(memory: PatternMemory) -> Bound | None:
    """Return the bound of a memory that holds patterns; None where theory gives this model no number."""
    return next(_bounds(memory), None)


def _bounds(memory: PatternMemory) -> Iterator[Bound]:
    n = memory.landscape.like.shape[-1]
    if n < 2 or not isinstance(memory.neurons, Binary):
        return
    if isinstance(memory, HopfieldNetwork):
        for kind, made in _RULES.items():
            if isinstance(memory.rule, kind):
                yield made(memory.rule, n)
    if isinstance(memory, AssociativeMemory):
        yield from _of_separation(memory, n)


def _of_separation(memory: AssociativeMemory, n: int) -> Iterator[Bound]:
    separation = memory.separation
    if isinstance(separation, (Power, RectifiedPower)) and separation.degree >= 2:
        if separation.degree == 2 and isinstance(separation, Power):
            yield _critical(n)
        degree, twice = separation.degree, isinstance(separation, RectifiedPower)
        formula = f"{'' if twice else '½ '}N^{degree - 1}/((2·{degree}−3)!! ln N)"
        yield Bound(theory.dense_capacity(n, degree, rectified=twice), formula, "Krotov & Hopfield 2016")
    if isinstance(separation, Softmax) and float(separation.beta) == 1.0 and n < 2000:
        yield Bound(theory.exponential_capacity(n), "√(2 ln 2 · 2ᴺ/N)", "Demircigil et al. 2017")


def _critical(n: int) -> Bound:
    return Bound(theory.CRITICAL_LOAD * n, f"{theory.CRITICAL_LOAD:.3f} N", "Amit, Gutfreund & Sompolinsky 1985")


def _of_perceptron(rule: Perceptron, n: int) -> Bound:
    """Return Gardner's bound, which symmetric couplings do not reach."""
    load = theory.gardner_load(rule.margin)
    return Bound(load * n, f"{load:.3g} N", "Gardner 1988")


_RULES: dict[type, Callable[..., Bound]] = {
    Hebbian: lambda rule, n: _critical(n),
    Storkey: lambda rule, n: Bound(theory.storkey_capacity(n), "N/√(2 ln N)", "Storkey 1997"),
    Projection: lambda rule, n: Bound(n, "N", "Personnaz, Guyon & Dreyfus 1986", "independent"),
    Perceptron: _of_perceptron,
}
