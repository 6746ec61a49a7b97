r"""The softmax readout of many patterns on NumPy arrays, by compiled kernels: what a dense memory spends its time on.

    h = X Q  or  −½ ‖x − ξ‖²,     m = max h,     mass = Σ exp β(h − m),     pull = Σ exp β(h − m) ξ

Patterns are cut into blocks (never more finely because of the threads), each block is read by one thread, tile by
tile, and the sums are joined in block order: the number of threads changes nothing. Scores never exist for more than a
tile. Few cues stream, many go by panels. Squared distances are sums of squared differences, so no digits are lost far
from the origin. `Landscape.read` is the slow twin.

A tile is left out for a cue if its best score lies so far below the best so far that exp β(h − m) < ε²/K, ε the
rounding of the dtype: all that is left out weighs less than ε² of the mass.

Shapes: state (B, N); rows (K, N); pull (B, N); peak (B,); mass (B,), in the reading (B, 1).
"""

import math
import warnings
from functools import cache
from typing import Any

import numpy as np

from mnemonist.core.separation import Reading, Summary
from mnemonist.patterns.threads import share

Floats = np.ndarray[Any, Any]

_WORTH_IT = 2**19  # products of which a call is worth the kernels
_BLOCK = 2**20  # products in a block of patterns, at least
_BLOCKS = 64
_PANELS = 8  # that read a tile together while it is in cache
_FEW = 5  # cues that stream


def serves(state: Any, rows: Any, beta: Any) -> bool:
    """Say whether the kernels can read these patterns, and are worth it."""
    plain = type(state) is type(rows) is np.ndarray and rows.flags.c_contiguous and state.dtype == rows.dtype
    if not plain or state.dtype not in (np.float32, np.float64) or not isinstance(beta, (int, float, np.number)):
        return False
    return state.shape[0] * rows.size >= _WORTH_IT and _kernels() is not None


def softmax_readout(state: Floats, rows: Floats, beta: float, *, euclidean: bool = False) -> Reading:
    """Return the reading of rows by dot products, or by −½ of the squared distances."""
    few = len(state) <= _FEW
    stream, panels, join_all, width = _kernels()
    lanes = 1 if few else width(state.itemsize)
    cues = np.ascontiguousarray(state) if few else _panels(state, lanes)
    step = len(cues) if few else _PANELS
    tasks = -(-len(cues) // step)
    blocks = min(max(1, state.shape[0] * rows.size // _BLOCK), max(1, _BLOCKS // tasks), len(rows))
    cuts = [len(rows) * i // blocks for i in range(blocks + 1)]
    peaks, masses = (np.empty((blocks, len(cues), lanes), state.dtype) for _ in range(2))
    pulls = np.empty((blocks, len(cues), rows.shape[1], lanes), state.dtype)
    number = state.dtype.type
    reach = math.log(len(rows)) - 2 * math.log(np.finfo(state.dtype).eps)
    sharpness = (number(beta), number(reach))

    def work(task: int) -> None:
        block, part = task // tasks, slice(task % tasks * step, (task % tasks + 1) * step)
        kernel, sums = stream if few else panels, (peaks[block, part], masses[block, part], pulls[block, part])
        kernel(rows[cuts[block] : cuts[block + 1]], cues[part], sharpness, euclidean, sums)

    share(work, blocks * tasks)
    join_all(peaks, masses, pulls, sharpness[0])
    peak, mass = (x[0].reshape(-1)[: len(state)] for x in (peaks, masses))
    pull = pulls[0].transpose(0, 2, 1).reshape(-1, rows.shape[1])[: len(state)]
    return Reading(Summary(peak, mass), pull, mass[:, None])


def _panels(state: Floats, lanes: int) -> Floats:
    """Return states (B, N) as panels (P, N, L), the last one filled up with zeros."""
    count = -(-len(state) // lanes)
    padded = np.zeros((count * lanes, state.shape[1]), state.dtype)
    padded[: len(state)] = state
    return np.ascontiguousarray(padded.reshape(count, lanes, -1).transpose(0, 2, 1))


@cache
def _kernels() -> Any:
    """Return the compiled kernels; None, and a warning, where Numba cannot run."""
    try:
        from mnemonist.patterns.online import join_all
        from mnemonist.patterns.panels import read_panels
        from mnemonist.patterns.streaming import read_streaming
        from mnemonist.patterns.vectors import lanes
    except ImportError as failure:
        warnings.warn(f"mnemonist: recall is slower here, because Numba does not run ({failure}).", stacklevel=2)
        return None
    return read_streaming, read_panels, join_all, lanes
