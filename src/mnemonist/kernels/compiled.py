"""Compiled kernels: Numba is imported with the first of them, and what it compiled is kept on disk.

A kernel releases the GIL, so threads run several of one. Where its cache cannot be read or written it is compiled anew
in each process: see `kernel_cache`. A `part` of kernels is called by them only: it is kept inside them, and has no way
in from Python. `contract` lets a product and a sum be one instruction; no other liberty with rounding is taken, except
in what is `reordered`: a sum may then be taken in any order, so that it runs in vectors.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import njit

from mnemonist.kernels.kernel_cache import kernel_cache

Kernel = Callable[..., Any]


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function, on its first call."""
    dispatcher = njit(nogil=True, fastmath={"contract"})(kernel)
    dispatcher._cache = kernel_cache(kernel)  # as enable_caching() does, but for its failures
    return dispatcher  # type: ignore[no-any-return]


def part(kernel: Kernel, *, liberties: tuple[str, ...] = ("contract",)) -> Kernel:
    """Compile a function into each kernel that calls it."""
    inside = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return njit(nogil=True, fastmath=set(liberties), **inside)(kernel)  # type: ignore[no-any-return]


reordered = partial(part, liberties=("contract", "reassoc"))
