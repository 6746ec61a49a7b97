"""Tiles: the patterns of a store in order, some at a time, so that they stay in cache between score and readout.

Of patterns in files a tile is smaller, for the scores of all cues that move together are there beside it.
"""

from collections.abc import Iterator

import numpy as np

from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Store

_NUMBERS = {False: 2**19, True: 2**18}  # in a tile of patterns in memory, in files: 1 to 4 MB
_ROWS = {False: (64, 4096), True: (1, 1024)}  # in a tile, at least and at most


def tiles(store: Store) -> Iterator[Block]:
    """Yield all patterns in order, a tile at a time."""
    size = int(np.clip(_NUMBERS[store.volatile] // store.like.shape[-1], *_ROWS[store.volatile]))
    for start in range(0, len(store), size):
        yield store.block(start, min(start + size, len(store)))
