r"""A survey of many patterns on NumPy arrays: softmax sums, the best scores, the nearest pattern; by a kernel.

Spans of blocks of patterns are surveyed, some cues at a time, on threads, and what was found is merged in their order.
Few cues may be read out in the same pass. `recall.identify`, tile by tile in array functions, is the slow twin.

Shapes: state (B, N); blocks of rows (k, N), K in all.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mnemonist.core.separation import Readout
from mnemonist.kernels.online_softmax import Floats, empty, sharpness_of
from mnemonist.kernels.softmax_readout import filled_up, readout_of, room, softmax_readout, streams
from mnemonist.kernels.threads import share

ROUNDINGS = 64  # of −½ ‖x − ξ‖², or of a score, within which two are equally close
_TOGETHER = 64  # cues that survey a tile while it is in cache
_TASKS, _SPANS = 32, 4  # spans of blocks that are surveyed one after the other: so many tasks, or spans


class SoftmaxSurvey(NamedTuple):
    """What was found of so many patterns: peak m and mass (B,), the best scores and their places (B, T), the nearest.

    Places, and `nearest` (B,), are positions among these patterns; there are T or K best. `close` (B,) is −½ ‖x − ξ‖²
    of the nearest. Mass is float64.
    """

    patterns: int
    peak: Floats
    mass: Floats
    top: Floats
    places: Floats
    close: Floats
    nearest: Floats


class _Query(NamedTuple):
    """What is asked of patterns: softmax of so sharp scores, dot products or −½ of squared distances, so many best."""

    beta: float
    sharpness: tuple[Any, Any]
    squares: bool | None
    best: int


def _query(dtype: np.dtype[Any], count: int, beta: float, euclidean: bool, best: int) -> _Query:
    """Return what is asked of so many patterns, in the dtype to compute in."""
    return _Query(beta, sharpness_of(beta, count, dtype), euclidean or None, best)


def softmax_survey(
    state: Floats, runs: Iterable[Sequence[Floats]], count: int, beta: float, *, euclidean: bool, best: int
) -> SoftmaxSurvey:
    """Return what states find in `count` patterns in runs of blocks, by dot products or −½ of the squared distances."""
    cues, query = filled_up(state), _query(state.dtype, count, beta, euclidean, best)
    found = list[SoftmaxSurvey]()
    for run in runs:
        peak, mass, _ = empty(len(run), cues[:, :0, None], mass=float)
        found.append(_survey(cues, run, (peak, mass, None), query))
    return found[0] if len(found) == 1 else merged(found, beta, best)


def softmax_readout_and_survey(
    state: Floats, blocks: Sequence[Floats], count: int, beta: float, *, euclidean: bool, best: int
) -> tuple[Readout, SoftmaxSurvey]:
    """Return the reading and the survey of patterns in blocks: of few cues in one pass, otherwise in one for each."""
    if not streams(state):
        readout = softmax_readout(state, blocks, count, beta, euclidean=euclidean)
        return readout, softmax_survey(state, [blocks], count, beta, euclidean=euclidean, best=best)
    cues, query = filled_up(state), _query(state.dtype, count, beta, euclidean, best)
    sums = empty(len(blocks), cues[:, :, None], mass=float)
    survey = _survey(cues, blocks, sums, query)
    return readout_of(sums, query.sharpness, state), survey


def merged(surveys: Sequence[SoftmaxSurvey], beta: float, best: int) -> SoftmaxSurvey:
    """Return the survey of patterns that were surveyed in parts, one behind the other; ties go to the first."""
    return _merged([*zip(*surveys, strict=True)], beta, best)


def _merged(parts: Sequence[Any], beta: float, best: int) -> SoftmaxSurvey:
    """Return one survey of the fields of several; peaks and masses may be of other parts than what comes behind."""
    counts, peaks, masses, tops, places, closes, nearest = parts
    starts, (peaks, closes) = np.cumsum([0, *counts[:-1]]), (np.asarray(x) for x in (peaks, closes))
    peak, closest, cues = peaks.max(axis=0), closes.max(axis=0), np.arange(len(peaks[0]))
    mass = (np.exp(beta * (peaks.astype(float) - peak)) * masses).sum(axis=0)
    top = np.concatenate(tops, axis=-1)
    places = np.concatenate([of_part + start for of_part, start in zip(places, starts, strict=True)], axis=-1)
    order = np.argsort(-top, axis=-1, kind="stable")[:, : min(best, sum(counts))]
    with np.errstate(invalid="ignore"):  # a distance beyond the dtype
        first = (closes >= closest - ROUNDINGS * np.finfo(closes.dtype).eps * np.abs(closest)).argmax(axis=0)
    top, places = (np.take_along_axis(x, order, axis=-1) for x in (top, places))
    nearest = np.asarray(nearest)[first, cues] + starts[first]
    return SoftmaxSurvey(sum(counts), peak, mass, top, places, closes[first, cues], nearest)


def _survey(cues: Floats, blocks: Sequence[Floats], sums: tuple[Any, ...], query: _Query) -> SoftmaxSurvey:
    """Return the survey of blocks; the softmax sums of each are added to those given, the last a pull or None."""
    groups = [slice(start, start + _TOGETHER) for start in range(0, len(cues), _TOGETHER)]
    count = min(len(blocks), max(_SPANS, _TASKS // len(groups)))
    spans = [range(len(blocks) * i // count, len(blocks) * (i + 1) // count) for i in range(count)]
    found, counts = _empty((count, len(cues), query.best), cues.dtype), [0] * count
    bound = np.full(len(cues), -np.inf, cues.dtype)
    eps, kernel, own = np.finfo(cues.dtype).eps, _kernel(), np.einsum("bi,bi->b", cues, cues) / 2
    numbers = (query.sharpness, *(cues.dtype.type(x * eps) for x in (ROUNDINGS, 4 * cues.shape[1])))

    def work(task: int) -> None:
        span, group = task // len(groups), groups[task % len(groups)]
        mine, start, scratch = (*(array[span, group] for array in found), bound[group]), 0, None
        for block in spans[span]:
            rows = blocks[block]
            of_block = tuple(None if array is None else array[block, group, ..., 0] for array in sums)
            scratch = scratch or (own[group], *_scratch(cues[group], rows))
            kernel((rows, start), cues[group], numbers, query.squares, (of_block, mine), scratch)
            start += len(rows)
        counts[span] = start

    share(work, len(groups) * count)
    peaks, masses = (array[..., 0] for array in sums[:2])
    return _merged((counts, peaks, masses, *found), query.beta, query.best)


def _empty(shape: tuple[int, int, int], dtype: np.dtype[Any]) -> tuple[Floats, ...]:
    """Return top and places (S, B, T), close and nearest (S, B) of no patterns."""
    top, close = np.full(shape, -np.inf, dtype), np.full(shape[:2], -np.inf, dtype)
    return top, np.zeros(top.shape, np.int64), close, np.zeros(close.shape, np.int64)


def _scratch(cues: Floats, rows: Floats) -> tuple[Floats, ...]:
    """Return what the kernel writes on, beside half of the cues' squares: see `streaming_survey`."""
    longer, scores, highest = room(cues, rows)
    sizes, near = np.empty((2, 1, scores.shape[1]), cues.dtype)
    return longer, scores, highest, sizes, near, np.empty(1, cues.dtype)


@cache
def _kernel() -> Any:
    """Return the compiled kernel."""
    from mnemonist.kernels.streaming_survey import survey_streaming

    return survey_streaming
