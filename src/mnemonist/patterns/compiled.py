"""Compiled kernels: Numba is imported with the first of them, and what it compiled is kept on disk.

A kernel releases the GIL, so threads run several of one. Where its cache cannot be written it is compiled anew in each
process. `contract` lets a product and a sum be one instruction; no other liberty with rounding is taken.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

Kernel = Callable[..., Any]


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function, on its first call."""
    options = {"nogil": True, "fastmath": {"contract"}}
    try:
        return njit(cache=True, **options)(kernel)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder to keep it in
        return njit(**options)(kernel)  # type: ignore[no-any-return]
