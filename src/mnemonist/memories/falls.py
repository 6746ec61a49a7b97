r"""The falls of F at whole scores, in tables: what a compiled sweep takes of a separation.

    a(o) = F(o) − F(o − 2),    b(o) = F(o) − F(o + 2),    c(o) = F(o + 1) − F(o − 1),    o = −N, …, N

Each is exactly what the separation says of these scores in the scale of their reference, which is the reference of the
least or the greatest score, whichever is larger. There are few references (Power's are powers of two), or else only the
distance from the reference counts (exponentials), and then one row of distances is all of it.
"""

from typing import Any, NamedTuple

import numpy as np

from mnemonist.core.separation import AdditiveSeparation

_LARGEST = 2**23  # numbers in the tables


class Falls(NamedTuple):
    """Score o, where `ranks[o + N]` is the greatest: fall j is `tables[row, j, o + start]`, row, start = `places[rank]`.

    Shapes: tables (rows, 3, 2N + 1); ranks (2N + 1,); places (how many ranks, 2).
    """

    tables: np.ndarray[Any, Any]
    ranks: np.ndarray[Any, Any]
    places: np.ndarray[Any, Any]


def falls_of(separation: AdditiveSeparation, count: int) -> Falls | None:
    """Return the falls at the scores of `count` neurons; None where the tables would be too large."""
    scores = np.arange(-count, count + 1, dtype=np.float64)
    references, ranks = np.unique(separation.reference(scores[:, None])[:, 0], return_inverse=True)
    rows = 1 if separation.translates else len(references)
    if rows * len(scores) > _LARGEST // 3:
        return None
    places = np.stack([np.arange(len(references)), np.full(len(references), count)], axis=-1)
    if separation.translates:
        references, scores = np.zeros(1), scores - count
        places = np.stack([np.zeros_like(ranks), 2 * count - np.arange(-count, count + 1)], axis=-1)
        h = scores[None, :]
    else:
        h = np.where(ranks <= np.arange(rows)[:, None], scores, 0.0)  # no other score is met in this scale
    fall, reference = separation.fall, references[:, None]
    tables = [fall(h, h - 2, reference), fall(h, h + 2, reference), fall(h + 1, h - 1, reference)]
    return Falls(np.stack(tables, axis=1), ranks, places)
