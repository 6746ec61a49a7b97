r"""The sites of a network of couplings: fields that are carried along.

    h_i = Σ_j W_ij s_j + b_i,        a change of neuron j from u to v adds (v − u) W_ij to every h_i

Deciding a neuron costs O(1), a flip one column: O(N). Fields are made anew each sweep; until then each flip may add
its rounding, and the width of a tie grows with their number. A field within it is zero: the neuron keeps its value.
Couplings, ties and fields are in some `unit`; where they are whole in it (see `whole`), nothing is rounded.

Source: Hopfield 1982, PNAS 79:2554. Shapes: columns (N, N); fields, state (B, N); ties (N,).
"""

from collections.abc import Callable, Sequence

import numpy as np

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Neurons
from mnemonist.dynamics.model import Sites
from mnemonist.kernels.loading import worth_it
from mnemonist.kernels.sweeps import sweep_fields


class FieldSites(Sites):
    """The running fields of a sweep, in float64 or as whole numbers; energies in float64.

    `keep` is given the states and the fields that a sweep left.
    """

    def __init__(
        self, columns: Array, ties: Array, fields: Array, state: Array, neurons: Neurons, *, unit: float = 1.0,
        keep: Callable[[Array, Array], None] | None = None,
    ) -> None:  # fmt: skip
        xp = namespace(columns)
        self._xp, self._columns, self._ties, self._unit = xp, columns, ties, unit
        self._keep = keep
        self._low, self._high = neurons.levels
        self._state = xp.asarray(state, copy=True)
        self._fields = xp.asarray(fields, copy=True)
        self._flips = xp.zeros(state.shape[0], dtype=xp.float64, device=device(state))

    @property
    def count(self) -> int:
        """N."""
        return int(self._columns.shape[0])

    def movable(self, movable: Array) -> Array:
        """Return `movable` (B, N): each neuron is a site."""
        return movable

    def gains(self, site: int) -> Array:
        """Return E(s_i = low) − E(now) and E(s_i = high) − E(now): (B, 2), ties as 0."""
        tie = self._ties[site] * (1 + self._flips / 8)
        return self._options(self._state[:, site], self._fields[:, site], tie)

    def levels(self, site: int) -> Array:
        """Return E(s_i = low) and E(s_i = high) less the first: (B, 2), in the units of the energy."""
        rise = -(self._high - self._low) * self._unit * self._xp.astype(self._fields[:, site], self._xp.float64)
        return self._xp.stack([self._xp.zeros_like(rise), rise], axis=-1)

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the site low (option 0) or high (option 1) in the cues of `where`."""
        xp = self._xp
        if not bool(xp.any(where)):
            return
        old = self._state[:, site]
        levels = xp.where(option == 1, xp.full_like(old, self._high), xp.full_like(old, self._low))
        new = xp.where(where, levels, old)
        moved = xp.astype((new - old)[where], xp.float64)
        self._fields[where] = self._fields[where] + moved[:, None] * self._columns[site, :]
        self._flips = self._flips + xp.astype(where, xp.float64)
        self._state[:, site] = new

    def state(self) -> Array:
        """Return the state (B, N) as it stands."""
        return self._xp.asarray(self._state, copy=True)

    def sweep(self, visits: Sequence[int], movable: Array) -> bool:
        """Make the sweep by a compiled kernel, of NumPy arrays and where that is worth it."""
        if type(self._columns) is not np.ndarray or not worth_it(len(visits), self._fields.size):
            return False
        number = self._fields.dtype.type
        state = self._state.astype(number)
        cues = (state, self._fields, self._flips, np.ascontiguousarray(movable))
        sweep_fields(self._columns, np.asarray(visits), self._ties, (number(self._low), number(self._high)), *cues)
        self._state[:, :] = state
        if self._keep is not None:
            self._keep(state, self._fields)
        return True

    def _options(self, value: Array, field: Array, tie: Array) -> Array:
        """Return the gains (..., 2) of low and high at sites of these values and fields."""
        xp = self._xp
        field = xp.astype(xp.where(xp.abs(field) > tie, field, xp.zeros_like(field)), xp.float64)
        gain = -(self._high - self._low) * self._unit * xp.abs(field)
        none = xp.zeros_like(gain)
        low = xp.where(value == self._low, none, xp.where(field < 0, gain, -gain))
        high = xp.where(value == self._high, none, xp.where(field > 0, gain, -gain))
        undecided = (value != self._low) & (value != self._high)
        low = xp.where(undecided & (field >= 0), none, low)
        high = xp.where(undecided & (field <= 0), none, high)
        return xp.stack([low, high], axis=-1)
