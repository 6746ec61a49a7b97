"""Variances: how much each coordinate varies over the patterns that know it.

    V_i = Σ_μ k_μi (ξ_μi − ξ̄_i)² / Σ_μ k_μi

Two passes over the patterns, in float64. Shapes: V (N,), in the library of the patterns.
"""

from typing import Any

from mnemonist._array import Array, namespace
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles


class Variances:
    """The variances that were found, kept."""

    def __init__(self) -> None:
        self._found: Array | None = None

    def __reduce__(self) -> Any:
        return Variances, ()

    def of(self, patterns: Store) -> Array:
        """Return V (N,), 0 where no pattern knows a coordinate; costs O(K N) the first time."""
        if self._found is None:
            self._found = _variances(patterns)
        return self._found


def variances_of(reader: Any) -> Array:
    """Return V (N,) of the patterns of a reader, in float64, 0 where no pattern knows a coordinate."""
    found: Variances = reader.kept(Variances)
    return found.of(reader.patterns)


def _variances(patterns: Store) -> Array:
    xp = namespace(patterns.like)
    count = sum((xp.sum(tile.present, axis=0) for tile in tiles(patterns)), start=0.0)
    count = xp.where(count > 0, count, xp.ones_like(count))
    mean = sum((xp.sum(xp.astype(tile.rows, xp.float64), axis=0) for tile in tiles(patterns)), start=0.0) / count
    squares = (((xp.astype(tile.rows, xp.float64) - mean) ** 2) * tile.present for tile in tiles(patterns))
    return sum((xp.sum(each, axis=0) for each in squares), start=0.0) / count
