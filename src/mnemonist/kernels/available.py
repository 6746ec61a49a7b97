"""Whether compiled kernels can run here; where they cannot, the slow twins serve."""

import importlib
import warnings
from functools import cache


@cache
def kernels_run() -> bool:
    """Say whether Numba can be imported, and warn once if not."""
    try:
        importlib.import_module("numba")
    except ImportError as failure:
        warnings.warn(
            f"mnemonist: large memories are slower here, because Numba does not run ({failure}).", stacklevel=3
        )
        return False
    return True
