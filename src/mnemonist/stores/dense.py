"""Dense patterns: rows of numbers in memory, that grow and shrink. Shapes: see `growing`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnemonist._array import Array, device, namespace
from mnemonist.stores.block import Block, Ids
from mnemonist.stores.growing import GrowingPatterns


@dataclass(frozen=True, eq=False)
class DensePatterns(GrowingPatterns):
    """A store of dense rows.

    >>> store = DensePatterns().add(np.eye(3)).forget([1])
    >>> store.ids_at(np.arange(2))
    array([0, 2])
    """

    @property
    def like(self) -> Array:
        """The rows (K, N)."""
        return self._joined.rows

    @property
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""
        return None if self._joined.known is None else self._known_by_some

    @cached_property
    def _known_by_some(self) -> Array:
        return namespace(self._joined.known).any(self._joined.known, axis=0)

    def _block(self, ids: Ids, rows: Array, *others: Array | None) -> Block:
        """Return a block with copies of these."""
        xp = namespace(rows, *others)
        return Block(ids, *(None if a is None else xp.astype(a, a.dtype, copy=True) for a in (rows, *others)))

    def _join(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all; a known plane is made as soon as one block has one."""
        xp = namespace(*(block.rows for block in blocks))
        known = values = None
        if any(block.known is not None for block in blocks):
            known = xp.concat([_plane(block) for block in blocks], axis=0)
        if blocks[0].values is not None:
            values = concatenated([block.values for block in blocks])
        ids, rows = np.concatenate([block.ids for block in blocks]), concatenated([b.rows for b in blocks])
        return Block(ids, rows, known, values, joined_strengths(blocks))


def concatenated(arrays: list[Array]) -> Array:
    """Join arrays of any real dtypes; whole numbers beside floats become floats."""
    xp = namespace(*arrays)
    floats = [a.dtype for a in arrays if xp.isdtype(a.dtype, "real floating")]
    dtype = xp.result_type(*(floats or [a.dtype for a in arrays]))
    return xp.concat([xp.astype(a, dtype) for a in arrays], axis=0)


def joined_strengths(blocks: tuple[Block, ...]) -> Array | None:
    """Return the strengths of all, or None where all are 1."""
    if all(block.strength is None for block in blocks):
        return None
    xp = namespace(*(block.strength for block in blocks))
    like = next(block.strength for block in blocks if block.strength is not None)
    ones = [xp.ones(len(block.ids), dtype=xp.float64, device=device(like)) for block in blocks]
    return xp.concat([one if b.strength is None else b.strength for one, b in zip(ones, blocks, strict=True)])


def _plane(block: Block) -> Array:
    xp = namespace(block.rows)
    return xp.ones(block.rows.shape, dtype=xp.bool, device=device(block.rows)) if block.known is None else block.known
