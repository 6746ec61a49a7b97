r"""Graded neurons: between −1 and 1, a smooth step of their current.

    x = g(u) = tanh(λ u), λ the gain            L(u) = λ⁻¹ Σ ln cosh λ u
    A(x) = Σ ∫₀ˣ g⁻¹ = λ⁻¹ Σ (x atanh x + ½ ln(1 − x²))

A is at most ln 2/λ a neuron: as λ → ∞ it vanishes, and the neurons are ±1. In float64 tanh is 1 from 19 on, so a state
of ±1 is allowed; its current counts as that of the number next to it.

Source: Hopfield 1984, PNAS 81:3088. Shapes: state, pull are (..., N).
"""

import math
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import LagrangianNeurons
from mnemonist.core.number import check_number, hold


@dataclass(frozen=True)
class Graded(LagrangianNeurons):
    """Neurons in (−1, 1); `gain` > 0 is the slope of tanh at 0, in units of one over a pull.

    >>> import numpy as np
    >>> Graded(2.0).respond(np.array([0.0, 0.5, -50.0]), np.array([1.0]), np.zeros(3)).round(3)
    array([ 0.   ,  0.762, -1.   ])
    """

    gain: float = 1.0
    bounded: ClassVar[bool] = True
    separable: ClassVar[bool] = True
    sized: ClassVar[bool] = True
    must: ClassVar[str] = "from -1 to 1"
    advice: ClassVar[str] = "Divide them by the largest."
    only_dot: ClassVar[str] = "only its update descends"
    only_convex: ClassVar[bool] = True
    references = ("hopfield1984",)

    def __post_init__(self) -> None:
        check_number("Graded", "gain", self.gain, least=0, strict=True)
        hold(self, "gain")

    def misfit(self, rows: Array, *, undecided: bool) -> Array:
        """Return where rows (..., N) are beyond ±1."""
        return namespace(rows).abs(rows) > 1

    def confine(self, x: Array) -> Array:
        """Return x cut to −1 … 1."""
        return namespace(x).clip(x, -1.0, 1.0)

    def energy(self, state: Array) -> Array:
        """Return A (...), as ½ Σ (1 ± x) ln(1 ± x): finite at ±1."""
        xp = namespace(state)
        return xp.sum(_entropy(1 + state) + _entropy(1 - state), axis=-1) / (2 * self.gain)

    def respond(self, pull: Array, mass: Array, state: Array) -> Array:
        """Return tanh(λ Σ f ξ), 0 where nothing pulls."""
        return self.activation(pull)

    def tangent(self, force: Array, state: Array) -> Array:
        """Return all of it."""
        return force

    def lagrangian(self, x: Array) -> Array:
        """Return λ⁻¹ Σ ln cosh λ u (...), as |λ u| + ln(1 + exp(−2|λ u|)) − ln 2."""
        xp = namespace(x)
        size = xp.abs(self.gain * x)
        return xp.sum(size + xp.log1p(xp.exp(-2 * size)) - math.log(2), axis=-1) / self.gain

    def activation(self, x: Array) -> Array:
        """Return tanh λ u."""
        return namespace(x).tanh(self.gain * x)

    def current(self, state: Array) -> Array:
        """Return λ⁻¹ atanh x, of ±1 that of the number next to it."""
        xp = namespace(state)
        last = 1 - float(xp.finfo(state.dtype).eps) / 2
        return xp.atanh(xp.clip(state, -last, last)) / self.gain


def _entropy(p: Array) -> Array:
    """Return p ln p, 0 at 0."""
    xp = namespace(p)
    return p * xp.log(xp.where(p > 0, p, xp.ones_like(p)))
