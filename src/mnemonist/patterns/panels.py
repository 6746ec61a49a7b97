r"""Softmax readout for many cues: both halves are one matrix product, held in registers.

    S = X Qᵀ,     P = exp β(S − m),     Oᵀ += Xᵀ P

A panel of L cues stands side by side, so that maximum, exponential and sum run down its columns. Patterns are read
where they lie, a tile of them by all panels while it is in cache.

Shapes: rows (K, N); cues (P, N, L); peak, mass (P, L); pull (P, N, L).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.online import RUN, clear, join, lift
from mnemonist.patterns.vectors import ROWS, add_products, add_squares, raise_to, weigh

_DEPTH = 256  # numbers of a cue that meet a tile together: a panel of them fits in the first cache
_NUMBERS = 3 * 2**14  # of patterns in a tile


@compiled
def read_panels(rows: Any, cues: Any, sharpness: Any, euclidean: Any, sums: Any) -> None:
    """Set the sums over these rows for each cue; `sharpness` is (β, the reach: what is further below is left out)."""
    peak, mass, pull = sums
    run_peak, run_mass, run_pull = np.empty_like(peak), np.empty_like(mass), np.empty_like(pull)
    size = min(192, max(48, _NUMBERS // rows.shape[1])) // ROWS * ROWS
    scores = np.empty((size, cues.shape[2]), rows.dtype)
    for panel in range(len(cues)):
        clear(peak[panel], mass[panel], pull[panel])
    for start in range(0, len(rows), RUN * size):
        run = rows[start : start + RUN * size]
        for panel in range(len(cues)):
            clear(run_peak[panel], run_mass[panel], run_pull[panel])
        for first in range(0, len(run), size):
            tile = run[first : first + size]
            h = scores[: len(tile)]
            for panel in range(len(cues)):
                _score(tile, cues[panel], euclidean, h)
                if _weigh(h, sharpness, run_peak[panel], run_mass[panel], run_pull[panel]):
                    _read(tile, h, run_pull[panel])
        for panel in range(len(cues)):
            join(
                peak[panel], mass[panel], pull[panel], (run_peak[panel], run_mass[panel], run_pull[panel]), sharpness[0]
            )


@compiled
def _score(tile: Any, cues: Any, euclidean: Any, h: Any) -> None:
    """Set h (k, L) to the products of rows and cues, or to −½ of their squared distances."""
    h[:] = 0
    for k in range(0, len(cues), _DEPTH):
        for t in range(0, len(tile), ROWS):
            if euclidean:
                add_squares(h[t : t + ROWS], tile[t : t + ROWS, k : k + _DEPTH], cues[k : k + _DEPTH])
            else:
                add_products(h[t : t + ROWS], tile[t : t + ROWS, k : k + _DEPTH], cues[k : k + _DEPTH])
    if euclidean:
        h *= h.dtype.type(-0.5)


@compiled
def _weigh(h: Any, sharpness: Any, peak: Any, mass: Any, pull: Any) -> bool:
    """Turn the scores of a tile into weights in the scale of a peak that they may raise; False: none matters."""
    (beta, reach), highest = sharpness, np.full_like(peak, -np.inf)
    raise_to(highest, h)
    if (beta * (highest - peak) < -reach).all():
        return False
    lift(peak, mass, pull, np.maximum(highest, peak), beta)
    weigh(h, peak, beta, mass)
    return True


@compiled
def _read(tile: Any, weights: Any, pull: Any) -> None:
    """Add Σ weight · row to the pull."""
    for i in range(0, len(pull), ROWS):
        add_products(pull[i : i + ROWS], tile.T[i : i + ROWS], weights)
