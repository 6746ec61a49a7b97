"""Bundles: rows kept in a NumPy file, `.npy` or `.npz`, never unpickled.

The first axis counts the rows; what remains of the shape is one item, flattened to N. A one-dimensional array
is one row. An `.npz` must hold one array, or one of the name that is looked for (`patterns`, `cues`, `mask`).
Numbers that were read are written back bit by bit; others are rounded where the dtype is one of integers. A large
`.npy` file of rows of floats is not read but mapped, its numbers unseen.

Shapes: an array (K, ...) becomes rows (K, N); float64, or float32 where that holds the array's dtype.
"""

import math
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.atomic_write import check_file, whole_file
from mnemonist.data.plain_file import too_large, unreadable
from mnemonist.data.table import Marks, Numbers, Rows, Table
from mnemonist.errors import InvalidArgument, UnreadableFile

ENDINGS = (".npy", ".npz")
_LARGE = 2**28  # bytes, from which an .npy file of float rows stays where it is


@dataclass(frozen=True, eq=False)
class Bundle:
    """The form of an array: the array itself, the dtype to write, and in an `.npz` its key ('' in an `.npy`)."""

    array: NDArray[Any]
    dtype: np.dtype[Any]
    key: str = ""

    @property
    def item(self) -> str:
        """One row in words: '64 numbers (8×8)'."""
        inner = self.array.shape[1:] or self.array.shape
        size = int(np.prod(inner))
        return f"{size} numbers" if len(inner) == 1 else f"{size} numbers ({'×'.join(map(str, inner))})"

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are `value`; among floats, `value` as the dtype holds it."""
        with np.errstate(over="ignore"):
            held = self.array.dtype.type(value) if self.array.dtype.kind == "f" else value
        same: Marks = rows == held
        return same

    def holding(self, dtype: np.dtype[Any]) -> "Bundle":
        """Return the form that is written in the dtype that holds both."""
        both = np.result_type(self.dtype, dtype)
        return self if both == self.dtype.newbyteorder("=") else replace(self, dtype=both)

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a file of this kind, or exists and may not be replaced."""
        check_file(out, (".npz",) if self.key else (".npy",), replace=replace)

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write the rows in the form's dtype and the shape of the array; where they are its numbers, those.

        Raises InvalidArgument where the dtype cannot hold a number.
        """
        read = _floats(self.array)
        same = (rows == read) | (np.isnan(rows) & np.isnan(read))
        array = _as(np.where(same, 0, rows), self.dtype, out)
        array = np.where(same, self.array.reshape(rows.shape), array).astype(self.dtype).reshape(self.array.shape)
        with whole_file(out) as draft, draft.open("wb") as stream:
            if not self.key:
                return np.save(stream, array, allow_pickle=False)
            with (  # np.savez would refuse the keys that are its own parameters
                zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
                archive.open(f"{self.key}.npy", "w", force_zip64=True) as member,
            ):
                np.lib.format.write_array(member, array, allow_pickle=False)


def read_bundle(path: Path, key: str = "patterns") -> Table:
    """Read a `.npy` or `.npz` file; `key` is the array to take from an `.npz` that holds several.

    Raises UnreadableFile where the file is broken, or its array is not one of numbers with rows.
    """
    name, array = _load(path, key)
    if array.dtype.kind not in "buif":
        raise UnreadableFile(f"{path}: must hold real numbers; its dtype is {array.dtype}. Convert it first.")
    if array.ndim == 0 or array.size == 0:
        raise UnreadableFile(f"{path}: must hold at least one row of one number; its shape is {array.shape}.")
    if isinstance(array, np.memmap):
        return Table(array, Numbers(len(array)), Bundle(array, array.dtype), path)
    rows = _floats(array)
    if np.isinf(rows).any():
        row, column = np.argwhere(np.isinf(rows))[0]
        raise UnreadableFile(
            f"{path}: must hold finite numbers, or nan where one is missing; row {row}, column {column} is "
            f"{rows[row, column]}."
        )
    names = tuple(str(row) for row in range(len(rows)))
    return Table(rows, names, Bundle(array, array.dtype, name), path)


def _load(path: Path, key: str) -> tuple[str, NDArray[Any]]:
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() == ".npy":
                if (mapped := _mapped(path)) is not None:
                    return "", mapped
                return "", np.lib.format.read_array(stream, allow_pickle=False)
            with np.load(stream, allow_pickle=False) as archive:
                name = _choose(path, list(archive.files), key)
                return name, np.asarray(archive[name])
    except UnreadableFile:
        raise
    except zipfile.BadZipFile as error:
        raise _broken(path, "it is not a whole zip archive") from error
    except MemoryError as error:
        raise _broken(path, "its header asks for more than it holds") if _is_short(path) else too_large(path) from error
    except OSError as error:
        raise _broken(path, str(error)) if error.errno is None else unreadable(path, error) from error
    except Exception as error:  # a broken archive may raise nearly anything, from struct.error to MemoryError
        raise _broken(path, str(error).splitlines()[0] if str(error) else repr(error)) from error


def _is_short(path: Path) -> bool:
    """Say whether an .npy file has fewer bytes than its header says."""
    with path.open("rb") as stream, suppress(Exception):
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(stream)
        return path.stat().st_size < stream.tell() + math.prod(shape) * dtype.itemsize
    return False


def _mapped(path: Path) -> NDArray[Any] | None:
    """Return a large .npy file of rows of floats as a map; None of another one."""
    if path.stat().st_size < _LARGE:
        return None
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    plain = array.ndim == 2 and array.flags.c_contiguous and array.dtype in (np.float32, np.float64)
    return array if plain else None


def in_memory(table: Table) -> Table:
    """Return a table with its rows in memory: the map of a file that is cut short meanwhile ends the process."""
    if not isinstance(table.rows, np.memmap):
        return table
    try:
        return replace(table, rows=np.load(table.path, allow_pickle=False))
    except MemoryError as error:
        raise too_large(table.path) from error
    except (OSError, ValueError) as error:
        raise _broken(table.path, str(error).splitlines()[0]) from error


def _choose(path: Path, names: list[str], key: str) -> str:
    if len(names) == 1:
        return names[0]
    if key in names:
        return key
    found = ", ".join(names) if names else "nothing"
    raise UnreadableFile(f"{path}: must hold one array, or one named {key}; it holds {found}. Name one {key}.")


def _broken(path: Path, reason: str) -> UnreadableFile:
    kind = path.suffix.lower()
    return UnreadableFile(f"{path}: must be a whole {kind} file of plain numbers; {reason}. Save it anew.")


def _floats(array: NDArray[Any]) -> Rows:
    """Return an array as rows (K, N) of floats."""
    small = array.dtype.itemsize <= (4 if array.dtype.kind == "f" else 2)
    flat = array.reshape(len(array) if array.ndim > 1 else 1, -1)
    return flat.astype(np.float32) if small else flat.astype(np.float64)


def _as(rows: Rows, dtype: np.dtype[Any], out: Path) -> NDArray[Any]:
    """Convert rows to a dtype: a bool at one half, integers rounded; refuse what lies beyond its range."""
    if dtype.kind == "b":
        return np.asarray(rows >= 0.5)
    with np.errstate(invalid="ignore", over="ignore"):
        array = (np.rint(rows) if dtype.kind in "iu" else rows).astype(dtype)
    limits = np.iinfo(dtype) if dtype.kind in "iu" else np.finfo(dtype)
    fits = (np.rint(rows) >= limits.min) & (np.rint(rows) < float(limits.max) + 1)
    beyond = ~fits if dtype.kind in "iu" else np.isinf(array)
    if beyond.any():
        raise InvalidArgument(
            f"{out}: must hold what {dtype} can hold, {limits.min} to {limits.max}; a number would be "
            f"{rows[beyond][0]:g}. Save the cues as floats."
        )
    return np.asarray(array)
