r"""Softmax readout for a few cues: each pattern is fetched once, for its score and for the readout.

A tile of rows that fits in the first cache is scored, a few rows and cues at a time, weighed, and read out: with a
single cue the time is that of reading the patterns. Lanes run along the neurons. Where those do not fill the registers,
a tile is first copied to rows that are longer, with zeros. Rows may be float32 where all else is float64.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass (B,); pull (B, W); scratch (tile
(T, W) of zeros behind N, scores (B, T or more), the highest of them (B,)).
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import add_rows, row_products, row_squares
from mnemonist.kernels.vectors import highest_in, weigh_row, weight


@compiled
def read_streaming(rows: Any, cues: Any, scoring: Any, sums: Any, scratch: Any) -> None:
    """Add these rows to the sums of each cue, by a scoring: (sharpness, squares, compare).

    The sharpness is (β, the reach: what is further below weighs 0). Scores are products where `squares` is None, else
    −½ of squared distances: over all coordinates, or where `cue_mask` (B, W) is 1. What is None is compiled out.
    """
    (sharpness, squares, cue_mask), (peak, mass, pull), (longer, h, highest) = scoring, sums, scratch
    for first in range(0, len(rows), len(longer)):
        tile = filled(rows[first : first + len(longer)], longer)
        score(tile, cues, squares, cue_mask, h)
        set_maxima(tile, h, highest)
        accumulate(tile, (h, highest), sharpness, peak, mass, pull)


@part
def filled(tile: Any, longer: Any) -> Any:
    """Return a tile whose rows fill their registers."""
    if tile.shape[1] == longer.shape[1]:
        return tile
    for t in range(len(tile)):
        for i in range(tile.shape[1]):
            longer[t, i] = tile[t, i]
    return longer[: len(tile)]


@part
def score(tile: Any, cues: Any, squares: Any, cue_mask: Any, h: Any) -> None:
    """Set h (B, T) to the products of rows and cues, or to −½ of their squared distances."""
    if squares is None:
        row_products(h, tile, cues)
    else:
        row_squares(h, tile, cues, cue_mask)
        for cue in range(len(h)):
            for t in range(len(tile)):
                h[cue, t] *= h.dtype.type(-0.5)


@part
def set_maxima(tile: Any, h: Any, highest: Any) -> None:
    """Set scores h (B, T) behind those of a tile to −∞, and highest (B,) to their maxima."""
    for cue in range(len(h)):
        for t in range(len(tile), h.shape[1]):
            h[cue, t] = -np.inf
        highest[cue] = highest_in(h, cue)


@part
def accumulate(tile: Any, scored: Any, sharpness: Any, peak: Any, mass: Any, pull: Any) -> None:
    """Add a tile to the sums of each cue; `scored` are its scores, which become weights, and the highest of each cue.

    A pull that is None the compiler leaves out.
    """
    (beta, reach), (h, highest), some = sharpness, scored, False
    for cue in range(len(peak)):
        some |= not beta * (highest[cue] - peak[cue]) < -reach
        if highest[cue] > peak[cue]:
            factor = weight(peak[cue], highest[cue], beta, reach)
            peak[cue] = highest[cue]
            mass[cue] *= factor
            if pull is not None:
                for i in range(pull.shape[1]):
                    pull[cue, i] *= factor
        mass[cue] += weigh_row(h, cue, peak[cue], beta, reach)
    if pull is not None and some:
        add_rows(pull, h[:, : len(tile)], tile)
