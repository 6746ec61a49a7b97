"""Dense patterns: rows of numbers in memory, that grow and shrink.

A store is frozen: `add` and `forget` return a new one and share the blocks that did not change, so a recall goes on
reading the patterns it began with. Ids are int64, counted from 0, ascending in storage order, never given twice.

Shapes: rows (K, N), 0 where unknown; known (K, N), or None where everything is; values (K, D), or None; ids (K,).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from mnemonist._array import Array, device, namespace
from mnemonist.errors import EmptyMemory
from mnemonist.patterns.block import Block, Ids, places
from mnemonist.patterns.softmax_readout import blocks_of

_TILE_NUMBERS = 2**19  # numbers in a tile: 2 to 4 MB, small enough to stay in cache between score and readout


@dataclass(frozen=True, eq=False)
class DensePatterns:
    """A store of dense rows; `owner` is who complains of a bad id.

    >>> store = DensePatterns().add(np.eye(3)).forget([1])
    >>> store.ids
    array([0, 2])
    """

    blocks: tuple[Block, ...] = ()
    next_id: int = 0
    owner: str = "AssociativeMemory"

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

    def add(self, rows: Array, *, known: Array | None = None, values: Array | None = None) -> "DensePatterns":
        """Return a store with copies of these rows (k, N) behind its own, under the next k ids."""
        xp, end = namespace(rows, known, values), self.next_id + rows.shape[0]
        if end == self.next_id:
            return self
        copy = [None if a is None else xp.astype(a, a.dtype, copy=True) for a in (rows, known, values)]
        blocks = [*self.blocks, Block(np.arange(self.next_id, end, dtype=np.int64), *copy)]
        while len(blocks) > 1 and len(blocks[-2].ids) <= len(blocks[-1].ids):
            blocks[-2:] = [_joined(tuple(blocks[-2:]))]  # like a binary counter: few blocks, and each row moved rarely
        return replace(self, blocks=tuple(blocks), next_id=end)

    def forget(self, ids: Any) -> "DensePatterns":
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
            object.__setattr__(self, "blocks", (_joined(self.blocks),))
        return self.blocks[0]

    @property
    def example(self) -> Array:
        """The rows (K, N)."""
        return self.whole.rows

    @property
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""
        return None if self.whole.known is None else self._known_by_some

    @cached_property
    def _known_by_some(self) -> Array:
        return namespace(self.whole.known).any(self.whole.known, axis=0)

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""
        return self.whole.at(positions)

    def runs(self, cues: int) -> Iterator[Sequence[Array]]:
        """Yield the rows in one run of blocks, which lie where they are."""
        yield blocks_of(self.whole.rows, cues)

    def part(self, where: slice) -> "DensePatterns":
        """Return a store of a run of the patterns, without copying them."""
        return replace(self, blocks=(self.whole.part(where),))

    def _some(self) -> None:
        """Refuse where there are none."""
        if not self.blocks:
            raise EmptyMemory(f"{self.owner}: the memory must hold patterns; it is empty. Call store first.")

    def tiles(self) -> Iterator[Block]:
        """Yield all patterns in order, a tile that fits in cache at a time."""
        whole = self.whole
        size = int(np.clip(_TILE_NUMBERS // whole.rows.shape[1], 64, 4096))
        for start in range(0, len(whole.ids), size):
            yield whole.part(slice(start, min(start + size, len(whole.ids))))


def _joined(blocks: tuple[Block, ...]) -> Block:
    """Return one block of all; a known plane is made as soon as one block has one."""
    xp = namespace(*(block.rows for block in blocks))
    known = values = None
    if any(block.known is not None for block in blocks):
        known = xp.concat([_plane(block) for block in blocks], axis=0)
    if blocks[0].values is not None:
        values = _concat([block.values for block in blocks])
    return Block(np.concatenate([block.ids for block in blocks]), _concat([b.rows for b in blocks]), known, values)


def _concat(arrays: list[Array]) -> Array:
    """Join arrays of any real dtypes; whole numbers beside floats become floats."""
    xp = namespace(*arrays)
    floats = [a.dtype for a in arrays if xp.isdtype(a.dtype, "real floating")]
    dtype = xp.result_type(*(floats or [a.dtype for a in arrays]))
    return xp.concat([xp.astype(a, dtype) for a in arrays], axis=0)


def _plane(block: Block) -> Array:
    xp = namespace(block.rows)
    return xp.ones(block.rows.shape, dtype=xp.bool, device=device(block.rows)) if block.known is None else block.known
