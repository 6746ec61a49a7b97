"""Tiles: the patterns of a store in order, some at a time, so that they stay in cache between score and readout.

Of patterns whose rows are made when they are asked for, as those in files, a tile is smaller: the scores of all cues
that move together are there beside it.
"""

from collections.abc import Iterator

import numpy as np

from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Store

_NUMBERS, _ROWS = 2**19, (64, 4096)  # in a tile of patterns in memory; of its rows, at least and at most
_IN_FILES, _FEW = 2**18, (1, 1024)  # of patterns in files
_CONVERTED = 2**23  # numbers in a tile of patterns that are converted, which takes less long beside larger products

_WHOLE = 2**23  # numbers of rows that are taken out at one time


def tiles(store: Store) -> Iterator[Block]:
    """Yield all patterns in order, a tile at a time."""
    width = store.like.shape[-1]
    if not converts(store):
        size = int(np.clip(_NUMBERS // width, *_ROWS))
    else:
        size = int(np.clip((_IN_FILES if store.volatile else _CONVERTED) // width, *_FEW))
    for start in range(0, len(store), size):
        yield store.block(start, min(start + size, len(store)))


def few_enough(store: Store, count: int, *, share: int = 1) -> int:
    """Return how many patterns, `count` at most, to take out at one time: of long ones fewer, or a share of these."""
    return max(1, min(count, _WHOLE // (share * int(store.like.shape[-1]))))


def converts(store: Store) -> bool:
    """Say whether rows are made when they are asked for, so that few should be at a time."""
    return bool(getattr(store, "converts", False))
