r"""The normmax separation: sparse, with the same margin for every γ.

    f = argmax_{p in the simplex} β p·h − (‖p‖_γ − 1)                                  L = β⁻¹ max of the same
      ∝ [β h − τ]₊^(1/(γ − 1)),     τ such that ‖[β h − τ]₊‖_{γ/(γ − 1)} = 1

A memory that leads every other one by 1/β has weight 1. Among those alive normmax is more even-handed than entmax.

Source: Blondel, Martins & Niculae 2020, arXiv:1901.02324; Santos et al. 2024, arXiv:2402.13725.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

from dataclasses import dataclass

from mnemonist._array import Array
from mnemonist.core.number import check_beta, check_number, hold
from mnemonist.core.sparse import SparseSeparation, raised


@dataclass(frozen=True)
class Normmax(SparseSeparation):
    """γ-normmax of the scores. `gamma` > 1 and `beta` > 0; beta may be "auto".

    >>> import numpy as np
    >>> Normmax(2.0, beta=1.0).weights(np.array([1.0, 1.0, -3.0]))
    array([0.5, 0.5, 0. ])
    """

    gamma: float = 2.0
    beta: float | Array = 1.0
    references = ("santos2024", "blondel2020")

    def __post_init__(self) -> None:
        check_number("Normmax", "gamma", self.gamma, least=1, strict=True)
        check_beta("Normmax", self.beta)
        hold(self, "gamma", "beta")

    @property
    def margin(self) -> float:
        """1."""
        return 1.0

    @property
    def unit(self) -> Array | float:
        """β."""
        return self.beta

    def rise(self, t: Array) -> Array:
        """Return [t]₊^(γ/(γ − 1))."""
        return raised(t, 1 / (self.gamma - 1) + 1)

    def slope(self, t: Array) -> Array:
        """Return its slope."""
        power = 1 / (self.gamma - 1)
        return (power + 1) * raised(t, power)

    def height(self, t: Array) -> Array:
        """Return [t]₊^(1/(γ − 1))."""
        return raised(t, 1 / (self.gamma - 1))

    def moment(self, height: Array) -> Array:
        """Return the γ-th power."""
        return raised(height, self.gamma)

    def worth(self, peak: Array, sums: tuple[Array, ...]) -> Array:
        """Return (β f·h − ‖f‖_γ + 1)/β."""
        total, lead, powers = sums
        return peak + lead / total + (1 - powers ** (1 / self.gamma) / total) / self.beta
