r"""The columns of ±1 patterns as bits: what all patterns say of a neuron lies side by side, for sweeps over neurons.

    plus[i, v]      bit j is 1 where pattern 64 v + j is +1 at neuron i
    known[i, v]     likewise, 1 where the pattern knows the neuron; not kept while all know all

Bits beyond the last pattern are 0. Shapes: (N, V), V a multiple of 4, 64 V ≥ K; (0, V) is no plane.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from mnemonist.stores.packing import TILE, Numbers, Planes, bits_of, untiled, words_of

_TILES = 16  # of the rows, turned at one time


@dataclass(frozen=True, eq=False)
class BitColumns:
    """The columns of `count` patterns; they are indexed as an int8 array (N, K) of −1, 0 (unknown) and 1 would be."""

    plus: Numbers
    known: Numbers
    count: int

    @property
    def shape(self) -> tuple[int, int]:
        """(N, K)."""
        return len(self.plus), self.count

    @cached_property
    def whole(self) -> Numbers:
        """Which neurons (N,) all patterns know."""
        if not len(self.known):
            return np.ones(len(self.plus), np.bool_)
        return np.asarray(np.bitwise_count(self.known).sum(axis=1, dtype=np.int64) == self.count)

    @cached_property
    def planes(self) -> tuple[Numbers, Numbers, Numbers]:
        """What kernels read: plus, known, a row of ones where all know all, and `whole`."""
        known = self.known if len(self.known) else np.full((1, self.plus.shape[1]), ~np.uint64(0))
        return self.plus, known, self.whole

    def __getitem__(self, where: tuple[Any, Any]) -> Numbers:
        """Return the values of some neurons at some patterns, int8."""
        neurons, patterns = where
        signs = 2 * bits_of(self.plus[neurons], self.count)[..., patterns].astype(np.int8) - np.int8(1)
        return signs * bits_of(self.known[neurons], self.count)[..., patterns] if len(self.known) else signs


def columns_of(planes: Planes) -> BitColumns:
    """Return the columns of packed patterns."""
    return BitColumns(_turned(planes.plus, planes.width), _turned(planes.known, planes.width), planes.count)


def _turned(plane: Numbers, width: int) -> Numbers:
    """Return a plane (T, W, 256) as columns (N, 4 T)."""
    if not len(plane):
        return np.empty((0, 0), np.uint64)
    parts = [plane[start : start + _TILES] for start in range(0, len(plane), _TILES)]
    columns = np.empty((width, len(plane) * TILE // 64), np.uint64)
    for i, part in enumerate(parts):
        words = words_of(bits_of(untiled(part), width).T)
        columns[:, i * _TILES * TILE // 64 :][:, : words.shape[1]] = words
    return columns
