r"""Simplices: sets of neurons that act together, edges, triangles, tetrahedra and higher, given or drawn at random.

A complex is kept as one table per size, (M, d) of ascending neurons, every simplex once. Its connections are counted as
sets: an edge feeds 2 neurons, a triangle 3, so that M sets of size d give each neuron a degree of d M/N.

Source: Burns & Fukai 2023, arXiv:2305.05179.
"""

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.errors import InvalidArgument

Table = NDArray[np.int64]


def random_simplices(neurons: int, counts: Mapping[int, int], *, rng: Any = 0) -> list[tuple[int, ...]]:
    """Return `counts[d]` different random sets of d neurons for each size d, as tuples of ascending numbers.

    `rng` is a seed or a `numpy.random.Generator`. Raises `InvalidArgument` where there are not that many.

    >>> random_simplices(4, {2: 6, 3: 1})
    [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (1, 2, 3)]
    """
    generator, simplices = np.random.default_rng(rng), []
    for size, count in counts.items():
        if size < 2 or not 0 <= count <= math.comb(neurons, size):
            raise InvalidArgument(
                f"random_simplices: there must be that many sets; {neurons} neurons have "
                f"{math.comb(neurons, max(size, 0))} of size {size} (2 at least); got {count}. Ask for fewer."
            )
        found: set[tuple[int, ...]] = set()
        if count > math.comb(neurons, size) // 2:
            found = set(_drawn(generator, neurons, size, count))
        while len(found) < count:
            found.add(tuple(sorted(generator.choice(neurons, size, replace=False).tolist())))
        simplices += sorted(found)
    return simplices


def _drawn(generator: np.random.Generator, neurons: int, size: int, count: int) -> list[tuple[int, ...]]:
    """Return `count` of all sets, where most are wanted."""
    every = list(itertools.combinations(range(neurons), size))
    return [every[i] for i in generator.choice(len(every), count, replace=False)]


def tables(who: str, simplices: Iterable[Any]) -> tuple[Table, ...]:
    """Return given simplices as tables (M, d), by rising size. Raises `InvalidArgument`."""
    by_size: dict[int, set[tuple[int, ...]]] = {}
    for given in simplices:
        try:
            simplex = tuple(sorted({int(i) for i in given}))
        except (TypeError, ValueError):
            raise InvalidArgument(
                f"{who}: a simplex must be neuron numbers, such as (0, 1, 2); got {given!r}."
            ) from None
        if len(simplex) != len(given) or len(simplex) < 2 or simplex[0] < 0:
            raise InvalidArgument(
                f"{who}: a simplex must be 2 or more different neurons, counted from 0; got {given!r}. Leave it out."
            )
        members = by_size.setdefault(len(simplex), set())
        if simplex in members:
            raise InvalidArgument(f"{who}: every simplex must be given once; got {simplex} twice. Leave one out.")
        members.add(simplex)
    if not by_size:
        raise InvalidArgument(f"{who}: there must be a simplex; got none. See random_simplices.")
    return tuple(np.array(sorted(by_size[size]), dtype=np.int64) for size in sorted(by_size))
