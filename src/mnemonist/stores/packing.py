r"""Patterns of −1, 0 (unknown) and +1 as bits: a word holds 64 neurons of a pattern, a tile the words of 256 patterns.

    plus[t, w, l]     bits of pattern 256 t + l: neuron 64 w + j is bit j, 1 where it is +1
    known[t, w, l]    likewise, 1 where the pattern knows the neuron; not kept while all know all

Word w of all patterns of a tile lies side by side, so that a cue's word is compared with many patterns at once. A tile
is 2 KB for each 64 neurons and stays in cache while cue after cue reads it. Bits beyond the last neuron, and patterns
beyond the last, are 0 in both planes.

Shapes: rows (K, N); words of some rows (K, W), W = ⌈N/64⌉; of tiles (T, W, 256), T = ⌈K/256⌉; (0, W, 256) is no plane.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, Any]

TILE = 256
WORDS = 8  # of a pattern, that are read out together
_BITS = 64


@dataclass(frozen=True, eq=False)
class Planes:
    """The bits of `count` patterns over `width` neurons."""

    plus: Numbers
    known: Numbers
    count: int
    width: int

    @property
    def nbytes(self) -> int:
        """The bytes they take."""
        return int(self.plus.nbytes + self.known.nbytes)

    def rows(self, start: int, stop: int) -> Numbers:
        """Return patterns start … stop − 1 as int8 (k, N)."""
        rows = 2 * self._bits(self.plus, start, stop).astype(np.int8) - np.int8(1)
        return rows * self._bits(self.known, start, stop) if len(self.known) else rows

    def known_rows(self, start: int, stop: int) -> Numbers | None:
        """Return what patterns start … stop − 1 know, boolean (k, N); None where all know all."""
        return self._bits(self.known, start, stop) if len(self.known) else None

    def _bits(self, plane: Numbers, start: int, stop: int) -> Numbers:
        """Return a plane of patterns start … stop − 1, boolean (k, N)."""
        first = start // TILE
        words = untiled(plane[first : -(-stop // TILE)])
        return bits_of(words[start - first * TILE : stop - first * TILE], self.width)

    @property
    def known_by_some(self) -> Numbers:
        """Which neurons (N,) at least one pattern knows."""
        return bits_of(np.bitwise_or.reduce(self.known, axis=(0, 2)), self.width)

    def at(self, positions: Numbers) -> "Planes":
        """Return the patterns at these positions."""
        return Planes(self._taken(self.plus, positions), self._taken(self.known, positions), len(positions), self.width)

    def _taken(self, plane: Numbers, positions: Numbers) -> Numbers:
        return tiled(plane[positions // TILE, :, positions % TILE]) if len(plane) else plane


def joined(parts: Sequence[Planes]) -> Planes:
    """Return the patterns of all."""
    known = parts[0].known[:0]
    if any(len(part.known) for part in parts):
        known = tiled(np.concatenate([_words(part, _all_known(part)) for part in parts]))
    plus = tiled(np.concatenate([_words(part, part.plus) for part in parts]))
    return Planes(plus, known, sum(part.count for part in parts), parts[0].width)


def _words(planes: Planes, plane: Numbers) -> Numbers:
    """Return the words (K, W) of a plane."""
    return untiled(plane)[: planes.count]


def _all_known(planes: Planes) -> Numbers:
    """Return the plane of what is known, made where there is none."""
    if len(planes.known):
        return planes.known
    return np.broadcast_to(words_of(np.ones((1, planes.width), np.bool_))[:, :, None], planes.plus.shape)


def planes_of(rows: Numbers, known: Numbers | None = None) -> Planes:
    """Return the bits of rows (K, N) of −1, 0 and +1; they are 0 where `known` (K, N) is False."""
    plane = np.empty((0, _width(rows), TILE), np.uint64) if known is None else tiled(words_of(known))
    return Planes(tiled(words_of(rows > 0)), plane, *rows.shape)


def words_of(plane: Numbers) -> Numbers:
    """Return a boolean plane (K, N) as words (K, W)."""
    packed = np.zeros((len(plane), 8 * _width(plane)), np.uint8)
    packed[:, : -(-plane.shape[1] // 8)] = np.packbits(plane, axis=1, bitorder="little")
    return packed.view(np.uint64)


def bits_of(words: Numbers, count: int) -> Numbers:
    """Return the first `count` bits of words (…, W), boolean (…, count)."""
    packed = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(packed, axis=-1, count=count, bitorder="little").view(np.bool_)


def tiled(words: Numbers) -> Numbers:
    """Return words (K, W) as tiles (T, W, 256)."""
    tiles = np.zeros((-(-len(words) // TILE), TILE, words.shape[1]), np.uint64)
    tiles.reshape(-1, words.shape[1])[: len(words)] = words
    return np.ascontiguousarray(tiles.transpose(0, 2, 1))


def untiled(tiles: Numbers) -> Numbers:
    """Return tiles (T, W, 256) as words (256 T, W)."""
    return np.ascontiguousarray(tiles.transpose(0, 2, 1)).reshape(-1, tiles.shape[1])


def _width(plane: Numbers) -> int:
    return -(-int(plane.shape[1]) // _BITS)
