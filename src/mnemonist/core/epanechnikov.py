r"""The Epanechnikov separation: memories with an edge.

    L = β⁻¹ log Σ_μ max(1 + β h_μ, 0),     f_μ = [1 + β h_μ > 0] / Σ_ν max(1 + β h_ν, 0),     h = −½ ‖x − ξ‖²

A memory reaches as far as √(2/β) and pulls with the same weight everywhere within: one update moves a state to the mean
of the memories in reach. Outside every reach the energy is infinite and nothing pulls. L itself is not convex, but it
rises with the convex sum, so updates descend.

With r the least distance of two memories and β = 2/(r − Δ)², every state within Δ of a memory recalls exactly it in one
step. The theorem as printed allows Δ < r, but beyond r/2 such a state can lie outside every reach: take Δ ≤ r/2.

Source: Hoover et al. 2025, arXiv:2506.10801, eq. 3 and Theorem 1.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

import math
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_beta, hold
from mnemonist.core.separation import Separation, Summary, multiplied


@dataclass(frozen=True)
class Epanechnikov(Separation):
    """L = β⁻¹ log Σ max(1 + β h, 0). `beta` > 0 in units of one over a squared distance, or "auto".

    >>> import numpy as np
    >>> Epanechnikov(beta=1.0).weights(np.array([0.0, -0.5, -2.0]))
    array([0.66666667, 0.66666667, 0.        ])
    """

    beta: float | Array = 1.0
    local: ClassVar[bool] = True
    references = ("hoover2025",)

    def __post_init__(self) -> None:
        check_beta("Epanechnikov", self.beta)
        hold(self, "beta")

    def prior(self, strength: Array) -> tuple[Array | float, Array | float]:
        """Return s and (s − 1)/β: 1 + β (s h + (s − 1)/β) = s (1 + β h)."""
        return strength, (strength - 1) / self.beta

    @property
    def margin(self) -> float:
        """1: where h = −1/β a memory's reach ends."""
        return 1.0

    def _heights(self, h: Array) -> Array:
        """Return max(1 + β h, 0)."""
        xp = namespace(h)
        height = 1 + multiplied(self.beta, h)
        return xp.where(height > 0, height, xp.zeros_like(height))

    def summary(self, h: Array) -> Summary:
        """Return (0, Σ max(1 + β h, 0))."""
        mass = namespace(h).sum(self._heights(h), axis=-1)
        return Summary(namespace(h).zeros_like(mass), mass)

    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the sum."""
        return Summary(one.peak, one.mass + other.mass)

    def value(self, summary: Summary) -> Array:
        """Return the logarithm; −∞ outside every reach."""
        xp = namespace(summary.mass)
        within = summary.mass > 0
        value = xp.log(xp.where(within, summary.mass, xp.ones_like(summary.mass))) / self.beta
        return xp.where(within, value, xp.full_like(value, -math.inf))

    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return 1 within reach, 0 beyond."""
        return namespace(h).astype(self._heights(h) > 0, h.dtype)

    def gauge(self, summary: Summary) -> Array:
        """Return one over the mass, 0 outside every reach."""
        xp = namespace(summary.mass)
        within = summary.mass > 0
        inverse = 1 / xp.where(within, summary.mass, xp.ones_like(summary.mass))
        return xp.where(within, inverse, xp.zeros_like(inverse))

    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return 1 (...)."""
        return namespace(new.mass).ones_like(new.mass)
