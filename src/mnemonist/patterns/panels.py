r"""Softmax readout for many cues: both halves are one matrix product, held in registers.

    S = X Qᵀ,     P = exp β(S − m),     Oᵀ += Xᵀ P

A panel of L cues stands side by side, so that maximum, exponential and sum run down its columns. Patterns are read
where they lie, a tile of them by all panels while it is in cache.

Shapes: rows (K, N); cues (P, N, L); peak, mass (P, L); pull (P, N, L).
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.online import RUN, clear, join_each, lift, matters
from mnemonist.patterns.products import add_products, add_squares
from mnemonist.patterns.vectors import raise_to, weigh

_DEPTH = 256  # numbers of a cue that meet a tile together: a panel of them fits in the first cache
_NUMBERS = 3 * 2**14  # of patterns in a tile, of a whole number of blocks of products
_SMALLEST, _LARGEST = 48, 192


@compiled
def read_panels(rows: Any, cues: Any, sharpness: Any, euclidean: Any, sums: Any) -> None:
    """Set the sums over these rows for each cue; `sharpness` is (β, the reach: what is further below is left out)."""
    peak, mass, pull = sums
    run_peak, run_mass, run_pull = np.empty_like(peak), np.empty_like(mass), np.empty_like(pull)
    size = min(_LARGEST, max(_SMALLEST, _NUMBERS // rows.shape[1] // _SMALLEST * _SMALLEST))
    scores, highest = np.empty((size, cues.shape[2]), rows.dtype), np.empty_like(peak[0])
    clear(peak, mass, pull)
    for start in range(0, len(rows), RUN * size):
        clear(run_peak, run_mass, run_pull)
        for first in range(start, min(start + RUN * size, len(rows)), size):
            tile = rows[first : first + size]
            h = scores[: len(tile)]
            for panel in range(len(cues)):
                _score(tile, cues[panel], euclidean, h)
                highest[:] = -np.inf
                raise_to(highest, h)
                if matters(highest, run_peak[panel], sharpness):
                    lift(run_peak[panel], run_mass[panel], run_pull[panel], highest, sharpness[0])
                    weigh(h, run_peak[panel], sharpness[0], run_mass[panel])
                    add_products(run_pull[panel], tile.T, h)
        join_each(peak, mass, pull, (run_peak, run_mass, run_pull), sharpness[0])


@compiled
def _score(tile: Any, cues: Any, euclidean: Any, h: Any) -> None:
    """Set h (k, L) to the products of rows and cues, or to −½ of their squared distances."""
    h[:] = 0
    for k in range(0, len(cues), _DEPTH):
        if euclidean:
            add_squares(h, tile[:, k : k + _DEPTH], cues[k : k + _DEPTH])
        else:
            add_products(h, tile[:, k : k + _DEPTH], cues[k : k + _DEPTH])
    if euclidean:
        h *= h.dtype.type(-0.5)
