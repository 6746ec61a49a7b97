r"""The layout of a safetensors file: a header that says which tensors there are, and their numbers behind it.

    8 bytes: the length of the header │ header: JSON, filled up with blanks │ tensors, one after the other, no gaps

    {"__metadata__": {text: text, …}, name: {"dtype": "F32", "shape": [K, N], "data_offsets": [begin, end]}, …}

Nothing in a file is believed: whatever a header claims must fit the bytes that are there before any is read.

Source: https://github.com/huggingface/safetensors (the format). All numbers are little-endian.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NoReturn

import numpy as np

from mnemonist.errors import UnreadableFile

DTYPES: Mapping[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "BOOL": np.dtype("?"),
    "I64": np.dtype("<i8"), "I32": np.dtype("<i4"), "I16": np.dtype("<i2"), "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"), "U32": np.dtype("<u4"), "U16": np.dtype("<u2"), "U8": np.dtype("u1"),
}  # fmt: skip
_CODES = {dtype: code for code, dtype in DTYPES.items()}
_ALIGNED = 64  # bytes, of which numbers begin at a multiple: from there they are copied faster
_LONGEST = 100_000_000  # bytes of a header, as elsewhere


@dataclass(frozen=True)
class Entry:
    """A tensor: its dtype, its shape, and at which byte of the file it begins."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int

    @property
    def nbytes(self) -> int:
        """The bytes it takes."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True)
class Header:
    """What a file says of itself: its texts, its tensors in the order in which they lie, and its first bytes."""

    texts: Mapping[str, str]
    entries: Mapping[str, Entry]
    raw: bytes


def header_of(texts: Mapping[str, str], shapes: Mapping[str, tuple[np.dtype[Any], tuple[int, ...]]]) -> Header:
    """Return the header of tensors of these dtypes and shapes, which lie in this order."""
    sizes = [math.prod(shape) * dtype.itemsize for dtype, shape in shapes.values()]
    begins = [0, *accumulate(sizes)]
    told: dict[str, Any] = {"__metadata__": dict(texts)}
    for (name, (dtype, shape)), begin, size in zip(shapes.items(), begins, sizes, strict=False):
        told[name] = {"dtype": _CODES[dtype], "shape": list(shape), "data_offsets": [begin, begin + size]}
    text = json.dumps(told, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % _ALIGNED)
    raw = len(text).to_bytes(8, "little") + text
    entries = {
        name: Entry(dtype, shape, len(raw) + begin)
        for (name, (dtype, shape)), begin in zip(shapes.items(), begins, strict=False)
    }
    return Header(texts, entries, raw)


def header_length(path: str, first: bytes, size: int) -> int:
    """Return how many bytes the header has, of the first 8 of a file of this size."""
    length = int.from_bytes(first, "little")
    if len(first) < 8 or length < 2 or length > _LONGEST or 8 + length > size:
        refuse(path, "its first bytes are not those of one" if size >= 8 else f"it has {size} bytes")
    return length


def header_from(path: str, raw: bytes, size: int) -> Header:
    """Return what the first bytes `raw` of a file of this size say. Raises `UnreadableFile` where that cannot be."""
    try:
        told = json.loads(raw[8:].decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        refuse(path, "its header is not JSON")
    if not isinstance(told, dict):
        refuse(path, "its header names no tensors")
    texts = told.pop("__metadata__", {})
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        refuse(path, "its texts are none")
    entries = {name: _entry(path, name, entry, len(raw)) for name, entry in told.items()}
    entries = dict(sorted(entries.items(), key=lambda item: (item[1].start, item[1].nbytes)))
    place = len(raw)
    for name, entry in entries.items():
        if entry.start != place:
            refuse(path, f"its tensor {name!r} does not begin where the one before it ends")
        place += entry.nbytes
    if place != size:
        refuse(path, f"by its header it has {place} bytes, not {size}")
    return Header(texts, entries, raw)


def refuse(path: str, reason: str) -> NoReturn:
    """Say that a file is not, or not all of, what was saved."""
    raise UnreadableFile(f"{path}: must be a whole file of a memory, as memory.save writes it; {reason}. Save it anew.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object that names everything once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _entry(path: str, name: str, told: Any, offset: int) -> Entry:
    """Return a tensor as the header tells it; `offset` bytes stand before the first."""
    if not isinstance(told, dict) or told.keys() != {"dtype", "shape", "data_offsets"}:
        refuse(path, f"its tensor {name!r} is not described")
    shape, ends = told["shape"], told["data_offsets"]
    if not _are_counts(shape) or len(shape) > 8 or not _are_counts(ends) or len(ends) != 2:
        refuse(path, f"its tensor {name!r} has no shape or place")
    if not isinstance(told["dtype"], str) or told["dtype"] not in DTYPES:
        refuse(path, f"its tensor {name!r} is of the dtype {told['dtype']!r:.20}, which no memory has")
    entry = Entry(DTYPES[told["dtype"]], tuple(shape), offset + ends[0])
    if entry.nbytes != ends[1] - ends[0]:
        refuse(path, f"its tensor {name!r} has another size than its shape")
    return entry


def _are_counts(numbers: Any) -> bool:
    return isinstance(numbers, list) and all(type(n) is int and 0 <= n < 2**63 for n in numbers)
