r"""Forks: patterns that are equal and are followed by different ones, so that a sequence cannot go on from them.

A state at ξ_μ = ξ_ν is sent on to ξ_σ(μ) and ξ_σ(ν) at once and gets to neither. Where an even power stores mirror
images too, ξ_μ = −ξ_ν is sent on to −ξ_σ(ν). What follows a pattern that ends its sequence is itself.

Source: Sompolinsky & Kanter 1986, PRL 57:2861; Guyon et al. 1988, PRA 38:6365 (order by longer memories of the past).
Shapes: rows, known (K, N); successors (K,).
"""

import warnings

import numpy as np

from mnemonist._array import to_numpy
from mnemonist.stores.block import Block, Ids

_NAMED = 3


def forks(block: Block, successors: Ids, *, mirrored: bool) -> tuple[Ids, ...]:
    """Return the ids of each set of equal patterns that are not all followed by the same. Costs O(K N)."""
    marks, signs = _marks(block, mirrored=mirrored)
    alike: dict[bytes, list[int]] = {}
    for place, mark in enumerate(marks):
        alike.setdefault(mark, []).append(place)
    several = [places for places in alike.values() if len(places) > 1]
    return tuple(
        block.ids[places]
        for places in several
        if len({(marks[successors[i]], signs[i] * signs[successors[i]]) for i in places}) > 1
    )


def warn_of(found: tuple[Ids, ...]) -> None:
    """Say that a replay will not get on from these."""
    sets = ["ids " + ", ".join(str(i) for i in ids.tolist()) for ids in found]
    more = f" and {len(sets) - _NAMED} more" if len(sets) > _NAMED else ""
    warnings.warn(
        "SequenceMemory: equal patterns should have one successor, for a state that comes there is sent on to all of "
        f"theirs at once, and gets to none; got {'; '.join(sets[:_NAMED])}{more}. Give each a part of its own, such as "
        "its place: see memory.forks.",
        stacklevel=4,
    )


def _marks(block: Block, *, mirrored: bool) -> tuple[list[bytes], list[int]]:
    """Return bytes that are the same for equal patterns, and the sign that a pattern was turned by to be so."""
    rows = np.sign(to_numpy(block.rows)).astype(np.int8)
    known = [b""] * len(rows) if block.known is None else [mask.tobytes() for mask in to_numpy(block.known)]
    first = np.take_along_axis(rows, (rows != 0).argmax(axis=1)[:, None], axis=1)[:, 0]
    signs = np.where(first < 0, -1, 1) if mirrored else np.ones(len(rows), np.int64)
    turned = rows * signs[:, None].astype(np.int8)
    return [row.tobytes() + mask for row, mask in zip(turned, known, strict=True)], signs.tolist()
