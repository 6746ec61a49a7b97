r"""Crosstalk: how loudly the other patterns speak where one of them is to be kept.

In a memory of degree n that rests at pattern μ, flipping neuron i costs, to leading order in n/N,

    2 n Nⁿ⁻¹ (1 + Σ_ν≠μ ξ_νi ξ_μi m_μνⁿ⁻¹),        m_μν = ξ_μ·ξ_ν / ‖ξ_μ‖‖ξ_ν‖

a signal of 1 and the crosstalk of the others. Its size is at most C_μ = Σ_ν≠μ |m_μν|ⁿ⁻¹: below 1 the pattern is a fixed
point, whatever the patterns; above 1 it may be lost. Equal overlaps m̄ give C = (K − 1) m̄ⁿ⁻¹, about K·m̄ⁿ⁻¹.

Source: the cost is eq. 3 of Krotov & Hopfield 2016, arXiv:1606.01164, expanded; the bound is the triangle inequality.
Shapes: patterns are (K, N).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.core.number import check_whole
from mnemonist.theory.matrix import matrix

Floats = NDArray[np.float64]


def mean_overlap(patterns: Any) -> float:
    """Return m̄, the mean of |m_μν| over all pairs of different patterns; √(2/πN) for random ±1 ones.

    >>> mean_overlap([[1, 1, 1, 1], [1, 1, 1, -1], [1, 1, -1, -1]])
    0.333...
    """
    overlaps = _overlaps("mean_overlap", patterns)
    k = len(overlaps)
    return float(overlaps.sum() / (k * (k - 1))) if k > 1 else 0.0


def crosstalk(patterns: Any, degree: int) -> Floats:
    """Return C (K,), the crosstalk at each pattern in a memory of degree n ≥ 2. Costs O(K² N).

    >>> crosstalk([[1, 1, 1, 1], [1, 1, 1, -1], [1, 1, -1, -1]], degree=3)
    array([0.25, 0.5 , 0.25])
    """
    degree = check_whole("crosstalk", "degree", degree, least=2)
    total: Floats = (_overlaps("crosstalk", patterns) ** float(degree - 1)).sum(axis=1)
    return total


def _overlaps(who: str, patterns: Any) -> Floats:
    """Return |m_μν| (K, K), 0 on the diagonal and where a pattern is all 0."""
    rows = matrix(who, "patterns", patterns)
    rows = rows / _top(rows)  # squares neither overflow nor vanish
    squares = (rows * rows).sum(axis=1)
    lengths = np.sqrt(np.outer(squares, squares))
    overlaps: Floats = np.abs(rows @ rows.T) / np.where(lengths > 0, lengths, 1.0)
    np.fill_diagonal(overlaps, 0.0)
    return overlaps


def _top(rows: Floats) -> Floats:
    """Return the largest size (K, 1) in each row, 1 where all is 0."""
    top: Floats = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    return np.where(top > 0, top, 1.0)
