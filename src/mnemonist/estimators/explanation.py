"""Explanations: the stored rows that an answer rests on.

Shapes: rows (B, k), positions of rows that were fitted; weights (B, k), falling; familiarity (B,).
"""

from typing import Any, NamedTuple

import numpy as np

Numbers = np.ndarray[Any, Any]


class Explanation(NamedTuple):
    """Which rows answered, by their position in what was fitted, with which weight, and how familiar each cue is."""

    rows: Numbers
    weights: Numbers
    familiarity: Numbers
