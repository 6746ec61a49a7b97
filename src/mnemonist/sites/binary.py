r"""The sites of a ±1 state whose energy is −Σ_μ F(o_μ), o_μ = ξ_μ·s.

With a_μ = F(o_μ) − F(o_μ − 2) and b_μ = F(o_μ) − F(o_μ + 2), flipping neuron i costs

    Σ_{μ: ξ_μi = s_i} a_μ + Σ_{μ: ξ_μi = −s_i} b_μ

(a pattern that does not know i has no say), and changes each o_μ by −2 ξ_μi s_i. An undecided neuron is drawn to the
sign of Σ_μ ξ_μi (F(o_μ + 1) − F(o_μ − 1)). A cost within 8 ε of the sum of its terms' sizes is a tie, and counts as 0.
Beside other columns a neuron may count w times: o_μ is then any score, and the steps are w and 2 w.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, eq. 3. Shapes: state (B, N); columns (N, K); overlaps (B, K).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from mnemonist._array import Array, Namespace
from mnemonist.core.neurons import Neurons
from mnemonist.kernels.loading import worth_it
from mnemonist.kernels.sweeps import sweep_overlaps
from mnemonist.sites.running_scores import TIE, RunningScores, RunningSites
from mnemonist.sites.tables import Differences, differences_of
from mnemonist.stores.bit_columns import BitColumns

_PATTERNS = 1024  # patterns that `all_gains` turns into floats in one go


class OverlapSites(RunningSites):
    """The running overlaps of a sweep; everything in float64, where overlaps are exact."""

    def __init__(self, running: RunningScores, columns: Any, state: Array, neurons: Neurons, unit: Any = 1.0) -> None:
        super().__init__(running, columns, state, neurons, unit)

    @cached_property
    def _undecided(self) -> int:
        """How many neurons of all cues have no value."""
        return int(self._xp.sum(self._xp.astype(self._state == 0, self._xp.int64)))

    @property
    def count(self) -> int:
        """N."""
        return int(self._columns.shape[0])

    def movable(self, movable: Array) -> Array:
        """Return `movable` (B, N): each neuron is a site."""
        return movable

    def _weigh(self, h: Array) -> Array:
        """Return a, b and, while a site is undecided, F(o + 1) − F(o − 1); then their sizes: (B, 4 or 6, K)."""
        separation, unit = self._running.separation, self._unit
        difference, reference = separation.difference, separation.reference(h)
        differences = [difference(h, h - 2 * unit, reference), difference(h, h + 2 * unit, reference)]
        if self._undecided:
            differences.append(difference(h + unit, h - unit, reference))
        return self._xp.stack([*differences, *(self._xp.abs(x) for x in differences)], axis=1)

    def gains(self, site: int) -> Array:
        """Return E(s_i = −1) − E(now) and E(s_i = +1) − E(now): (B, 2), ties as 0, in units of the reference."""
        pattern = self._columns[site, :][:, None]
        return self._options(self._state[site, :][:, None], self._totals(self._differences, pattern))[:, 0, :]

    def levels(self, site: int) -> Array:
        """Return E(s_i = −1) and E(s_i = +1) less the first: (B, 2), in the units of the energy."""
        xp = self._xp
        pattern = self._unit * xp.astype(self._columns[site, :], xp.float64)
        others = self._running.scores - self._state[site, :][:, None] * pattern
        with np.errstate(over="ignore"):
            rise = self._running.separation.drop(others - pattern, others + pattern)
        return xp.stack([xp.zeros_like(rise), rise], axis=-1)

    def all_gains(self) -> Array:
        """Return the gains (B, N, 2) of every site at the present state, from matrix products."""
        totals: Array = 0.0
        for start in range(0, self._columns.shape[1], _PATTERNS):
            part = slice(start, min(start + _PATTERNS, self._columns.shape[1]))
            totals = totals + self._totals(self._differences[:, :, part], self._columns[:, part].T)
        return self._options(self._state.T, totals)

    def at_once(self, movable: Array) -> Array:
        """Return the state after every free neuron (B, N) went where it would go alone."""
        swept = self._swept(range(self.count), movable, at_once=True)
        if swept is not None:
            return self._xp.astype(swept[0], self._dtype)
        xp, gains, state = self._xp, self.all_gains(), self.state()
        target = xp.astype(2 * xp.argmin(gains, axis=-1) - 1, state.dtype)
        return xp.where(movable & (xp.min(gains, axis=-1) < 0), target, state)

    def sweep(self, visits: Sequence[int], movable: Array) -> bool:
        """Make the sweep by a compiled kernel, where that is worth it."""
        swept = self._swept(visits, movable, at_once=False)
        if swept is None:
            return False
        state, scores = swept
        self._take(state)
        self._running.take(scores)
        return True

    def _take(self, state: Array) -> None:
        """Go on from this state (B, N)."""
        self._state[:, :] = state.T
        vars(self).pop("_undecided", None)

    def _swept(self, visits: Sequence[int], movable: Array, *, at_once: bool) -> tuple[Array, Array] | None:
        """Return the state (B, N) and the scores after a kernel swept; None where it cannot, or is not worth it."""
        running, plain = self._running, isinstance(self._unit, float) and self._unit == 1 and self._running.tie is TIE
        if not plain or not isinstance(self._columns, BitColumns):
            return None
        terms = self._state.shape[1] * self._columns.shape[1] * len(visits)
        if not worth_it(1 if at_once else len(visits), terms):
            return None
        differences, scores = self._tables(), self._whole_scores()
        if differences is None or scores is None:
            return None
        state = self._state.T.astype(np.int8, order="C")
        cues = (state, scores, np.ascontiguousarray(movable))
        sweep_overlaps(self._columns, np.asarray(visits), differences, running.tie, *cues, at_once=at_once)
        return state, scores

    def _tables(self) -> Differences | None:
        """Return the differences at all scores; None where that is too much."""
        return differences_of(self._running.separation, self.count)

    def _whole_scores(self) -> Array | None:
        """Return the scores (B, K) as whole numbers of the caller's own; None where they are none."""
        scores = self._running.scores.astype(np.int32)
        return scores if np.array_equal(scores, self._running.scores) else None

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the site −1 (option 0) or +1 (option 1) in the cues of `where`."""
        xp = self._xp
        if not bool(xp.any(where)):
            return
        old = self._state[site, :]
        new = xp.where(where, xp.astype(2 * option - 1, xp.float64), old)
        pattern = self._unit * xp.astype(self._columns[site, :], xp.float64)
        moved = self._running.scores[where] + (new - old)[where][:, None] * pattern
        decided, undecided = int(xp.sum(xp.astype(where & (old == 0), xp.int64))), self._undecided
        self._state[site, :] = new  # only now: `old` is a view of the row
        self._undecided = undecided - decided
        if decided and not self._undecided:
            self._weighed = None
        self._moved(where, moved)

    def _totals(self, differences: Array, patterns: Array) -> Array:
        """Return sums of differences (B, F, k) over the patterns (k, n) that are +1 and −1 at a site: (2, B, F, n)."""
        xp = self._xp
        flat = xp.reshape(differences, (-1, differences.shape[-1]))
        shape = (*differences.shape[:2], patterns.shape[-1])
        signs = (patterns > 0, patterns < 0)
        return xp.stack([xp.reshape(flat @ xp.astype(sign, xp.float64), shape) for sign in signs])

    def _options(self, value: Array, totals: Array) -> Array:
        """Return the gains (B, n, 2) of −1 and +1 at sites of these values (B, n), from the totals of differences."""
        xp, half = self._xp, totals.shape[2] // 2
        plus, minus = totals[0, ...], totals[1, ...]
        cost, size = (
            _flip(xp, value, plus[:, part, :], minus[:, part, :]) for part in (slice(half), slice(half, None))
        )
        if half == 3:
            cost = xp.where(value == 0, plus[:, 2, :] - minus[:, 2, :], cost)
            size = xp.where(value == 0, plus[:, 5, :] + minus[:, 5, :], size)
        cost = xp.where(xp.abs(cost) > self._running.tie * size, cost, xp.zeros_like(cost))
        target = xp.where(value == 0, xp.sign(cost), -value)
        gain = xp.where(value == 0, -xp.abs(cost), cost)
        none = xp.zeros_like(gain)
        return xp.stack([xp.where(target < 0, gain, none), xp.where(target > 0, gain, none)], axis=-1)


def _flip(xp: Namespace, value: Array, plus: Array, minus: Array) -> Array:
    """Return Σ a over the patterns that agree with a site and Σ b over those that do not: (B, n)."""
    up = plus[:, 0, :] + minus[:, 1, :]
    down = minus[:, 0, :] + plus[:, 1, :]
    return xp.where(value > 0, up, down)
