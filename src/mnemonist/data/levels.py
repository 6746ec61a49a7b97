r"""Levels: bytes, or numbers of 16 bits, that are seen as floats in [0, 1] and kept as they are.

    x = v / depth        v = 0 … depth, depth = 255 or 65535; NaN where unknown

Whoever takes some rows gets floats; all of them at once are made only for whoever asks for an array. A float32 of
v/255 is the same as that of 257 v/65535, since both are the exact quotient, rounded once.

Shapes: levels (K, N) uint8 or uint16, 0 where unknown; known (K, N), or None where all is.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_AT_ONCE = 2**22  # numbers that are floats at one time


class Levels(NDArrayOperatorsMixin):
    """Rows of floats in [0, 1] that are kept as levels; in arithmetic they are an array of floats.

    >>> rows = Levels(np.array([[0, 51, 255]], np.uint8), 255)
    >>> rows[0]
    array([0. , 0.2, 1. ], dtype=float32)
    >>> rows.shape, rows.dtype, float((rows + 1).max())
    ((1, 3), dtype('float32'), 2.0)
    """

    ndim = 2
    dtype: np.dtype[Any] = np.dtype(np.float32)

    def __init__(self, levels: NDArray[Any], depth: int, known: NDArray[np.bool_] | None = None) -> None:
        self.levels, self.depth, self.known = levels, depth, known

    @property
    def shape(self) -> tuple[int, int]:
        """(K, N)."""
        return (len(self.levels), self.levels.shape[1])

    @property
    def size(self) -> int:
        """K · N."""
        return self.levels.size

    @property
    def nbytes(self) -> int:
        """How many bytes all rows take as floats."""
        return self.size * self.dtype.itemsize

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which numbers (K, N) are known; not to be written to."""
        return np.broadcast_to(np.True_, self.shape) if self.known is None else self.known

    def __len__(self) -> int:
        return len(self.levels)

    def __getitem__(self, where: Any) -> Any:
        found = np.asarray(self.levels[where], np.float32) / np.float32(self.depth)
        return found if self.known is None else np.where(self.known[where], found, np.float32(math.nan))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*(x[:] if isinstance(x, Levels) else x for x in inputs), **options)

    def parts(self) -> Any:
        """Yield slices that cover all rows, few enough to be floats at one time."""
        step = max(1, _AT_ONCE // max(1, self.shape[1]))
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))

    def ends(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the least and the greatest number that is known, 0 and 0 where none is."""
        some = [self.levels[part][self.present[part]] for part in self.parts()]
        low = min((int(one.min()) for one in some if one.size), default=0)
        high = max((int(one.max()) for one in some if one.size), default=0)
        return np.asarray(np.float32(low) / np.float32(self.depth)), np.asarray(
            np.float32(high) / np.float32(self.depth)
        )


def levels_in(rows: Any) -> Levels | None:
    """Return rows that are kept as levels, None where they are not."""
    return rows if isinstance(rows, Levels) else None
