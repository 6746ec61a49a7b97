"""The classifier: a label is a hidden coordinate, and evidence fills it.

Probabilities are the shares of what is expected of a one-hot label, made as sure as they were right of rows left out.
See `labelling`. Shapes: X (K, N), NaN where unknown; probabilities (B, V).
"""

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from mnemonist.core.expectation import Expected
from mnemonist.errors import InvalidArgument
from mnemonist.estimators.explanation import Numbers
from mnemonist.estimators.labelling import Labelling
from mnemonist.memories.masked_validation import Trial
from mnemonist.tasks.calibration import Calibration, calibrate
from mnemonist.tasks.columns import Columns


class AssociativeClassifier(ClassifierMixin, Labelling):
    """Label rows by those that were fitted.

    `metric` is "identity", features count alike; "diagonal", how much each counts is learned; or "auto", whichever
    fills labels of held out rows better. `expectation` is Mean(β), LocalLinear(ridge, reach), or "auto", chosen by
    leaving rows out. Standardise columns of unlike units before. After `fit`: `expectation_`, `weights_`, `classes_`.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeClassifier
    >>> X = np.array([[0.0], [0.1], [0.2], [1.0], [1.1], [1.2]])
    >>> AssociativeClassifier().fit(X, list("aaabbb")).predict([[0.05], [1.15]])
    array(['a', 'b'], dtype='<U1')
    """

    _classes = True

    def fit(self, X: Any, y: Any) -> "AssociativeClassifier":
        """Store rows (K, N) with their labels (K,)."""
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self._start(X, codes)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> "AssociativeClassifier":
        """Store more rows; how labels are expected stays as it was chosen first. `classes` are all there can be."""
        first = not hasattr(self, "memory_")
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=first)
        if first:
            self.classes_ = np.unique(y if classes is None else classes)
        unknown = np.setdiff1d(y, self.classes_)
        if unknown.size:
            raise InvalidArgument(
                f"AssociativeClassifier.partial_fit: y must be among the classes of the first call; got {unknown[:5]}. "
                "List all in its classes=."
            )
        codes = np.searchsorted(self.classes_, y)
        if first:
            self._start(X, codes)
        else:
            known = np.concatenate([~np.isnan(X), np.ones((len(X), len(self.classes_)), bool)], axis=1)
            rows = np.concatenate([X * np.sqrt(self.weights_), np.eye(len(self.classes_))[codes]], axis=1)
            self.memory_.store(np.where(known, rows, 0.0), known=known)
        return self

    def _start(self, X: Numbers, codes: Numbers) -> None:
        self._learn(X, np.eye(len(self.classes_))[codes], codes)

    def _calibrate(self, said: Expected, trial: Trial, scores: Numbers) -> None:
        width, options = self.n_features_in_, len(self.classes_)
        columns = Columns(np.array([options]), np.zeros(1), np.ones(1))
        part = Expected(said.mean[:, width:], said.variance[:, width:])
        rows, hidden = trial.rows[:, width:], trial.hidden[:, width:]
        base = trial.means[width:]
        self._calibration: Calibration = calibrate(columns, part, rows, hidden, scores=scores, base=base)

    def predict_proba(self, X: Any) -> Numbers:
        """Return the share (B, V) of each class; equal ones where nothing is known of a row."""
        said, scores = self._expected(X)
        told = np.isfinite(said.mean).all(axis=1, keepdims=True)
        mean, calibration = np.where(told, said.mean, 1 / len(self.classes_)), self._calibration
        return calibration.shares(mean, slice(None), calibration.beyond(scores))

    def predict(self, X: Any) -> Numbers:
        """Return the likeliest class (B,)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])
