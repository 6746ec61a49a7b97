"""Fields that sweeps left, kept for who asks for them next: the next sweep, or the energy.

They are looked up by the states that they are of, cue by cue, for a cue that rests drops out of later sweeps. Only
fields without rounding may be kept: they are what a product would give, to the last digit.

Shapes: state, fields (B, N).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mnemonist.dynamics.settle import keys

Numbers = np.ndarray[Any, Any]
Swept = tuple[dict[bytes, int], Numbers]  # the rows of states, and their fields

_MOST = 2**22  # numbers that are kept


class FieldCache:
    """The fields of the states that were swept last, newest first; one tuple, so that threads see all of it."""

    def __init__(self) -> None:
        self._sweeps: tuple[Swept, ...] = ()

    def keep(self, state: Numbers, fields: Numbers) -> None:
        """Keep fields, and of those before as many as there is room for."""
        room, kept = _MOST - fields.size, []
        for index, old in self._sweeps:
            room -= old.size
            if room >= 0:
                kept.append((index, old))
        if fields.size <= _MOST:
            self._sweeps = ({key: row for row, key in enumerate(keys(state, 0.0))}, fields.copy()), *kept

    def fields(self, state: Numbers, make: Callable[[Numbers], Numbers]) -> Numbers:
        """Return the fields of these states, made only where they are not kept."""
        sweeps = self._sweeps
        if not sweeps:
            return make(state)
        wanted = keys(state, 0.0)
        fields, missing = np.empty(state.shape, sweeps[0][1].dtype), np.ones(len(state), np.bool_)
        for index, kept in sweeps:
            if not missing.any():
                return fields
            rows = np.asarray([index.get(key, -1) for key in wanted], np.int64)
            found = missing & (rows >= 0)
            fields[found] = kept[rows[found]]
            missing &= ~found
        fields[missing] = make(state[missing])
        return fields
