"""Baselines: what a memory must be compared with. The simplest restorer looks up the nearest stored pattern.

    ν(x) = argmin_μ Σ_i known_i (x_i − ξ_μi)²          for ±1 patterns four times the Hamming distance

Shapes: cues (B, N), patterns (K, N), known (N,).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def nearest(cues: Any, patterns: Any, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the row (B,) of the pattern nearest to each cue over the known pixels; of equals the first.

    What is not known is never read. Costs O(B K N).

    >>> nearest([[0.9, np.nan]], [[0.0, 1.0], [1.0, 0.0]], known=np.array([True, False]))
    array([1])
    """
    x, rows = (np.asarray(given, dtype=np.float64)[:, known] for given in (cues, patterns))
    distances: NDArray[np.float64] = (rows * rows).sum(axis=1) - 2 * x @ rows.T
    first: NDArray[np.int64] = distances.argmin(axis=1)
    return first
