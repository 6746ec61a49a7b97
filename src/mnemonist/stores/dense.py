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

    def _block(self, ids: Ids, rows: Array, known: Array | None, values: Array | None) -> Block:
        """Return a block with copies of these."""
        xp = namespace(rows, known, values)
        return Block(ids, *(None if a is None else xp.astype(a, a.dtype, copy=True) for a in (rows, known, values)))

    def _join(self, blocks: tuple[Block, ...]) -> Block:
        """Return one block of all; a known plane is made as soon as one block has one."""
        xp = namespace(*(block.rows for block in blocks))
        known = values = None
        if any(block.known is not None for block in blocks):
            known = xp.concat([_plane(block) for block in blocks], axis=0)
        if blocks[0].values is not None:
            values = concatenated([block.values for block in blocks])
        return Block(
            np.concatenate([block.ids for block in blocks]), concatenated([b.rows for b in blocks]), known, values
        )


def concatenated(arrays: list[Array]) -> Array:
    """Join arrays of any real dtypes; whole numbers beside floats become floats."""
    xp = namespace(*arrays)
    floats = [a.dtype for a in arrays if xp.isdtype(a.dtype, "real floating")]
    dtype = xp.result_type(*(floats or [a.dtype for a in arrays]))
    return xp.concat([xp.astype(a, dtype) for a in arrays], axis=0)


def _plane(block: Block) -> Array:
    xp = namespace(block.rows)
    return xp.ones(block.rows.shape, dtype=xp.bool, device=device(block.rows)) if block.known is None else block.known
