"""Mapped patterns: rows that stay in files, however large, and are read a tile at a time.

Every look goes through all files once, a window of some megabytes at a time for each thread, so memory does not grow
with the patterns. They cannot be changed, neither here nor in the files; ids are 0 … K − 1, through the files in their
order.

Shapes: rows (K, N); values (K, D), or None, in memory; ids (K,).
"""

import copy
import os
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array
from mnemonist.core.number import check_whole
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, TooLarge, shown
from mnemonist.stores.block import Block, Ids, places
from mnemonist.stores.row_file import RowFile, npy_file, raw_file

_WHOLE_BYTES = 2**27  # that are read into memory on demand


class MappedPatterns:
    """Patterns in `.npy` files, one after the other, or in raw ones: `dtype`, `width` = N, `offset` bytes of header.

    Files hold floats or whole numbers in C order, all of one dtype and width, and must not change while they are used:
    they are asked before each window whether they did. What is left is a file cut short in the moment a window of it
    is read, which no program survives: put a new file in the place of an old one by renaming it, and cut none.
    A recall from them stays within 256 MiB of memory, besides cues and results. Raises `UnreadableFile`,
    `InvalidArgument` or `InvalidType`.

    >>> import tempfile, mnemonist as mn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/patterns.npy", np.eye(3))
    ...     memory = mn.kernel_memory(beta=16.0)
    ...     _ = memory.store(mn.MappedPatterns(f"{folder}/patterns.npy"))
    ...     print(memory.recall([0.9, 0.1, 0.2]).nearest)
    0
    """

    volatile: ClassVar[bool] = True
    converts: ClassVar[bool] = True

    def __init__(
        self, *paths: str | os.PathLike[str], dtype: Any = None, width: int | None = None, offset: int = 0
    ) -> None:
        from mnemonist.data.plain_file import checked_path  # which loads the readers of all kinds of files

        names = [os.path.abspath(checked_path("MappedPatterns", "paths", path)) for path in paths]
        if (dtype is None) != (width is None) or (dtype is None and offset):
            raise InvalidArgument(
                f"MappedPatterns: raw files need dtype and width, .npy files neither; got dtype={shown(dtype)}, "
                f"width={shown(width)}, offset={shown(offset)}. Pass both, or none."
            )
        if width is not None:
            fix = "Pass the one of the files."
            width = check_whole("MappedPatterns", "width", width, least=1, fix=fix)
            offset = check_whole("MappedPatterns", "offset", offset, least=0, fix=fix)
            files = [raw_file(name, _dtype(dtype), width, offset) for name in names]
        else:
            files = [npy_file(name) for name in names]
        self.files = _alike(files)
        self.values: Array | None = None
        self.start, self.next_id = 0, sum(file.count for file in files)
        self._skipped = 0  # rows of the files before the first
        self._told: Callable[[int], object] | None = None

    def __len__(self) -> int:
        return self.next_id - self.start

    def __repr__(self) -> str:
        file = self.files[0]
        return f"MappedPatterns({len(self.files)} files, K={len(self)}, N={file.width}, {file.dtype})"

    def ids_at(self, positions: np.ndarray[Any, Any]) -> Ids:
        """Return the ids at these positions."""
        return self.start + positions.astype(np.int64)

    def positions(self, ids: Any) -> np.ndarray[Any, Any]:
        """Return where these ids stand, 0 … K − 1."""
        return places("MappedPatterns", ids, self.ids_at(np.arange(len(self))))

    @property
    def like(self) -> Array:
        """No rows (0, N), of the dtype of those in the files."""
        return np.empty((0, self.files[0].width), self.files[0].dtype)

    @property
    def known_by_some(self) -> None:
        """None: all patterns know all coordinates."""

    def block(self, start: int = 0, stop: int | None = None) -> Block:
        """Return some of the patterns, or all, where these are few. Raises `TooLarge`."""
        stop, file = len(self) if stop is None else stop, self.files[0]
        if (size := (stop - start) * file.width * file.dtype.itemsize) > _WHOLE_BYTES:
            raise TooLarge(
                f"MappedPatterns: up to {_WHOLE_BYTES >> 20} MiB are read whole, which this needs; the patterns take "
                f"{size >> 20}. Pass numpy.load(path) to store if they fit into memory; else take continuous neurons, "
                "or look at some in the file."
            )
        if self._told is not None:
            self._told(stop)
        values = None if self.values is None else self.values[start:stop]
        return Block(self.ids_at(np.arange(start, stop)), self.rows(start, stop), None, values)

    def with_values(self, values: Array | None) -> "MappedPatterns":
        """Return the same patterns with values (K, D)."""
        other = copy.copy(self)
        other.values = values
        return other

    def watched(self, told: Callable[[int], object]) -> "MappedPatterns":
        """Return the same patterns; `told` gets to know, in every look at all, how far that is: 0 … K."""
        other = copy.copy(self)
        other._told = told
        return other

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""
        rows = np.empty((len(positions), self.files[0].width), self.files[0].dtype)
        for i, position in enumerate(positions.tolist()):
            rows[i : i + 1] = self.rows(position, position + 1)
        return Block(self.ids_at(positions), rows, None, None if self.values is None else self.values[positions])

    def part(self, start: int, stop: int) -> "MappedPatterns":
        """Return a store of some of the patterns."""
        other = copy.copy(self)
        other.start, other.next_id = self.start + start, self.start + stop
        lying = list(self._lying(start, stop))
        other.files, other._skipped = tuple(file for file, _, _ in lying), lying[0][1]
        other.values = None if self.values is None else self.values[start:stop]
        other._told = None
        return other

    def add(self, *_: Any, **__: Any) -> "MappedPatterns":
        """Refuse: files stay as they are."""
        raise IllegalCombination(
            "MappedPatterns: patterns in files must be all that a memory stores; got more. Save those to a file too, "
            "and store MappedPatterns(a, b) in a new memory."
        )

    def strengthened(self, strength: Array) -> "MappedPatterns":
        """Refuse: files say nothing of strengths."""
        raise IllegalCombination(
            "MappedPatterns: patterns in files all have strength 1; got others. Pass numpy.load(path) to store if they "
            "fit into memory."
        )

    def forget(self, ids: Any) -> "MappedPatterns":
        """Refuse: files stay as they are."""
        raise IllegalCombination(
            f"MappedPatterns: patterns in files must not be forgotten; got {np.size(ids)} ids. Save what is left to a "
            "file, and store that in a new memory."
        )

    def rows(self, start: int, stop: int) -> Array:
        """Return rows at positions start … stop − 1, not to be written to, out of as many files as they lie in."""
        pieces = [file.rows(first, last) for file, first, last in self._lying(start, stop)]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def _lying(self, start: int, stop: int) -> Iterator[tuple[RowFile, int, int]]:
        """Yield each file that positions start … stop − 1 lie in, and between which of its rows."""
        begin = -self._skipped
        for file in self.files:
            first, last = max(start - begin, 0), min(stop - begin, file.count)
            if first < last:
                yield file, first, last
            begin += file.count


def mapped_from(file: RowFile, start: int) -> MappedPatterns:
    """Return the patterns of a file that is open, under ids from `start` on."""
    made = MappedPatterns.__new__(MappedPatterns)
    made.files, made.values = (file,), None
    made.start, made.next_id = start, start + file.count
    made._skipped, made._told = 0, None
    return made


def _alike(files: list[RowFile]) -> tuple[RowFile, ...]:
    """Return the files, or refuse them if they do not hold rows of one kind."""
    if not sum(file.count for file in files):
        raise InvalidArgument(f"MappedPatterns: files must hold a row at least; {len(files)} hold none. Name one.")
    kinds = sorted({f"{file.width} {file.dtype}" for file in files})
    if len(kinds) > 1:
        raise InvalidArgument(
            f"MappedPatterns: files must hold rows of one width and dtype; got {' and '.join(kinds)}. Convert them."
        )
    return tuple(files)


def _dtype(given: Any) -> np.dtype[Any]:
    """Return what NumPy makes of a dtype."""
    try:
        if not isinstance(given, (str, type, np.dtype)):
            raise TypeError
        dtype: np.dtype[Any] = np.dtype(given)
    except (TypeError, ValueError):
        raise InvalidType(
            f"MappedPatterns: dtype must be one of NumPy's; got {shown(given)}. Pass 'float32'."
        ) from None
    return dtype
