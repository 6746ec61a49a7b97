r"""The projection rule: couplings that leave every stored pattern, and all they span, as it is.

    P = Xᵀ (X Xᵀ)⁺ X,        P ξ_μ = ξ_μ,    tr P = rank X        W = P without its diagonal

A pattern adds what of it is new: with r = ξ − Pξ, P ← P + r rᵀ/r·r. It takes away what of it no other has, r = ξ less
its projection onto the others: P ← P − r rᵀ/r·r. P is defined by the span: of a copy, or of any sum of the others,
nothing is new, and nothing goes with it. At rank N all states are kept and nothing is recalled, however correlated the
patterns are.

Source: Personnaz, Guyon & Dreyfus 1986, PRA 34:4217; Kanter & Sompolinsky 1987, PRA 35:380; the increments are those of
Greville 1960. Shapes: rows (K, N).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, device, namespace, to_numpy
from mnemonist.networks.rule import Learned, StorageRule

_DEPENDENT = 1e-12  # a pattern of which no larger share is new is a sum of the others
_SINGULAR = 1e-10  # of the largest singular value, below which one is rounding
_NOTHING = 2.0**-36  # entries of a projection are at most 1 and right to this, unless patterns are nearly dependent


@dataclass(frozen=True)
class Projection(StorageRule):
    """The projection onto the span of the patterns."""

    rounding: ClassVar[float] = 2.0**-36
    references = ("personnaz1986", "kanter1987")

    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Add what is new of each row."""
        p = learned.matrix
        for row in range(count, rows.shape[0]):
            xi = rows[row, :]
            new = xi - p @ xi
            new = new - p @ new  # once more: the first difference has lost digits where little is new
            p = p + _onto(new)
        return Learned(p)

    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Take away what no other row has."""
        xp, p, kept = namespace(rows), learned.matrix, rows
        for position in sorted(set(np.asarray(positions).tolist()), reverse=True):
            xi = kept[position, :]
            kept = xp.concat([kept[:position, :], kept[position + 1 :, :]], axis=0)
            p = p - _onto(_apart(xi, kept))
        return Learned(p)

    def weights(self, learned: Learned) -> Array:
        """Return P, 0 where it is 0 to rounding."""
        xp, p = namespace(learned.matrix), learned.matrix
        return xp.where(xp.abs(p) > _NOTHING, p, xp.zeros_like(p))


def _apart(xi: Array, rows: Array) -> Array:
    """Return what of a pattern (N,) no sum of rows (k, N) has."""
    if not rows.shape[0]:
        return xi
    inverse = namespace(rows).linalg.pinv(rows, rtol=_SINGULAR)
    apart = xi - inverse @ (rows @ xi)
    return apart - inverse @ (rows @ apart)


def _onto(new: Array) -> Array:
    """Return the projection (N, N) onto what is new of a pattern (N,); 0 where nothing is."""
    xp = namespace(new)
    size = xp.sum(new * new)
    if float(to_numpy(size)) <= _DEPENDENT * new.shape[0]:
        return xp.zeros((new.shape[0], new.shape[0]), dtype=new.dtype, device=device(new))
    return new[:, None] * new[None, :] / size
