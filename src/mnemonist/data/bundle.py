"""Bundles: rows kept in a NumPy file, `.npy` or `.npz`, never unpickled.

The first axis counts the rows; what remains of the shape is one item, flattened to N. A one-dimensional array
is one row. An `.npz` must hold one array, or one of the name that is looked for (`patterns`, `cues`, `mask`).

Shapes: an array (K, ...) becomes rows (K, N); float64, or float32 where that holds the array's dtype.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.place import check_file, whole_file
from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import UnreadableFile

ENDINGS = (".npy", ".npz")


@dataclass(frozen=True)
class Bundle:
    """The form of an array: its dtype and shape, and in an `.npz` its key ('' in an `.npy`)."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    key: str = ""

    @property
    def item(self) -> str:
        """One row in words: '64 numbers (8×8)'."""
        inner = self.shape[1:] or self.shape
        size = int(np.prod(inner))
        return f"{size} numbers" if len(inner) == 1 else f"{size} numbers ({'×'.join(map(str, inner))})"

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are `value`; among floats, `value` as the dtype holds it."""
        with np.errstate(over="ignore"):
            held = self.dtype.type(value) if self.dtype.kind == "f" else value
        same: Marks = rows == held
        return same

    def check(self, out: Path) -> None:
        """Raise InvalidArgument where `out` cannot become a file of this kind."""
        check_file(out, (".npz",) if self.key else (".npy",))

    def write(self, rows: Rows, out: Path) -> None:
        """Write the rows in the dtype and shape of the file: rounded and clipped for integers."""
        array = _as(rows, self.dtype).reshape(self.shape)
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
    small = array.dtype.itemsize <= (4 if array.dtype.kind == "f" else 2)
    flat = array.reshape(len(array) if array.ndim > 1 else 1, -1)
    rows = flat.astype(np.float32) if small else flat.astype(np.float64)
    if np.isinf(rows).any():
        row, column = np.argwhere(np.isinf(rows))[0]
        raise UnreadableFile(
            f"{path}: must hold finite numbers, or nan where one is missing; row {row}, column {column} is "
            f"{rows[row, column]}."
        )
    names = tuple(str(row) for row in range(len(rows)))
    return Table(rows, names, Bundle(array.dtype, array.shape, name), path)


def _load(path: Path, key: str) -> tuple[str, NDArray[Any]]:
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() == ".npy":
                return "", np.lib.format.read_array(stream, allow_pickle=False)
            with np.load(stream, allow_pickle=False) as archive:
                name = _choose(path, list(archive.files), key)
                return name, np.asarray(archive[name])
    except UnreadableFile:
        raise
    except zipfile.BadZipFile as error:
        raise _broken(path, "it is not a whole zip archive") from error
    except Exception as error:  # a broken archive may raise nearly anything, from struct.error to MemoryError
        raise _broken(path, str(error).splitlines()[0] if str(error) else repr(error)) from error


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


def _as(rows: Rows, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Convert rows to a dtype: a bool at one half, an integer rounded and clipped to its range."""
    if dtype.kind == "f":
        return rows.astype(dtype)
    if dtype.kind == "b":
        return np.asarray(rows >= 0.5)
    info = np.iinfo(dtype)
    top = float(info.max)
    if int(top) > info.max:
        top = np.nextafter(top, 0)  # the largest float64 below 2⁶³ or 2⁶⁴
    return np.asarray(np.clip(np.rint(rows.astype(float)), float(info.min), top)).astype(dtype)
