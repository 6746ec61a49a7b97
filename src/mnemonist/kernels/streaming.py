r"""Softmax readout for a few cues: each pattern is fetched once, for its score and for the readout.

A tile of rows that fits in the first cache is scored, a few rows and cues at a time, weighed, and read out: with a
single cue the time is that of reading the patterns. Lanes run along the neurons. Where those do not fill the registers,
a tile is first copied to rows that are longer, with zeros.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass (B,); pull (B, W); scratch (tile
(T, W) of zeros behind N, scores (B, T or more)).
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled, part
from mnemonist.kernels.products import add_rows, row_products, row_squares
from mnemonist.kernels.vectors import highest_in, weigh_row, weight


@compiled
def read_streaming(rows: Any, cues: Any, sharpness: Any, squares: Any, sums: Any, scratch: Any) -> None:
    """Add these rows to the sums of each cue; `sharpness` is (β, the reach: what is further below weighs 0).

    Scores are products, or with `squares` −½ of squared distances. If it is None the compiler leaves those out.
    """
    (peak, mass, pull), (longer, scores) = sums, scratch
    beta, reach = sharpness
    for first in range(0, len(rows), len(longer)):
        tile, some = filled(rows[first : first + len(longer)], longer), False
        score(tile, cues, squares, scores)
        for cue in range(len(cues)):
            highest = highest_in(scores, cue)
            some |= not beta * (highest - peak[cue]) < -reach
            if highest > peak[cue]:
                factor = weight(peak[cue], highest, beta, reach)
                peak[cue] = highest
                mass[cue] *= factor
                for i in range(pull.shape[1]):
                    pull[cue, i] *= factor
            mass[cue] += weigh_row(scores, cue, peak[cue], beta, reach)
        if some:
            add_rows(pull, scores[:, : len(tile)], tile)


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
def score(tile: Any, cues: Any, squares: Any, scores: Any) -> None:
    """Set scores (B, T) to the products of rows and cues, or to −½ of their squared distances; −∞ behind the last."""
    if squares is None:
        row_products(scores, tile, cues)
    else:
        row_squares(scores, tile, cues)
        for cue in range(len(scores)):
            for t in range(len(tile)):
                scores[cue, t] *= scores.dtype.type(-0.5)
    for cue in range(len(scores)):
        for t in range(len(tile), scores.shape[1]):
            scores[cue, t] = -np.inf
