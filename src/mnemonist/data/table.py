"""Tables: the rows of numbers that were read from a file, and the form in which they go back.

Whatever it was read from, a set of K things of N numbers each is one array of rows (K, N); its *form*
remembers what the numbers do not say (file names, sizes, depths, headings), so that other rows can be written
alike.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemonist.errors import InvalidArgument

Rows: TypeAlias = NDArray[np.floating[Any]]
Marks: TypeAlias = NDArray[np.bool_]


class Form(Protocol):
    """How a file holds its rows: one of `Gallery`, `Bundle` and `Sheet`."""

    @property
    def item(self) -> str:
        """One row in words: '28×28 pixels, grey', '64 numbers'."""

    def equal(self, rows: Rows, value: float) -> Marks:
        """Mark (K, N) the numbers that are `value` once both are held as the file holds them."""

    def check(self, out: Path) -> None:
        """Raise InvalidArgument where `out` cannot become a file or folder of this form."""

    def write(self, rows: Rows, out: Path) -> None:
        """Write the rows (K, N) to `out`, whole or not at all."""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows (K, N), a name for each of them, the form of the file they came from, and where it lies.

    NaN marks a number that is missing. Images are floats in [0, 1].
    """

    rows: Rows
    names: tuple[str, ...]
    form: Form
    path: Path

    def write(self, rows: Rows, out: Path | str) -> None:
        """Write other rows (K, N) in this table's form: same names, sizes, depths, headings.

        Raises InvalidArgument where the rows have another shape or `out` cannot be written.
        """
        if rows.shape != self.rows.shape:
            raise InvalidArgument(
                f"Table.write: rows must have the table's shape {self.rows.shape}; got {rows.shape}. "
                "Give one row for each that was read."
            )
        self.form.check(Path(out))
        self.form.write(rows, Path(out))
