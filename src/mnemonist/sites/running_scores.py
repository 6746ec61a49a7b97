"""The running scores of a sweep, and what all kinds of sites do with them.

A move of a site changes the score of every pattern by a known step; so a sweep starts from all scores and carries them
along. Several kinds of sites may share them: each notices when another has moved, and weighs the scores anew.

Shapes: scores (B, K); columns (n, K), those of the patterns side by side; state (B, n), kept as (n, B).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.dynamics.model import Sites

TIE = 8 * 2.0**-52
_NOTHING = 2000.0  # by which a score lags, in units of 1/β, of which nothing is left


class RunningScores:
    """The scores h (B, K), made when they are asked for; `tie` is the share of its terms that a sum may be off by.

    A share is a number or (B, 1).
    """

    def __init__(self, separation: AdditiveSeparation, make: Callable[[], Array], tie: Any = TIE) -> None:
        self.separation, self.tie, self._make = separation, tie, make
        self.changes = 0

    @cached_property
    def scores(self) -> Array:
        """The scores (B, K) in float64."""
        scores = self._make()
        xp = namespace(scores)
        return xp.astype(scores, xp.float64, copy=True)

    def change(self, where: Array, scores: Array) -> None:
        """Take these scores (b, K) for the b cues of `where` (B,)."""
        self.scores[where] = scores
        self.changes += 1

    def take(self, scores: Array) -> None:
        """Take these scores (B, K) for all cues."""
        vars(self)["scores"] = namespace(scores).astype(scores, namespace(scores).float64)
        self.changes += 1

    def forget(self) -> None:
        """Have the scores made anew when they are asked for."""
        vars(self).pop("scores", None)
        self.changes += 1


class RunningSites(Sites, ABC):
    """Sites of one kind, whose moves change the scores in steps of `unit`: a number, or one for each pattern (K,)."""

    def __init__(self, running: RunningScores, columns: Any, state: Array, neurons: Neurons, unit: Any = 1.0) -> None:
        self._xp, self._running, self._columns, self._unit = namespace(state), running, columns, unit
        self._dtype, self._neurons = state.dtype, neurons
        self._state = side_by_side(state, self._xp.float64)  # (n, B)
        self._weighed: Array | None = None
        self._seen = 0

    @property
    def _differences(self) -> Array:
        """The differences of the present scores (B, F, K), weighed when they are first asked for."""
        if self._weighed is None or self._seen != self._running.changes:
            self._weighed, self._seen = self._weigh(self._running.scores), self._running.changes
        return self._weighed

    @abstractmethod
    def _weigh(self, h: Array) -> Array:
        """Return the differences (B, F, K) of scores h (B, K) by one step of a site."""

    def _moved(self, where: Array, scores: Array) -> None:
        """Note that the cues of `where` now have these scores, and weigh those again if the others are up to date."""
        current = self._weighed is not None and self._seen == self._running.changes
        self._running.change(where, scores)
        if current:
            assert self._weighed is not None
            self._weighed[where], self._seen = self._weigh(scores), self._running.changes

    def state(self) -> Array:
        """Return the state (B, n) in the dtype it came in."""
        return self._xp.astype(self._state.T, self._dtype, copy=True)


def side_by_side(rows: Array, dtype: object) -> Array:
    """Return a transposed copy of rows (K, N), so that the values of one column lie side by side."""
    xp = namespace(rows)
    columns = xp.empty((rows.shape[1], rows.shape[0]), dtype=dtype, device=device(rows))
    columns[:, :] = xp.astype(rows.T, dtype)
    return columns


def audible(h: Array, beta: Any) -> Array:
    """Return scores (B, K) with a finite one, that weighs nothing beside the others, in place of −∞."""
    xp = namespace(h)
    silent = h == -math.inf
    least = xp.min(xp.where(silent, xp.full_like(h, math.inf), h), axis=-1, keepdims=True)
    least = xp.where(xp.isfinite(least), least, xp.zeros_like(least))
    return xp.where(silent, least - _NOTHING / beta, h)
