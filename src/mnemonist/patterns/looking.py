r"""A look at patterns by some cues: the softmax sums, the best scores and the nearest pattern, in one pass.

    m = max h,    mass = Σ exp β(h − m),    the T largest h and where they stand,    argmin ‖x − ξ‖²

A tile of rows that fits in the first cache is scored by all cues, and looked through only where its best would change
anything. Of equal scores the first stays ahead; a pattern is nearer only if −½ ‖x − ξ‖² is greater by more than 64 ε of
itself. Under dot products, x·ξ − ½‖ξ‖² − ½‖x‖² is that within 4 N ε (½‖ξ‖² + ½‖x‖²): squares of differences, which keep
their digits, are summed only of tiles that come so close.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass, close, nearest (B,); top, places
(B, T). Places count from the first of the rows.
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled, reordered
from mnemonist.patterns.products import row_products, row_squares
from mnemonist.patterns.softmax_look import ROUNDINGS
from mnemonist.patterns.streaming import filled, tile_rows
from mnemonist.patterns.vectors import exponential, highest_in, register_lanes, weigh_row


@compiled
def look_through(rows: Any, cues: Any, beta: Any, euclidean: Any, found: Any) -> None:
    """Set what is found in these rows for each cue: peak, mass, top, places, close, nearest."""
    peak, mass, top, places, close, nearest = found
    size, lanes = tile_rows(cues), register_lanes(rows)
    scratch = np.zeros((size, cues.shape[1]), rows.dtype)
    h = np.empty((len(cues), -(-size // lanes) * lanes), rows.dtype)
    near, least, own = np.empty((1, h.shape[1]), rows.dtype), np.zeros(h.shape[1], rows.dtype), np.empty_like(peak)
    _halve_squares(cues, own)
    doubt = rows.dtype.type(4 * cues.shape[1] * np.finfo(rows.dtype).eps)
    peak[:], mass[:], top[:], places[:], close[:], nearest[:] = -np.inf, 0.0, -np.inf, 0, -np.inf, 0
    for first in range(0, len(rows), size):
        tile = filled(rows[first : first + size], scratch)
        if euclidean:
            row_squares(h, tile, cues)
            h *= h.dtype.type(-0.5)
        else:
            row_products(h, tile, cues)
            _halve_squares(tile, least)
            least *= 1 - doubt
        if len(tile) < h.shape[1]:
            h[:, len(tile) :] = -np.inf
        for cue in range(len(cues)):
            if euclidean:
                _approach(h, cue, first, close, nearest, cue)
            elif _may_be_near(h, cue, near, least, close[cue] + own[cue] - doubt * own[cue]):
                row_squares(near, tile, cues[cue : cue + 1])
                near *= near.dtype.type(-0.5)
                near[0, len(tile) :] = -np.inf
                _approach(near, 0, first, close, nearest, cue)
            best = highest_in(h, cue)
            if best > top[cue, -1]:
                _insert(h, cue, len(tile), first, top, places)
            if best > peak[cue]:
                mass[cue] *= exponential(beta * (peak[cue] - best))
                peak[cue] = best
            mass[cue] += weigh_row(h, cue, peak[cue], beta)


@reordered
def _halve_squares(rows: Any, sizes: Any) -> None:
    """Set ½‖ξ‖² (k,) of rows."""
    for t in range(len(rows)):
        total = rows.dtype.type(0)
        for i in range(rows.shape[1]):
            total += rows[t, i] * rows[t, i]
        sizes[t] = total / 2


@compiled
def _may_be_near(h: Any, cue: Any, near: Any, least: Any, bound: Any) -> bool:
    """Say whether a score of the cue, less what its pattern has at least to itself, reaches the bound."""
    for t in range(len(least)):
        near[0, t] = h[cue, t] - least[t]
    return not highest_in(near, 0) < bound


@compiled
def _approach(near: Any, row: Any, first: Any, close: Any, nearest: Any, cue: Any) -> None:
    """Take up the first of a tile's nearest, a row of near, if that is nearer than what was found."""
    best, rounding = highest_in(near, row), near.dtype.type(ROUNDINGS * np.finfo(near.dtype).eps)
    if best > close[cue] + rounding * abs(close[cue]) or close[cue] == -np.inf < best:
        t = 0
        while near[row, t] < best - rounding * abs(best):
            t += 1
        close[cue], nearest[cue] = best, first + t


@compiled
def _insert(h: Any, cue: Any, count: Any, first: Any, top: Any, places: Any) -> None:
    """Put what is larger than the least of the best where it belongs."""
    last = top.shape[1] - 1
    for t in range(count):
        if h[cue, t] > top[cue, last]:
            k = last
            while k > 0 and top[cue, k - 1] < h[cue, t]:
                top[cue, k], places[cue, k] = top[cue, k - 1], places[cue, k - 1]
                k -= 1
            top[cue, k], places[cue, k] = h[cue, t], first + t
