"""The array libraries of the tests, and ways in and out of them."""

from types import ModuleType
from typing import Any

import array_api_compat.numpy
import array_api_compat.torch
import array_api_strict
import numpy as np

LIBRARIES: dict[str, ModuleType] = {
    "numpy": array_api_compat.numpy,
    "strict": array_api_strict,
    "torch": array_api_compat.torch,
}


def given(xp: ModuleType, x: Any) -> Any:
    """Return `x` as an array of the library; of NumPy a read-only one."""
    x = np.asarray(x)
    if xp is LIBRARIES["numpy"]:
        x = x.copy()
        x.flags.writeable = False
        return x
    return xp.asarray(x.copy())


def host(x: Any) -> np.ndarray:
    """Return an array of any library as NumPy's."""
    return np.asarray(x.detach() if hasattr(x, "detach") else x if isinstance(x, np.ndarray) else np.from_dlpack(x))
