"""Stores that grow and shrink: patterns in blocks, of which a member says how they are kept.

A store is frozen: `add` and `forget` return a new one and share the blocks that did not change, so a recall goes on
reading the patterns it began with. Ids are int64, counted from 0, ascending in storage order, never given twice.

Shapes: rows (K, N), 0 where unknown; known (K, N), or None where everything is; values (K, D), or None; ids (K,).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from mnemonist._array import Array
from mnemonist.errors import EmptyMemory
from mnemonist.stores.block import Block, Ids, places

_TILE_NUMBERS = 2**19  # numbers in a tile: 2 to 4 MB, small enough to stay in cache between score and readout


@dataclass(frozen=True, eq=False)
class GrowingPatterns(ABC):
    """A store of blocks; `owner` is who complains of a bad id."""

    blocks: tuple[Block, ...] = ()
    next_id: int = 0
    owner: str = "AssociativeMemory"

    @abstractmethod
    def _block(self, ids: Ids, rows: Array, known: Array | None, values: Array | None) -> Block:
        """Return a block with copies of these."""

    @abstractmethod
    def _joined(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all; a known plane is made as soon as one block has one."""

    def __len__(self) -> int:
        return sum(len(block.ids) for block in self.blocks)

    @property
    def ids(self) -> Ids:
        """The ids (K,), ascending."""
        return np.concatenate([np.empty(0, np.int64), *(block.ids for block in self.blocks)])

    def ids_at(self, positions: np.ndarray[Any, Any]) -> Ids:
        """Return the ids at these positions."""
        ids: Ids = self.ids[positions]
        return ids

    def add(self, rows: Array, *, known: Array | None = None, values: Array | None = None) -> Self:
        """Return a store with copies of these rows (k, N) behind its own, under the next k ids."""
        end = self.next_id + rows.shape[0]
        if end == self.next_id:
            return self
        blocks = [*self.blocks, self._block(np.arange(self.next_id, end, dtype=np.int64), rows, known, values)]
        while len(blocks) > 1 and len(blocks[-2].ids) <= len(blocks[-1].ids):
            # like a binary counter: few blocks, and each row moved rarely
            blocks[-2:] = [self._joined(tuple(blocks[-2:]))]
        return replace(self, blocks=tuple(blocks), next_id=end)

    def forget(self, ids: Any) -> Self:
        """Return a store without these ids; an unknown one is an `UnknownId` and forgets nothing."""
        gone = self.positions(ids)
        if not gone.size:
            return self
        kept = np.delete(np.arange(len(self)), gone)
        return replace(self, blocks=(self.whole.at(kept),) if len(kept) else ())

    def positions(self, ids: Any) -> np.ndarray[Any, Any]:
        """Return where these ids stand, 0 … K − 1."""
        return places(self.owner, ids, self.ids)

    @property
    def first(self) -> Block:
        """The first block: what all have in common (library, device, width, whether there are values) stands in it."""
        self._some()
        return self.blocks[0]

    @property
    def whole(self) -> Block:
        """All patterns as one block; the first look after an `add` joins the blocks, in place and for good."""
        self._some()
        if len(self.blocks) > 1:
            object.__setattr__(self, "blocks", (self._joined(self.blocks),))
        return self.blocks[0]

    @property
    @abstractmethod
    def example(self) -> Array:
        """An array (…, N) of the library, dtype and width of the rows, and on their device."""

    @property
    @abstractmethod
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""
        return self.whole.at(positions)

    @abstractmethod
    def runs(self, cues: int) -> Iterator[Sequence[Array]]:
        """Yield the rows in order, in runs of blocks (k, N) for so many cues: a block is what a thread reads."""

    def part(self, where: slice) -> Self:
        """Return a store of a run of the patterns, under the ids they have."""
        return replace(self, blocks=(self.whole.part(where),))

    def _some(self) -> None:
        """Refuse where there are none."""
        if not self.blocks:
            raise EmptyMemory(f"{self.owner}: the memory must hold patterns; it is empty. Call store first.")

    def tiles(self) -> Iterator[Block]:
        """Yield all patterns in order, a tile that fits in cache at a time."""
        whole = self.whole
        size = int(np.clip(_TILE_NUMBERS // self.example.shape[-1], 64, 4096))
        for start in range(0, len(whole.ids), size):
            yield whole.part(slice(start, min(start + size, len(whole.ids))))
