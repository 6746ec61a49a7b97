r"""What cues see in many patterns on NumPy arrays: softmax sums, the best scores, the nearest pattern; by a kernel.

Spans of blocks of patterns are looked through, some cues at a time, on threads, and what was found is put together in
their order. `recall.identify`, tile by tile in array functions, is the slow twin.

Shapes: state (B, N); blocks of rows (k, N), K in all.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.kernels.online_softmax import Floats, sharpness_of
from mnemonist.kernels.softmax_readout import filled_up, room
from mnemonist.kernels.threads import share

ROUNDINGS = 64  # of −½ ‖x − ξ‖², or of a score, within which two are equally close
_TOGETHER = 64  # cues that look at a tile while it is in cache
_TASKS, _SPANS = 32, 4  # spans of blocks that are looked through one after the other: so many tasks, or spans


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


def softmax_look(
    state: Floats, runs: Iterable[Sequence[Floats]], count: int, beta: float, *, euclidean: bool, best: int
) -> Look:
    """Return what states see of `count` patterns in runs of blocks, by dot products or −½ of the squared distances."""
    cues, seen = filled_up(state), list[tuple[int, Look]]()
    sharpness = sharpness_of(beta, count, state.dtype)
    for run in runs:
        parts = [*seen, *_looks(cues, run, (sharpness, euclidean), best)]
        seen = [(sum(count for count, _ in parts), _together(parts, best, beta))]
    return seen[0][1]


def _looks(cues: Floats, run: Sequence[Floats], way: tuple[tuple[Any, Any], bool], best: int) -> list[tuple[int, Look]]:
    """Return how many patterns each span of blocks has, and what is seen of them."""
    groups = [slice(start, start + _TOGETHER) for start in range(0, len(cues), _TOGETHER)]
    count = min(len(run), max(_SPANS, _TASKS // len(groups)))
    spans = [range(len(run) * i // count, len(run) * (i + 1) // count) for i in range(count)]
    looks, counts = [_nothing(len(cues), best, cues.dtype) for _ in spans], [0] * count
    eps, look_through = np.finfo(cues.dtype).eps, _kernel()
    numbers = (*way[0], *(cues.dtype.type(x * eps) for x in (ROUNDINGS, 4 * cues.shape[1])))

    def work(task: int) -> None:
        span, group = task // len(groups), groups[task % len(groups)]
        mine, found, start = cues[group], tuple(array[group] for array in looks[span]), 0
        scratch = _scratch(mine)
        for block in spans[span]:
            rows = run[block]
            look_through((rows, start), mine, numbers, way[1] or None, found, scratch)
            start += len(rows)
        counts[span] = start

    share(work, len(groups) * count)
    return list(zip(counts, looks, strict=True))


def _nothing(cues: int, best: int, dtype: Any) -> Look:
    """Return what is seen in no patterns."""
    peak, close, top = (np.full(shape, -np.inf, dtype) for shape in (cues, cues, (cues, best)))
    return Look(peak, np.zeros(cues), top, np.zeros((cues, best), np.int64), close, np.zeros(cues, np.int64))


def _scratch(cues: Floats) -> tuple[Floats, ...]:
    """Return what the kernel writes on, and half of the cues' squares: see `looking`."""
    own, (longer, scores) = np.einsum("bi,bi->b", cues, cues) / 2, room(cues)
    zero, sizes, near = (np.zeros((1, shape), cues.dtype) for shape in (cues.shape[1], *2 * scores.shape[1:]))
    return own, longer, zero, scores, sizes, near


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
    """Return the compiled kernel."""
    from mnemonist.kernels.streaming_survey import look_through

    return look_through
