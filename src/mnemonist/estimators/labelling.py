r"""What classifier and regressor share: labels are hidden coordinates of stored rows, and evidence fills them.

    stored     [√w x | y]          y one-hot, or a number
    asked      [√w x | ?]          ŷ = E[y | x, f]: see `core.expectation`

How it is expected is chosen by leaving each stored row out (up to 600 of them); whether features count alike or by a
learned diagonal metric, by how well a metric learned on one half fills the labels of the other.

Shapes: X (K, N), NaN where unknown; y (K, V).
"""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mnemonist.core.expectation import Expectation, Expected
from mnemonist.errors import InvalidArgument, shown
from mnemonist.estimators.explanation import Explanation, Numbers
from mnemonist.estimators.metric import learned_weights
from mnemonist.estimators.random_state import seed_from
from mnemonist.estimators.rows import check_size
from mnemonist.memories.masked_validation import Trial, best, each, standard
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import kernel_memory
from mnemonist.memories.weighing import Asked, expected
from mnemonist.readout.leading import Leading

TOP = 400
_ASKED = 600  # rows that are left out to choose
_BATCH = 1024
_HALF = 500  # rows that a metric is learned from, and as many that it is tried on
_BETTER = 0.85  # of the loss of the plain metric, below which the learned one is taken
_FEW = 40  # rows below which no metric is learned
METRICS = ("auto", "identity", "diagonal")


class Labelling(BaseEstimator):
    """The base: a member says what labels are as coordinates, and back."""

    _classes: bool

    def __init__(self, *, metric: str = "auto", expectation: Any = "auto", random_state: Any = 0) -> None:
        self.metric = metric
        self.expectation = expectation
        self.random_state = random_state

    def _learn(self, rows: Numbers, labels: Numbers, plain: Numbers) -> None:
        """Store rows (K, N) with labels (K, V); `plain` (K,) are the labels a metric is learned for."""
        self._check()
        check_size(f"{type(self).__name__}.fit", "X", rows)
        rng = np.random.default_rng(seed_from(type(self).__name__, self.random_state))
        self.weights_ = np.ones(rows.shape[1])
        may = self.metric != "identity" and len(rows) >= _FEW and len(np.unique(plain)) > 1
        if may and (self.metric == "diagonal" or self._is_better(rows, labels, plain, rng)):
            self.weights_ = learned_weights(rows, plain, classes=self._classes, rng=rng)
        self._remember(rows, labels, rng)

    def _is_better(self, rows: Numbers, labels: Numbers, plain: Numbers, rng: np.random.Generator) -> bool:
        """Return whether a metric learned on one half of the rows fills the labels of the other half better."""
        order = rng.permutation(len(rows))[: 2 * _HALF]
        half, other = order[: len(order) // 2], order[len(order) // 2 :]
        if len(np.unique(plain[half])) < 2:
            return False
        w = learned_weights(rows[half], plain[half], classes=self._classes, rng=rng)
        losses = [self._chosen(rows[other] * np.sqrt(each), labels[other], rng)[1] for each in (np.ones_like(w), w)]
        return losses[1] < _BETTER * losses[0]

    def _remember(self, rows: Numbers, labels: Numbers, rng: np.random.Generator) -> None:
        scaled = rows * np.sqrt(self.weights_)
        self.memory_ = _stored(scaled, labels)
        given = None if self.expectation == "auto" else self.expectation
        chosen, _, trial, found = self._tried(self.memory_, rows.shape[1], rng, given)
        self.expectation_ = chosen
        self._calibrate(expected(trial.asked, found, chosen)[0], trial, found.scores)

    def _calibrate(self, said: Expected, trial: Trial, scores: Numbers) -> None:
        """Learn from rows that were left out how sure an answer is."""

    def _chosen(self, rows: Numbers, labels: Numbers, rng: np.random.Generator) -> tuple[Expectation, float]:
        chosen, loss, _, _ = self._tried(_stored(rows, labels), rows.shape[1], rng, None)
        return chosen, loss

    def _tried(
        self, memory: AssociativeMemory, width: int, rng: np.random.Generator, given: Expectation | None
    ) -> tuple[Expectation, float, Trial, Leading]:
        """Return the expectation that fills the labels of left out rows best, its loss, the trial and what it found."""
        trial = _left_out(memory, width, self._classes, rng)
        found = trial.asked.leading(min(TOP, len(memory)))
        some = standard(found, len(memory)) if given is None else [given]
        chosen = best({one: trial.loss(said) for one, said in each(trial.asked, found, some)})
        one = chosen.categories if self._classes else chosen.numbers
        return one, chosen.losses[one][int(self._classes)], trial, found

    def _expected(self, X: Any) -> tuple[Expected, Numbers]:
        """Return what is expected of the labels (B, V) of rows, and the scores (B, k) of their leading memories."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
        check_size(type(self).__name__, "X", rows)
        width, parts, scores = rows.shape[1], [], []
        for start in range(0, len(rows), _BATCH):
            asked = self._asked(rows[start : start + _BATCH])
            found = asked.leading(min(TOP, len(self.memory_)))
            said = expected(asked, found, self.expectation_)[0]
            parts.append(Expected(said.mean[:, width:], said.variance[:, width:]))
            scores.append(found.scores)
        return Expected(*(np.concatenate(some) for some in zip(*parts, strict=True))), np.concatenate(scores)

    def _asked(self, rows: Numbers) -> Asked:
        landscape = self.memory_.landscape
        blank = np.zeros((len(rows), landscape.like.shape[1] - rows.shape[1]))
        cues = np.concatenate([rows * np.sqrt(self.weights_), blank], axis=1)
        known = np.concatenate([~np.isnan(rows), blank > 0], axis=1)
        return Asked(landscape, np.where(known, cues, 0.0), known, None, False)

    def explain(self, X: Any) -> Explanation:
        """Return the fitted rows that each answer rests on, and how familiar each row of X is."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)
        asked = self._asked(rows)
        found = self.memory_.weigh(asked.cues, known=asked.known, top=min(TOP, len(self.memory_)))
        weights = self.expectation_.weights(found.scores, self.memory_.separation)
        return Explanation(found.ids[:, :8], weights[:, :8], found.familiarity)

    def _check(self) -> None:
        who = type(self).__name__
        if self.metric not in METRICS:
            raise InvalidArgument(f"{who}: metric must be one of {METRICS}; got {shown(self.metric)}. Pass one.")
        if not isinstance(self.expectation, Expectation) and self.expectation != "auto":
            raise InvalidArgument(
                f"{who}: expectation must be 'auto', Mean() or LocalLinear(); got {shown(self.expectation)}. Pass one."
            )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _stored(rows: Numbers, labels: Numbers) -> AssociativeMemory:
    memory = kernel_memory(beta=1.0, unshared="expected")
    known = np.concatenate([~np.isnan(rows), np.ones(labels.shape, bool)], axis=1)
    all_rows = np.concatenate([rows, labels], axis=1)
    memory.store(np.where(known, all_rows, 0.0), known=None if known.all() else known)
    return memory


def _left_out(memory: AssociativeMemory, width: int, classes: bool, rng: np.random.Generator) -> Trial:
    """Return stored rows whose labels are hidden."""
    landscape = memory.landscape
    positions = np.sort(rng.permutation(len(memory))[:_ASKED])
    block = landscape.patterns.at(positions)
    known = np.ones(block.rows.shape, bool) if block.known is None else block.known.copy()
    hidden = np.zeros_like(known)
    hidden[:, width:] = True
    asked = Asked(landscape, np.where(known & ~hidden, block.rows, 0.0), known & ~hidden, positions, False)
    categories = ((width, block.rows.shape[1]),) if classes else ()
    return Trial.of(asked, block.rows, hidden, categories)
