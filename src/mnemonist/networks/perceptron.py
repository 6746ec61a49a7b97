r"""The perceptron rule: couplings under which every pattern is stable by a margin κ, if there are any.

    ξ_μi h_μi > κ ‖W_i‖ for all μ, i        wherever not: W_ij ← W_ij + ξ_μi ξ_μj / N

So W_ij = (1/N) Σ_μ x_μi ξ_μi ξ_μj with whole strengths x, the number of corrections; to forget a pattern is to take
out its terms and learn on. Rows are trained apart and W is asymmetric, with no energy; `symmetric` corrects W_ij and
W_ji together. Random patterns have a solution up to K = α_c N, α_c(κ) = 1/[(1 + κ²) Φ(κ) + κ φ(κ)]: 2 at κ = 0, 0.52
at κ = 1; close to that the number of epochs explodes. Patterns one neuron apart have none: it sees the same input
twice. Stability is more than zero: a margin of 0 accepts no tie.

Source: Gardner 1988, J. Phys. A 21:257. Shapes: rows, strengths (K, N).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, device, namespace
from mnemonist.core.number import check_flag, check_number, check_whole, hold
from mnemonist.errors import InvalidArgument
from mnemonist.networks.couplings import zero_diagonal
from mnemonist.networks.rule import Learned, StorageRule


@dataclass(frozen=True)
class Perceptron(StorageRule):
    """Couplings corrected until every pattern is stable by the margin."""

    margin: float = 0.0
    symmetric: bool = False
    epochs: int = 2000
    references = ("gardner1988",)

    def __post_init__(self) -> None:
        check_number("Perceptron", "margin", self.margin, least=0)
        check_flag("Perceptron", "symmetric", self.symmetric)
        check_whole("Perceptron", "epochs", self.epochs, least=1, most=math.inf)
        hold(self, "margin", "epochs")

    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Go on correcting, from what is learned, with all rows."""
        xp = namespace(rows)
        new = xp.zeros((rows.shape[0] - count, rows.shape[1]), dtype=xp.float64, device=device(rows))
        strengths = new if learned.strengths is None else xp.concat([learned.strengths, new], axis=0)
        return self._trained(rows, strengths)

    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Take the terms out and correct what that has unsettled."""
        xp = namespace(rows)
        kept = beside(np.delete(np.arange(rows.shape[0]), positions), rows)
        return self._trained(xp.take(rows, kept, axis=0), xp.take(learned.strengths, kept, axis=0))

    def _trained(self, rows: Array, strengths: Array) -> Learned:
        """Return what is learned once no pattern is unstable; the matrix is that of whole strengths, N times W."""
        xp = namespace(rows)
        for _ in range(self.epochs):
            matrix = self._matrix(rows, strengths)
            stability = rows * (rows @ matrix.T)
            needed = self.margin * xp.sqrt(xp.sum(matrix * matrix, axis=-1))
            unstable = stability <= needed
            if not bool(xp.any(unstable)):
                return Learned(matrix, strengths)
            strengths = strengths + xp.astype(unstable, xp.float64)
        raise InvalidArgument(
            f"HopfieldNetwork.store: the patterns must have couplings with margin {self.margin:g}, found within "
            f"{self.epochs} epochs; got {rows.shape[0]} × {rows.shape[1]} neurons of which "
            f"{int(xp.sum(xp.astype(unstable, xp.int64)))} are unstable still. Random patterns have some up to K = 2 N "
            "at margin 0. Store fewer, lower the margin, or raise epochs."
        )

    def _matrix(self, rows: Array, strengths: Array) -> Array:
        """Return Σ_μ x_μi ξ_μi ξ_μj, plus its transpose where W is symmetric, without self-coupling."""
        matrix = zero_diagonal((strengths * rows).T @ rows)
        return matrix + matrix.T if self.symmetric else matrix
