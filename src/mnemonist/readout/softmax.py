"""Softmax memories of NumPy arrays by compiled kernels, and small ones by the equation itself.

The kernels serve where no pattern has unknown coordinates; tiles, in array functions, are their slow twin.

Shapes: state (B, N); blocks of rows (k, N); h (B, k) of the k patterns of a tile.
"""

from collections.abc import Iterator, Sequence
from functools import partial, reduce
from typing import Any, cast

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import Readout, Summary
from mnemonist.kernels.softmax_readout import blocks_of, serves, softmax_readout, streams
from mnemonist.kernels.softmax_survey import SoftmaxSurvey, softmax_readout_and_survey, softmax_survey
from mnemonist.readout.fast_path import FastPath
from mnemonist.readout.survey import TOP, Survey
from mnemonist.readout.survey_cache import SurveyCache
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import converts

_BLOCK_NUMBERS = 2**21  # of a file, in a block that a thread reads
_SUMS = 2**23  # numbers in the readouts of a run of blocks, which are put together when it ends
_FEWEST, _MOST = 4, 256  # blocks in a run
_FEW, _SMALL = 4096, 2**19  # patterns, and products with all cues, of which the mean is taken as it is written


class SoftmaxKernels(FastPath):
    """Scores that are dot products, or with `euclidean` −½ of squared distances."""

    def __init__(self, *, euclidean: bool) -> None:
        self._euclidean = euclidean
        self._cache = SurveyCache()

    def mean(self, reader: Any, state: Array) -> Array | None:
        """Return the mean that real neurons take: of small memories as it is written, of large ones by a kernel."""
        patterns: Store = reader.patterns
        if not reader.neurons.averages or converts(patterns) or type(state) is not np.ndarray:
            return None
        if state.size * len(patterns) <= _SMALL:
            return self._small_mean(patterns, state, reader.separation.beta)
        if not self._serves(reader, state):
            return None
        readout = self._readout(reader, state)
        mean: Array = readout.pull / readout.mass
        if streams(state):
            self._cache.note(mean)
        return mean

    def _small_mean(self, patterns: Store, state: Array, beta: Any) -> Array | None:
        """Return the mean of few patterns, by the equation itself: what a small recall is made of."""
        rows = patterns.like
        if len(patterns) > _FEW or rows.dtype != state.dtype or (self._euclidean and len(state) > 1):
            return None
        h = _half_squares(rows - state)[None] if self._euclidean else state @ rows.T
        f = np.exp(beta * (h - h.max(axis=-1, keepdims=True)))
        mean: Array = (f @ rows) / f.sum(axis=-1, keepdims=True)
        return mean

    def _readout(self, reader: Any, state: Array) -> Readout:
        """Return the readout of patterns in memory; of later updates of few cues with a survey, which is kept."""
        (blocks,), count, beta = _runs(reader.patterns, len(state)), len(reader.patterns), float(reader.separation.beta)
        if not streams(state) or not self._cache.led_to(state):
            return softmax_readout(state, blocks, count, beta, euclidean=self._euclidean)
        readout, survey = softmax_readout_and_survey(state, blocks, count, beta, euclidean=self._euclidean, best=TOP)
        self._cache.keep(state, survey)
        return readout

    def readout(self, reader: Any, state: Array, cue_mask: Array | None) -> Readout | None:
        """Return the readout, a run of blocks after the other; parts of directions are compared as directions."""
        if not self._serves(reader, state) or (cue_mask is not None and reader.neurons.directions):
            return None
        read = partial(softmax_readout, euclidean=self._euclidean, cue_mask=cue_mask)
        count, beta = len(reader.patterns), float(reader.separation.beta)
        return reduce(reader.merge, (read(state, run, count, beta) for run in _runs(reader.patterns, len(state))))

    def summary(self, reader: Any, state: Array, cue_mask: Array | None) -> Summary | None:
        """Return the summary of a survey of the best alone."""
        if cue_mask is not None or not self._serves(reader, state):
            return None
        return _summary(self._survey(reader, state, 1))

    def survey(self, reader: Any, state: Array) -> Survey | None:
        """Return a survey, with the readout of the values; of discrete states kinds need more digits."""
        if reader.neurons.discrete or not self._serves(reader, state):
            return None
        found = self._cache.survey(state) or self._survey(reader, state, TOP)
        top = found.top.astype(np.float64)
        return Survey(
            count=len(reader.patterns),
            readout=_values(reader, state, _summary(found)),
            salience=top,
            scores=top,
            positions=found.places,
            closeness=found.close[:, None],
            nearest=found.nearest[:, None],
        )

    def _serves(self, reader: Any, state: Array) -> bool:
        return serves(state, reader.patterns.like, len(reader.patterns), reader.separation.beta)

    def _survey(self, reader: Any, state: Array, best: int) -> SoftmaxSurvey:
        """Return what the kernel finds in the patterns."""
        beta, count, runs = float(reader.separation.beta), len(reader.patterns), _runs(reader.patterns, len(state))
        return softmax_survey(state, runs, count, beta, euclidean=self._euclidean, best=best)


def _half_squares(apart: Array) -> Array:
    """Return −½ ‖x − ξ‖² (K,) of differences (K, N), which are squared where they lie."""
    apart *= apart
    return apart.sum(axis=-1) / -2


def _summary(found: SoftmaxSurvey) -> Summary:
    return Summary(found.peak.astype(np.float64), found.mass)


def _values(reader: Any, state: Array, summary: Summary) -> Readout:
    """Return the readout of the values, tile by tile; without values, of nothing."""
    if reader.patterns.block(0, 1).values is None:
        return Readout(summary, np.empty((len(state), 0)), summary.mass[:, None])
    tiles = ((h.astype(np.float64), block.values.astype(np.float64)) for h, block in reader.scored(state))
    return cast(Readout, reduce(reader.merge, (reader.separation.readout(h, values) for h, values in tiles)))


def _runs(store: Store, cues: int) -> Iterator[Sequence[Array]]:
    """Yield the rows in order, in runs of blocks for so many cues: those in memory at once, where they lie."""
    if not converts(store):
        yield blocks_of(store.block().rows, cues)
        return
    width = store.like.shape[-1]
    size = max(1, _BLOCK_NUMBERS // width)
    step = size * int(np.clip(_SUMS // (cues * width), _FEWEST, _MOST))
    for start in range(0, len(store), step):
        yield _Run(store, range(start, min(start + step, len(store)), size), min(start + step, len(store)))


class _Run(Sequence[Array]):
    """A run of blocks of rows, each brought into memory when it is asked for."""

    def __init__(self, store: Store, starts: range, stop: int) -> None:
        self._store, self._starts, self._stop = store, starts, stop

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, i: Any) -> Array:
        start = self._starts[i]
        return self._store.block(start, min(start + self._starts.step, self._stop)).rows
