r"""Softmax readout for many cues: both halves are one matrix product, held in registers.

    S = X Qᵀ,     P = exp β(S − m),     Oᵀ += Xᵀ P

A panel of L cues stands side by side, so that maximum, exponential and sum run down its columns; sums are in the scale
of the largest score m so far, and are lifted to that of a larger one. Patterns are read where they lie, a tile of them
by all panels while it is in cache, and the next is fetched while it is scored.

Shapes: rows (K, N); cues (P, N, L); peak, mass (P, L); pull (P, N, L); scratch (scores (T, L), highest (L,)).
"""

from typing import Any

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import add_products, add_scores, add_squares
from mnemonist.kernels.vectors import highest_of, weigh, weight

_DEPTH = 256  # numbers of a cue that meet a tile together: a panel of them fits in the first cache


@compiled
def read_panels(rows: Any, cues: Any, sharpness: Any, squares: Any, sums: Any, scratch: Any) -> None:
    """Add these rows to the sums of each cue; `sharpness` is (β, the reach: what is further below weighs 0).

    Scores are products, or with `squares` −½ of squared distances. If it is None the compiler leaves those out.
    """
    peaks, masses, pulls = sums
    scores, highest = scratch
    for first in range(0, len(rows), len(scores)):
        tile = rows[first : first + len(scores)]
        h = scores[: len(tile)]
        for panel in range(len(cues)):
            peak, mass, pull = peaks[panel], masses[panel], pulls[panel]
            _score(tile, cues[panel], squares, h)
            highest_of(h, highest)
            if _lift(peak, mass, pull, highest, sharpness):
                weigh(h, peak, sharpness[0], sharpness[1], mass)
                add_products(pull, tile.T, h)


@part
def _score(tile: Any, cues: Any, squares: Any, h: Any) -> None:
    """Set h (k, L) to the products of rows and cues, or to −½ of their squared distances."""
    for t in range(len(h)):
        for lane in range(h.shape[1]):
            h[t, lane] = 0
    for k in range(0, len(cues), _DEPTH):
        if squares is None:
            add_scores(h, tile[:, k : k + _DEPTH], cues[k : k + _DEPTH])
        else:
            add_squares(h, tile[:, k : k + _DEPTH], cues[k : k + _DEPTH])
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
