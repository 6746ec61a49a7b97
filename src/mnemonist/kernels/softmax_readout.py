r"""The softmax readout of many patterns on NumPy arrays, by compiled kernels: what a dense memory spends its time on.

    h = X Q  or  −½ ‖x − ξ‖²,     m = max h,     mass = Σ exp β(h − m),     pull = Σ exp β(h − m) ξ

Patterns come in blocks, cut at places that know nothing of threads; each block is read by one thread, tile by tile, and
the sums of all are merged. Scores never exist for more than a tile. Few cues stream, many go by panels. Squared
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

from mnemonist.core.separation import Readout, Summary
from mnemonist.kernels.available import kernels_run
from mnemonist.kernels.online_softmax import Floats, Sums, empty, merged, sharpness_of
from mnemonist.kernels.threads import share

_WORTH_IT = 2**22  # products of which a call is worth the kernels
_BLOCK = 2**20  # products in a block of patterns, at least
_TASKS = 64
_CHAIN = 128  # tiles in a block, at most: they are added up one by one
_TOGETHER = 256  # cues that read a tile together while it is in cache
_ROUND = 4 * _TOGETHER  # cues that have their sums kept at one time
_MOST_FEW = 12  # cues that stream, at most
_DTYPES = [(np.dtype(state), np.dtype(rows)) for state, rows in (("f4", "f4"), ("f8", "f8"), ("f8", "f4"))]


def serves(state: Any, rows: Any, count: int, beta: Any) -> bool:
    """Say whether the kernels can read `count` patterns like these rows (…, N), and are worth it.

    Both are float32, or the state is float64 and the rows are either: float32 is converted as it is read.
    """
    if not (type(state) is type(rows) is np.ndarray and rows.flags.c_contiguous):
        return False
    if (state.dtype, rows.dtype) not in _DTYPES or not isinstance(beta, (int, float, np.number)):
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
    state: Floats,
    blocks: Sequence[Floats],
    count: int,
    beta: float,
    *,
    euclidean: bool = False,
    cue_mask: Floats | None = None,
) -> Readout:
    """Return the reading of `count` patterns in blocks by dot products, or by −½ of the squared distances.

    Scores count only the coordinates in `cue_mask` (B, N), a mask, where one is given. A block is asked for by the
    thread that reads it, which has done with it before it asks for the next.
    """
    if cue_mask is not None:
        state = np.where(cue_mask, state, state.dtype.type(0))
    masks = cue_mask if euclidean else None  # what is 0 adds nothing to a product
    sharpness, read = sharpness_of(beta, count, state.dtype), _stream if streams(state) else _by_panels
    readouts = []
    for start in range(0, len(state), _ROUND):
        part = slice(start, start + _ROUND)
        scoring = sharpness, euclidean or None, None if masks is None else masks[part]
        readouts.append(read(state[part], blocks, scoring))
    return readouts[0] if len(readouts) == 1 else _stacked(readouts)


def _stacked(readouts: Sequence[Readout]) -> Readout:
    """Return the reading of all cues from those of some after the other."""
    peak, mass = (np.concatenate([readout.summary[i] for readout in readouts]) for i in range(2))
    return Readout(Summary(peak, mass), np.concatenate([readout.pull for readout in readouts]), mass[:, None])


def streams(state: Floats) -> bool:
    """Say whether states are few, so that patterns are read by them at the pace of memory.

    They are up to as many as a register has lanes, fewer where it has many: some may be idle.
    """
    return len(state) <= _few(state)


def _few(like: Floats) -> int:
    return min(_MOST_FEW, int(_kernels().lanes(like.itemsize)))


# --- a few cues --------------------------------------------------------------------------------------------------

_REGISTERS = 4  # that the rows of cues are filled up to
_NUMBERS, _LONGEST = 2**13, 128  # numbers, and rows, in a tile


def _stream(state: Floats, blocks: Sequence[Floats], scoring: tuple[Any, ...]) -> Readout:
    """Return the reading of states (B, N) by a scoring: see `streaming`."""
    kernel, cues, (sharpness, squares, cue_mask) = _kernels().stream, filled_up(state), scoring
    scoring = sharpness, squares, None if cue_mask is None else filled_up(cue_mask.astype(state.dtype))
    sums = empty(len(blocks), cues[:, :, None], mass=float)

    def work(block: int) -> None:
        mine, rows = tuple(array[block, ..., 0] for array in sums), blocks[block]
        kernel(rows, cues, scoring, mine, room(cues, rows))

    share(work, len(blocks))
    return readout_of(sums, sharpness, state)


def readout_of(sums: Sums, sharpness: tuple[Any, Any], state: Floats) -> Readout:
    """Return the reading of sums of blocks by cues, (blocks, B, 1), (blocks, B, 1) and (blocks, B, W, 1)."""
    peak, mass, pull = merged(sums, sharpness)
    mass = mass.astype(state.dtype)
    return Readout(Summary(peak[:, 0], mass[:, 0]), pull[:, : state.shape[1], 0], mass)


def filled_up(state: Floats) -> Floats:
    """Return states (B, N) with zeros behind, up to whole blocks of registers."""
    width = _REGISTERS * _kernels().lanes(state.itemsize)
    filled = np.zeros((len(state), -(-state.shape[1] // width) * width), state.dtype)
    filled[:, : state.shape[1]] = state
    return filled


def room(cues: Floats, rows: Floats) -> tuple[Floats, Floats, Floats]:
    """Return what `streaming` writes on: a tile of zeros for rows, scores by cues (B, W) in whole registers, maxima."""
    size, lanes = tile_rows(cues.shape[1]), _kernels().lanes(cues.itemsize)
    scores = np.empty((len(cues), -(-size // lanes) * lanes), cues.dtype)
    return np.zeros((size, cues.shape[1]), rows.dtype), scores, np.empty(len(cues), cues.dtype)


def tile_rows(width: int) -> int:
    """Return how many rows of such a width make a tile: whole blocks of products."""
    return min(_LONGEST, max(4, _NUMBERS // width // 4 * 4))


# --- many cues ---------------------------------------------------------------------------------------------------

_PANEL_NUMBERS, _BLOCK_ROWS, _MOST_ROWS = 3 * 2**14, 48, 192


def _by_panels(state: Floats, blocks: Sequence[Floats], scoring: tuple[Any, ...]) -> Readout:
    """Return the reading of states (B, N) by a scoring: see `streaming`."""
    kernel, cues, (sharpness, squares, cue_mask) = _kernels().panels, _panels(state), scoring
    masks = None if cue_mask is None else _panels(cue_mask.astype(state.dtype))
    sums, lanes = empty(len(blocks), cues), cues.shape[2]
    parts = [slice(start, start + _TOGETHER // lanes) for start in range(0, len(cues), _TOGETHER // lanes)]

    def work(task: int) -> None:
        block, part = task // len(parts), parts[task % len(parts)]
        mine, rows = tuple(array[block, part] for array in sums), blocks[block]
        compared = sharpness, squares, None if masks is None else masks[part]
        kernel(rows, cues[part], compared, mine, _panel_room(cues, rows))

    share(work, len(blocks) * len(parts))
    peak, mass, pull = merged(sums, sharpness)
    peak, mass = (array.reshape(-1)[: len(state)] for array in (peak, mass))
    pull = pull.swapaxes(1, 2).reshape(-1, state.shape[1])[: len(state)]
    return Readout(Summary(peak, mass), pull, mass[:, None])


def _panel_room(cues: Floats, rows: Floats) -> tuple[Floats | None, Floats, Floats]:
    """Return room for a tile of rows (k, N), if they are to be converted, its scores by a panel, and the highest."""
    size, (_, width, lanes) = _panel_rows(cues.shape[1]), cues.shape
    tile = None if rows.dtype == cues.dtype else np.empty((size, width), cues.dtype)
    return tile, np.empty((size, lanes), cues.dtype), np.empty(lanes, cues.dtype)


def _panels(state: Floats) -> Floats:
    """Return states (B, N) as panels (P, N, L) of one register or two, the last one filled up with the last state."""
    register = _kernels().lanes(state.itemsize)
    lanes = register if len(state) <= register else 2 * register
    count = -(-len(state) // lanes)
    padded = state[np.minimum(np.arange(count * lanes), len(state) - 1)]
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
