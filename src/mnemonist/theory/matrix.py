"""A matrix of finite numbers, as a function of theory is given it. Shapes: (rows, columns), float64."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist._array import is_real, named_array, to_numpy
from mnemonist.errors import InvalidArgument, InvalidType


def matrix(who: str, name: str, given: Any) -> NDArray[np.float64]:
    """Return a copy, or refuse what is none. Raises `InvalidArgument` or `InvalidType`."""
    array, xp = named_array(who, name, given)
    if not is_real(xp, array.dtype):
        raise InvalidType(f"{who}: {name} must be real numbers; got dtype {array.dtype}. Convert them to floats.")
    rows = np.array(to_numpy(array), dtype=np.float64)
    if rows.ndim != 2 or not rows.shape[1]:
        raise InvalidArgument(f"{who}: {name} must have shape (K, N); got {rows.shape}. Reshape them.")
    if not np.isfinite(rows).all():
        raise InvalidArgument(f"{who}: {name} must be finite; got NaN or infinity. Leave such rows out.")
    return rows
