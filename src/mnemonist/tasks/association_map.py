r"""Maps between spaces: pairs (a, b) are stored side by side, and what goes with another a is expected of them.

    b̂ = b̄ + S_ba (S_aa + λV)⁻¹ (a − ā)         of the pairs that are near a: see `core.expectation`

`values=` of a memory blends what is stored, and cannot leave its hull; a local linear map can. How far to reach is
chosen by leaving pairs out.

Shapes: A (K, N), B (K, D); a (n, N).
"""

from typing import Any

import numpy as np

from mnemonist.core.expectation import Expectation
from mnemonist.errors import EmptyMemory, InvalidArgument, shown
from mnemonist.memories.masked_validation import Trial, best, each, standard
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import kernel_memory
from mnemonist.memories.weighing import Asked, check_expectation, expected

TOP = 400
_ASKED = 400  # pairs that are left out to choose
_BATCH = 256

Numbers = np.ndarray[Any, Any]


class AssociativeMap:
    """A map from one space to another, learned from pairs.

    >>> import numpy as np
    >>> from mnemonist.tasks import AssociativeMap
    >>> a = np.random.default_rng(0).normal(size=(50, 3))
    >>> b = a @ np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]) + 5
    >>> AssociativeMap().fit(a, b).recall([1.0, 1.0, 1.0]).round(1)
    array([9., 8.])
    """

    def __init__(self, expectation: Expectation | str = "auto", *, rng: int = 0) -> None:
        if not (isinstance(expectation, str) and expectation == "auto"):
            check_expectation(expectation)
        self._given, self._rng = expectation, rng
        self._memory: AssociativeMemory | None = None

    def fit(self, a: Any, b: Any) -> "AssociativeMap":
        """Store pairs: A (K, N) and B (K, D)."""
        a, b = _matrix("fit", "A", a), _matrix("fit", "B", b)
        if len(a) != len(b) or len(a) < 2:
            raise InvalidArgument(
                f"AssociativeMap.fit: A and B must be pairs, two at least; got {len(a)} and {len(b)}. "
                "Pass one row each."
            )
        self._width = a.shape[1]
        self._memory = kernel_memory(beta=1.0)
        self._memory.store(np.concatenate([a, b], axis=1))
        self.expectation = self._chosen() if isinstance(self._given, str) else self._given
        return self

    def recall(self, a: Any) -> Numbers:
        """Return what goes with a (n, N), or one (N,): (n, D)."""
        memory = self._stored()
        single = np.ndim(a) == 1
        rows = _matrix("recall", "a", np.atleast_2d(np.asarray(a)))
        if rows.shape[1] != self._width:
            raise InvalidArgument(
                f"AssociativeMap.recall: a must have {self._width} columns as A had; got {shown(a)}. "
                "Pass one row per cue."
            )
        landscape = memory.landscape
        known = np.zeros((len(rows), landscape.like.shape[1]), bool)
        known[:, : self._width] = True
        cues = np.zeros(known.shape)
        cues[:, : self._width] = rows
        found = [np.empty((0, known.shape[1] - self._width))]
        for start in range(0, len(rows), _BATCH):
            asked = Asked(landscape, cues[start : start + _BATCH], known[start : start + _BATCH], None, False)
            said = expected(asked, asked.leading(min(TOP, len(memory))), self.expectation)[0]
            found.append(said.mean[:, self._width :])
        answer = np.concatenate(found)
        return answer[0] if single else answer

    def _chosen(self) -> Expectation:
        """Return the expectation that tells best what goes with pairs that are left out."""
        memory = self._stored()
        landscape = memory.landscape
        positions = np.sort(np.random.default_rng(self._rng).permutation(len(memory))[:_ASKED])
        rows = np.asarray(landscape.patterns.at(positions).rows, np.float64)
        hidden = np.zeros(rows.shape, bool)
        hidden[:, self._width :] = True
        asked = Asked(landscape, np.where(hidden, 0.0, rows), ~hidden, positions, False)
        trial = Trial.of(asked, rows, hidden, ())
        found = asked.leading(min(TOP, len(memory)))
        return best({one: trial.loss(said) for one, said in each(asked, found, standard(found, len(memory)))}).numbers

    def _stored(self) -> AssociativeMemory:
        if self._memory is None:
            raise EmptyMemory("AssociativeMap.recall: there must be pairs; got none. Call fit first.")
        return self._memory


def _matrix(method: str, name: str, given: Any) -> Numbers:
    rows = np.asarray(given)
    if rows.ndim != 2 or rows.dtype.kind not in "fiub" or not np.isfinite(rows).all():
        raise InvalidArgument(
            f"AssociativeMap.{method}: {name} must be finite numbers in rows; got {shown(given)}. Pass a matrix."
        )
    return rows.astype(np.float64)
