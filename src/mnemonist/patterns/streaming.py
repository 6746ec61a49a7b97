r"""Softmax readout for a few cues: each pattern is fetched once, for its score and for the readout.

A tile of 128 rows is scored, row after row (memory likes one stream), weighed, and read out while it is still in cache.
With a single cue the time is that of reading the patterns.

Shapes: rows (K, N); cues (B, N); peak, mass (B, 1); pull (B, N, 1).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.online import RUN, clear, join, lift
from mnemonist.patterns.vectors import (
    ROWS,
    add_product,
    add_products,
    exponential,
    four_products,
    four_squares,
    one_product,
    one_square,
    panel_lanes,
)  # fmt: skip

_TILE = 128


@compiled
def read_streaming(rows: Any, cues: Any, sharpness: Any, euclidean: Any, sums: Any) -> None:
    """Set the sums over these rows for each cue; `sharpness` is (β, the reach: what is further below is left out)."""
    peak, mass, pull = sums
    run_peak, run_mass, run_pull = np.empty_like(peak), np.empty_like(mass), np.empty_like(pull)
    h = np.empty((len(cues), _TILE), rows.dtype)
    for cue in range(len(cues)):
        clear(peak[cue], mass[cue], pull[cue])
    for start in range(0, len(rows), RUN * _TILE):
        run = rows[start : start + RUN * _TILE]
        for cue in range(len(cues)):
            clear(run_peak[cue], run_mass[cue], run_pull[cue])
        for first in range(0, len(run), _TILE):
            tile = run[first : first + _TILE]
            _score(tile, cues, euclidean, h[:, : len(tile)])
            if _weigh(h[:, : len(tile)], sharpness, run_peak, run_mass, run_pull):
                _read(tile, h[:, : len(tile)], run_pull[:, :, 0])
        for cue in range(len(cues)):
            join(peak[cue], mass[cue], pull[cue], (run_peak[cue], run_mass[cue], run_pull[cue]), sharpness[0])


@compiled
def _score(tile: Any, cues: Any, euclidean: Any, h: Any) -> None:
    """Set h (B, t) to the products of rows and cues, or to −½ of their squared distances; four cues in one pass."""
    for t in range(len(tile)):
        together = len(cues) // 4 * 4
        for cue in range(0, together, 4):
            if euclidean:
                four_squares(h[cue : cue + 4, t], tile[t], cues[cue : cue + 4])
            else:
                four_products(h[cue : cue + 4, t], tile[t], cues[cue : cue + 4])
        for cue in range(together, len(cues)):
            if euclidean:
                one_square(h[cue : cue + 1, t], tile[t], cues[cue : cue + 1])
            else:
                one_product(h[cue : cue + 1, t], tile[t], cues[cue : cue + 1])
    _finish(tile, cues, euclidean, h)


@compiled
def _finish(tile: Any, cues: Any, euclidean: Any, h: Any) -> None:
    """Add the coordinates behind the last full vector."""
    for i in range(tile.shape[1] // panel_lanes(tile) * panel_lanes(tile), tile.shape[1]):
        for cue in range(len(cues)):
            for t in range(len(tile)):
                x, y = tile[t, i], cues[cue, i]
                h[cue, t] += (x - y) * (x - y) if euclidean else x * y
    if euclidean:
        h *= h.dtype.type(-0.5)


@compiled
def _weigh(h: Any, sharpness: Any, peak: Any, mass: Any, pull: Any) -> bool:
    """Turn the scores (B, t) of a tile into weights, in the scale of peaks that they may raise; False: none matters."""
    (beta, reach), some = sharpness, False
    for cue in range(len(h)):
        top = h[cue, 0]
        for t in range(h.shape[1]):
            top = h[cue, t] if h[cue, t] > top else top
        some |= not beta * (top - peak[cue, 0]) < -reach
        top = max(top, peak[cue, 0])
        lift(peak[cue], mass[cue], pull[cue], np.full_like(peak[cue], top), beta)
        for t in range(h.shape[1]):
            h[cue, t] = exponential(beta * (h[cue, t] - top))
        mass[cue, 0] += h[cue].sum()
    return some


@compiled
def _read(tile: Any, weights: Any, pull: Any) -> None:
    """Add weights (B, t) · tile to pull (B, N): here the lanes are neurons, and the rows of the product are cues."""
    width = panel_lanes(tile)
    even = tile.shape[1] // width * width
    for i in range(0, even, width):
        if len(weights) == 1:
            add_product(pull[:, i : i + width], weights, tile[:, i : i + width])
        else:
            for cue in range(0, len(weights), ROWS):
                add_products(pull[cue : cue + ROWS, i : i + width], weights[cue : cue + ROWS], tile[:, i : i + width])
    for cue in range(len(weights)):
        for t in range(len(tile)):
            for i in range(even, tile.shape[1]):
                pull[cue, i] += weights[cue, t] * tile[t, i]
