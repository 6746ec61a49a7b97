r"""The softmax readout of many patterns on NumPy arrays, by compiled kernels: what a dense memory spends its time on.

    h = X Q  or  −½ ‖x − ξ‖²,     m = max h,     mass = Σ exp β(h − m),     pull = Σ exp β(h − m) ξ

Patterns come in blocks, cut at places that know nothing of threads; each block is read by one thread, tile by tile, and
the sums are joined in block order. Scores never exist for more than a tile. Few cues stream, many go by panels. Squared
distances are sums of squared differences, so no digits are lost far from the origin. `Landscape.read` is the slow twin.

A tile is left out for a cue if its best score lies so far below the best so far that exp β(h − m) < ε²/K, ε the
rounding of the dtype: all that is left out weighs less than ε² of the mass.

Shapes: state (B, N); blocks of rows (k, N), K in all; pull (B, N); peak (B,); mass (B,), in the reading (B, 1).
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from mnemonist.core.separation import Reading, Summary
from mnemonist.patterns.available import kernels_run
from mnemonist.patterns.threads import share

Floats = np.ndarray[Any, Any]

_WORTH_IT = 2**22  # products of which a call is worth the kernels
_BLOCK = 2**20  # products in a block of patterns, at least
_TASKS = 64
_TOGETHER = 256  # cues that read a tile together while it is in cache
_FEW = 16  # cues that stream
_REGISTERS = 4  # that the rows of streaming cues are filled up to


def serves(state: Any, rows: Any, count: int, beta: Any) -> bool:
    """Say whether the kernels can read `count` patterns like these rows (…, N), and are worth it."""
    plain = type(state) is type(rows) is np.ndarray and rows.flags.c_contiguous and state.dtype == rows.dtype
    if not plain or state.dtype not in (np.float32, np.float64) or not isinstance(beta, (int, float, np.number)):
        return False
    return state.size * count >= _WORTH_IT and kernels_run()


def blocks_of(rows: Floats, cues: int) -> list[Floats]:
    """Return rows (K, N) in blocks, as many as are worth a thread's while with so many cues."""
    count = min(max(1, cues * rows.size // _BLOCK), max(1, _TASKS // _parts(cues)), len(rows))
    cuts = [len(rows) * i // count for i in range(count + 1)]
    rows = rows.view()
    rows.flags.writeable = False  # as those in files are, so that one kernel serves both
    return [rows[start:end] for start, end in pairwise(cuts)]


def softmax_readout(
    state: Floats, blocks: Sequence[Floats], count: int, beta: float, *, euclidean: bool = False
) -> Reading:
    """Return the reading of `count` patterns in blocks by dot products, or by −½ of the squared distances.

    A block is asked for by the thread that reads it, which has done with it before it asks for the next.
    """
    read, join_all, cues = _prepared(state)
    parts, step = _parts(len(state)), _TOGETHER // cues.shape[2] if cues.ndim == 3 else len(cues)
    sums = _empty(len(blocks), cues)
    reach = math.log(count) - 2 * math.log(np.finfo(state.dtype).eps)
    sharpness = (state.dtype.type(beta), state.dtype.type(reach))

    def work(task: int) -> None:
        block, part = task // parts, slice(task % parts * step, (task % parts + 1) * step)
        read(blocks[block], cues[part], sharpness, euclidean, tuple(array[block, part] for array in sums))

    share(work, len(blocks) * parts)
    share(lambda panel: join_all(*(array[:, panel] for array in sums), sharpness[0]), len(cues))
    peak, mass = (array[0].reshape(-1)[: len(state)] for array in sums[:2])
    pull = sums[2][0].swapaxes(1, 2).reshape(-1, sums[2].shape[2])[: len(state), : state.shape[1]]
    return Reading(Summary(peak, mass), pull, mass[:, None])


def _parts(cues: int) -> int:
    """Return in how many parts so many cues read a block."""
    return -(-cues // _TOGETHER)


def _prepared(state: Floats) -> tuple[Any, Any, Floats]:
    """Return the kernels that read states (B, N) and join sums, and the states as these take them."""
    stream, panels, join_all, lanes = _kernels()
    if len(state) > _FEW:
        return panels, join_all, _panels(state, 2 * lanes(state.itemsize))
    return stream, join_all, filled_up(state, lanes(state.itemsize))


def filled_up(state: Floats, lanes: int) -> Floats:
    """Return states (B, N) with zeros behind, up to whole blocks of registers of so many lanes."""
    width = _REGISTERS * lanes
    filled = np.zeros((len(state), -(-state.shape[1] // width) * width), state.dtype)
    filled[:, : state.shape[1]] = state
    return filled


def _empty(blocks: int, cues: Floats) -> tuple[Floats, Floats, Floats]:
    """Return places for the peaks, masses and pulls of each block."""
    lanes, width = (cues.shape[2], cues.shape[1]) if cues.ndim == 3 else (1, cues.shape[1])
    peak, mass = (np.empty((blocks, len(cues), lanes), cues.dtype) for _ in range(2))
    return peak, mass, np.empty((blocks, len(cues), width, lanes), cues.dtype)


def _panels(state: Floats, lanes: int) -> Floats:
    """Return states (B, N) as panels (P, N, L), the last one filled up with zeros."""
    count = -(-len(state) // lanes)
    padded = np.zeros((count * lanes, state.shape[1]), state.dtype)
    padded[: len(state)] = state
    return np.ascontiguousarray(padded.reshape(count, lanes, -1).transpose(0, 2, 1))


@cache
def _kernels() -> Any:
    """Return the compiled kernels."""
    from mnemonist.patterns.online import join_all
    from mnemonist.patterns.panels import read_panels
    from mnemonist.patterns.streaming import read_streaming
    from mnemonist.patterns.vectors import lanes

    return read_streaming, read_panels, join_all, lanes
