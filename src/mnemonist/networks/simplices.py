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

from mnemonist.core.number import check_whole, is_whole, plain
from mnemonist.errors import InvalidArgument, InvalidType, shown

Table = NDArray[np.int64]
_MOST = 2**62  # that a neuron can be counted to


def random_simplices(neurons: int, counts: Mapping[int, int], *, rng: Any = 0) -> list[tuple[int, ...]]:
    """Return `counts[d]` different random sets of d neurons for each size d, as tuples of ascending numbers.

    `rng` is a seed or a `numpy.random.Generator`. Raises `InvalidArgument` where there are not that many.

    >>> random_simplices(4, {2: 6, 3: 1})
    [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (1, 2, 3)]
    """
    who = "random_simplices"
    neurons = check_whole(who, "neurons", neurons, least=2)
    generator, simplices = _generator(who, rng), list[tuple[int, ...]]()
    for size, count in _counts(who, counts):
        if size < 2 or not 0 <= count <= math.comb(neurons, size):
            raise InvalidArgument(
                f"{who}: counts must be of sets that there are; {neurons} neurons have "
                f"{math.comb(neurons, max(size, 0))} of size {size} (2 at least); got {count}. Ask for fewer."
            )
        found: set[tuple[int, ...]] = set()
        if count > math.comb(neurons, size) // 2:
            found = set(_drawn(generator, neurons, size, count))
        while len(found) < count:
            found.add(tuple(sorted(generator.choice(neurons, size, replace=False).tolist())))
        simplices += sorted(found)
    return simplices


def _generator(who: str, rng: Any) -> np.random.Generator:
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None or is_whole(rng, 0, math.inf):
        return np.random.default_rng(0 if rng is None else int(plain(rng)))
    raise InvalidType(
        f"{who}: rng must be a seed >= 0 or a numpy.random.Generator; got {shown(rng)}. Pass "
        "numpy.random.default_rng(seed)."
    )


def _counts(who: str, counts: Any) -> list[tuple[int, int]]:
    """Return sizes, and how many sets of each."""
    given = list(counts.items()) if isinstance(counts, Mapping) else None
    if given is None or not all(is_whole(number, 0) for pair in given for number in pair):
        raise InvalidType(
            f"{who}: counts must be a dictionary of whole numbers, how many sets of each size; got {shown(counts)}. "
            "Write for example {2: 40, 3: 20}."
        )
    return [(int(plain(size)), int(plain(count))) for size, count in given]


def _drawn(generator: np.random.Generator, neurons: int, size: int, count: int) -> list[tuple[int, ...]]:
    """Return `count` of all sets, where most are wanted."""
    every = list(itertools.combinations(range(neurons), size))
    return [every[i] for i in generator.choice(len(every), count, replace=False)]


def tables(who: str, simplices: Iterable[Any]) -> tuple[Table, ...]:
    """Return given simplices as tables (M, d), by rising size. Raises `InvalidArgument`."""
    by_size: dict[int, set[tuple[int, ...]]] = {}
    for given in _listed(who, simplices):
        simplex = tuple(sorted({int(i) for i in given}))
        if len(simplex) != len(given) or len(simplex) < 2 or simplex[0] < 0:
            raise InvalidArgument(
                f"{who}: simplices must be 2 or more different neurons each, counted from 0; got {shown(given)}. Leave "
                "it out."
            )
        members = by_size.setdefault(len(simplex), set())
        if simplex in members:
            raise InvalidArgument(f"{who}: simplices must be given once each; got {simplex} twice. Leave one out.")
        members.add(simplex)
    if not by_size:
        raise InvalidArgument(f"{who}: simplices must be one at least; got none. See random_simplices.")
    return tuple(np.array(sorted(by_size[size]), dtype=np.int64) for size in sorted(by_size))


def _listed(who: str, simplices: Any) -> list[tuple[Any, ...]]:
    """Return simplices as tuples of whole numbers, of which nothing is cut off."""
    advice = "such as [(0, 1), (0, 1, 2)]"
    try:
        listed = [tuple(given) for given in simplices]
    except TypeError:
        raise InvalidType(
            f"{who}: simplices must be tuples of neuron numbers; got {shown(simplices)}. Pass some, {advice}."
        ) from None
    for given in listed:
        if not all(is_whole(i, -_MOST, _MOST) for i in given):
            raise InvalidType(
                f"{who}: simplices must be tuples of neuron numbers; got {shown(given)}. Pass whole numbers, {advice}."
            )
    return listed
