"""The regressor: a number is a hidden coordinate, and evidence fills it.

See `labelling`. Shapes: X (K, N), NaN where unknown; y (K,).
"""

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import validate_data

from mnemonist.core.expectation import Expected
from mnemonist.estimators.explanation import Numbers
from mnemonist.estimators.labelling import Labelling
from mnemonist.estimators.rows import check_size
from mnemonist.memories.masked_validation import Trial
from mnemonist.tasks.calibration import Calibration, calibrate
from mnemonist.tasks.columns import Columns


class AssociativeRegressor(RegressorMixin, Labelling):
    """Predict a number by the rows that were fitted.

    Parameters are those of `AssociativeClassifier`. After `fit`: `expectation_`, `weights_`.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeRegressor
    >>> X = np.arange(20.0)[:, None]
    >>> AssociativeRegressor().fit(X, 3 * X[:, 0]).predict([[7.5]]).round(1)
    array([22.6])
    """

    _classes = False

    def fit(self, X: Any, y: Any) -> "AssociativeRegressor":
        """Store rows (K, N) with their numbers (K,)."""
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", y_numeric=True)
        y = y.astype(np.float64)
        check_size("AssociativeRegressor.fit", "y", y)
        self._mean, self._spread = float(y.mean()), float(y.std()) or 1.0
        self._learn(X, ((y - self._mean) / self._spread)[:, None], y)
        return self

    def _calibrate(self, said: Expected, trial: Trial, scores: Numbers) -> None:
        width = self.n_features_in_
        columns = Columns(np.array([0]), np.zeros(1), np.ones(1))
        part = Expected(said.mean[:, width:], said.variance[:, width:])
        rows, hidden = trial.rows[:, width:], trial.hidden[:, width:]
        base = trial.means[width:]
        self._calibration: Calibration = calibrate(columns, part, rows, hidden, scores=scores, base=base)

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """Return the numbers (B,), and with `return_std` their standard errors; the mean where nothing is known."""
        said, scores = self._expected(X)
        told = np.isfinite(said.mean)
        y = np.where(told, said.mean, 0.0)[:, 0] * self._spread + self._mean
        if not return_std:
            return y
        beyond = self._calibration.beyond(scores)
        spread = np.where(told, self._calibration.spread(said, beyond), 1.0)
        return y, spread[:, 0] * self._spread
