r"""A survey of patterns by some cues: the softmax sums, the best scores and the nearest pattern, in one pass.

    m = max h,    mass = Σ exp β(h − m),    the T largest h and where they stand,    argmin ‖x − ξ‖²

and, where it is asked for, the readout besides. A tile of rows that fits in the first cache is scored by all cues, and
looked through only where its best would change anything. Of equal scores the first stays ahead; a pattern is nearer
only if −½ ‖x − ξ‖² is greater by more than 64 ε of itself. Under dot products, x·ξ − ½‖ξ‖² − ½‖x‖² is that within
4 N ε (½‖ξ‖² + ½‖x‖²): squares of differences, which keep their digits, are summed only of tiles that come so close.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass, close, nearest, bound (B,); pull
(B, W), or None; top, places (B, T). Scratch: ½‖x‖² of the cues (B,), a tile (k, W) of zeros, scores (B, k or more), the
highest of them (B,); ‖ξ‖² and, of one cue, −½ ‖x − ξ‖² (1, k or more), the greatest of these (1,).
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import row_products_and_sizes
from mnemonist.kernels.streaming import accumulate, filled, score, set_maxima
from mnemonist.kernels.vectors import highest_less


@compiled
def survey_streaming(block: Any, cues: Any, numbers: Any, squares: Any, found: Any, scratch: Any) -> None:
    """Take a block (rows, where its places start) up in what is found: (peak, mass, pull), then the best of all kinds.

    `numbers` are the sharpness, (β, the reach: what is further below weighs 0), and by what share of itself closeness
    is rounded, and may be in doubt. Scores are products where `squares` is None, else −½ of squared distances; what is
    None, a pull too, the compiler leaves out. The best of all kinds are top, places, close, nearest and the bound: no
    score below that is among the best, because enough reach it in some block.
    """
    (sharpness, rounding, doubt), (own, longer, h, highest, sizes, near, greatest) = numbers, scratch
    ((peak, mass, pull), (top, places, close, nearest, bound)), (rows, start) = found, block
    for first in range(0, len(rows), len(longer)):
        tile = filled(rows[first : first + len(longer)], longer)
        if squares is None:
            row_products_and_sizes(h, tile, cues, sizes)
        else:
            score(tile, cues, squares, None, h)
        set_maxima(tile, h, highest)
        for cue in range(len(cues)):
            if squares is not None:
                _approach(h[cue], highest[cue], start + first, rounding, (close, nearest, cue))
            elif not highest_less(h, cue, sizes, (1 - doubt) / 2) < close[cue] + own[cue] * (1 - doubt):
                score(tile, cues[cue : cue + 1], True, None, near)
                set_maxima(tile, near, greatest)
                _approach(near[0], greatest[0], start + first, rounding, (close, nearest, cue))
            if highest[cue] > top[cue, -1] and highest[cue] >= bound[cue]:
                _insert(h, cue, len(tile), start + first, top, places)
        accumulate(tile, (h, highest), sharpness, peak, mass, pull)
    for cue in range(len(cues)):
        bound[cue] = max(bound[cue], top[cue, -1])


@part
def _approach(near: Any, best: Any, first: Any, rounding: Any, found: Any) -> None:
    """Take up the first of a tile's nearest, the best of near (k,), if that is nearer than what was found for a cue."""
    close, nearest, cue = found
    if best > close[cue] + rounding * abs(close[cue]) or close[cue] == -np.inf < best:
        t = 0
        while near[t] < best - rounding * abs(best):
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
