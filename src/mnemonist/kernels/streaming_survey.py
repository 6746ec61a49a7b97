r"""A look at patterns by some cues: the softmax sums, the best scores and the nearest pattern, in one pass.

    m = max h,    mass = Σ exp β(h − m),    the T largest h and where they stand,    argmin ‖x − ξ‖²

A tile of rows that fits in the first cache is scored by all cues, and looked through only where its best would change
anything. Of equal scores the first stays ahead; a pattern is nearer only if −½ ‖x − ξ‖² is greater by more than 64 ε of
itself. Under dot products, x·ξ − ½‖ξ‖² − ½‖x‖² is that within 4 N ε (½‖ξ‖² + ½‖x‖²): squares of differences, which keep
their digits, are summed only of tiles that come so close.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass, close, nearest (B,); top, places
(B, T). Scratch: ½‖x‖² of the cues (B,), a tile (k, W) and a cue (1, W) of zeros, scores (B, k or more), and of one cue
(1, k or more) ‖ξ‖² and −½ ‖x − ξ‖².
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import row_squares
from mnemonist.kernels.streaming import filled, score
from mnemonist.kernels.vectors import highest_in, weigh_row, weight


@compiled
def look_through(block: Any, cues: Any, numbers: Any, squares: Any, found: Any, scratch: Any) -> None:
    """Take a block (rows, where its places start) up in what is found: peak, mass, top, places, close, nearest.

    `numbers` are β, the reach (what is further below weighs 0), and by what share of itself closeness is rounded, and
    may be in doubt. Scores are products, or with `squares` −½ of squared distances. If it is None the compiler leaves
    those out.
    """
    (beta, reach, rounding, doubt), (own, longer, zero, h, sizes, near) = numbers, scratch
    (peak, mass, top, places, close, nearest), (rows, start) = found, block
    for first in range(0, len(rows), len(longer)):
        tile = filled(rows[first : first + len(longer)], longer)
        score(tile, cues, squares, h)
        if squares is None:
            row_squares(sizes, tile, zero)
        for cue in range(len(cues)):
            if squares is not None:
                _approach(h, cue, start + first, rounding, (close, nearest, cue))
            elif _may_be_near(h, cue, near, sizes, close[cue] + own[cue] * (1 - doubt), (1 - doubt) / 2):
                score(tile, cues[cue : cue + 1], True, near)
                _approach(near, 0, start + first, rounding, (close, nearest, cue))
            best = highest_in(h, cue)
            if best > top[cue, -1]:
                _insert(h, cue, len(tile), start + first, top, places)
            if best > peak[cue]:
                mass[cue] *= weight(peak[cue], best, beta, reach)
                peak[cue] = best
            mass[cue] += weigh_row(h, cue, peak[cue], beta, reach)


@part
def _may_be_near(h: Any, cue: Any, near: Any, sizes: Any, bound: Any, least: Any) -> bool:
    """Say whether a score, less at `least` so much of its pattern's size, comes up to a bound."""
    for t in range(near.shape[1]):
        near[0, t] = h[cue, t] - sizes[0, t] * least
    return not highest_in(near, 0) < bound


@part
def _approach(near: Any, row: Any, first: Any, rounding: Any, found: Any) -> None:
    """Take up the first of a tile's nearest, a row of near, if that is nearer than what was found for a cue."""
    (close, nearest, cue), best = found, highest_in(near, row)
    if best > close[cue] + rounding * abs(close[cue]) or close[cue] == -np.inf < best:
        t = 0
        while near[row, t] < best - rounding * abs(best):
            t += 1
        close[cue], nearest[cue] = best, first + t


@part
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
