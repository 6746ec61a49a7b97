"""A block: some stored patterns, with what is known of them and what they are to bring back.

Shapes: ids (k,); rows (k, N), 0 where unknown; known (k, N), or None where everything is; values (k, D), or None.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, namespace

Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Block:
    """Some patterns: ids (k,), rows (k, N), and known (k, N) and values (k, D) or None."""

    ids: Ids
    rows: Array
    known: Array | None = None
    values: Array | None = None

    def part(self, where: slice) -> "Block":
        """Return a run of the patterns, without copying them."""
        planes = (None if a is None else a[where, ...] for a in (self.rows, self.known, self.values))
        return Block(self.ids[where], *planes)

    def at(self, positions: np.ndarray[Any, Any]) -> "Block":
        """Return copies of the patterns at these positions, repeats allowed."""
        xp, index = namespace(self.rows), beside(positions, self.rows)
        planes = (None if a is None else xp.take(a, index, axis=0) for a in (self.rows, self.known, self.values))
        return Block(self.ids[positions], *planes)

    def per_known(self, sums: Array) -> Array:
        """Return sums (B, k) over the coordinates that each pattern knows, divided by how many those are."""
        if self.known is None:
            return sums
        xp = namespace(sums)
        shared = xp.sum(xp.astype(self.known, sums.dtype), axis=-1)
        return sums / xp.where(shared > 0, shared, xp.ones_like(shared))
