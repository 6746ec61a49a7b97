"""Sweeps by compiled kernels, in blocks of cues on threads. Cues know nothing of each other, so cuts change nothing.

Which sweeps are theirs, `loading` says.
"""

from functools import cache
from typing import Any

import numpy as np

from mnemonist.kernels.threads import share
from mnemonist.stores.bit_columns import BitColumns
from mnemonist.stores.packing import TILE, Planes

Numbers = np.ndarray[Any, Any]

_BLOCK = 4  # cues that sweep over patterns, of which each reads all
_LEADERS = 64  # patterns that may lead
_TILES = 8  # that are scored to find them
_LED_BLOCK = 8  # cues that follow their leaders, one after the other
_FIELD_BLOCK = 16  # cues that share the columns of the weights


def sweep_overlaps(
    columns: BitColumns, visits: Numbers, differences: Any, tie: float, *cues: Numbers, at_once: bool
) -> None:
    """Visit ±1 neurons in this order: see `overlap_sweep.sweep`, of whose cues state and scores change in place."""
    kernel, _ = _kernels()
    blocks, room = _blocks(_BLOCK, *cues), 64 * columns.plus.shape[1]

    def work(i: int) -> None:
        kernel(columns.planes, visits, differences, tie, (*blocks[i], np.zeros(room)), at_once)

    share(work, len(blocks))


def sweep_led(planes: Planes, visits: Numbers, differences: Any, *cue: Numbers) -> int:
    """Visit ±1 neurons of one cue in this order, and return how many were visited: see `leading_sweep.sweep_led`."""
    arrays = planes.plus, planes.known, planes.count
    return int(_leading()[0](arrays, visits, tuple(differences), cue, _leading_room(planes)))


def sweep_by_tiles(planes: Planes, visits: Numbers, differences: Any, *cues: Any) -> Numbers:
    """Do so in all cues (words, state, movable, reach), and return how many (B,): see `leading_sweep`."""
    done, count = np.empty(len(cues[1]), np.int64), len(cues[1])
    kernel, arrays, tables = _leading()[1], (planes.plus, planes.known, planes.count), tuple(differences)

    def work(i: int) -> None:
        scoring = np.empty(_TILES, np.int64), np.empty((1, 1, TILE), np.int32)
        candidates = np.empty(_TILES * TILE, np.int32), np.empty(_TILES * TILE, np.int64)
        part = i * _LED_BLOCK, min((i + 1) * _LED_BLOCK, count)
        kernel(arrays, visits, tables, cues, (part, done), (_leading_room(planes), (*scoring, *candidates)))

    share(work, -(-count // _LED_BLOCK))
    return done


def _leading_room(planes: Planes) -> tuple[Numbers, ...]:
    """Return what leaders are kept in."""
    own = np.empty(_LEADERS, np.int64), np.empty(_LEADERS, np.int32), np.empty((3, _LEADERS))
    words = (np.empty((_LEADERS, planes.plus.shape[1]), np.uint64) for _ in range(2))
    return *own, *words, np.empty((2, 2 * planes.width + 1), np.int64)


def sweep_fields(columns: Numbers, visits: Numbers, ties: Numbers, levels: tuple[Any, Any], *cues: Numbers) -> None:
    """Visit neurons in this order: see `field_sweep.sweep`, of whose cues all but the last change in place."""
    _, kernel = _kernels()
    blocks = _blocks(_FIELD_BLOCK, *cues)
    share(lambda i: kernel(columns, visits, ties, blocks[i], levels), len(blocks))


def _blocks(size: int, *cues: Numbers) -> list[tuple[Numbers, ...]]:
    """Return the cues, some rows at a time."""
    return [tuple(rows[start : start + size] for rows in cues) for start in range(0, len(cues[0]), size)]


@cache
def _kernels() -> Any:
    """Return the compiled kernels."""
    from mnemonist.kernels.field_sweep import sweep as over_fields
    from mnemonist.kernels.overlap_sweep import sweep as over_overlaps

    return over_overlaps, over_fields


@cache
def _leading() -> Any:
    """Return the compiled kernels of sweeps that leaders decide."""
    from mnemonist.kernels.leading_sweep import sweep_by_tiles, sweep_led

    return sweep_led, sweep_by_tiles
