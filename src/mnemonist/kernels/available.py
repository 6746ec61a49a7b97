"""Whether compiled kernels can run here; where they cannot, the slow twins serve."""

import importlib
import warnings
from functools import cache


@cache
def kernels_run() -> bool:
    """Say whether Numba can be imported and may compile, and warn once if not."""
    reason = _hindrance()
    if reason:
        warnings.warn(
            f"mnemonist: large memories are slower here, because Numba does not run ({reason}).", stacklevel=3
        )
    return not reason


def _hindrance() -> str:
    """Return what keeps Numba from compiling; nothing if nothing does."""
    try:
        numba = importlib.import_module("numba")
        importlib.import_module("mnemonist.kernels.compiled")
        importlib.import_module("mnemonist.kernels.vectors")  # what it asks of Numba's inside
    except Exception as failure:  # a broken installation may raise nearly anything
        return f"{str(failure).partition(chr(10))[0] or type(failure).__name__}"
    return "NUMBA_DISABLE_JIT is set" if numba.config.DISABLE_JIT else ""
