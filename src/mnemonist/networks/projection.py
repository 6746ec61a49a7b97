r"""The projection rule: couplings that leave every stored pattern, and all they span, as it is.

    P = Xᵀ (X Xᵀ)⁻¹ X,        P ξ_μ = ξ_μ,    tr P = K        W = P without its diagonal

A pattern adds what of it is new: with r = ξ − Pξ, P ← P + r rᵀ/r·r. It is forgotten by projecting away its dual vector
d, which is orthogonal to all others: P ← P − d dᵀ/d·d. So K patterns must be linearly independent, K ≤ N, however
correlated; at K = N all states are kept and nothing is recalled.

Source: Personnaz, Guyon & Dreyfus 1986, PRA 34:4217; Kanter & Sompolinsky 1987, PRA 35:380; the increments are those of
Greville 1960. Shapes: rows (K, N).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.errors import InvalidArgument
from mnemonist.networks.rule import Learned, StorageRule

_DEPENDENT = 1e-12  # a pattern of which no larger share is new is a sum of the others
_NOTHING = 2.0**-36  # entries of a projection are at most 1 and right to this, unless patterns are nearly dependent


@dataclass(frozen=True)
class Projection(StorageRule):
    """The projection onto the span of the patterns."""

    rounding: ClassVar[float] = 2.0**-36
    references = ("personnaz1986", "kanter1987")

    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Add what is new of each row."""
        xp, p = namespace(rows), learned.matrix
        for row in range(count, rows.shape[0]):
            xi = rows[row, :]
            new = xi - p @ xi
            new = new - p @ new  # once more: the first difference has lost digits where little is new
            size = xp.sum(new * new)
            if float(size) <= _DEPENDENT * xi.shape[0]:
                raise InvalidArgument(
                    f"HopfieldNetwork.store: patterns must be linearly independent, so at most N = {xi.shape[0]}, for "
                    f"Projection(), which keeps the whole span of the patterns; got one, at position {row}, that the "
                    f"{row} before it span. Leave it out."
                )
            p = p + new[:, None] * new[None, :] / size
        return Learned(p)

    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Project the dual vectors away."""
        xp, p = namespace(rows), learned.matrix
        kept = rows
        for position in sorted(set(np.asarray(positions).tolist()), reverse=True):
            dual = xp.linalg.solve(kept @ kept.T, kept)[position, :]
            p = p - dual[:, None] * dual[None, :] / xp.sum(dual * dual)
            kept = xp.concat([kept[:position, :], kept[position + 1 :, :]], axis=0)
        return Learned(p)

    def weights(self, learned: Learned) -> Array:
        """Return P, 0 where it is 0 to rounding."""
        xp, p = namespace(learned.matrix), learned.matrix
        return xp.where(xp.abs(p) > _NOTHING, p, xp.zeros_like(p))
