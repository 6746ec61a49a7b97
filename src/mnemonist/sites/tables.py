r"""The differences of F at whole scores, in tables: what a compiled sweep takes of a separation.

    a(o) = F(o) − F(o − 2),    b(o) = F(o) − F(o + 2),    c(o) = F(o + 1) − F(o − 1),    o = −N, …, N

Each is exactly what the separation says of these scores in the scale of their reference, which is the reference of the
least or the greatest score, whichever is larger. There are few references (Power's are powers of two), each with the
scores that can be met in its scale: 4 N for all of Power's. Or else only the distance from the reference counts
(exponentials), and one run of distances serves all. Where those of the least scores are 0, one of these is kept.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.core.softmax import Exponential, Softmax

Numbers = np.ndarray[Any, Any]

A, PULL, C, SIZE, D, B = range(6)  # rows of tables: those of a readout stand side by side

_LONGEST = 2**22  # scores in all scales: 200 MB
_SMALL = 2**14  # neurons for which several tables are kept


class Differences(NamedTuple):
    """Differences of scores whose greatest rank is r: those of score o are `tables[:, max(o, least) + start]`.

    Start, least = `places[r]`, and the rank of o is `ranks[o + N]`. The rows are differences `A`, `B`, `C` and `D`,
    a − b, and their sizes: `SIZE` is not below |a| + |b| and |c|, `PULL` not below |c|; both are largest at the ends of
    any range of scores, and nowhere above `largest[r]`. Where b and a − b are parabolas, `parabolas` holds their
    coefficients, of o⁰ first: computing is faster than looking up.
    Shapes: tables (6, L); ranks (2N + 1,); places (R, 2) and largest (R,) of R ranks; parabolas (R, 2, 3) or (0, 2, 3).
    """

    tables: Numbers
    ranks: Numbers
    places: Numbers
    largest: Numbers
    parabolas: Numbers


class _Run(NamedTuple):
    """The differences (6, l) in one scale, of all scores from the least that counts; their parabolas (1 or 0, 2, 3)."""

    tables: Numbers
    least: int
    parabolas: Numbers


def differences_of(separation: AdditiveSeparation, count: int) -> Differences | None:
    """Return the differences at the scores of `count` neurons; None where the tables would be too large.

    Those of the separations and numbers of neurons that were last asked for are kept.
    """
    if not fixed(separation):
        return _differences(separation, count)
    return (_several if count <= _SMALL else _one)(separation, count)


def fixed(separation: AdditiveSeparation) -> bool:
    """Say whether a separation is one of ours, and its numbers stay: an array of one may change."""
    ours = type(separation) in (Power, RectifiedPower, Softmax, Exponential)
    return ours and all(isinstance(value, (int, float, np.number)) for value in vars(separation).values())


def _differences(separation: AdditiveSeparation, count: int) -> Differences | None:
    """Make the differences."""
    scores = np.arange(-count, count + 1)
    references, ranks = ranks_of(separation, count)
    if separation.translates:
        references, scales = np.zeros(1), [(-2 * count, 0)]
    else:
        scales = _scales(ranks, count)
    runs: list[_Run] = []
    for reference, (least, most) in zip(references.tolist(), scales, strict=True):
        if sum(run.tables.shape[1] for run in runs) + most - least >= _LONGEST:
            return None
        runs.append(_run(separation, reference, np.arange(least, most + 1.0)))
    leasts = np.asarray([run.least for run in runs])
    starts = np.cumsum([0, *(run.tables.shape[1] for run in runs[:-1])]) - leasts
    largest = np.asarray([run.tables[SIZE].max() for run in runs])
    places = np.stack([starts, leasts], axis=-1)
    if separation.translates:
        places, largest = places + np.outer(scores, [-1, 1]), np.repeat(largest, len(scores))
    exact = all(len(run.parabolas) for run in runs)
    parabolas = np.concatenate([run.parabolas if exact else run.parabolas[:0] for run in runs])
    return Differences(np.concatenate([run.tables for run in runs], axis=1), ranks, places, largest, parabolas)


_several, _one = lru_cache(16)(_differences), lru_cache(1)(_differences)


def ranks_of(separation: AdditiveSeparation, count: int) -> tuple[Numbers, Numbers]:
    """Return the references that scores from −N to N have, rising, and which of them each has (2N + 1,)."""
    scores = np.arange(-count, count + 1.0)
    return np.unique(separation.reference(scores[:, None])[:, 0], return_inverse=True)


def _scales(ranks: Numbers, count: int) -> list[tuple[int, int]]:
    """Return the least and the greatest score that can be met where each rank is the greatest."""
    first = np.unique(ranks, return_index=True)[1]
    last = len(ranks) - 1 - np.unique(ranks[::-1], return_index=True)[1]
    ends = np.minimum.accumulate(first) - count, np.maximum.accumulate(last) - count
    return list(zip(*(end.tolist() for end in ends), strict=True))


def _run(separation: AdditiveSeparation, reference: float, scores: Numbers) -> _Run:
    """Return the differences at scores in a scale."""
    h, scale, difference = scores[:, None], np.asarray([[reference]]), separation.difference
    differences = difference(h, h - 2, scale), difference(h, h + 2, scale), difference(h + 1, h - 1, scale)
    counting = np.flatnonzero(np.any(np.concatenate(differences, axis=1) != 0, axis=1))
    none = max(0, int(counting[0]) - 1) if len(counting) else len(scores) - 1
    a, b, c = (x[none:, 0] for x in differences)
    centre = 0 if none or separation.translates else min(-int(scores[0]), len(scores) - 1)
    size, pull = _outward(np.maximum(np.abs(a) + np.abs(b), np.abs(c)), centre), _outward(np.abs(c), centre)
    parabolas = _parabolas(np.stack([b, a - b]), scores[none:])
    return _Run(np.stack([a, pull, c, size, a - b, b]), int(scores[none]), parabolas)


def _outward(sizes: Numbers, centre: int) -> Numbers:
    """Return the greatest size (L,) between the centre and each score: it is largest at the ends of any range."""
    below = np.maximum.accumulate(sizes[centre::-1])[::-1]
    return np.concatenate([below, np.maximum.accumulate(sizes[centre:])[1:]])


def _parabolas(differences: Numbers, scores: Numbers) -> Numbers:
    """Return the coefficients (1, F, 3) of differences (F, L) that are parabolas around score 0; else (0, F, 3)."""
    middle, none = -int(scores[0]), np.empty((0, len(differences), 3))
    if not 0 < middle < len(scores) - 1:
        return none
    below, at, above = differences[:, middle - 1], differences[:, middle], differences[:, middle + 1]
    found = np.stack([at, (above - below) / 2, (above + below) / 2 - at], axis=-1)
    c = found[:, :, None]
    exact = np.array_equal(c[:, 0] + scores * (c[:, 1] + scores * c[:, 2]), differences)
    return found[None] if exact else none
