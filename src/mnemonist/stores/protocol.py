"""What models ask of a store of patterns, wherever they live: in memory, in bits, in files.

A store is frozen. Ids are int64, counted from 0, ascending in storage order, never given twice; a position, 0 … K − 1,
says where a pattern stands.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from mnemonist._array import Array
from mnemonist.stores.block import Block, Ids


class Patterns(Protocol):
    """Patterns that can be read."""

    def __len__(self) -> int:
        """Return K."""

    @property
    def ids(self) -> Ids:
        """The ids (K,), ascending."""

    @property
    def example(self) -> Array:
        """An array (…, N) of the library, dtype and width of the rows, and on their device."""

    @property
    def first(self) -> Block:
        """Some of the patterns: what all have in common (library, device, width, whether they have values)."""

    @property
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""

    def ids_at(self, positions: np.ndarray[Any, Any]) -> Ids:
        """Return the ids at these positions."""

    def positions(self, ids: Any) -> np.ndarray[Any, Any]:
        """Return where these ids stand. Raises `UnknownId`."""

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""

    def tiles(self) -> Iterator[Block]:
        """Yield all patterns in order, a tile that fits in cache at a time."""

    def runs(self, cues: int) -> Iterator[Sequence[Array]]:
        """Yield the rows in order, in runs of blocks (k, N) for so many cues: a block is what a thread reads."""

    def part(self, where: slice) -> "Patterns":
        """Return a store of a run of the patterns, 0 ≤ start < stop ≤ K, under the ids they have."""

    @property
    def whole(self) -> Block:
        """All patterns as one block in memory. Raises `EmptyMemory` where there are none, `TooLarge` for very many."""


class KeptPatterns(Patterns, Protocol):
    """Patterns that a memory keeps: asked to grow or shrink, they return a new store, or refuse."""

    @property
    def next_id(self) -> int:
        """The id of the next pattern."""

    def add(self, rows: Array, *, known: Array | None = None, values: Array | None = None) -> "KeptPatterns":
        """Return a store with rows (k, N), known (k, N) and values (k, D) behind its own."""

    def forget(self, ids: Any) -> "KeptPatterns":
        """Return a store without these ids. Raises `UnknownId`, and forgets nothing then."""
