r"""Margins: by how much a pattern leads its best rival.

    Δ_b = h_b,μ(b) − max_ν≠μ(b) h_bν

for scores h of states b and the pattern μ(b) each of them should become. In a Softmax memory the rival then weighs
exp(−βΔ) as much as the right pattern. At the patterns themselves, under dot, Δ_μ = ‖ξ_μ‖² − max ξ_μ·ξ_ν is negative
where a longer pattern outweighs one at its own place; under Euclidean Δ_μ = ½ min ‖ξ_μ − ξ_ν‖² never is.

Source: the separation Δ of Ramsauer et al. 2021, arXiv:2008.02217, definition 2.
Shapes: scores (B, K), right (B,).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist._array import as_array, to_numpy
from mnemonist.errors import InvalidArgument, MnemonistError
from mnemonist.theory.matrix import matrix


def margins(scores: Any, right: Any) -> NDArray[np.float64]:
    """Return Δ (B,): the score of pattern `right` (B,) less the best other score, of scores (B, K) with K ≥ 2.

    >>> margins([[3.0, 1.0, 2.5], [3.0, 1.0, 2.5]], right=[0, 1])
    array([ 0.5, -2. ])
    """
    h = matrix("margins", "scores", scores)
    if h.shape[1] < 2:
        raise InvalidArgument(
            f"margins: scores must have shape (B, K) with K >= 2; got {h.shape}. One pattern has no rival."
        )
    rows, columns = np.arange(len(h)), _columns(right, h.shape)
    own = h[rows, columns]
    h[rows, columns] = -np.inf
    lead: NDArray[np.float64] = own - h.max(axis=1)
    return lead


def _columns(right: Any, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return which column (B,) is right in each row."""
    try:
        columns = to_numpy(as_array(right))
    except MnemonistError:
        columns = np.empty(0)
    whole = columns.dtype.kind in "iu" and columns.shape == (shape[0],)
    if not whole or bool(((columns < 0) | (columns >= shape[1])).any()):
        raise InvalidArgument(
            f"margins: right must be {shape[0]} whole numbers from 0 to {shape[1] - 1}, a column for each row of "
            f"scores; got {columns.dtype}, shape {columns.shape}. Pass positions of patterns."
        )
    return columns.astype(np.int64)
