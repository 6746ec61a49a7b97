r"""Probes: the patterns that are tried in place of all, where there are many.

Up to 1024 patterns are all tried; of more as many as can be compared with all in bounded time. Half of them stand for
the rest, evenly spread along a fixed random direction, so that the order of storage does not matter; the others are
members of the closest pairs, which are the hardest to keep apart. These are found among neighbours along four random
directions: patterns that are close are close along each.

Shapes: positions (k,); places of K patterns along R directions (K, R).
"""

from typing import Any

import numpy as np

from mnemonist._array import to_numpy
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles

ALL = 1024  # patterns that are all tried
_SCORES, _FEWEST = 2**23, 64  # scores of all that are tried; at least so many are
_DIRECTIONS = 4
_COPY = 1e-12  # of the squared lengths along them: less apart two patterns may be copies

Numbers = np.ndarray[Any, Any]


def probes(patterns: Store) -> Numbers:
    """Return the positions of patterns to try, rising; costs O(K N) where there are many."""
    if len(patterns) <= ALL:
        return np.arange(len(patterns))
    places, count = _places(patterns), min(max(_SCORES // len(patterns), _FEWEST), ALL)
    return np.unique(np.concatenate([_spread(places[:, 0], count // 2), *_close_pairs(places, count // 4)]))


def spread(patterns: Store, count: int) -> Numbers:
    """Return the positions of `count` patterns, or of all, evenly spread along a fixed random direction."""
    if len(patterns) <= count:
        return np.arange(len(patterns))
    return np.asarray(np.sort(_spread(_places(patterns)[:, 0], count)))


def _places(patterns: Store) -> Numbers:
    """Return where the patterns stand along random directions (K, R)."""
    directions = np.random.default_rng(0).standard_normal((patterns.like.shape[-1], _DIRECTIONS))
    return np.concatenate([_floats(to_numpy(tile.rows)) @ directions.astype(np.float32) for tile in tiles(patterns)])


def _floats(rows: Numbers) -> Numbers:
    return rows.astype(np.float64 if rows.dtype == np.float64 else np.float32, copy=False)


def _spread(along: Numbers, count: int) -> Numbers:
    order = np.argsort(along, kind="stable")
    return np.asarray(order[np.linspace(0, len(along) - 1, count).astype(int)])


def _close_pairs(places: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return the members of pairs, neighbours along some direction, that are closest along all; copies are no pair."""
    orders = np.argsort(places, axis=0, kind="stable")
    one, other = orders[:-1].T.ravel(), orders[1:].T.ravel()
    apart = ((places[one] - places[other]) ** 2).sum(axis=1)
    size = (places[one] ** 2).sum(axis=1)
    apart[apart <= _COPY * size] = np.inf
    several = min(count * _DIRECTIONS, len(apart)) - 1  # a pair may be found along each direction
    closest = np.argpartition(apart, several)[: several + 1]
    closest = closest[np.argsort(apart[closest], kind="stable")]
    closest = closest[np.isfinite(apart[closest])]
    pairs = np.unique(np.sort(np.stack([one[closest], other[closest]]), axis=0), axis=1, return_index=True)[1]
    kept = closest[np.sort(pairs)][:count]
    return one[kept], other[kept]
