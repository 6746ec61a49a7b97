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
    """Falls of scores whose greatest rank is r: j of score o is `tables[row, j, o + start]`, row, start = `places[r]`.

    The rank of o is `ranks[o + N]`. The falls are a, b, c and a − b; |a| + |b| and |c| are nowhere above `largest[r]`,
    and in a range of scores nowhere above the greater of `sizes` at its ends. Where b and a − b are parabolas,
    `parabolas` holds their coefficients, of o⁰ first: computing is faster than looking up.
    Shapes: tables (rows, 4, 2N + 1); ranks (2N + 1,); places (R, 2) and largest (R,) of R ranks; sizes (rows, 2N + 1);
    parabolas (rows, 2, 3) or (0, 2, 3).
    """

    tables: np.ndarray[Any, Any]
    ranks: np.ndarray[Any, Any]
    places: np.ndarray[Any, Any]
    largest: np.ndarray[Any, Any]
    sizes: np.ndarray[Any, Any]
    parabolas: np.ndarray[Any, Any]


def falls_of(separation: AdditiveSeparation, count: int) -> Falls | None:
    """Return the falls at the scores of `count` neurons; None where the tables would be too large."""
    scores = np.arange(-count, count + 1, dtype=np.float64)
    references, ranks = np.unique(separation.reference(scores[:, None])[:, 0], return_inverse=True)
    rows = 1 if separation.translates else len(references)
    if rows * len(scores) > _LARGEST // 4:
        return None
    places = np.stack([np.arange(len(references)), np.full(len(references), count)], axis=-1)
    if separation.translates:
        references, scores = np.zeros(1), scores - count
        places = np.stack([np.zeros_like(ranks), 2 * count - np.arange(-count, count + 1)], axis=-1)
        h = scores[None, :]
    else:
        h = np.where(ranks <= np.arange(rows)[:, None], scores, 0.0)  # no other score is met in this scale
    fall, reference = separation.fall, references[:, None]
    a, b, c = fall(h, h - 2, reference), fall(h, h + 2, reference), fall(h + 1, h - 1, reference)
    sizes = outward(np.maximum(np.abs(a) + np.abs(b), np.abs(c)), 0 if separation.translates else count)
    tables = np.stack([a, b, c, a - b], axis=1)
    parabolas = np.empty((0, 2, 3)) if separation.translates else _parabolas(tables[:, 1::2], h)
    return Falls(tables, ranks, places, np.max(sizes, axis=-1)[places[:, 0]], sizes, parabolas)


def outward(sizes: np.ndarray[Any, Any], centre: int) -> np.ndarray[Any, Any]:
    """Return the greatest size (rows, L) between the centre and each score: it is largest at the ends of any range."""
    below = np.maximum.accumulate(sizes[:, centre::-1], axis=-1)[:, ::-1]
    return np.concatenate([below, np.maximum.accumulate(sizes[:, centre:], axis=-1)[:, 1:]], axis=-1)


def _parabolas(falls: np.ndarray[Any, Any], h: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the coefficients (rows, F, 3) of falls (rows, F, L) that are exactly parabolas; else (0, F, 3)."""
    middle = falls.shape[2] // 2
    below, at, above = falls[:, :, middle - 1], falls[:, :, middle], falls[:, :, middle + 1]
    found = np.stack([at, (above - below) / 2, (above + below) / 2 - at], axis=-1)
    c, o = found[..., None], h[:, None, :]
    exact = np.array_equal(c[:, :, 0] + o * (c[:, :, 1] + o * c[:, :, 2]), falls)
    return found if exact else found[:0]
