r"""Softmax readout for many cues: both halves are one matrix product, held in registers.

    S = X Qᵀ,     P = exp β(S − m),     Oᵀ += Xᵀ P

A panel of L cues stands side by side, so that maximum, exponential and sum run down its columns; sums are in the scale
of the largest score m so far, and are lifted to that of a larger one. Patterns are read where they lie, a tile of them
by all panels while it is in cache, and the next is fetched while it is scored. Those of a shorter dtype than the cues
are first converted, a tile at a time.

Shapes: rows (K, N); cues (P, N, L); peak, mass (P, L); pull (P, N, L); scratch (a tile (T, N) for rows to be converted,
or None, scores (T, L), highest (L,)).
"""

from typing import Any

from numba import types
from numba.extending import overload

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import add_products, add_scores, add_squares
from mnemonist.kernels.vectors import highest_of, weigh, weight

_DEPTH = 256  # numbers of a cue that meet a tile together: a panel of them fits in the first cache


@compiled
def read_panels(rows: Any, cues: Any, scoring: Any, sums: Any, scratch: Any) -> None:
    """Add these rows to the sums of each cue, by a scoring as in `streaming`, with `cue_mask` (P, N, L)."""
    (sharpness, squares, cue_mask), (peaks, masses, pulls), (converted, scores, highest) = scoring, sums, scratch
    for first in range(0, len(rows), len(scores)):
        tile = _converted(rows[first : first + len(scores)], converted)
        h = scores[: len(tile)]
        for panel in range(len(cues)):
            peak, mass, pull = peaks[panel], masses[panel], pulls[panel]
            _score(tile, cues, panel, squares, cue_mask, h)
            highest_of(h, highest)
            if _lift(peak, mass, pull, highest, sharpness):
                weigh(h, peak, sharpness[0], sharpness[1], mass)
                add_products(pull, tile.T, h)


def _converted(tile: Any, room: Any) -> Any:
    """Return a tile; where there is a room for it, converted to the dtype of that."""


@overload(_converted, strict=False)
def _converted_to(tile: Any, room: Any) -> Any:
    """Choose by the type of the room, because what is returned is of one type or the other."""
    return _same if room == types.none else _copied


def _same(tile: Any, room: Any) -> Any:
    """Return a tile as it is."""
    return tile


def _copied(tile: Any, room: Any) -> Any:
    """Return a copy of a tile in a room for it."""
    for t in range(len(tile)):
        for i in range(tile.shape[1]):
            room[t, i] = tile[t, i]
    return room[: len(tile)]


@part
def _score(tile: Any, cues: Any, panel: Any, squares: Any, cue_mask: Any, h: Any) -> None:
    """Set h (k, L) to the products of rows and the cues of a panel, or to −½ of their squared distances."""
    for t in range(len(h)):
        for lane in range(h.shape[1]):
            h[t, lane] = 0
    for k in range(0, tile.shape[1], _DEPTH):
        numbers, cue = tile[:, k : k + _DEPTH], cues[panel, k : k + _DEPTH]
        if squares is None:
            add_scores(h, numbers, cue)
        elif cue_mask is None:
            add_squares(h, numbers, cue, None)
        else:
            add_squares(h, numbers, cue, cue_mask[panel, k : k + _DEPTH])
    if squares is not None:
        for t in range(len(h)):
            for lane in range(h.shape[1]):
                h[t, lane] *= h.dtype.type(-0.5)


@part
def _lift(peak: Any, mass: Any, pull: Any, highest: Any, sharpness: Any) -> bool:
    """Raise peaks to what is higher, and carry the sums to their scale; False: no lane's highest is within reach."""
    (beta, reach), some, higher = sharpness, False, False
    for lane in range(len(peak)):
        some |= not beta * (highest[lane] - peak[lane]) < -reach
        higher |= highest[lane] > peak[lane]
    if higher:
        for lane in range(len(peak)):
            factor = peak.dtype.type(1)
            if highest[lane] > peak[lane]:
                factor = weight(peak[lane], highest[lane], beta, reach)
                peak[lane] = highest[lane]
            mass[lane] *= factor
            highest[lane] = factor
        for i in range(len(pull)):
            for lane in range(len(peak)):
                pull[i, lane] *= highest[lane]
    return some
