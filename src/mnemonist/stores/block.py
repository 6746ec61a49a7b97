"""A block: some stored patterns, with what is known of them and what they are to bring back.

Shapes: ids (k,); rows (k, N), 0 where unknown; known (k, N), or None where everything is; values (k, D), or None;
strength (k,) float64, or None where all are 1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, as_array, beside, namespace, to_numpy
from mnemonist.errors import InvalidType, MnemonistError, UnknownId

Ids = np.ndarray[tuple[int], np.dtype[np.int64]]


def places(owner: str, ids: Any, held: Ids) -> np.ndarray[Any, Any]:
    """Return where ids stand among those held (K,), 0 … K − 1; `owner` complains of one that does not."""
    wanted = np.atleast_1d(_listed(owner, ids))
    at = np.searchsorted(held, wanted)
    missing = wanted[(at >= len(held)) | (held[np.minimum(at, len(held) - 1)] != wanted)] if len(held) else wanted
    if missing.size:
        raise UnknownId(
            f"{owner}.forget: every id must be stored; got {missing.tolist()}, which "
            f"{'is' if missing.size == 1 else 'are'} not. See memory.ids."
        )
    return at


def _listed(owner: str, ids: Any) -> np.ndarray[Any, Any]:
    """Return ids (n,), or one."""
    try:
        wanted = to_numpy(as_array(ids))
    except MnemonistError as error:
        raise InvalidType(f"{owner}.forget: ids must be whole numbers; {error.got}. Pick from memory.ids.") from None
    if wanted.ndim > 1 or (wanted.size and wanted.dtype.kind not in "iu"):
        raise InvalidType(
            f"{owner}.forget: ids must be whole numbers (n,), or one; got dtype {wanted.dtype}, shape {wanted.shape}. "
            "Pick from memory.ids."
        )
    return wanted


@dataclass(frozen=True, eq=False)
class Block:
    """Some patterns: ids (k,), rows (k, N), and known (k, N), values (k, D) and strength (k,) or None."""

    ids: Ids
    rows: Array
    known: Array | None = None
    values: Array | None = None
    strength: Array | None = None

    def part(self, where: slice) -> "Block":
        """Return a run of the patterns, without copying them."""
        planes = (None if a is None else a[where, ...] for a in (self.rows, self.known, self.values, self.strength))
        return Block(self.ids[where], *planes)

    def at(self, positions: np.ndarray[Any, Any]) -> "Block":
        """Return copies of the patterns at these positions, repeats allowed."""
        xp, index = namespace(self.rows), beside(positions, self.rows)
        mine = (self.rows, self.known, self.values, self.strength)
        planes = (None if a is None else xp.take(a, index, axis=0) for a in mine)
        return Block(self.ids[positions], *planes)

    @property
    def present(self) -> Array:
        """1.0 where a pattern knows a coordinate, else 0.0: (k, N) in float64."""
        xp = namespace(self.rows)
        if self.known is None:
            return xp.ones_like(self.rows, dtype=xp.float64)
        return xp.astype(self.known, xp.float64)

    def strengthened(self, strength: Array | None) -> "Block":
        """Return the same patterns with these strengths (k,)."""
        return Block(self.ids, self.rows, self.known, self.values, strength)
