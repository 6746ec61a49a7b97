r"""Whole couplings: weights that are whole numbers in some unit, so that no field of ±1 neurons is ever rounded.

    h_i = u F_i,    F_i = Σ_j M_ij s_j + c_i,    M = W/u and c = b/u whole,    u = 1/N (Hebb's rule) or 1

With s_j ∈ {−1, 0, 1} every partial sum of F_i, in any order, is a whole number no larger than Σ_j |M_ij| + |c_i|. Up to
2²⁴ float32 holds each of them, so a product of float32 matrices gives F to the last digit, and so does carrying it
along: a flip adds ±M_ij or ±2 M_ij, which float32 holds too. Then F_i = 0 or |F_i| ≥ 1, and only 0 is a tie. In
float64 W = u M has roundings, and a field within a few of them counts as 0: far less than u, so the same.

Half the memory and twice the speed of float64, which stays for all other weights.
Shapes: matrix, columns (N, N); bias (N,); state (B, N).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mnemonist.networks.field_cache import FieldCache

Floats = np.ndarray[Any, Any]

_LARGEST = 2**24
_ROWS = 64  # that are looked at together, while they are in cache


@dataclass(frozen=True, eq=False)
class IntegerWeights:
    """Weights and bias as whole numbers in float32, in units of `unit`."""

    matrix: Floats
    bias: Floats
    unit: float
    cache: FieldCache = field(default_factory=FieldCache)

    @cached_property
    def columns(self) -> Floats:
        """The weights by column."""
        symmetric = np.array_equal(self.matrix, self.matrix.T)
        return self.matrix if symmetric else np.ascontiguousarray(self.matrix.T)

    @cached_property
    def ties(self) -> Floats:
        """The size (N,) of a field that counts as zero: none but zero."""
        return np.zeros_like(self.bias)

    def fields(self, state: Floats) -> Floats:
        """Return F (B, N)."""
        return self.cache.fields(state, self._product)

    def _product(self, state: Floats) -> Floats:
        return state.astype(np.float32, copy=False) @ self.matrix.T + self.bias


def integer_weights(matrix: Any, bias: Any) -> IntegerWeights | None:
    """Return the couplings as whole numbers; None where they are none, too large, or of another library than NumPy."""
    if type(matrix) is not np.ndarray:
        return None
    found = (_counted(matrix, bias, count) for count in (len(matrix), 1))
    return next((made for made in found if made is not None), None)


def _counted(matrix: Floats, bias: Floats, count: int) -> IntegerWeights | None:
    """Return the couplings in units of 1/count, where they are whole in them."""
    counts, sizes = np.rint(bias * count), np.abs(bias * count)
    if not (counts / count == bias).all():
        return None
    made = np.empty(matrix.shape, np.float32)
    for start in range(0, len(matrix), _ROWS):
        rows = slice(start, start + _ROWS)
        part = np.rint(matrix[rows] * count)
        reach = np.abs(part).sum(axis=-1) + sizes[rows]
        if not (part / count == matrix[rows]).all() or reach.max() > _LARGEST:
            return None
        made[rows] = part
    return IntegerWeights(made, counts.astype(np.float32), 1 / count)
