"""Sweeps by compiled kernels, in blocks of cues on threads. Cues know nothing of each other, so cuts change nothing.

Small sweeps are left to the slow twins, as are all where Numba does not run: loading a kernel takes half a second.
"""

import warnings
from functools import cache
from typing import Any

import numpy as np

from mnemonist.patterns.threads import share

Numbers = np.ndarray[Any, Any]

_WORTH_IT = 2**23  # products of which a sweep is worth a kernel
_BLOCK = 4  # cues


def worth_it(products: int) -> bool:
    """Say whether a sweep of so many products is better made by a kernel, and can be."""
    return products >= _WORTH_IT and _kernels() is not None


def sweep_overlaps(columns: Numbers, visits: Numbers, falls: Any, tie: float, *cues: Numbers, at_once: bool) -> None:
    """Visit ±1 neurons in this order: see `overlap_sweep.sweep`, of whose cues state and scores change in place."""
    kernel, _ = _kernels()
    share(lambda i: kernel(columns, visits, falls, tie, _block(i, *cues), at_once), -(-len(cues[0]) // _BLOCK))


def sweep_fields(columns: Numbers, visits: Numbers, ties: Numbers, levels: tuple[float, float], *cues: Numbers) -> None:
    """Visit neurons in this order: see `field_sweep.sweep`, of whose cues all but the last change in place."""
    _, kernel = _kernels()
    share(lambda i: kernel(columns, visits, ties, _block(i, *cues), levels), -(-len(cues[0]) // _BLOCK))


def _block(number: int, *cues: Numbers) -> tuple[Numbers, ...]:
    """Return the rows of one block."""
    return tuple(rows[number * _BLOCK : (number + 1) * _BLOCK] for rows in cues)


@cache
def _kernels() -> Any:
    """Return the compiled kernels; None, and a warning, where Numba does not run."""
    try:
        from mnemonist.patterns import field_sweep, overlap_sweep
    except ImportError as failure:
        warnings.warn(f"mnemonist: sweeps are slower here, because Numba does not run ({failure}).", stacklevel=2)
        return None
    return overlap_sweep.sweep, field_sweep.sweep
