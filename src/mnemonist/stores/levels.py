"""Patterns of levels: rows of bytes, or of 16 bits, kept as they are and read as float32, a tile at a time.

    x = v / depth        v a whole number of 8 or 16 bits, exactly a float32 for depth = 1

Four bytes of float are made of a number only while it is compared, so that a memory takes as much as its images do.
Patterns that are no such levels are stored beside them as floats, and then all are. Shapes: see `growing`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.stores.block import Block, Ids
from mnemonist.stores.dense import DensePatterns, concatenated, joined_strengths
from mnemonist.stores.growing import GrowingPatterns

Numbers = np.ndarray[Any, Any]
_DTYPES = (np.dtype(np.uint8), np.dtype(np.uint16))


class LevelBlock(Block):
    """A run of patterns of levels; `rows` are made anew whenever they are asked for."""

    def __init__(
        self, ids: Ids, levels: Numbers, known: Numbers | None, values: Any, strength: Any = None, *, depth: int = 1
    ) -> None:
        vars(self).update(ids=ids, levels=levels, known=known, values=values, strength=strength, depth=depth)

    levels: Numbers
    depth: int

    @property
    def rows(self) -> Numbers:
        """The rows (k, N)."""
        found = self.levels.astype(np.float32)
        if self.depth != 1:
            found /= np.float32(self.depth)
        return found

    def part(self, where: slice) -> "LevelBlock":
        """Return a run of the patterns, without copying them."""
        return self._of(self.ids[where], where)

    def at(self, positions: Numbers) -> "LevelBlock":
        """Return copies of the patterns at these positions, repeats allowed."""
        return self._of(self.ids[positions], positions)

    def _of(self, ids: Ids, where: Any) -> "LevelBlock":
        planes = (None if a is None else a[where] for a in (self.levels, self.known, self.values, self.strength))
        return LevelBlock(ids, *planes, depth=self.depth)  # type: ignore[arg-type]

    def strengthened(self, strength: Array | None) -> "LevelBlock":
        """Return the same patterns with these strengths (k,)."""
        return LevelBlock(self.ids, self.levels, self.known, self.values, strength, depth=self.depth)


@dataclass(frozen=True, eq=False)
class LevelPatterns(GrowingPatterns):
    """A store of rows of levels, NumPy's; float32 to whoever reads them.

    >>> store = LevelPatterns().add(np.array([[0, 255], [3, 4]], np.uint8)).forget([1])
    >>> store.block().rows
    array([[  0., 255.]], dtype=float32)
    """

    depth: int = 1
    converts: ClassVar[bool] = True

    @property
    def like(self) -> Array:
        """No rows (0, N)."""
        return np.empty((0, cast(LevelBlock, self._joined).levels.shape[1]), np.float32)

    @cached_property
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""
        known = self._joined.known
        return None if known is None else known.any(axis=0)

    def add(
        self, rows: Array, *, known: Array | None = None, values: Array | None = None, strength: Array | None = None
    ) -> Any:
        """Return a store with these rows behind its own: of floats, where they are no levels."""
        if is_levels(rows):
            return super().add(rows, known=known, values=values, strength=strength)
        held = DensePatterns(tuple(_dense(block) for block in self.blocks), self.next_id, self.owner)
        return held.add(rows, known=known, values=values, strength=strength)

    def chosen(self, positions: Numbers) -> Self:
        """Return a store of copies of the patterns at some positions, under ids 0 … k − 1, without their values."""
        block = cast(LevelBlock, self.at(positions))
        ids = np.arange(len(positions), dtype=np.int64)
        return replace(
            self, blocks=(LevelBlock(ids, block.levels, block.known, None, depth=self.depth),), next_id=len(ids)
        )

    def _block(self, ids: Ids, rows: Array, *others: Array | None) -> Block:
        """Return a block with copies of these."""
        return LevelBlock(ids, rows.copy(), *(None if a is None else a.copy() for a in others), depth=self.depth)

    def _join(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all."""
        held, known = cast(tuple[LevelBlock, ...], blocks), None
        if any(block.known is not None for block in held):
            planes = (np.ones(b.levels.shape, np.bool_) if b.known is None else b.known for b in held)
            known = np.concatenate(list(planes))
        values = None if blocks[0].values is None else concatenated([block.values for block in blocks])
        ids, strength = np.concatenate([block.ids for block in blocks]), joined_strengths(blocks)
        levels = np.concatenate([block.levels for block in held])
        return LevelBlock(ids, levels, known, values, strength, depth=self.depth)


def is_levels(rows: Any) -> bool:
    """Say whether rows are NumPy's whole numbers of 8 or 16 bits without a sign."""
    return type(rows) is np.ndarray and rows.dtype in _DTYPES


def levels_of(levels: Numbers, depth: int, known: Numbers | None = None) -> LevelPatterns:
    """Return a store that holds levels (K, N) where they lie, 0 where unknown; nobody may write to them any more."""
    ids = np.arange(len(levels), dtype=np.int64)
    return LevelPatterns((LevelBlock(ids, levels, known, None, depth=depth),), len(ids), depth=depth)


def _dense(block: Block) -> Block:
    return Block(block.ids, block.rows, block.known, block.values, block.strength)
