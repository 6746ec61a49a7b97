r"""Calibration: how sure what was filled is, learned from known cells that were hidden.

    spread        s_c σ            σ what the memories say, s_c such that 90 % of hidden cells lie within 1.645 spreads
    confidence    F(½/spread)      of a number: the share of hidden cells that came back within ½ standard deviation
                  p^t/Σ p^t        of an option: its share, t such that the shares are worth most (least log loss)
    beyond        d/d₉₅            how much farther the nearest row is than that of 95 % of the rows: so many times as
                                   wide is the spread, and 1/beyond² are left of the shares, the rest as in all rows

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
_USUAL, _NEAREST = 0.95, 1e-4  # of rows are as near as is usual; a coordinate apart by a hundredth is near
_FLOOR = 1e-3  # of a standard deviation: nothing is surer
_NEAR = 0.5  # standard deviations within which a number is right
_POWERS = tuple(float(t) for t in np.geomspace(0.25, 8, 16))

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Calibration:
    """The scale (N,) of spreads, the residuals of hidden numbers in spreads, rising, and the power of shares.

    `near` is how far rows are from their nearest, squared: 95 % of them no farther. `base` (N,) is what all rows have.
    """

    scale: Numbers
    residuals: Numbers
    power: float
    near: float
    base: Numbers

    def beyond(self, scores: Numbers) -> Numbers:
        """Return how many times as far (B,) as is usual the nearest memory is, 1 at least; of leading scores (B, k)."""
        apart = np.where(np.isfinite(scores[:, 0]), -2 * scores[:, 0], 0.0)
        return np.asarray(np.sqrt(np.maximum(apart / self.near, 1.0)))

    def spread(self, said: Expected, beyond: Numbers) -> Numbers:
        """Return the calibrated standard deviation (B, N), wider the farther a row is from all memories."""
        spread = np.maximum(np.sqrt(said.variance + _FLOOR**2) * self.scale, _FLOOR)
        return np.asarray(spread * beyond[:, None])

    def confidence(self, spread: Numbers) -> Numbers:
        """Return the chance that a number lies within half a standard deviation of what was filled."""
        if not len(self.residuals):
            return np.full(spread.shape, np.nan)
        within = np.searchsorted(self.residuals, _NEAR / np.maximum(spread, 1e-12), side="right")
        return np.asarray(within / (len(self.residuals) + 1))

    def shares(self, part: Numbers, at: slice, beyond: Numbers) -> Numbers:
        """Return the share (B, V) of each option, at some coordinates: far from all rows as all rows have it."""
        own = 1 / beyond[:, None] ** 2
        return np.asarray(own * _powered(part, self.power) + (1 - own) * _powered(self.base[None, at], 1.0))


def calibrate(
    columns: Columns, said: Expected, rows: Numbers, hidden: Numbers, *, scores: Numbers, base: Numbers
) -> Calibration:
    """Return the calibration that hidden cells of rows (B, N) ask for; scores (B, k) are of their leading memories."""
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
    apart = -2 * scores[np.isfinite(scores[:, 0]), 0] if scores.size else np.empty(0)
    near = max(float(np.quantile(apart, _USUAL)) if apart.size else 0.0, _NEAREST * rows.shape[1])
    return Calibration(scale, residuals, _power(columns, said.mean, rows, hidden), near, base)


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
