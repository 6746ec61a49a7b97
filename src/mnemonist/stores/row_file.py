"""A file of rows: numbers in C order behind a header, of which a run at a time is brought into memory.

A run is a window: its part of the file is mapped, all pages at once (`MAP_POPULATE`), and let go with the array. That
is nearly as fast as memory, copies nothing, and no more is resident than the windows in use, where a map that stays
open would come to hold the whole file. Where there is no such map, or numbers do not lie at multiples of their size, a
run is read into memory. A file that is cut short while a window of it is read ends the process (SIGBUS): its size and
the time of its last change are asked before each window, which leaves only the moment in which one is read. Nothing
moves on in a file, so threads share it; another process opens it anew, by its path.
"""

import mmap
import os
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

import numpy as np

from mnemonist.errors import InvalidArgument, InvalidType, UnreadableFile

Rows = np.ndarray[Any, Any]

Asked = TypeVar("Asked")


@dataclass(frozen=True)
class RowFile:
    """Rows (count, width) of a dtype from the byte `offset` on; `stamp` is (size, time of the last change in ns)."""

    path: str
    dtype: np.dtype[Any]
    width: int
    offset: int
    count: int
    stamp: tuple[int, int]
    _open: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        descriptor = _asked(self.path, lambda: os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0)))
        object.__setattr__(self, "_open", descriptor)
        weakref.finalize(self, os.close, descriptor)
        self.check()

    def __reduce__(self) -> Any:
        return RowFile, (self.path, self.dtype, self.width, self.offset, self.count, self.stamp)

    def check(self) -> None:
        """Refuse a file that is not as it was when it was first opened."""
        if _stamp(os.fstat(self._open)) != self.stamp:
            raise UnreadableFile(
                f"{self.path}: must stay as it is while a memory reads it; it was changed. Store it in a new memory."
            )

    def rows(self, start: int, stop: int) -> Rows:
        """Return rows start … stop − 1, not to be written to."""
        place, shape = self.offset + start * self.width * self.dtype.itemsize, (stop - start, self.width)
        self.check()  # beyond its end there is nothing to map
        if place % self.dtype.itemsize or not hasattr(mmap, "MAP_POPULATE"):
            return self._copied(place, shape)
        skipped, size = place % mmap.ALLOCATIONGRANULARITY, shape[0] * shape[1] * self.dtype.itemsize
        window = mmap.mmap(
            self._open, skipped + size, mmap.MAP_SHARED | mmap.MAP_POPULATE, mmap.PROT_READ, offset=place - skipped
        )
        return np.frombuffer(window, self.dtype, shape[0] * shape[1], skipped).reshape(shape)

    def _copied(self, place: int, shape: tuple[int, int]) -> Rows:
        """Return rows of this shape that stand from a place on, read into memory."""
        from mnemonist.data.read_at import read_at

        rows = np.empty(shape, self.dtype)
        rest = rows.reshape(-1).view(np.uint8).data
        while rest:
            done = read_at(self._open, rest, place)
            if not done:
                raise UnreadableFile(f"{self.path}: must stay as it is; it ends too soon. Store it anew.")
            rest, place = rest[done:], place + done
        return rows


def npy_file(path: str) -> RowFile:
    """Open an .npy file of rows (K, N), of which only the header is read."""
    (shape, fortran, dtype), offset, stamp = _asked(path, lambda: _beginning(path))
    if len(shape) != 2 or not shape[1] or (fortran and min(shape) > 1):
        order = ", in Fortran order" if fortran else ""
        raise InvalidArgument(
            f"{path}: must hold rows (K, N) in C order; its shape is {shape}{order}. "
            "Save numpy.ascontiguousarray(x.reshape(len(x), -1))."
        )
    _check_dtype(path, dtype)
    needed = offset + shape[0] * shape[1] * dtype.itemsize
    if stamp[0] < needed:
        raise UnreadableFile(f"{path}: must have {needed} bytes, by its header; it has {stamp[0]}. Write it anew.")
    return RowFile(path, dtype, shape[1], offset, shape[0], stamp)


def raw_file(path: str, dtype: np.dtype[Any], width: int, offset: int) -> RowFile:
    """Open a file that holds nothing but rows (K, N) from the byte `offset` on."""
    _check_dtype(path, dtype)
    stamp = _asked(path, lambda: _stamp(os.stat(path)))
    count, over = divmod(stamp[0] - offset, width * dtype.itemsize)
    if count < 0 or over:
        raise UnreadableFile(
            f"{path}: must hold whole rows of {width} {dtype} from byte {offset} on; it has {stamp[0]} bytes. "
            "Check dtype, width and offset, or whether the file is complete."
        )
    return RowFile(path, dtype, width, offset, count, stamp)


def _asked(path: str, call: Callable[[], Asked]) -> Asked:
    """Return what the system says of a plain file; or refuse, in its words, and what is no plain file."""
    from mnemonist.data.plain_file import check_plain, unreadable  # which loads the readers of all kinds of files

    check_plain(path)
    try:
        return call()
    except UnreadableFile:
        raise
    except (OSError, ValueError) as failure:
        raise unreadable(path, failure) from None


def _beginning(path: str) -> tuple[tuple[tuple[int, ...], bool, np.dtype[Any]], int, tuple[int, int]]:
    """Return the header of an .npy file, where it ends, and the stamp of the file."""
    with open(path, "rb") as file:
        return _header(path, file), file.tell(), _stamp(os.fstat(file.fileno()))


def _header(path: str, file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return what the header of an .npy file says: shape, whether in Fortran order, dtype."""
    try:
        version = np.lib.format.read_magic(file)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        return reader(file)
    except Exception:  # a broken header may raise nearly anything, from TokenError to struct.error
        raise UnreadableFile(
            f"{path}: must be an .npy file; its header is not that of one. Pass dtype= and width= if it is raw numbers."
        ) from None


def _check_dtype(path: str, dtype: np.dtype[Any]) -> None:
    """Refuse what is no real number as this machine holds it."""
    if dtype.kind not in "fiu" or dtype.itemsize > 8 or not dtype.isnative:
        raise InvalidType(
            f"{path}: numbers must be floats or integers of 64 bits or less, in this machine's byte order; got dtype "
            f"{dtype.str}. Save them as float32."
        )


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
