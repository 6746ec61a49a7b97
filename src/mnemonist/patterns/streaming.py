r"""Softmax readout for a few cues: each pattern is fetched once, for its score and for the readout.

A tile of 32 rows is scored, row after row (memory likes one stream), weighed, and read out while it is still in cache.
With a single cue the time is that of reading the patterns.

Shapes: rows (K, N); cues (B, N); peak, mass (B, 1); pull (B, N, 1).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled, summed
from mnemonist.patterns.online import RUN, clear, join, lift
from mnemonist.patterns.vectors import exponential

_TILE = 32


@compiled
def read_streaming(rows: Any, cues: Any, sharpness: Any, euclidean: Any, peak: Any, mass: Any, pull: Any) -> None:
    """Set the sums over these rows for each cue; `sharpness` is (β, the reach: what is further below is left out)."""
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
            for t in range(len(tile)):
                for cue in range(len(cues)):
                    h[cue, t] = _half_squares(tile[t], cues[cue]) if euclidean else _product(tile[t], cues[cue])
            for cue in range(len(cues)):
                if _weigh(h[cue, : len(tile)], sharpness, run_peak[cue], run_mass[cue], run_pull[cue]):
                    _read(tile, h[cue], run_pull[cue].reshape(rows.shape[1]))
        for cue in range(len(cues)):
            join(peak[cue], mass[cue], pull[cue], (run_peak[cue], run_mass[cue], run_pull[cue]), sharpness[0])


@summed
def _product(x: Any, y: Any) -> Any:
    total = x.dtype.type(0)
    for i in range(len(x)):
        total += x[i] * y[i]
    return total


@summed
def _half_squares(x: Any, y: Any) -> Any:
    """Return −½ ‖x − y‖², without a cancellation."""
    total = x.dtype.type(0)
    for i in range(len(x)):
        total -= (x[i] - y[i]) * (x[i] - y[i])
    return total / x.dtype.type(2)


@summed
def _total(x: Any) -> Any:
    total = x.dtype.type(0)
    for i in range(len(x)):
        total += x[i]
    return total


@compiled
def _weigh(h: Any, sharpness: Any, peak: Any, mass: Any, pull: Any) -> bool:
    """Turn the scores of a tile into weights in the scale of a peak that they may raise; False if all are negligible."""
    (beta, reach), highest = sharpness, h.max()
    if beta * (highest - peak[0]) < -reach:
        return False
    if highest > peak[0]:
        lift(peak, mass, pull, np.full_like(peak, highest), beta)
    for t in range(len(h)):
        h[t] = exponential(beta * (h[t] - peak[0]))
    mass[0] += _total(h)
    return True


@compiled
def _read(tile: Any, weights: Any, pull: Any) -> None:
    """Add Σ weight · row to the pull, eight rows in one pass over it."""
    w, even = weights, len(tile) - len(tile) % 8
    for t in range(0, even, 8):
        for i in range(len(pull)):
            one = (w[t] * tile[t, i] + w[t + 1] * tile[t + 1, i]) + (w[t + 2] * tile[t + 2, i] + w[t + 3] * tile[t + 3, i])
            two = (w[t + 4] * tile[t + 4, i] + w[t + 5] * tile[t + 5, i]) + (
                w[t + 6] * tile[t + 6, i] + w[t + 7] * tile[t + 7, i]
            )
            pull[i] += one + two
    for t in range(even, len(tile)):
        for i in range(len(pull)):
            pull[i] += w[t] * tile[t, i]
