r"""The sites of a categorical state whose energy is −Σ_μ F(o_μ), o_μ the number of variables equal to those of ξ_μ.

With a_μ = F(o_μ) − F(o_μ − 1) and b_μ = F(o_μ + 1) − F(o_μ), going from option v of variable c to option w costs

    Σ_{μ: ξ_μc = v} a_μ − Σ_{μ: ξ_μc = w} b_μ

(a pattern that does not know c has no say), and changes each o_μ by −[ξ_μc = v] + [ξ_μc = w]. An undecided variable has
only the second sum. A cost within 8 ε of the sum of its terms is a tie, and counts as 0; an undecided variable whose
best two options tie stays undecided. Beside other columns a variable may count w times: steps are then w, not 1.

Source: after Krotov & Hopfield 2016, arXiv:1606.01164, eq. 3. Shapes: state (B, N); columns (N, K); overlaps (B, K).
"""

import numpy as np

from mnemonist._array import Array, device
from mnemonist.core.categorical import Categorical
from mnemonist.sites.running_scores import RunningSites


class VariableSites(RunningSites):
    """The running overlaps of a sweep over variables; a visit costs O(V K) per cue."""

    _neurons: Categorical

    @property
    def count(self) -> int:
        """C."""
        return len(self._neurons.sizes)

    def movable(self, movable: Array) -> Array:
        """Return which variables (B, C) may move, of free columns (B, N)."""
        return self._neurons.by_variable(movable)

    def _weigh(self, h: Array) -> Array:
        """Return a and b: (B, 2, K)."""
        separation = self._running.separation
        difference, reference = separation.difference, separation.reference(h)
        return self._xp.stack(
            [difference(h, h - self._unit, reference), difference(h + self._unit, h, reference)], axis=1
        )

    def _patterns(self, site: int) -> Array:
        """Return the patterns' columns (V, K) of a variable."""
        return self._xp.astype(self._columns[self._neurons.blocks[site], :], self._xp.float64)

    def gains(self, site: int) -> Array:
        """Return E(option) − E(now), (B, V), ties as 0, in units of the reference."""
        xp, differences = self._xp, self._differences
        value = self._state[self._neurons.blocks[site], :].T
        totals = xp.reshape(differences, (-1, differences.shape[-1])) @ self._patterns(site).T
        totals = xp.reshape(totals, (*differences.shape[:2], value.shape[-1]))
        loss = xp.sum(value * totals[:, 0, :], axis=-1, keepdims=True)  # (B, 1)
        empty = xp.all(value == 0, axis=-1, keepdims=True)
        return xp.where(empty, self._first(totals[:, 1, :]), self._move(value, loss, totals[:, 1, :]))

    def _move(self, value: Array, loss: Array, win: Array) -> Array:
        """Return the gains (B, V) of a decided variable; options that are best to rounding count as equally good."""
        xp, near = self._xp, self._running.tie * (loss + win)
        gain = loss - win
        gain = xp.where((value > 0) | (xp.abs(gain) <= near), xp.zeros_like(gain), gain)
        least = xp.min(gain, axis=-1, keepdims=True)
        return xp.where((gain < 0) & (gain - least <= near), least, gain)

    def _first(self, win: Array) -> Array:
        """Return the gains (B, V) of an undecided variable: the best option's over the second best."""
        xp = self._xp
        best = xp.max(win, axis=-1, keepdims=True)
        option = xp.arange(win.shape[-1], dtype=xp.int64, device=device(win))
        chosen = option == xp.argmax(win, axis=-1, keepdims=True)
        second = xp.max(xp.where(chosen, xp.zeros_like(win), win), axis=-1, keepdims=True)
        leads = best - second > self._running.tie * (best + second)
        return xp.where(chosen & leads, second - best, xp.zeros_like(win))

    def levels(self, site: int) -> Array:
        """Return E(option) − E(option 0), (B, V), in the units of the energy."""
        xp, patterns = self._xp, self._unit * self._patterns(site)
        others = self._running.scores - self._state[self._neurons.blocks[site], :].T @ patterns
        first, drop = others + patterns[0, :], self._running.separation.drop
        with np.errstate(over="ignore"):
            return xp.stack([drop(first, others + patterns[v, :]) for v in range(patterns.shape[0])], axis=-1)

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the variable its option (B,) in the cues of `where` (B,)."""
        xp = self._xp
        if not bool(xp.any(where)):
            return
        block = self._neurons.blocks[site]
        change = self._chosen(block, option, where) - self._state[block, :]
        patterns = self._unit * self._patterns(site)
        moved = self._running.scores[where] + change.T[where] @ patterns
        self._state[block, :] = self._state[block, :] + change
        self._moved(where, moved)

    def at_once(self, movable: Array) -> Array:
        """Return the state after every free variable went where it would go alone; `movable` is (B, N)."""
        xp, movable, parts = self._xp, self.movable(movable), []
        for site, block in enumerate(self._neurons.blocks):
            gains = self.gains(site)
            go = (xp.min(gains, axis=-1) < 0) & movable[:, site]
            parts.append(self._chosen(block, xp.argmin(gains, axis=-1), go))
        return xp.astype(xp.concat(parts).T, self._dtype, copy=True)

    def _chosen(self, block: slice, option: Array, where: Array) -> Array:
        """Return the columns (V, B) of a variable with its option (B,) in the cues of `where`."""
        xp, value = self._xp, self._state[block, :]
        options = xp.arange(value.shape[0], dtype=option.dtype, device=device(option))
        return xp.where(where, xp.astype(options[:, None] == option, value.dtype), value)
