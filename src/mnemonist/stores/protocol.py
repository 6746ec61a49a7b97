"""What is asked of a store of patterns, wherever they live: in memory, in bits, in files.

A store is frozen. Ids are int64, counted from 0, ascending in storage order, never given twice; a position, 0 … K − 1,
says where a pattern stands. Whoever reads cuts: see `tiles`.
"""

from typing import Any, Protocol

import numpy as np

from mnemonist._array import Array
from mnemonist.stores.block import Block, Ids


class Store(Protocol):
    """Patterns that can be read; `volatile` says that what is read may change later, as files may."""

    @property
    def volatile(self) -> bool:
        """Whether another look may find something else."""

    def __len__(self) -> int:
        """Return K."""

    @property
    def like(self) -> Array:
        """An array (…, N) of the library, dtype and width of the rows, and on their device. Raises `EmptyMemory`."""

    @property
    def known_by_some(self) -> Array | None:
        """Which coordinates (N,) at least one pattern knows; None where all know all."""

    def ids_at(self, positions: np.ndarray[Any, Any]) -> Ids:
        """Return the ids at these positions."""

    def block(self, start: int = 0, stop: int | None = None) -> Block:
        """Return the patterns at positions start … stop − 1, or all, not to be written to; copied only where they must.

        Raises `EmptyMemory` where there are none, `TooLarge` for more than are taken into memory on demand.
        """

    def at(self, positions: np.ndarray[Any, Any]) -> Block:
        """Return copies of the patterns at these positions, repeats allowed."""

    def part(self, start: int, stop: int) -> "Store":
        """Return a store of some of the patterns, 0 ≤ start < stop ≤ K, under the ids they have."""


class GrowableStore(Store, Protocol):
    """A store that a memory keeps: asked to grow or shrink, it returns a new one, or refuses."""

    @property
    def next_id(self) -> int:
        """The id of the next pattern."""

    def positions(self, ids: Any) -> np.ndarray[Any, Any]:
        """Return where these ids stand. Raises `UnknownId`."""

    def add(
        self, rows: Array, *, known: Array | None = None, values: Array | None = None, strength: Array | None = None
    ) -> "GrowableStore":
        """Return a store with rows (k, N), known (k, N), values (k, D) and strength (k,) behind its own."""

    def strengthened(self, strength: Array | None) -> "GrowableStore":
        """Return a store of the same patterns with these strengths (K,)."""

    def forget(self, ids: Any) -> "GrowableStore":
        """Return a store without these ids. Raises `UnknownId`, and forgets nothing then."""


def ids_of(store: Store) -> Ids:
    """Return the ids (K,) of all patterns, ascending."""
    return store.ids_at(np.arange(len(store)))
