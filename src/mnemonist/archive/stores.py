"""Stores made again: patterns as they lay, in memory or mapped from the file, once they are what neurons can hold."""

from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.archive.found import Found
from mnemonist.core.neurons import Neurons
from mnemonist.recall.checks import check_informed, check_values
from mnemonist.recall.contents import Contents
from mnemonist.recall.storing import check_lengths
from mnemonist.stores.block import Block, Ids
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.mapped import mapped_from
from mnemonist.stores.packed import PackedBlock, PackedPatterns
from mnemonist.stores.packing import TILE, Planes
from mnemonist.stores.protocol import GrowableStore
from mnemonist.stores.row_file import RowFile
from mnemonist.stores.tiles import tiles

_REAL, _ROWS = "float32 float64", "int8 float32 float64"
_IN_FILES = "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64"


def store(found: Found, owner: str, neurons: Neurons, kinds: tuple[str, ...] = ("dense",)) -> GrowableStore:
    """Return the store of patterns of these neurons, of one of some kinds or empty."""
    told = found.inner("patterns")
    kind, next_id = told.text("kind"), told.count("next_id")
    if kind not in ("empty", *kinds):
        told.refuse(f"are {kind!r:.40}, as this memory never keeps them")
    make = {"empty": _empty, "dense": _dense, "packed": _packed, "mapped": _mapped}[kind]
    made = make(told, owner, neurons, next_id)
    told.done()
    return made


def contents(found: Found, patterns: GrowableStore, learned: Any = None) -> Contents:
    """Return what a memory holds: patterns, what was learned of them, and the names of their columns."""
    names = columns(found, "columns", patterns.like.shape[-1] if len(patterns) else None)
    return Contents(patterns, learned, names)


def columns(found: Found, name: str, width: int | None) -> tuple[Any, ...] | None:
    """Return the names of columns, texts or whole numbers, each once; None where there are none."""
    if not found.has(name):
        return None
    names = found.several(name)
    if not all(type(each) in (str, int) for each in names) or len(set(names)) < len(names):
        found.refuse("has columns whose names are no names")
    if width not in (None, len(names)):
        found.refuse(f"has {len(names)} names for {width} columns")
    return tuple(names)


def _empty(told: Found, owner: str, neurons: Neurons, next_id: int) -> GrowableStore:
    return DensePatterns(next_id=next_id, owner=owner)


def _dense(told: Found, owner: str, neurons: Neurons, next_id: int) -> GrowableStore:
    rows = told.array("rows", _ROWS if neurons.discrete else _REAL, (None, neurons.width))
    _check_some(told, rows)
    ids = _ids(told, rows.shape[0], next_id)
    known = told.array("known", "bool", tuple(rows.shape)) if told.has("known") else None
    block = Block(ids, rows, known, _values(told, rows.shape[0]), _strengths(told, rows.shape[0]))
    namespace(rows, known, block.values)  # refuses arrays of two libraries
    made = DensePatterns((block,), next_id, owner)
    if known is not None:
        check_informed(owner, known)
        if bool(namespace(rows).any(~known & (rows != 0))):
            told.refuse("are not 0 where they are unknown")
    _check_levels(owner, made, neurons)
    return made


def _packed(told: Found, owner: str, neurons: Neurons, next_id: int) -> GrowableStore:
    width = told.count("width", least=1)
    ids = _ids(told, None, next_id)
    shape = (-(-len(ids) // TILE), -(-width // 64), TILE)
    plus = told.array("plus", "uint64", shape)
    known = told.array("known", "uint64", shape) if told.has("known") else np.empty((0, *shape[1:]), np.uint64)
    if told.text("dtype") not in _ROWS.split():
        told.refuse("are of an unknown dtype")
    _check_bits(told, plus, known, len(ids), width)
    planes = Planes(plus, known, len(ids), width)
    beside = _values(told, len(ids)), _strengths(told, len(ids))
    block = PackedBlock(ids, planes, *beside, dtype=np.dtype(told.text("dtype")))
    return PackedPatterns((block,), next_id, owner)


def _check_bits(told: Found, plus: Any, known: Any, count: int, width: int) -> None:
    """Refuse bits beyond the last neuron and the last pattern, or where a pattern knows nothing."""
    beyond = (2**64 - 1) ^ ((1 << ((width - 1) % 64 + 1)) - 1)
    for plane in (plus, known):
        last = (count - 1) % TILE + 1
        if len(plane) and ((plane[:, -1, :] & np.uint64(beyond)).any() or plane[-1, :, last:].any()):
            told.refuse("have bits where there are no neurons")
    if not len(known):
        return
    if (plus & ~known).any():
        told.refuse("have values where they are unknown")
    if not known.any(axis=1).reshape(-1)[:count].all():
        told.refuse("have one of which nothing is known")


def _mapped(told: Found, owner: str, neurons: Neurons, next_id: int) -> GrowableStore:
    """Return patterns that stay in the file, after one look at all."""
    name, entry = told.located("rows")
    if len(entry.shape) != 2 or not entry.shape[0] or not entry.shape[1] or entry.dtype.name not in _IN_FILES.split():
        told.refuse(f"have rows of shape {entry.shape} and dtype {entry.dtype}")
    start, count = told.count("start"), entry.shape[0]
    if start + count != next_id:
        told.refuse(f"have {count} ids from {start}, and {next_id} as the next")
    finite, tensors = told.tensors.skim(name), told.tensors
    if not finite:
        told.refuse("have rows with NaN or infinity")
    file = RowFile(tensors.path, entry.dtype, entry.shape[1], entry.start, count, tensors.stamp)
    made = mapped_from(file, start).with_values(_values(told, count))
    if neurons.width not in (None, entry.shape[1]):
        told.refuse(f"have {entry.shape[1]} columns, not {neurons.width}")
    _check_levels(owner, made, neurons)
    return made


def _check_some(told: Found, rows: Array) -> None:
    if not rows.shape[0] or not rows.shape[1]:
        told.refuse("are none")


def _check_levels(owner: str, held: GrowableStore, neurons: Neurons) -> None:
    """Refuse, a tile at a time, what neurons cannot hold; that all is finite is known."""
    if not neurons.directions and not any(kind.must for _, kind in neurons.parts):
        return
    above = 0
    for tile in tiles(held):
        check_values(owner, "patterns", tile.rows, tile.known, neurons, above=above)
        if neurons.directions:
            check_lengths(owner, tile.rows, above)
        above += len(tile.ids)


def _ids(told: Found, count: int | None, next_id: int) -> Ids:
    """Return ids (K,), ascending from 0 on, below the next."""
    ids: Ids = told.array("ids", "int64", (count,))
    if not len(ids) or ids[0] < 0 or ids[-1] >= next_id or not (ids[1:] > ids[:-1]).all():
        told.refuse("have ids that do not ascend, below the next one")
    return ids


def _strengths(told: Found, count: int) -> Array | None:
    if not told.has("strengths"):
        return None
    strengths = told.array("strengths", "float64", (count,))
    return (
        strengths if bool(namespace(strengths).all(strengths > 0)) else told.refuse("have a strength that is not > 0")
    )


def _values(told: Found, count: int) -> Array | None:
    if not told.has("values"):
        return None
    values = told.array("values", _REAL, (count, None))
    return values if values.shape[1] else told.refuse("have values of no columns")
