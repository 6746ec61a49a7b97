r"""The simplicial Hopfield network: sets of neurons coupled together, not only pairs.

    w_σ = (1/N) Σ_μ Π_{i∈σ} ξ_μi        E(s) = −Σ_σ w_σ Π_{i∈σ} s_i

With as many connections, triangles hold more than edges. Some of it is counting: an edge feeds 2 neurons, a triangle 3,
and the signal over the noise at a neuron is √(its degree / K); above that, near the edge of capacity, they gain more.

Source: Burns & Fukai 2023, arXiv:2305.05179. Letters: K memories, N neurons.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.errors import InvalidArgument
from mnemonist.networks.complex import Complex, products, simplex_reader
from mnemonist.networks.simplices import tables
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.pattern_memory import PatternMemory


class SimplicialNetwork(PatternMemory):
    """A network on given simplices, tuples of two or more neurons, of mixed sizes; `random_simplices` draws some.

    Store, forget, recall and energy are as those of `AssociativeMemory`; patterns must have all the neurons named.

    >>> network = SimplicialNetwork([(0, 1), (1, 2), (0, 1, 2)])
    >>> network.store([1, -1, -1])
    array([0])
    >>> network.energy([1, -1, -1])
    np.float64(-1.0)
    """

    references = ("burns2023",)
    saved_as = "simplicial"

    def __init__(self, simplices: Iterable[Any]) -> None:
        super().__init__()
        self._tables = tables("SimplicialNetwork", simplices)

    @property
    def neurons(self) -> Neurons:
        """±1."""
        return Binary()

    @property
    def sizes(self) -> dict[int, int]:
        """How many simplices there are of each size."""
        return {table.shape[1]: len(table) for table in self._tables}

    @property
    def landscape(self) -> Complex:
        """The frozen model of the present weights, for `dynamics`. Raises `EmptyMemory` if nothing is stored."""
        return self._contents.model(self._make)

    def _make(self, contents: Contents) -> Complex:
        contents.require()
        return Complex(self._tables, contents.learned, simplex_reader(self._tables, contents.patterns))

    def __repr__(self) -> str:
        sizes = ", ".join(f"{count} of {size}" for size, count in self.sizes.items())
        return f"SimplicialNetwork({sizes}){self._contents}"

    def _described(self, inventory: Inventory) -> Description:
        told = super()._described(inventory)
        named = [(f"{table.shape[1]}", table) for table in self._tables]
        told["simplices"] = [inventory.array(f"simplices.{size}", table) for size, table in named]
        pairs = zip(named, self._contents.learned or (), strict=False)  # there are none yet
        told["totals"] = [inventory.array(f"totals.{size}", totals) for (size, _), totals in pairs]
        return told

    def _learn(self, contents: Contents, rows: Array, known: Array | None) -> tuple[Array, ...]:
        largest = max(int(table.max()) for table in self._tables)
        if largest >= rows.shape[-1]:
            raise InvalidArgument(
                f"SimplicialNetwork.store: patterns must have the neurons of every simplex, {largest + 1} at least; "
                f"got N = {rows.shape[-1]}. Leave those simplices out."
            )
        return self._changed(contents, rows, 1)

    def _unlearn(self, contents: Contents, positions: Any) -> tuple[Array, ...]:
        rows = contents.patterns.block().rows
        gone = beside(np.unique(positions), rows)
        return self._changed(contents, namespace(rows).take(rows, gone, axis=0), -1)

    def _changed(self, contents: Contents, rows: Array, sign: int) -> tuple[Array, ...]:
        """Return N w with the products of rows (k, N), 0 where unknown, added or taken away: whole numbers."""
        xp = namespace(rows)
        x = xp.astype(rows, xp.float64)
        sums = [sign * xp.sum(products(x, table), axis=-1) for table in self._tables]
        return tuple(a + b for a, b in zip(contents.learned, sums, strict=True)) if len(contents) else tuple(sums)
