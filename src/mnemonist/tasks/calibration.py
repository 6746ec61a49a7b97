r"""Calibration: how sure what was filled is, learned from known cells that were hidden.

    spread        s_c σ            σ what the memories say, s_c such that 90 % of hidden cells lie within 1.645 spreads
    confidence    F(½/spread)      of a number: the share of hidden cells that came back within ½ standard deviation
                  p^t/Σ p^t        of an option: its share, t such that the shares are worth most (least log loss)

Source: Guo et al. 2017, arXiv:1706.04599 (temperature); Vovk et al. 2005 (residuals of what was held out).
Shapes: coordinates (B, N), in units of each column's standard deviation; shares (B, V).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist.core.expectation import Expected
from mnemonist.tasks.columns import Columns

_WITHIN, _NORMAL = 0.9, 1.6448536269514722
_FEW = 20  # hidden cells that all columns together count for, where one is scaled
_FLOOR = 1e-3  # of a standard deviation: nothing is surer
_NEAR = 0.5  # standard deviations within which a number is right
_POWERS = tuple(float(t) for t in np.geomspace(0.25, 8, 16))

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Calibration:
    """The scale (N,) of spreads, the residuals of hidden numbers in spreads, rising, and the power of shares."""

    scale: Numbers
    residuals: Numbers
    power: float

    def spread(self, said: Expected) -> Numbers:
        """Return the calibrated standard deviation (B, N)."""
        return np.asarray(np.sqrt(said.variance + _FLOOR**2) * self.scale)

    def confidence(self, spread: Numbers) -> Numbers:
        """Return the chance that a number lies within half a standard deviation of what was filled."""
        if not len(self.residuals):
            return np.full(spread.shape, np.nan)
        within = np.searchsorted(self.residuals, _NEAR / np.maximum(spread, 1e-12), side="right")
        return np.asarray(within / (len(self.residuals) + 1))

    def shares(self, part: Numbers) -> Numbers:
        """Return the share (B, V) of each option, of what the memories make one expect."""
        return _powered(part, self.power)


def calibrate(columns: Columns, said: Expected, rows: Numbers, hidden: Numbers) -> Calibration:
    """Return the calibration that hidden cells of rows (B, N) ask for."""
    spread = np.sqrt(said.variance + _FLOOR**2)
    off = np.where(np.isfinite(said.mean), np.abs(said.mean - rows), 0.0)
    asked = hidden & columns.numbers & np.isfinite(said.mean)
    ratio = np.where(asked, off / spread, 0.0)
    count, total = asked.sum(axis=0), (ratio**2).sum(axis=0)
    typical = total.sum() / max(int(count.sum()), 1) or 1.0
    scale = np.sqrt((total + _FEW * typical) / (count + _FEW))
    residuals = np.sort((ratio / scale)[asked])
    if len(residuals):
        widened = float(np.quantile(residuals, _WITHIN)) / _NORMAL or 1.0
        scale, residuals = scale * widened, residuals / widened
    return Calibration(scale, residuals, _power(columns, said.mean, rows, hidden))


def _power(columns: Columns, mean: Numbers, rows: Numbers, hidden: Numbers) -> float:
    """Return the power of the shares that costs least."""
    asked = [(part, hidden[:, part.start]) for part in (slice(*each) for each in columns.categories)]
    asked = [(part, there & np.isfinite(mean[:, part]).all(axis=1)) for part, there in asked]
    if not any(there.any() for _, there in asked):
        return 1.0
    costs = [
        sum(-np.log(_powered(mean[there, part], t)[rows[there, part] > 0]).sum() for part, there in asked)
        for t in _POWERS
    ]
    return _POWERS[int(np.argmin(costs))]


def _powered(part: Numbers, t: float) -> Numbers:
    """Return p^t/Σ p^t of shares, none of which is quite 0."""
    shares = np.clip(part, 0.005, None) ** t
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
