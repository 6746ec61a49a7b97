r"""Rules that add up: every pattern leaves a product behind, which can be taken out again exactly.

    Hebbian               W = (1/N) Σ_μ ξ_μ ξ_μᵀ                      ξ ∈ {±1}ᴺ      E = −½ sᵀWs
    Covariance(a, θ)      W = Σ_μ (ξ_μ − a)(ξ_μ − a)ᵀ / (a (1 − a) N)   ξ ∈ {0, 1}ᴺ    E = −½ vᵀWv + θ Σ v
    Pairs(split)          W = Σ_μ [0, x yᵀ; y xᵀ, 0],  ξ = [x | y]     ξ ∈ {±1}ᴺ      E = −xᵀMy,  M = Σ_μ x yᵀ

At a stored pattern of activity a the field of a 0/1 neuron is ξ_i − a, so θ = ½ − a lies in the middle. Sparse patterns
interfere less: the capacity grows as 1/(a |ln a|).

Source: Hopfield 1982, PNAS 79:2554; Tsodyks & Feigelman 1988, Europhys. Lett. 6:101; Kosko 1988, IEEE SMC 18:49.
Shapes: rows (K, N).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, beside, namespace
from mnemonist.core.neurons import Neurons, Sparse
from mnemonist.networks.rule import Learned, StorageRule


class SumRule(StorageRule):
    """A rule whose matrix is a sum over patterns."""

    holes: ClassVar[bool] = True

    def _products(self, rows: Array) -> Array:
        """Return the sum of the products of rows (k, N), which are 0 where unknown."""
        return rows.T @ rows

    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Add the products."""
        return Learned(learned.matrix + self._products(rows[count:, :]))

    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Take the products out."""
        return Learned(learned.matrix - self._products(namespace(rows).take(rows, beside(positions, rows), axis=0)))


@dataclass(frozen=True)
class Hebbian(SumRule):
    """Neurons that are active together are coupled."""

    references = ("hopfield1982",)


@dataclass(frozen=True)
class Covariance(SumRule):
    """0/1 neurons that deviate from their mean together are coupled. The matrix is in units of the weights' N."""

    activity: float
    references = ("tsodyks1988",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "activity", Sparse(self.activity).activity)

    @property
    def neurons(self) -> Neurons:
        """0/1 of this activity."""
        return Sparse(self.activity)

    def _products(self, rows: Array) -> Array:
        raised = rows - self.activity  # one that is not known was filled with the activity
        return raised.T @ raised / (self.activity * (1 - self.activity))


@dataclass(frozen=True)
class Pairs(SumRule):
    """Couplings between the first `split` neurons and the others only: Kosko's bidirectional memory."""

    split: int
    references = ("kosko1988",)

    def _products(self, rows: Array) -> Array:
        first = np.arange(rows.shape[-1]) < self.split
        products = rows.T @ rows
        between = beside(first[:, None] != first[None, :], rows)
        return namespace(rows).where(between, products, namespace(rows).zeros_like(products))

    def weights(self, learned: Learned) -> Array:
        """Return the matrix itself."""
        return learned.matrix
