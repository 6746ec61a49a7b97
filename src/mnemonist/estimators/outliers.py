r"""The detector of outliers: how high the energy of a row is among those that were fitted.

    score(x) = −E(x) = β⁻¹ log Σ_μ exp(−½β‖x − ξ_μ‖²)        β = 4/median(d²₂₀ − d²₁)

d_k is the distance of a fitted row to its k-th neighbour: the twentieth weighs e⁻² of the first, so that several
neighbours count, and none alone, however many columns make all of them far. A row that was fitted is scored by the
others, or it would find itself, and every new row were odd. The threshold is the share `contamination` of these scores.

Shapes: X (K, N), NaN where unknown; scores (B,).
"""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mnemonist.core.number import as_float, check_whole
from mnemonist.errors import InvalidArgument, shown
from mnemonist.estimators.explanation import Explanation, Numbers
from mnemonist.estimators.rows import places
from mnemonist.memories.named import kernel_memory

_DECAY = 2.0  # the last neighbour that counts weighs exp(−2) of the first
_AUTO = 0.1  # contamination
_LEADING = 512
_WORST = 1e300
_ASKED = 2000  # rows whose neighbours set β


class AssociativeOutlierDetector(OutlierMixin, BaseEstimator):
    """Tell rows that do not fit those that were fitted.

    `neighbours` are those that count; `contamination` in (0, 0.5] is the share of the fitted rows that are called
    outliers, 0.1 for "auto", and about the share of new rows of their kind. A row that was fitted is scored by the
    others, wherever it stands. After `fit`: `beta_`, `offset_`. Standardise columns of unlike units before.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeOutlierDetector
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> AssociativeOutlierDetector().fit(X).predict([[0.0, 0.0], [9.0, 9.0]])
    array([ 1, -1])
    """

    def __init__(self, *, neighbours: int = 20, contamination: Any = "auto") -> None:
        self.neighbours = neighbours
        self.contamination = contamination

    def fit(self, X: Any, y: Any = None) -> "AssociativeOutlierDetector":
        """Store the rows (K, N), and find β and the threshold."""
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        check_whole("AssociativeOutlierDetector", "neighbours", self.neighbours, least=2)
        share = self._share()
        known = ~np.isnan(rows)
        scout = kernel_memory(beta=1.0, unshared="expected")
        ids = scout.store(np.where(known, rows, 0), known=None if known.all() else known)
        some = np.linspace(0, len(rows) - 1, min(len(rows), _ASKED)).astype(int)
        found = scout.weigh(
            np.where(known, rows, 0)[some],
            known=known[some],
            leave_out=ids[some],
            top=max(1, min(self.neighbours, len(rows) - 1)),
        ).scores
        told = found[np.isfinite(found[:, -1])]
        lead = told[:, 0] - told[:, -1]
        typical = float(np.median(lead)) if lead.size else 0.0
        self.beta_ = _DECAY / typical if typical > 0 else 1.0
        self.memory_ = kernel_memory(beta=self.beta_, unshared="expected")
        self._ids = self.memory_.store(np.where(known, rows, 0), known=None if known.all() else known)
        self._fitted = rows
        self.offset_ = float(np.percentile(self._scores(rows), 100 * share))
        return self

    def score_samples(self, X: Any) -> Numbers:
        """Return −E (B,): the lower, the odder."""
        check_is_fitted(self)
        return self._scores(
            validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
        )

    def decision_function(self, X: Any) -> Numbers:
        """Return the score less the threshold (B,): negative of outliers."""
        return np.asarray(self.score_samples(X) - self.offset_)

    def predict(self, X: Any) -> Numbers:
        """Return −1 (B,) of outliers, 1 of the others."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def explain(self, X: Any) -> Explanation:
        """Return the fitted rows that are nearest, and how familiar each row of X is."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
        known = ~np.isnan(rows)
        found = self.memory_.weigh(np.where(known, rows, 0), known=known, top=8)
        return Explanation(found.ids, found.weights, found.familiarity)

    def _scores(self, rows: Numbers) -> Numbers:
        known, place = ~np.isnan(rows), places(rows, self._fitted)
        found = self.memory_.weigh(
            np.where(known, rows, 0),
            known=None if known.all() else known,
            leave_out=np.where(place < 0, -1, self._ids[place]),
            top=min(_LEADING, len(self.memory_)),
        )
        return np.nan_to_num(-found.energy, nan=-_WORST, neginf=-_WORST)  # what nothing tells of is the oddest

    def _share(self) -> float:
        if isinstance(self.contamination, str) and self.contamination == "auto":
            return _AUTO
        share = as_float(self.contamination)
        if share is None or not 0 < share <= 0.5:
            raise InvalidArgument(
                f"AssociativeOutlierDetector: contamination must be 'auto' or a share > 0 and <= 0.5; got "
                f"{shown(self.contamination)}. Pass one."
            )
        return share

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
