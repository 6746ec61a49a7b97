"""Variances: the mean of each coordinate, and how much it varies, over the patterns that know it.

    c_i = Σ_μ k_μi        ξ̄_i = Σ_μ k_μi ξ_μi / c_i        V_i = Σ_μ k_μi (ξ_μi − ξ̄_i)² / c_i

Two passes over the patterns, in float64. Shapes: c, ξ̄, V (N,), in the library of the patterns.
"""

from typing import Any, NamedTuple

from mnemonist._array import Array, namespace
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles


class Spread(NamedTuple):
    """How many patterns know a coordinate, its mean, and its variance; 0 where none knows it."""

    count: Array
    mean: Array
    variance: Array


class Variances:
    """What was found, kept."""

    def __init__(self) -> None:
        self._found: Spread | None = None

    def __reduce__(self) -> Any:
        return Variances, ()

    def of(self, patterns: Store) -> Spread:
        """Return count, mean and variance (N,); costs O(K N) the first time."""
        if self._found is None:
            self._found = _spread(patterns)
        return self._found


def spread_of(reader: Any) -> Spread:
    """Return what the patterns of a reader spread over, in float64."""
    found: Variances = reader.kept(Variances)
    return found.of(reader.patterns)


def variances_of(reader: Any) -> Array:
    """Return V (N,) of the patterns of a reader, in float64, 0 where no pattern knows a coordinate."""
    return spread_of(reader).variance


def _spread(patterns: Store) -> Spread:
    xp = namespace(patterns.like)
    count = sum((xp.sum(tile.present, axis=0) for tile in tiles(patterns)), start=0.0)
    several = xp.where(count > 0, count, xp.ones_like(count))
    mean = sum((xp.sum(xp.astype(tile.rows, xp.float64), axis=0) for tile in tiles(patterns)), start=0.0) / several
    squares = (((xp.astype(tile.rows, xp.float64) - mean) ** 2) * tile.present for tile in tiles(patterns))
    return Spread(count, mean, sum((xp.sum(each, axis=0) for each in squares), start=0.0) / several)
