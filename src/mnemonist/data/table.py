"""Tables: the rows of numbers that were read from a file, and the form in which they go back.

Whatever it was read from, a set of K things of N numbers each is one array of rows (K, N); its *form*
remembers what the numbers do not say (file names, sizes, depths, headings, how a number was spelt), so that other
rows can be written alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemonist.core.number import check_flag
from mnemonist.data.levels import levels_in
from mnemonist.data.plain_file import checked_path
from mnemonist.errors import InvalidArgument, InvalidType, shown

Rows: TypeAlias = NDArray[np.floating[Any]]
Marks: TypeAlias = NDArray[np.bool_]


class Form(Protocol):
    """How a file holds its rows: one of `Gallery`, `Bundle` and `Sheet`."""

    @property
    def item(self) -> str:
        """One row in words: '28×28 pixels, grey', '64 numbers'."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the numbers in the file."""

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are `value` once both are held as the file holds them."""

    def holding(self, dtype: np.dtype[Any]) -> "Form":
        """Return the form that holds numbers of this dtype as well as its own, where it has a dtype to widen."""

    def check(self, out: Path, *, replace: bool = False) -> None:
        """Raise where `out` cannot become a file or folder of this form, or exists and may not be replaced."""

    def write(self, rows: Rows, out: Path, *, replace: bool = False) -> None:
        """Write the rows (K, N) to `out`, whole or not at all; a number that was read is spelt as it was."""


class Numbers(Sequence[str]):
    """The names "0", "1", … of so many rows, made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._numbers = range(count)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, i: Any) -> Any:
        return [str(number) for number in self._numbers[i]] if isinstance(i, slice) else str(self._numbers[i])


@dataclass(frozen=True, eq=False)
class Table:
    """Rows (K, N), a name for each of them, the form of the file they came from, and where it lies.

    NaN marks a number that is missing. Images are floats in [0, 1].
    """

    rows: Rows
    names: Sequence[str]
    form: Form
    path: Path

    def holding(self, other: "Table") -> "Table":
        """Return this table, to be written in a dtype that holds the numbers of the other as well."""
        return replace(self, form=self.form.holding(other.form.dtype))

    def write(self, rows: Rows, out: Path | str, *, replace: bool = False) -> None:
        """Write other rows (K, N) in this table's form: same names, sizes, depths, headings.

        Raises InvalidArgument where the rows have another shape or the form cannot hold them; UnwritableFile where
        `out` cannot be written, or exists and is not to be replaced.
        """
        levels = levels_in(rows)
        rows = rows if levels is None else levels[:]
        plain = isinstance(rows, np.ndarray) and not isinstance(rows, np.ma.MaskedArray) and rows.dtype.kind in "fiu"
        if not plain or rows.shape != self.rows.shape or np.isinf(rows).any():
            raise InvalidArgument(
                f"Table.write: rows must be finite numbers, NaN where missing, in an array of the table's shape "
                f"{self.rows.shape}; got {shown(rows)}. Give one row for each that was read."
            )
        place, replace = checked_path("Table.write", "out", out), check_flag("Table.write", "replace", replace)
        self.form.check(place, replace=replace)
        self.form.write(np.asarray(rows, np.result_type(rows, self.rows.dtype)), place, replace=replace)


def check_table(who: str, name: str, given: object) -> None:
    """Refuse what is no table."""
    if not isinstance(given, Table):
        raise InvalidType(f"{who}: {name} must be a table; got {shown(given)}. Pass data.read(path).")
