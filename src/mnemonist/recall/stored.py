"""Stored patterns as an inventory takes them down: rows, bits or files, what is known of them, values and ids."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mnemonist.errors import InvalidType
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.stores.block import Block
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.levels import LevelPatterns
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.protocol import GrowableStore, ids_of

_BESIDE = {
    "values": "values",
    "strength": "strengths",
}  # what a block may have for each pattern, and what it is called in a file
_BYTES = 2**24  # of rows that are copied at a time


def describe_store(inventory: Inventory, store: GrowableStore) -> Description:
    """Take down all that is stored. Raises `InvalidType` for a store that is not mnemonist's own."""
    if type(store) not in (DensePatterns, LevelPatterns, PackedPatterns, MappedPatterns):
        raise InvalidType(
            f"{inventory.who}: patterns must lie in a store of mnemonist's own, to be made again from a file; they lie "
            f"in {type(store).__name__}. Save them with numpy.save, and store them in a new memory."
        )
    told: Description = {"next_id": int(store.next_id)}
    if not len(store):
        return {"kind": "empty", **told}
    within = inventory.within("patterns")
    if isinstance(store, MappedPatterns):
        told |= {"kind": "mapped", "start": int(store.start), "rows": within.streamed("rows", _rows_of(store))}
        return told | _beside(within, store.block(0, 1), store)
    told["ids"] = within.array("ids", ids_of(store))
    if isinstance(store, PackedPatterns):
        planes = store.planes
        told |= {"kind": "packed", "width": planes.width, "dtype": store.like.dtype.name}
        told["plus"] = within.array("plus", planes.plus)
        told |= {"known": within.array("known", planes.known)} if len(planes.known) else {}
    else:
        block = store.block()
        levels = isinstance(store, LevelPatterns)
        rows = within.streamed("rows", _rows_of(store)) if levels else within.array("rows", block.rows)
        told |= {"kind": "dense", "rows": rows}
        told |= {} if block.known is None else {"known": within.array("known", block.known)}
    return told | _beside(within, store.block(), store)


def _beside(inventory: Inventory, block: Block, store: GrowableStore) -> Description:
    """Take down what stands beside the patterns, where anything does."""
    held = store if isinstance(store, MappedPatterns) else block
    found = {told: getattr(held, name, None) for name, told in _BESIDE.items()}
    return {told: inventory.array(told, x) for told, x in found.items() if x is not None}


def _rows_of(store: GrowableStore) -> Any:
    """Return rows that lie in files, or are made, as a `Source`, to be copied a few at a time."""
    from mnemonist.data.tensor_file import Source

    like, count = store.like, len(store)
    step = max(1, _BYTES // (like.shape[1] * like.dtype.itemsize))

    def pieces() -> Iterator[Any]:
        for start in range(0, count, step):
            yield store.block(start, min(start + step, count)).rows

    return Source(like.dtype, (count, like.shape[1]), pieces)


def describe_sequences(inventory: Inventory, sequences: Any) -> Description:
    """Take down sequences, each the ids (T,) of its patterns and whether it is cyclic."""
    ids = [ids for ids, _ in sequences]
    flat = np.concatenate([np.empty(0, np.int64), *ids])
    lengths, cyclic = np.array([len(each) for each in ids], np.int64), np.array([turn for _, turn in sequences], bool)
    arrays = {"ids": flat, "lengths": lengths, "cyclic": cyclic}
    return {name: inventory.array(f"sequences.{name}", array) for name, array in arrays.items()}
