r"""Storkey's rule: each pattern is written against the fields of those before it.

    W ← W + (1/N) [ξ_i ξ_j − ξ_i h_ji − h_ij ξ_j],        h_ij = Σ_{k ≠ i, j} W_ik ξ_k

Local and incremental, like Hebb's, yet it holds N/√(2 ln N) random patterns instead of N/(4 ln N), and stands some
correlation; beyond that it keeps the latest patterns and loses the early ones. With h = Wξ the bracket is
ξξᵀ − ξhᵀ − hξᵀ + 2W off the diagonal: O(N²) a pattern. The order of storage matters.

Source: Storkey 1997; Storkey & Valabregue 1999, Neural Networks 12:869.
Shapes: rows (K, N).
"""

from dataclasses import dataclass
from typing import Any

from mnemonist._array import Array
from mnemonist.errors import IllegalCombination
from mnemonist.networks.couplings import zero_diagonal
from mnemonist.networks.rule import Learned, StorageRule


@dataclass(frozen=True)
class Storkey(StorageRule):
    """Patterns are written against the fields of those before."""

    references = ("storkey1997", "storkey1999")

    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Write the rows in, one after the other."""
        matrix, n = learned.matrix, rows.shape[-1]
        for row in range(count, rows.shape[0]):
            xi = rows[row, :]
            h = matrix @ xi
            cross = xi[:, None] * h[None, :]
            matrix = zero_diagonal(matrix + (xi[:, None] * xi[None, :] - cross - cross.T + 2 * matrix) / n)
        return Learned(matrix)

    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Refuse: those that came later would have to be written again."""
        raise IllegalCombination(
            "HopfieldNetwork.forget: the rule must be able to take a pattern out; Storkey() wrote every later one "
            "against its field. Make a new network and store the others: mn.storkey().store(kept)."
        )

    def weights(self, learned: Learned) -> Array:
        """Return the matrix itself."""
        return learned.matrix
