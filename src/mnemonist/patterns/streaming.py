r"""Softmax readout for a few cues: each pattern is fetched once, for its score and for the readout.

A tile of rows that fits in the first cache is scored, a few rows and cues at a time, weighed, and read out: with a
single cue the time is that of reading the patterns. Lanes run along the neurons. Where those do not fill the registers,
a tile is first copied to rows that are longer, with zeros.

Shapes: rows (K, N); cues (B, W), W ≥ N whole registers, zeros behind N; peak, mass (B, 1); pull (B, W, 1).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.online import RUN, clear, join_each, lift
from mnemonist.patterns.products import FEW, add_rows, row_products, row_squares
from mnemonist.patterns.vectors import highest_in, register_lanes, weigh_row

_NUMBERS = 2**13  # in a tile
_LARGEST = 128  # rows of one


@compiled
def read_streaming(rows: Any, cues: Any, sharpness: Any, euclidean: Any, sums: Any) -> None:
    """Set the sums over these rows for each cue; `sharpness` is (β, the reach: what is further below is left out)."""
    peak, mass, pull = sums
    run_peak, run_mass, run_pull = np.empty_like(peak), np.empty_like(mass), np.empty_like(pull)
    size, lanes = tile_rows(cues), register_lanes(rows)
    scratch = np.zeros((size, cues.shape[1]), rows.dtype)
    scores = np.empty((len(cues), -(-size // lanes) * lanes), rows.dtype)
    clear(peak, mass, pull)
    for start in range(0, len(rows), RUN * size):
        clear(run_peak, run_mass, run_pull)
        for first in range(start, min(start + RUN * size, len(rows)), size):
            tile = filled(rows[first : first + size], scratch)
            _score(tile, cues, euclidean, scores)
            if _weigh(scores, sharpness, run_peak, run_mass, run_pull):
                add_rows(run_pull[:, :, 0], scores[:, : len(tile)], tile)
        join_each(peak, mass, pull, (run_peak, run_mass, run_pull), sharpness[0])


@compiled
def tile_rows(cues: Any) -> Any:
    """Return how many rows make a tile: whole blocks of products."""
    return min(_LARGEST, max(FEW, _NUMBERS // cues.shape[1] // FEW * FEW))


@compiled
def filled(tile: Any, scratch: Any) -> Any:
    """Return a tile whose rows fill their registers."""
    if tile.shape[1] == scratch.shape[1]:
        return tile
    for t in range(len(tile)):
        for i in range(tile.shape[1]):
            scratch[t, i] = tile[t, i]
    return scratch[: len(tile)]


@compiled
def _score(tile: Any, cues: Any, euclidean: Any, scores: Any) -> None:
    """Set scores (B, T) to the products of rows and cues, or to −½ of their squared distances; −∞ behind the last."""
    if euclidean:
        row_squares(scores, tile, cues)
        scores *= scores.dtype.type(-0.5)
    else:
        row_products(scores, tile, cues)
    scores[:, len(tile) :] = -np.inf


@compiled
def _weigh(scores: Any, sharpness: Any, peak: Any, mass: Any, pull: Any) -> bool:
    """Turn the scores (B, T) of a tile into weights, in the scale of peaks that they may raise; False: none matters."""
    (beta, reach), some = sharpness, False
    for cue in range(len(scores)):
        top = highest_in(scores, cue)
        some |= not beta * (top - peak[cue, 0]) < -reach
        if top > peak[cue, 0]:
            lift(peak[cue], mass[cue], pull[cue], np.full(1, top, scores.dtype), beta)
        mass[cue, 0] += weigh_row(scores, cue, peak[cue, 0], beta)
    return some
