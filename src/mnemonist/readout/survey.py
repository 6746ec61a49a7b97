"""A survey of some patterns by states that are to be told: sums, the best by weight, and the nearest; it merges.

Of equally salient patterns, and of equally near ones to rounding, the first counts.

Shapes: B states; T = 32 entries, or fewer of fewer patterns; h (B, k) of the k patterns of a tile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mnemonist._array import Array, largest, namespace
from mnemonist.core.separation import Readout, Separation, Summary

TOP = 32
ROUNDINGS = 64  # of a closeness, within which two are equal


@dataclass(frozen=True, eq=False)
class Survey:
    """What states find in some patterns: the readout of the values, the best by salience and by closeness."""

    count: int  # patterns
    readout: Readout
    salience: Array  # (B, ≤ T), falling
    scores: Array  # (B, ≤ T), of the same patterns
    positions: Array  # (B, ≤ T)
    closeness: Array  # (B, 1)
    nearest: Array  # (B, 1), a position


def survey_tile(
    separation: Separation,
    h: Array,
    closeness: Array,
    values: Array | None,
    *,
    summary: Summary | None,
    factor: Array | None = None,
) -> Survey:
    """Return the survey of one tile, from the scores (B, k), how close each pattern is (B, k), and its values (k, D).

    `summary` is that of all scores, where the separation cannot read without; `factor` (k,) multiplies the weights.
    """
    xp = namespace(h)
    exact = xp.astype(h, xp.float64)
    closeness = _unturned(xp, closeness) if separation.even else closeness
    salience, columns = largest(separation.salience(exact), TOP)
    best = xp.max(closeness, axis=-1, keepdims=True)
    rows = h.T[:, :0] if values is None else values
    return Survey(
        count=h.shape[-1],
        readout=separation.readout(exact, xp.astype(rows, xp.float64), summary=summary, factor=factor),
        salience=salience,
        scores=xp.take_along_axis(exact, columns, axis=-1),
        positions=columns,
        closeness=best,
        nearest=xp.argmax(xp.astype(closeness >= best - _rounding(xp, best), xp.int8), axis=-1, keepdims=True),
    )


def merge_surveys(one: Survey, other: Survey, *, merge: Callable[[Readout, Readout], Readout]) -> Survey:
    """Return the survey of two runs of patterns, the second behind the first; `merge` merges their readouts."""
    xp = namespace(one.closeness)
    salience, order = largest(xp.concat([one.salience, other.salience], axis=-1), TOP)
    scores = xp.take_along_axis(xp.concat([one.scores, other.scores], axis=-1), order, axis=-1)
    positions = xp.take_along_axis(xp.concat([one.positions, other.positions + one.count], axis=-1), order, axis=-1)
    better = other.closeness > one.closeness + _rounding(xp, one.closeness)
    return Survey(
        count=one.count + other.count,
        readout=merge(one.readout, other.readout),
        salience=salience,
        scores=scores,
        positions=positions,
        closeness=xp.where(better, other.closeness, one.closeness),
        nearest=xp.where(better, other.nearest + one.count, one.nearest),
    )


def _unturned(xp: Any, close: Array) -> Array:
    """Return |close|; of a pattern and the mirror image of another, equally close, the pattern comes first."""
    size = xp.abs(close)
    return xp.where(close > 0, size + 2 * _rounding(xp, size), size)


def _rounding(xp: Any, close: Array) -> Array:
    """Return the difference below which closenesses count as equal."""
    size = xp.where(close == -xp.inf, xp.zeros_like(close), xp.abs(close))  # of one without a say
    return ROUNDINGS * float(xp.finfo(close.dtype).eps) * size
