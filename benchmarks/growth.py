"""How a measured time grows: rows of one regime in which one size varies, read as a line on log axes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.cases.scaling import DENSE, MATRIX, UPDATE
from benchmarks.machine import READ, SGEMM
from benchmarks.results import Results
from benchmarks.row import Row

_FEW, _MANY, _DENSE, _MATRIX = "softmax, 1 cue", "softmax, 64 cues", "dense n = 3, a sweep", "weight matrix, a sweep"
_STILL: dict[str, dict[str, tuple[str, dict[str, int]]]] = {
    "K": {
        _FEW: (UPDATE, {"N": 256, "B": 1}),
        _MANY: (UPDATE, {"N": 256, "B": 64}),
        _DENSE: (DENSE, {"N": 1024, "B": 64}),
    },
    "N": {
        _FEW: (UPDATE, {"K": 16_384, "B": 1}),
        _MANY: (UPDATE, {"K": 16_384, "B": 64}),
        _DENSE: (DENSE, {"K": 1024, "B": 64}),
        _MATRIX: (MATRIX, {"B": 64}),
    },
    "B": {
        "softmax": (UPDATE, {"K": 65_536, "N": 256}),
        _DENSE: (DENSE, {"K": 1024, "N": 1024}),
        _MATRIX: (MATRIX, {"N": 1024}),
    },
}  # what stands still while K, N or B varies; a weight matrix of N neurons holds N/20 memories


@dataclass(frozen=True)
class Line:
    """A regime while `letter`, K, N or B, varies."""

    regime: str
    letter: str
    rows: list[Row]

    @property
    def sizes(self) -> list[int]:
        """The varying size."""
        return [getattr(row, self.letter) for row in self.rows]

    @property
    def seconds(self) -> list[float]:
        """The least time at each size."""
        return [ours(row) for row in self.rows]

    @property
    def exponent(self) -> float:
        """The slope on log axes over the three largest sizes, where what a call costs by itself is small."""
        return float(np.polyfit(np.log(self.sizes[-3:]), np.log(self.seconds[-3:]), 1)[0])


def ours(row: Row) -> float:
    """Return our least time."""
    return next(iter(row.seconds.values())).least


def limit(row: Row) -> float:
    """Return the least time that the machine allows a softmax update: all patterns read, all products made."""
    return max(row.seconds[READ].least, row.seconds[SGEMM].least)


def each(row: Row) -> float:
    """Return our time per memory, neuron and cue, in ns; of a weight matrix per pair of neurons and cue."""
    return ours(row) / (row.N * row.B * (row.N if row.name == MATRIX else row.K)) * 1e9


def lines(results: Results, letter: str) -> list[Line]:
    """Return every regime while this size varies."""
    return [Line(regime, letter, results.of(name, **still)) for regime, (name, still) in _STILL[letter].items()]


def crossing(rows: list[Row], of: Callable[[Row], bool]) -> Row | None:
    """Return the first row of which something holds."""
    return next((row for row in rows if of(row)), None)
