r"""Tensor files: named arrays and texts in one safetensors file, with checksums, read once and without copies.

The last tensor, `checksums` (T + 1,) uint32, has the CRC-32 of everything before the first tensor, then one of each
(see `checksum`). Numbers are read some at a time by a few threads into the array that is returned; while they are in
cache they are summed and looked at for NaN and infinity. Writing goes through once, whatever the size.
"""

import math
import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Self

import numpy as np

from mnemonist.data.atomic_write import whole_stream
from mnemonist.data.checksum import BLOCK, block_sums, folded
from mnemonist.data.read_at import read_at
from mnemonist.data.tensor_layout import Entry, Header, header_from, header_length, header_of, refuse
from mnemonist.errors import UnreadableFile

_CHUNK = 2**19  # bytes that stay in cache
_RUN = 2**13  # numbers looked at together: of more, products are shared among threads that are busy here
_SHARED = 2**23  # bytes from which several threads read
_THREADS = 4  # of which a busy machine lets more than one run
_SUMS = "checksums"

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Source:
    """Numbers to write: their dtype and shape, and their pieces in C order, asked for when it is their turn."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    pieces: Callable[[], Iterable[Numbers]]

    @property
    def nbytes(self) -> int:
        """The bytes they take."""
        return math.prod(self.shape) * self.dtype.itemsize


def source(array: Numbers) -> Source:
    """Return an array as something to write."""
    return Source(array.dtype, array.shape, lambda: [np.ascontiguousarray(array)])


def write_tensors(path: str, texts: Mapping[str, str], sources: Mapping[str, Source]) -> None:
    """Write texts and numbers, whole or not at all, in place of what there was. Raises `UnwritableFile`."""
    ordered = _ordered(sources)
    shapes = {name: (given.dtype.newbyteorder("<"), given.shape) for name, given in ordered}
    header = header_of(texts, shapes | {_SUMS: (np.dtype("<u4"), (len(shapes) + 1,))})
    sums = [zlib.crc32(header.raw)]
    with whole_stream(path) as stream:
        stream.write(header.raw)
        sums += [_written(stream, given) for _, given in ordered]
        stream.write(np.array(sums, "<u4").data)


def _ordered(sources: Mapping[str, Source]) -> list[tuple[str, Source]]:
    """Return the largest first, which then lies best, and the others so that all lie at multiples of their size."""
    by_item = sorted(sources.items(), key=lambda item: -item[1].dtype.itemsize)
    first = max(by_item, key=lambda item: item[1].nbytes, default=None)
    if first is None or first[1].nbytes % 8:
        return by_item
    return [first, *(item for item in by_item if item is not first)]


def _written(stream: BinaryIO, given: Source) -> int:
    """Write numbers and return their checksum."""
    found = [np.empty(0, np.uint64)]
    for chunk in _chunks(given):
        found.append(block_sums(chunk))
        stream.write(chunk.data)
    return folded(np.concatenate(found))


def _chunks(given: Source) -> Iterator[Numbers]:
    """Yield bytes in chunks, all of one size but the last; of whole arrays without copying them."""
    held = np.empty(0, np.uint8)
    for piece in given.pieces():
        flat = np.ascontiguousarray(piece, given.dtype.newbyteorder("<")).reshape(-1).view(np.uint8)
        flat = np.concatenate([held, flat]) if len(held) else flat
        cut = len(flat) // _CHUNK * _CHUNK
        yield from (flat[start : start + _CHUNK] for start in range(0, cut, _CHUNK))
        held = flat[cut:]
    if len(held):
        yield held


@dataclass(frozen=True)
class TensorFile:
    """A file that is open for reading: `stamp` is (size, time of the last change in ns)."""

    path: str
    header: Header
    stamp: tuple[int, int]
    _descriptor: int
    _sums: Mapping[str, int]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self, name: str) -> tuple[Numbers, bool]:
        """Return a tensor, and whether all its numbers are finite."""
        entry = self.header.entries[name]
        try:
            out = np.empty(entry.shape, entry.dtype)
        except (MemoryError, ValueError):
            refuse(self.path, f"its tensor {name!r} of {entry.nbytes} bytes does not fit into memory")
        flat = out.reshape(-1).view(np.uint8)
        return out, self._through(name, entry, lambda start, stop: flat[start:stop])

    def skim(self, name: str) -> bool:
        """Check a tensor without keeping it, and return whether all its numbers are finite."""
        return self._through(name, self.header.entries[name], lambda start, stop: np.empty(stop - start, np.uint8))

    def _through(self, name: str, entry: Entry, room: Callable[[int, int], Numbers]) -> bool:
        """Read a tensor chunk by chunk into the room there is for it; compare its checksum."""
        starts = range(0, entry.nbytes, _CHUNK)
        sums = np.zeros(-(-entry.nbytes // BLOCK), np.uint64)

        def one(start: int) -> bool:
            chunk = room(start, min(start + _CHUNK, entry.nbytes))
            self._fill(chunk, entry.start + start)
            some = block_sums(chunk)
            sums[start // BLOCK : start // BLOCK + len(some)] = some
            return _finite(chunk, entry.dtype)

        finite = _shared(one, starts, entry.nbytes)
        if folded(sums) != self._sums[name]:
            refuse(self.path, f"the numbers of its tensor {name!r} are not those that were saved")
        return finite

    def _fill(self, chunk: Numbers, place: int) -> None:
        rest = chunk.data
        while rest:
            done = read_at(self._descriptor, rest, place)
            if not done:
                refuse(self.path, "it ends too soon")
            rest, place = rest[done:], place + done


def open_tensors(path: str) -> TensorFile:
    """Open a file and check what its header says. Raises `UnreadableFile`."""
    descriptor = _opened(path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            refuse(path, "it is a folder or a device")
        header, sums = _checked(path, descriptor, status.st_size)
    except BaseException:
        os.close(descriptor)
        raise
    return TensorFile(path, header, (status.st_size, status.st_mtime_ns), descriptor, sums)


def _opened(path: str) -> int:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe would wait for a writer
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a device may do something
            refuse(path, "it is a folder or a device")
        return os.open(path, flags)
    except UnreadableFile:
        raise
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        raise UnreadableFile(f"{path}: must be a file of a memory, to be read; {reason}. Check its name.") from None


def _checked(path: str, descriptor: int, size: int) -> tuple[Header, Mapping[str, int]]:
    """Return the header and the checksum of each tensor but the last, which has them."""
    length = header_length(path, _bytes(descriptor, 0, min(8, size)), size)
    raw = _bytes(descriptor, 0, 8 + length)
    header = header_from(path, raw, size)
    names = [*header.entries]
    last = header.entries.get(_SUMS)
    if last is None or names[-1] != _SUMS or last.dtype != np.dtype("<u4") or last.shape != (len(names),):
        refuse(path, "it has no checksums, so another program wrote it")
    sums = np.frombuffer(_bytes(descriptor, last.start, last.nbytes), "<u4").tolist()
    if len(sums) != len(names) or sums[0] != zlib.crc32(raw):
        refuse(path, "its header is not the one that was saved")
    entries = {name: entry for name, entry in header.entries.items() if name != _SUMS}
    return Header(header.texts, entries, raw), dict(zip(entries, sums[1:], strict=True))


def _bytes(descriptor: int, place: int, count: int) -> bytes:
    """Return so many bytes of a file, or fewer at its end."""
    out, done = bytearray(count), 0
    while done < count and (some := read_at(descriptor, memoryview(out)[done:], place + done)):
        done += some
    return bytes(out[:done])


def _finite(chunk: Numbers, dtype: np.dtype[Any]) -> bool:
    """Return whether all numbers are finite: 0 · x is NaN where x is not, and NaN counts as true."""
    if dtype.kind != "f":
        return True
    numbers = chunk.view(dtype)
    if dtype.itemsize == 2 or len(numbers) % _RUN:
        return bool(np.isfinite(numbers).all())
    return not np.vecdot(numbers.reshape(-1, _RUN), _zeros(dtype)).any()


@cache
def _zeros(dtype: np.dtype[Any]) -> Numbers:
    return np.zeros(_RUN, dtype)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(work: Callable[[int], bool], starts: range, size: int) -> bool:
    """Return whether the work says yes to all starts, each of which it is told; where there is much, in threads."""

    def run(some: range) -> bool:
        with np.errstate(invalid="ignore"):
            return all([work(start) for start in some])  # a list: none is left out

    if size < _SHARED or processors() == 1:
        return run(starts)
    length = -(-len(starts) // _THREADS)
    with ThreadPoolExecutor(_THREADS) as pool:
        return all(list(pool.map(run, (starts[i * length : (i + 1) * length] for i in range(_THREADS)))))
