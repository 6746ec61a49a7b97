r"""Logistic neurons: between 0 and 1, a smooth step of their current, as a rate or the probability of a bit.

    L = λ⁻¹ Σ ln(1 + exp λ x), λ the gain          g = 1/(1 + exp(−λ x))

They are graded neurons on another ground: σ(λ x) = ½ (1 + tanh ½ λ x).

Source: Hopfield 1984, PNAS 81:3088; Krotov 2021, arXiv:2107.06446 (as layers of a hierarchy).
Shapes: x is (..., N); L is (...).
"""

from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace
from mnemonist.core.lagrangian import Lagrangian
from mnemonist.core.number import check_number, hold


@dataclass(frozen=True)
class Logistic(Lagrangian):
    """Neurons in (0, 1); `gain` > 0 is four times the slope at 0, in units of one over a current.

    >>> import numpy as np
    >>> Logistic(2.0).activation(np.array([0.0, 0.5, -50.0])).round(3)
    array([0.5  , 0.731, 0.   ])
    """

    gain: float | Array = 1.0
    separable: ClassVar[bool] = True
    references = ("hopfield1984",)

    def __post_init__(self) -> None:
        check_number("Logistic", "gain", self.gain, least=0, strict=True)
        hold(self, "gain")

    def lagrangian(self, x: Array) -> Array:
        """Return λ⁻¹ Σ ln(1 + exp λ x) (...), as max(λ x, 0) + ln(1 + exp(−|λ x|))."""
        xp, lifted = namespace(x), self.gain * x
        size = xp.abs(lifted)
        return xp.sum((lifted + size) / 2 + xp.log1p(xp.exp(-size)), axis=-1) / self.gain

    def activation(self, x: Array) -> Array:
        """Return 1/(1 + exp(−λ x)) (..., N), as ½ (1 + tanh ½ λ x), which never overflows."""
        return (1 + namespace(x).tanh(self.gain * x / 2)) / 2

    def current(self, state: Array) -> Array:
        """Return λ⁻¹ ln(g/(1 − g)); of 0 and 1 that of the numbers next to them."""
        xp = namespace(state)
        last = 1 - float(xp.finfo(state.dtype).eps) / 2
        return 2 * xp.atanh(xp.clip(2 * state - 1, -last, last)) / self.gain
