"""Compiled kernels: Numba is imported with the first of them, and what it compiled is kept on disk.

A kernel releases the GIL, so threads run several of one. Where its cache cannot be written it is compiled anew in each
process. `contract` lets a product and a sum be one instruction; no other liberty with rounding is taken, except where
a kernel is `reordered`: then a sum may be taken in any order, so that it runs in vectors.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import njit

Kernel = Callable[..., Any]


def compiled(kernel: Kernel, *, liberties: tuple[str, ...] = ("contract",)) -> Kernel:
    """Compile a function, on its first call."""
    options = {"nogil": True, "fastmath": set(liberties)}
    try:
        return njit(cache=True, **options)(kernel)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder to keep it in
        return njit(**options)(kernel)  # type: ignore[no-any-return]


reordered = partial(compiled, liberties=("contract", "reassoc"))
