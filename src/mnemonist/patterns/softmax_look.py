r"""What cues see in many patterns on NumPy arrays: softmax sums, the best scores, the nearest pattern; by a kernel.

Blocks of patterns are looked through one by one, some cues at a time, on threads, and what was found is put together in
block order. `dynamics.identify`, tile by tile in array functions, is the slow twin.

Shapes: state (B, N); blocks of rows (k, N), K in all.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.patterns.softmax_readout import Floats, filled_up
from mnemonist.patterns.threads import share

ROUNDINGS = 64  # of −½ ‖x − ξ‖², or of a score, within which two are equally close
_TOGETHER = 64  # cues that look at a tile while it is in cache


class Look(NamedTuple):
    """What was seen: peak m and mass (B,), the best scores and their places (B, T), the nearest and how close (B,).

    Places are positions among all patterns; there are T or K of them. `close` is −½ ‖x − ξ‖².
    """

    peak: Floats
    mass: Floats
    top: Floats
    places: Floats
    close: Floats
    nearest: Floats


def softmax_look(state: Floats, runs: Iterable[Sequence[Floats]], beta: float, *, euclidean: bool, best: int) -> Look:
    """Return what states see of patterns in runs of blocks, scored by dot products or −½ of the squared distances."""
    cues = filled_up(state, _kernel()[1](state.itemsize))
    seen: list[tuple[int, Look]] = []
    for run in runs:
        parts = [*seen, *_looks(cues, run, (state.dtype.type(beta), euclidean), best)]
        seen = [(sum(count for count, _ in parts), _together(parts, best, beta))]
    return seen[0][1]


def _looks(cues: Floats, run: Sequence[Floats], way: tuple[Any, bool], best: int) -> list[tuple[int, Look]]:
    """Return how many patterns each block of a run has, and what is seen of them."""
    groups = [slice(start, start + _TOGETHER) for start in range(0, len(cues), _TOGETHER)]
    looks, counts = [_empty(len(cues), best, cues.dtype) for _ in run], [0] * len(run)

    def work(task: int) -> None:
        block, group = task // len(groups), groups[task % len(groups)]
        rows = run[block]
        counts[block] = len(rows)
        _kernel()[0](rows, cues[group], *way, tuple(array[group] for array in looks[block]))

    share(work, len(groups) * len(run))
    return list(zip(counts, looks, strict=True))


def _empty(cues: int, best: int, dtype: Any) -> Look:
    """Return places for what is seen in a block."""
    one, many = np.empty((3, cues), dtype), np.empty((cues, best), dtype)
    places, nearest = np.empty((cues, best), np.int64), np.empty(cues, np.int64)
    return Look(one[0], np.empty(cues), many, places, one[1], nearest)


def _together(parts: list[tuple[int, Look]], best: int, beta: float) -> Look:
    """Return what was seen in parts of so many patterns, one after the other; ties go to the first."""
    counts, looks = zip(*parts, strict=True)
    starts = np.cumsum([0, *counts[:-1]])
    peaks = np.stack([look.peak for look in looks])
    peak = peaks.max(axis=0)
    mass = sum(np.exp(beta * (look.peak.astype(float) - peak)) * look.mass for look in looks)
    top = np.concatenate([look.top for look in looks], axis=-1)
    places = np.concatenate([look.places + start for look, start in zip(looks, starts, strict=True)], axis=-1)
    order = np.argsort(-top, axis=-1, kind="stable")[:, : min(best, sum(counts))]
    close, nearest = looks[0].close, looks[0].nearest
    rounding = ROUNDINGS * np.finfo(close.dtype).eps
    for look, start in zip(looks[1:], starts[1:], strict=True):
        nearer = look.close > close + rounding * np.abs(close)
        close, nearest = np.where(nearer, look.close, close), np.where(nearer, look.nearest + start, nearest)
    top, places = (np.take_along_axis(x, order, axis=-1) for x in (top, places))
    return Look(peak, np.asarray(mass), top, places, close, nearest)


@cache
def _kernel() -> Any:
    """Return the compiled kernel, and the lanes that it has."""
    from mnemonist.patterns.looking import look_through
    from mnemonist.patterns.vectors import lanes

    return look_through, lanes
