"""Stores that grow and shrink: patterns in blocks, of which a member says how they are kept.

A store is frozen: `add` and `forget` return a new one and share the blocks that did not change, so a recall goes on
reading the patterns it began with. Ids are int64, counted from 0, ascending in storage order, never given twice.

Shapes: rows (K, N), 0 where unknown; known (K, N), or None where everything is; values (K, D), or None; strength (K,),
or None where all are 1; ids (K,).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from mnemonist._array import Array
from mnemonist.errors import EmptyMemory
from mnemonist.stores.block import Block, Ids, places


@dataclass(frozen=True, eq=False)
class GrowingPatterns(ABC):
    """A store of blocks; `owner` is who complains of a bad id."""

    blocks: tuple[Block, ...] = ()
    next_id: int = 0
    owner: str = "AssociativeMemory"
    volatile: ClassVar[bool] = False
    converts: ClassVar[bool] = False

    @abstractmethod
    def _block(self, ids: Ids, rows: Array, *others: Array | None) -> Block:
        """Return a block with copies of these: rows, known, values, strength."""

    @abstractmethod
    def _join(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all; a known plane is made as soon as one block has one."""

    def __len__(self) -> int:
        return sum(len(block.ids) for block in self.blocks)

    def ids_at(self, positions: np.ndarray[Any, Any]) -> Ids:
        """Return the ids at these positions."""
        ids: Ids = self._ids[positions]
        return ids

    @property
    def _ids(self) -> Ids:
        if len(self.blocks) == 1:
            return self.blocks[0].ids
        return np.concatenate([np.empty(0, np.int64), *(block.ids for block in self.blocks)])

    def add(
        self, rows: Array, *, known: Array | None = None, values: Array | None = None, strength: Array | None = None
    ) -> Self:
        """Return a store with copies of these rows (k, N) behind its own, under the next k ids."""
        end = self.next_id + rows.shape[0]
        if end == self.next_id:
            return self
        blocks = [
            *self.blocks,
            self._block(np.arange(self.next_id, end, dtype=np.int64), rows, known, values, strength),
        ]
        while len(blocks) > 1 and len(blocks[-2].ids) <= len(blocks[-1].ids):
            # like a binary counter: few blocks, and each row moved rarely
            blocks[-2:] = [self._join(tuple(blocks[-2:]))]
        return replace(self, blocks=tuple(blocks), next_id=end)

    def forget(self, ids: Any) -> Self:
        """Return a store without these ids; an unknown one is an `UnknownId` and forgets nothing."""
        gone = self.positions(ids)
        if not gone.size:
            return self
        kept = np.delete(np.arange(len(self)), gone)
        return replace(self, blocks=(self._joined.at(kept),) if len(kept) else ())

    def strengthened(self, strength: Array | None) -> Self:
        """Return a store of the same patterns with these strengths (K,)."""
        return replace(self, blocks=(self._joined.strengthened(strength),))

    def positions(self, ids: Any) -> np.ndarray[Any, Any]:
        """Return where these ids stand, 0 … K − 1."""
        return places(self.owner, ids, self._ids)

    @property
    @abstractmethod
    def like(self) -> Array:
        """An array (…, N) of the library, dtype and width of the rows, and on their device."""

    @property
    @abstractmethod
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""

    def block(self, start: int = 0, stop: int | None = None) -> Block:
        """Return some of the patterns, or all, as one block."""
        if stop is not None and self.blocks and stop <= len(self.blocks[0].ids):
            return self.blocks[0].part(slice(start, stop))
        return self._joined.part(slice(start, stop))

    @property
    def _joined(self) -> Block:
        """All patterns as one block; the first look after an `add` joins the blocks, in place and for good.

        Threads that look at once may each join them, into the same; one of these stays.
        """
        if not self.blocks:
            raise EmptyMemory(f"{self.owner}: the memory must hold patterns; it is empty. Call store first.")
        if len(self.blocks) > 1:
            object.__setattr__(self, "blocks", (self._join(self.blocks),))
        return self.blocks[0]

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""
        return self._joined.at(positions)

    def part(self, start: int, stop: int) -> Self:
        """Return a store of some of the patterns, under the ids they have."""
        return replace(self, blocks=(self._joined.part(slice(start, stop)),))
