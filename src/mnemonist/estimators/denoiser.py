"""The denoiser: each row is moved towards the rows that were fitted, one update of a kernel memory.

    x ← Σ_μ softmax(−½β‖x − ξ_μ‖²) ξ_μ

One update is the mean of what may have been meant; more of them end at what is stored. Holes are filled by the same
update. Shapes: X (K, N), NaN where unknown.
"""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mnemonist.core.number import check_count
from mnemonist.estimators.explanation import Explanation, Numbers
from mnemonist.memories.named import kernel_memory


class AssociativeDenoiser(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Clean rows by what was fitted.

    `beta` is a number > 0, "smooth", which is estimated from the fitted rows as a density, or "auto", which keeps each
    apart from the others, so that a row that was stored comes back. `steps` is the most updates. After `fit`: `beta_`.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeDenoiser
    >>> X = np.array([[0.0, 0.0], [10.0, 10.0], [10.0, 0.0]])
    >>> AssociativeDenoiser(beta="auto").fit(X).transform([[9.0, 1.0]]).round(2)
    array([[9.96, 0.04]])
    """

    def __init__(self, *, beta: Any = "smooth", steps: int = 1) -> None:
        self.beta = beta
        self.steps = steps

    def fit(self, X: Any, y: Any = None) -> "AssociativeDenoiser":
        """Store the rows (K, N)."""
        check_count("AssociativeDenoiser", "steps", self.steps)
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        known = ~np.isnan(rows)
        self.memory_ = kernel_memory(self.beta, unshared="expected")
        self.memory_.store(np.where(known, rows, 0), known=None if known.all() else known)
        self.beta_ = float(self.memory_.separation.beta)  # type: ignore[attr-defined]
        return self

    def transform(self, X: Any) -> Numbers:
        """Return the rows cleaned."""
        check_is_fitted(self)
        rows, known = self._rows(X)
        mask = None if known.all() else known
        return np.asarray(self.memory_.recall(rows, known=mask, clamped=False, max_steps=self.steps).state)

    def explain(self, X: Any) -> Explanation:
        """Return the fitted rows that each answer rests on, and how familiar each row of X is."""
        check_is_fitted(self)
        rows, known = self._rows(X)
        found = self.memory_.weigh(rows, known=known, top=8)
        return Explanation(found.ids, found.weights, found.familiarity)

    def _rows(self, X: Any) -> tuple[Numbers, Numbers]:
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
        known = ~np.isnan(rows)
        return np.where(known, rows, 0), known

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
