r"""Leads: by how much a pattern is ahead of the others at its own place.

    Δ_μν = h_μ(ξ_μ) − h_ν(ξ_μ)        ½‖ξ_μ − ξ_ν‖² under Euclidean, ξ_μ·(ξ_μ − ξ_ν) under dot

Copies of a pattern, equal to rounding wherever both are known, are not ahead of each other and are left out.

Shapes: of K patterns k are tried; leads (k, K), infinite of itself and of copies.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.readout.reader import Reader
from mnemonist.stores.block import Block
from mnemonist.stores.tiles import few_enough, tiles

_NUMBERS = 2**24  # leads at one time
_ROUNDINGS = 64  # of a score, within which two are equal
_ALIKE = 8  # roundings of a coordinate
_NEAR = 1e-9  # of the largest squared distance: of these only the rows tell whether they are copies

Numbers = np.ndarray[Any, Any]


class Leads(NamedTuple):
    """The leads (k, K) of the patterns at `positions` (k,), the smallest `rounding` (k,) that can be told from none,
    and of each the positions of its `copies`, its own among them.
    """

    positions: Numbers
    leads: Numbers
    rounding: Numbers
    copies: tuple[Numbers, ...]


def leads(reader: Reader, positions: Numbers) -> Iterator[Leads]:
    """Yield the leads of some patterns at a time; costs O(k K N)."""
    size = few_enough(reader.patterns, max(1, _NUMBERS // len(reader.patterns)))
    for start in range(0, len(positions), size):
        yield _leads(reader, positions[start : start + size])


def _leads(reader: Reader, positions: Numbers) -> Leads:
    block, distant = reader.patterns.at(positions), reader.similarity.negative
    found = scores_at(reader, block)
    rounding, copies = np.zeros(len(found)), []
    for i, (row, place) in enumerate(zip(found, positions, strict=True)):  # one by one, as long as each is in cache
        own = row[place]
        np.subtract(own, row, out=row)
        rounding[i] = 0.0 if distant else _ROUNDINGS * np.finfo(row.dtype).eps * abs(own)
        near = np.flatnonzero(row <= (_NEAR * _largest(row) if distant else rounding[i]))
        mine = near[_equal(block.part(slice(i, i + 1)), reader.patterns.at(near))]
        row[mine] = np.inf
        copies.append(mine)
    return Leads(positions, found, rounding, tuple(copies))


def scores_at(reader: Reader, block: Block, cue_mask: Array | None = None) -> Numbers:
    """Return the scores (k, K) of all patterns at those of a block, float32 or float64.

    Each goes by what it knows, within `cue_mask` (k, N) where that is given.
    """
    xp = namespace(block.rows)
    state = xp.astype(block.rows, reader.neurons.dtype(block.rows))
    found = np.empty((len(block.ids), len(reader.patterns)), np.float64 if state.dtype == xp.float64 else np.float32)
    start, seen = 0, block.known
    if cue_mask is not None:
        seen = cue_mask if seen is None else seen & cue_mask
    if seen is not None:
        state = reader.neurons.confine(xp.where(seen, state, xp.zeros_like(state)))
    for h, tile in reader.scored(state, cue_mask=seen):
        found[:, start : start + len(tile.ids)] = to_numpy(h)
        start += len(tile.ids)
    return found


def copies_at(reader: Reader, positions: Numbers) -> list[Numbers]:
    """Return the positions of all copies of patterns at some positions, these among them; costs O(K N)."""
    direction = np.random.default_rng(0).standard_normal(reader.patterns.like.shape[-1])
    places = np.concatenate([to_numpy(tile.rows).astype(np.float64) @ direction for tile in tiles(reader.patterns)])
    order = np.argsort(places, kind="stable")
    rising, block = places[order], reader.patterns.at(positions)
    near = _NEAR * np.maximum(np.abs(places[positions]), np.finfo(np.float64).tiny)
    first = np.searchsorted(rising, places[positions] - near, side="left")
    last = np.searchsorted(rising, places[positions] + near, side="right")
    copies = []
    for i, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        there = np.sort(order[a:b])
        if len(there) > 1:
            there = there[_equal(block.part(slice(i, i + 1)), reader.patterns.at(there))]
        copies.append(there)
    return copies


def _largest(row: Numbers) -> float:
    """Return the largest of a row that is finite."""
    most = float(row.max())
    return most if np.isfinite(most) else float(row[np.isfinite(row)].max(initial=0.0))


def _equal(one: Block, others: Block) -> Numbers:
    """Return which rows (P,) are equal to one (1, N), to rounding, wherever both are known."""
    x, y = to_numpy(one.rows), to_numpy(others.rows)
    x, y = (a.astype(np.float32 if a.dtype.kind != "f" else a.dtype, copy=False) for a in (x, y))
    same = np.abs(x - y) <= _ALIKE * float(np.finfo(x.dtype).eps) * np.maximum(np.abs(x), np.abs(y))
    for block in (one, others):
        if block.known is not None:
            same = same | ~to_numpy(block.known)
    return np.asarray(same.all(axis=1))
