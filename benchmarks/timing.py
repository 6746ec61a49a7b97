"""How a time is taken: candidates take turns, A B A B, each after a rest of 30 ms and an untimed call.

In the rest the workers of the candidate before stop spinning; the untimed call brings the data back to where the
candidate wants it. What takes half a second needs no such call, and is timed as often as patience allows: how often,
two calls tell beforehand, for the first may compile. The least of the times judges, for noise only adds; the median
beside it says how noisy the run was.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

Candidate = Callable[[], object]
Choice = TypeVar("Choice")

REST = 0.03
_LONG = 0.5  # seconds, from which a call is its own warming up
_COMPILING = 10.0  # seconds that a first call may spend on what no second one does


class Times(NamedTuple):
    """Seconds that a candidate took: the least and the median of so many runs."""

    least: float
    median: float
    runs: int

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        """Return what is kept of single times."""
        return cls(min(seconds), statistics.median(seconds), len(seconds))

    def scaled(self, factor: float) -> "Times":
        """Return the times of so many times as much work, at the same speed."""
        return Times(self.least * factor, self.median * factor, self.runs)


@dataclass(frozen=True)
class Effort:
    """How much a run may cost: `runs` of each candidate, fewer where they would take more than `patience` seconds."""

    name: str
    runs: int
    patience: float

    def of(self, whole: Choice, quick: Choice) -> Choice:
        """Return the sizes to measure."""
        return quick if self.name == QUICK.name else whole

    @property
    def brief(self) -> "Effort":
        """An effort for what no bound is set on."""
        return replace(self, runs=min(self.runs, 4), patience=min(self.patience, 1.5))

    def affords(self, seconds: float) -> int:
        """Return how many runs of a candidate that takes so long are made, 0 … `runs`."""
        return min(self.runs, int(self.patience / seconds))


WHOLE, QUICK = Effort("whole", 7, 5.0), Effort("quick", 3, 0.4)


def in_turn(candidates: dict[str, Candidate], effort: Effort) -> dict[str, Times]:
    """Return the times of the candidates; of one that is beyond patience, that of its trial."""
    first = {name: _tried(action) for name, action in candidates.items()}
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for run in range(effort.runs):
        for name, action in candidates.items():
            if run < effort.affords(first[name]):
                found[name].append(_rested(action, untimed=first[name] < _LONG))
    return {name: Times.of(found[name] or [first[name]]) for name in candidates}


def seconds(action: Candidate) -> float:
    """Return how long one call takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def _tried(action: Candidate) -> float:
    once = seconds(action)
    return once if once > _COMPILING else min(once, seconds(action))


def _rested(action: Candidate, *, untimed: bool) -> float:
    time.sleep(REST)
    if untimed:
        action()
    return seconds(action)
