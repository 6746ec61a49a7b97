r"""Columns: a table of numbers and options as coordinates in which every column counts alike.

    number     z = (x − mean)/spread              one coordinate; spread the standard deviation, 1 where there is none
    options    one-hot                            V coordinates of 0 and 1

so that two rows differ in a number by 2 on average, and in a column of options by 2 where they are not equal.

Shapes: codes (K, C), NaN where unknown, options as whole numbers 0 … V − 1; sizes (C,), 0 of a number, V of V options;
coordinates (K, N), N = Σ max(1, V).
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from mnemonist.errors import InvalidArgument, InvalidType, shown

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of these sizes; the mean and spread (C,) of the numbers."""

    sizes: Numbers
    mean: Numbers
    spread: Numbers

    @classmethod
    def of(cls, codes: Numbers, sizes: Numbers) -> "Columns":
        """Return the columns of a table."""
        mean, spread = np.zeros(len(sizes)), np.ones(len(sizes))
        for column in np.flatnonzero(sizes == 0).tolist():
            values = codes[~np.isnan(codes[:, column]), column]
            if len(values):
                mean[column], spread[column] = values.mean(), values.std() or 1.0
        return cls(sizes, mean, spread)

    @property
    def widths(self) -> Numbers:
        """How many coordinates (C,) each column has."""
        return np.maximum(self.sizes, 1)

    @property
    def starts(self) -> Numbers:
        """Where the coordinates (C,) of each column begin."""
        return np.cumsum(self.widths) - self.widths

    @property
    def numbers(self) -> Numbers:
        """Which coordinates (N,) are numbers."""
        return np.repeat(self.sizes == 0, self.widths)

    @property
    def column(self) -> Numbers:
        """Of which column each coordinate (N,) is."""
        return np.repeat(np.arange(len(self.sizes)), self.widths)

    @property
    def categories(self) -> tuple[tuple[int, int], ...]:
        """Where columns of options begin and end."""
        ends = self.starts + self.widths
        return tuple((int(a), int(b)) for a, b, size in zip(self.starts, ends, self.sizes, strict=True) if size)

    def encode(self, codes: Numbers, dtype: Any = np.float64) -> tuple[Numbers, Numbers]:
        """Return coordinates (B, N), 0 where unknown, and which are known."""
        known = cast(Numbers, ~np.isnan(codes))
        rows = np.zeros((len(codes), int(self.widths.sum())), dtype)
        for column, (start, size) in enumerate(zip(self.starts.tolist(), self.sizes.tolist(), strict=True)):
            there = np.flatnonzero(known[:, column])
            values = codes[there, column]
            if size:
                rows[there, start + values.astype(np.int64)] = 1.0
            else:
                rows[there, start] = (values - self.mean[column]) / self.spread[column]
        return rows, known[:, self.column]

    def decode(self, rows: Numbers) -> Numbers:
        """Return codes (B, C) of coordinates: the likeliest option, or the number; NaN of what has none."""
        codes = np.empty((len(rows), len(self.sizes)))
        for column, (start, size) in enumerate(zip(self.starts.tolist(), self.sizes.tolist(), strict=True)):
            part = rows[:, start : start + max(size, 1)]
            if size:
                told = np.asarray(np.isfinite(part).all(axis=1))
                codes[:, column] = np.where(told, np.where(told[:, None], part, 0).argmax(axis=1), np.nan)
            else:
                codes[:, column] = part[:, 0] * self.spread[column] + self.mean[column]
        return codes


def checked_codes(who: str, codes: Any, sizes: Any) -> tuple[Numbers, Numbers]:
    """Return codes (B, C) in float64 and sizes (C,), or refuse them."""
    sizes = np.asarray(sizes)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or (sizes < 0).any():
        raise InvalidArgument(
            f"{who}: sizes must be whole numbers (C,), 0 of a number and V of a column of V options; got "
            f"{shown(sizes)}. Pass one per column."
        )
    if not isinstance(codes, np.ndarray) or codes.dtype.kind not in "fiub":
        raise InvalidType(f"{who}: codes must be numbers (B, C); got {shown(codes)}. Pass numpy.asarray(codes, float).")
    codes = codes.astype(np.float64)
    if codes.ndim != 2 or codes.shape[1] != len(sizes) or np.isinf(codes).any():
        raise InvalidArgument(
            f"{who}: codes must be finite, or NaN where unknown, of {len(sizes)} columns; got {shown(codes)}. "
            "Pass one column for each size."
        )
    for column in np.flatnonzero(sizes).tolist():
        values = codes[~np.isnan(codes[:, column]), column]
        if ((values == np.floor(values)) & (values >= 0) & (values < sizes[column])).all():
            continue
        raise InvalidArgument(
            f"{who}: codes must be options 0 to {sizes[column] - 1} in column {column}; got others. Count from 0."
        )
    return codes, sizes.astype(np.int64)
