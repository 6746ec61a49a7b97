r"""The kernel similarity: alike are those whose features point the same way.

    Bilinear(W)    h = ⟨W x, W ξ⟩ = xᵀ A ξ,      A = WᵀW

Features only decide which memory is meant; the readout Σ f ξ is made of the patterns themselves. No energy of x is
claimed for it: −β⁻¹ log Σ exp(β h) + ½‖x‖² is not what the step descends, so one readout is made. To iterate, store the
features as patterns and the patterns as values: `modern_hopfield(beta).store(patterns @ W.T, values=patterns)`.

Source: Wu, Hu, Hsiao & Liu 2024, arXiv:2404.03827 (U-Hop; Φ(u) = W u).
Shapes: W is (D, N); state and cue_mask are (..., N); rows and row_mask are (..., K, N), as of `Similarity`;
h is (..., K).
"""

from dataclasses import dataclass

import numpy as np

from mnemonist._array import Array, beside, is_array, named_array, namespace, to_numpy
from mnemonist.core.similarity import Similarity
from mnemonist.errors import InvalidArgument, shown


@dataclass(frozen=True, eq=False)
class Bilinear(Similarity):
    """Return h = ⟨W x, W ξ⟩ for features W (D, N); `learned_kernel(patterns)` finds some that set patterns apart.

    >>> import numpy as np
    >>> Bilinear(np.array([[2.0, 0.0]])).scores(np.array([1.0, 9.0]), np.array([[3.0, 5.0]]))
    array([12.])
    """

    features: Array
    references = ("wu2024",)

    def __post_init__(self) -> None:
        if isinstance(self.features, np.ndarray):
            object.__setattr__(self, "features", named_array("Bilinear", "features", self.features)[0])
        if not is_array(self.features) or self.features.ndim != 2 or not self.features.size or not _real(self.features):
            raise InvalidArgument(
                f"Bilinear: features must be an array of numbers (D, N), a row for each feature; got "
                f"{shown(self.features)}. learned_kernel(patterns) makes one."
            )
        if isinstance(self.features, np.ndarray) and not np.isfinite(self.features).all():
            raise InvalidArgument("Bilinear: features must be finite; got NaN or infinity. Pass numbers.")

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return xᵀ A ξ over the coordinates known on both sides; where rows have unknown ones, in O(D K N) a state."""
        xp, w = namespace(state, rows), self._beside(state)
        x = state if cue_mask is None else xp.where(cue_mask, state, xp.zeros_like(state))
        if row_mask is not None:
            return self._masked(x, rows, cue_mask, row_mask)
        pulled = (x @ w.T) @ w
        return (pulled if cue_mask is None else xp.where(cue_mask, pulled, xp.zeros_like(pulled))) @ rows.mT

    def _masked(self, x: Array, rows: Array, cue_mask: Array | None, row_mask: Array) -> Array:
        """Return the scores of rows with unknown coordinates, a feature at a time: each pair shares other ones."""
        xp, w = namespace(x), self._beside(x)
        there = xp.astype(row_mask, x.dtype)
        seen = xp.ones_like(x) if cue_mask is None else xp.astype(cue_mask, x.dtype)
        h = (x @ rows.mT) * 0
        for d in range(w.shape[0]):
            h = h + ((x * w[d, :]) @ there.mT) * (seen @ (rows * there * w[d, :]).mT)
        return h

    def _beside(self, state: Array) -> Array:
        """Return W in the library and dtype of the states."""
        if self.features.shape[1] != state.shape[-1]:
            raise InvalidArgument(
                f"Bilinear: states must have N = {self.features.shape[1]} neurons, as the features do; "
                f"got {state.shape[-1]}. Learn features from patterns of that width."
            )
        xp = namespace(state)
        mine = is_array(self.features) and namespace(self.features) is xp  # then gradients reach the features too
        return xp.astype(self.features if mine else beside(to_numpy(self.features), state), state.dtype)

    def __repr__(self) -> str:
        return f"Bilinear({self.features.shape[0]} features)"


def _real(x: Array) -> bool:
    return bool(namespace(x).isdtype(x.dtype, ("real floating", "integral")))
