r"""The entmax separation: softmax's sparse relatives.

    f = argmax_{p in the simplex} β p·h − Ω(p),   Ω(p) = (Σ p^α − 1) / (α (α − 1))      L = β⁻¹ max of the same
      = [(α − 1) β h − τ]₊^(1/(α − 1)),           τ such that Σ f = 1

α = 1 is softmax, α = 2 sparsemax. For α > 1 a memory that leads every other one by the margin m = 1/(α − 1), in units
of 1/β, has weight 1 and all others none: it is recalled exactly in one step. (With 1/(α − 1) in place of 1/(α (α − 1))
in Ω, as some code has it, the margin would be another one.)

Source: Hu et al. 2023, arXiv:2309.12673 (α = 2); Santos et al. 2024, arXiv:2402.13725; Peters et al. 2019.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

import math
from dataclasses import dataclass

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_beta, check_number, hold
from mnemonist.core.sparse import SparseSeparation, Survey, raised


@dataclass(frozen=True)
class Entmax(SparseSeparation):
    """α-entmax of the scores. `alpha` ≥ 1 and `beta` > 0 are numbers or arrays; beta may be "auto".

    >>> import numpy as np
    >>> Entmax(2.0, beta=1.0).weights(np.array([1.0, 0.5, -3.0]))
    array([0.75, 0.25, 0.  ])
    """

    alpha: float | Array = 1.5
    beta: float | Array = 1.0
    references = ("santos2024", "hu2023", "peters2019")

    def __post_init__(self) -> None:
        check_number("Entmax", "alpha", self.alpha, least=1)
        check_beta("Entmax", self.beta)
        hold(self, "alpha", "beta")

    @property
    def margin(self) -> Array | float:
        """m = 1/(α − 1), the lead in units of 1/β at which one memory takes all; infinite for softmax."""
        return float("inf") if self._soft else 1 / (self.alpha - 1)

    @property
    def unit(self) -> Array | float:
        """(α − 1) β."""
        return self.beta if self._soft else (self.alpha - 1) * self.beta

    def rise(self, t: Array) -> Array:
        """Return [t]₊^(1/(α − 1))."""
        return raised(t, 1 / (self.alpha - 1))

    def slope(self, t: Array) -> Array:
        """Return its slope."""
        power = 1 / (self.alpha - 1)
        return power * raised(t, power - 1)

    def height(self, t: Array) -> Array:
        """Return the same; of softmax exp t."""
        return namespace(t).exp(t) if self._soft else raised(t, 1 / (self.alpha - 1))

    def moment(self, height: Array) -> Array:
        """Return f^α."""
        return raised(height, self.alpha)

    def worth(self, peak: Array, sums: tuple[Array, ...]) -> Array:
        """Return (β f·h − Ω(f))/β."""
        total, lead, powers = sums
        if self._soft:
            return peak + namespace(peak).log(total) / self.beta
        return peak + lead - (powers - 1) / (self.alpha * (self.alpha - 1)) / self.beta

    def threshold(self, live: Array, base: Array) -> Array:
        """Return τ; 0 of softmax, which has none."""
        return namespace(base).zeros_like(base) if self._soft else super().threshold(live, base)

    def surveyed(self, survey: Survey, base: Array) -> Array:
        """Return τ by passes; 0 of softmax."""
        return namespace(base).zeros_like(base) if self._soft else super().surveyed(survey, base)

    def alive(self, scores: Array) -> Array:
        """Return (α − 1) β (h − max) > −1; everything above −∞ lives under softmax."""
        return scores > -math.inf if self._soft else super().alive(scores)

    @property
    def _soft(self) -> bool:
        return isinstance(self.alpha, (int, float)) and self.alpha == 1
