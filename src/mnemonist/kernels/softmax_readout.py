r"""The softmax readout of many patterns on NumPy arrays, by compiled kernels: what a dense memory spends its time on.

    h = X Q  or  −½ ‖x − ξ‖²,     m = max h,     mass = Σ exp β(h − m),     pull = Σ exp β(h − m) ξ

Patterns come in blocks, cut at places that know nothing of threads; each block is read by one thread, tile by tile, and
the sums of all are joined. Scores never exist for more than a tile. Few cues stream, many go by panels. Squared
distances are sums of squared differences, so no digits are lost far from the origin. `Landscape.read` is the slow twin.

A pattern is left out for a cue if its score lies so far below the best so far that exp β(h − m) < ε²/K, ε the rounding
of the dtype: all that is left out weighs less than ε² of the mass. A tile is left out if no cue needs it.

Shapes: state (B, N); blocks of rows (k, N), K in all; pull (B, N); peak (B,); mass (B,), in the reading (B, 1).
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from mnemonist.core.separation import Reading, Summary
from mnemonist.kernels.available import kernels_run
from mnemonist.kernels.online_softmax import Floats, Sums, joined, nothing, sharpness_of
from mnemonist.kernels.threads import share

_WORTH_IT = 2**22  # products of which a call is worth the kernels
_BLOCK = 2**20  # products in a block of patterns, at least
_TASKS = 64
_CHAIN = 128  # tiles in a block, at most: they are added up one by one
_TOGETHER = 256  # cues that read a tile together while it is in cache
_ROUND = 4 * _TOGETHER  # cues that have their sums kept at one time
_MOST_FEW = 12  # cues that stream, at most


def serves(state: Any, rows: Any, count: int, beta: Any) -> bool:
    """Say whether the kernels can read `count` patterns like these rows (…, N), and are worth it."""
    plain = type(state) is type(rows) is np.ndarray and rows.flags.c_contiguous and state.dtype == rows.dtype
    if not plain or state.dtype not in (np.float32, np.float64) or not isinstance(beta, (int, float, np.number)):
        return False
    return state.size * count >= _WORTH_IT and kernels_run()


def blocks_of(rows: Floats, cues: int) -> list[Floats]:
    """Return rows (K, N) in blocks, as many as are worth a thread's while with so many cues."""
    cues = min(cues, _ROUND)
    worth = min(_TASKS * _TOGETHER // max(cues, _TOGETHER), cues * rows.size // _BLOCK)
    tile = tile_rows(rows.shape[1]) if cues <= _few(rows) else _panel_rows(rows.shape[1])
    tiles = -(-len(rows) // tile)
    count = min(max(1, worth, -(-tiles // _CHAIN)), tiles)
    cuts = [min(tiles * i // count * tile, len(rows)) for i in range(count + 1)]
    rows = rows.view()
    rows.flags.writeable = False  # as those in files are, so that one kernel serves both
    return [rows[start:end] for start, end in pairwise(cuts)]


def softmax_readout(
    state: Floats, blocks: Sequence[Floats], count: int, beta: float, *, euclidean: bool = False
) -> Reading:
    """Return the reading of `count` patterns in blocks by dot products, or by −½ of the squared distances.

    A block is asked for by the thread that reads it, which has done with it before it asks for the next.
    """
    sharpness = sharpness_of(beta, count, state.dtype)
    read = _stream if len(state) <= _few(state) else _by_panels
    rounds = [state[start : start + _ROUND] for start in range(0, len(state), _ROUND)]
    sums = [read(cues, blocks, sharpness, euclidean or None) for cues in rounds]
    peak, mass, pull = (np.concatenate(of_rounds) for of_rounds in zip(*sums, strict=True))
    return Reading(Summary(peak, mass), pull, mass[:, None])


def _few(like: Floats) -> int:
    """Return how many cues stream: as many as a register has lanes, fewer where it has many: they may be idle."""
    return min(_MOST_FEW, int(_kernels().lanes(like.itemsize)))


# --- a few cues --------------------------------------------------------------------------------------------------

_REGISTERS = 4  # that the rows of cues are filled up to
_NUMBERS, _LONGEST = 2**13, 128  # numbers, and rows, in a tile


def _stream(state: Floats, blocks: Sequence[Floats], sharpness: tuple[Any, Any], squares: bool | None) -> Sums:
    """Return peak (B,), mass (B,) and pull (B, N)."""
    kernel, cues = _kernels().stream, filled_up(state)
    sums = nothing(len(blocks), cues[:, :, None])

    def work(block: int) -> None:
        mine = tuple(array[block, ..., 0] for array in sums)
        kernel(blocks[block], cues, sharpness, squares, mine, room(cues))

    share(work, len(blocks))
    peak, mass, pull = joined(sums, sharpness)
    return peak[:, 0], mass[:, 0], pull[:, : state.shape[1], 0]


def filled_up(state: Floats) -> Floats:
    """Return states (B, N) with zeros behind, up to whole blocks of registers."""
    width = _REGISTERS * _kernels().lanes(state.itemsize)
    filled = np.zeros((len(state), -(-state.shape[1] // width) * width), state.dtype)
    filled[:, : state.shape[1]] = state
    return filled


def room(cues: Floats) -> tuple[Floats, Floats]:
    """Return a tile of zeros (T, W), and room for its scores by cues (B, W), in whole registers."""
    size, lanes = tile_rows(cues.shape[1]), _kernels().lanes(cues.itemsize)
    scores = np.empty((len(cues), -(-size // lanes) * lanes), cues.dtype)
    return np.zeros((size, cues.shape[1]), cues.dtype), scores


def tile_rows(width: int) -> int:
    """Return how many rows of such a width make a tile: whole blocks of products."""
    return min(_LONGEST, max(4, _NUMBERS // width // 4 * 4))


# --- many cues ---------------------------------------------------------------------------------------------------

_PANEL_NUMBERS, _BLOCK_ROWS, _MOST_ROWS = 3 * 2**14, 48, 192


def _by_panels(state: Floats, blocks: Sequence[Floats], sharpness: tuple[Any, Any], squares: bool | None) -> Sums:
    """Return peak (B,), mass (B,) and pull (B, N)."""
    kernel, cues = _kernels().panels, _panels(state)
    sums, lanes = nothing(len(blocks), cues), cues.shape[2]
    parts = [slice(start, start + _TOGETHER // lanes) for start in range(0, len(cues), _TOGETHER // lanes)]

    def work(task: int) -> None:
        block, part = task // len(parts), parts[task % len(parts)]
        mine = tuple(array[block, part] for array in sums)
        scratch = np.empty((_panel_rows(state.shape[1]), lanes), state.dtype), np.empty(lanes, state.dtype)
        kernel(blocks[block], cues[part], sharpness, squares, mine, scratch)

    share(work, len(blocks) * len(parts))
    peak, mass, pull = joined(sums, sharpness)
    peak, mass = (array.reshape(-1)[: len(state)] for array in (peak, mass))
    return peak, mass, pull.swapaxes(1, 2).reshape(-1, state.shape[1])[: len(state)]


def _panels(state: Floats) -> Floats:
    """Return states (B, N) as panels (P, N, L) of one register or two, the last one filled up with zeros."""
    register = _kernels().lanes(state.itemsize)
    lanes = register if len(state) <= register else 2 * register
    count = -(-len(state) // lanes)
    padded = np.zeros((count * lanes, state.shape[1]), state.dtype)
    padded[: len(state)] = state
    return np.ascontiguousarray(padded.reshape(count, lanes, -1).transpose(0, 2, 1))


def _panel_rows(width: int) -> int:
    """Return how many rows of such a width make a tile: whole blocks of products."""
    return min(_MOST_ROWS, max(_BLOCK_ROWS, _PANEL_NUMBERS // width // _BLOCK_ROWS * _BLOCK_ROWS))


class _Kernels(NamedTuple):
    stream: Any
    panels: Any
    lanes: Any


@cache
def _kernels() -> _Kernels:
    """Return the compiled kernels, and what they say of registers."""
    from mnemonist.kernels.panels import read_panels
    from mnemonist.kernels.streaming import read_streaming
    from mnemonist.kernels.vectors import lanes

    return _Kernels(read_streaming, read_panels, lanes)
