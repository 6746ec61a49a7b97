"""Packed patterns: ±1 patterns as bits, an eighth of a byte for a neuron, that grow and shrink.

To whoever asks for rows they are unpacked, a tile at a time, in the dtype they came in; who can read bits asks for
`planes` or `columns`. Where some pattern has unknown neurons, a neuron takes a second bit. Shapes: see `growing`.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.stores.bit_columns import BitColumns, columns_of
from mnemonist.stores.block import Block, Ids
from mnemonist.stores.dense import concatenated, joined_strengths
from mnemonist.stores.growing import GrowingPatterns
from mnemonist.stores.packing import Numbers, Planes, joined, planes_of


class PackedBlock(Block):
    """A run of packed patterns, from `start` on; unpacked when rows, or what they know, are asked for."""

    def __init__(
        self, ids: Ids, planes: Planes, values: Numbers | None, strength: Numbers | None = None, *, dtype: Any,
        start: int = 0,
    ) -> None:  # fmt: skip
        vars(self).update(ids=ids, planes=planes, values=values, strength=strength, dtype=dtype, start=start)

    planes: Planes
    dtype: Any
    start: int

    @cached_property
    def rows(self) -> Numbers:
        """The rows (k, N)."""
        return self.planes.rows(self.start, self.start + len(self.ids)).astype(self.dtype, copy=False)

    @cached_property
    def known(self) -> Numbers | None:
        """What they know (k, N), or None where all patterns know all."""
        return self.planes.known_rows(self.start, self.start + len(self.ids))

    def part(self, where: slice) -> "PackedBlock":
        """Return a run of the patterns, packed."""
        others = (None if a is None else a[where] for a in (self.values, self.strength))
        first = self.start + where.indices(len(self.ids))[0]
        return PackedBlock(self.ids[where], self.planes, *others, dtype=self.dtype, start=first)

    def at(self, positions: Numbers) -> "PackedBlock":
        """Return the patterns at these positions, packed."""
        others = (None if a is None else a[positions] for a in (self.values, self.strength))
        return PackedBlock(self.ids[positions], self.planes.at(self.start + positions), *others, dtype=self.dtype)

    def strengthened(self, strength: Numbers | None) -> "PackedBlock":
        """Return the same patterns with these strengths (k,)."""
        return PackedBlock(self.ids, self.planes, self.values, strength, dtype=self.dtype, start=self.start)


@dataclass(frozen=True, eq=False)
class PackedPatterns(GrowingPatterns):
    """A store of rows of −1 and 1, NumPy's, 0 where unknown.

    >>> store = PackedPatterns().add(np.array([[1, -1], [1, 1], [-1, -1]], np.int8)).forget([1])
    >>> store.block().rows
    array([[ 1, -1],
           [-1, -1]], dtype=int8)
    """

    @property
    def planes(self) -> Planes:
        """The bits of all patterns."""
        return cast(PackedBlock, self._joined).planes

    @cached_property
    def columns(self) -> BitColumns:
        """The bits of all patterns, those of a neuron side by side."""
        return columns_of(self.planes)

    @property
    def like(self) -> Array:
        """No rows (0, N)."""
        block = cast(PackedBlock, self._joined)
        return np.empty((0, block.planes.width), block.dtype)

    @cached_property
    def known_by_some(self) -> Array | None:
        """Which neurons (N,) at least one pattern knows; None where all know all."""
        planes = self.planes
        return planes.known_by_some if len(planes.known) else None

    def part(self, start: int, stop: int) -> Self:
        """Return a store of some of the patterns, packed anew."""
        return replace(self, blocks=(self._joined.at(np.arange(start, stop)),))

    def _block(self, ids: Ids, rows: Array, *others: Array | None) -> Block:
        """Return a block of these, packed."""
        known, *rest = others
        copies = (None if a is None else a.copy() for a in rest)
        return PackedBlock(ids, planes_of(rows, known), *copies, dtype=rows.dtype)

    def _join(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all."""
        packed = cast(tuple[PackedBlock, ...], blocks)
        planes = joined([block.planes for block in packed])
        values = None if blocks[0].values is None else concatenated([block.values for block in blocks])
        dtype = concatenated([np.empty(0, block.dtype) for block in packed]).dtype
        ids, strength = np.concatenate([block.ids for block in blocks]), joined_strengths(blocks)
        return PackedBlock(ids, planes, values, strength, dtype=dtype)
