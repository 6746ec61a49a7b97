"""The face that all memories of patterns share: store, forget, ids, beside recall and energy.

What differs from one to another is the frozen model that a recall runs on, and what storing does to it.

Letters: K memories, N neurons, D width of a value.
"""

import math
from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.errors import IllegalCombination
from mnemonist.recall.base import Memory
from mnemonist.recall.storing import check_patterns
from mnemonist.stores.block import Ids
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.protocol import GrowableStore, ids_of


class PatternMemory(Memory):
    """A memory of patterns (K, N); a member says what model they make, and may learn from each as it comes and goes."""

    def __init__(self) -> None:
        self._patterns: GrowableStore = DensePatterns(owner=type(self).__name__)

    def _store_for(self, rows: Array) -> GrowableStore:
        """Return an empty store, which goes on counting ids, to keep rows like these in."""
        return DensePatterns(next_id=self._patterns.next_id, owner=type(self).__name__)

    def _learn(self, rows: Array, known: Array | None) -> None:
        """Take up checked rows (k, N) that are about to be stored, or refuse them."""

    def _unlearn(self, positions: Any) -> None:
        """Give up the patterns at these positions, which are about to be forgotten, or refuse to."""

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        return ids_of(self._patterns)

    @property
    def patterns(self) -> Array:
        """The stored patterns (K, N), in the order of `ids`, NaN (integers: 0) where unknown; a copy."""
        block = self._patterns.block()
        xp = namespace(block.rows)
        if block.known is None or not xp.isdtype(block.rows.dtype, "real floating"):
            return xp.astype(block.rows, block.rows.dtype, copy=True)
        return xp.where(block.known, block.rows, xp.full_like(block.rows, math.nan))

    @property
    def load(self) -> float:
        """K/N, the number of memories per neuron; 0 for an empty memory."""
        return len(self) / self._patterns.like.shape[-1] if len(self) else 0.0

    def __len__(self) -> int:
        return len(self._patterns)

    def _require_patterns(self) -> None:
        """Raise `EmptyMemory` where there are none."""
        _ = self._patterns.like

    def _held(self) -> str:
        """Return what is held, as a comment behind the representation."""
        return f"  # K={len(self)}, N={self._patterns.like.shape[-1]}" if len(self) else "  # empty"

    def _mapped(self, patterns: MappedPatterns, values: Any, known: Any) -> MappedPatterns:
        """Return patterns in files, checked, with their values; or refuse them."""
        raise IllegalCombination(
            f"{self._who('store')}: patterns must be an array, because this model learns from them; got {patterns}. "
            "Pass numpy.load(path), or take an AssociativeMemory."
        )

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, patterns: Any, *, values: Any = None, known: Any = None) -> Ids:
        """Store patterns (K, N), or one (N,), behind those there are; return their ids (K,), int64.

        `known` (K, N) boolean is False where a pattern has no value: that coordinate is never read. `values` (K, D) is
        what `recall.values` blends; either all patterns have values or none. Float32 and float64 are kept as they are,
        integers of discrete neurons as int8; patterns on a sphere are kept at length 1. Arrays are copied. Raises
        `InvalidArgument` or `InvalidType`, and stores nothing then.

        An `AssociativeMemory` that is empty also takes `MappedPatterns`, which stay in their files, as they are.
        """
        if isinstance(patterns, MappedPatterns):
            self._patterns = self._mapped(patterns, values, known)
            return self.ids
        rows, mask, value = check_patterns(
            self._who("store"), self._patterns, self.neurons, patterns, values=values, known=known
        )
        if rows.shape[0]:
            self._learn(rows, mask)
        new = self._patterns.next_id
        held = self._patterns if len(self._patterns) else self._store_for(rows)
        self._patterns = held.add(rows, known=mask, values=value)
        return np.arange(new, self._patterns.next_id, dtype=np.int64)

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        self._unlearn(self._patterns.positions(ids))
        self._patterns = self._patterns.forget(ids)
