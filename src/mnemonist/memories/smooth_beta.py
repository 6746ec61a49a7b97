r"""Choosing β to estimate by: beta = "smooth".

A quarter of what stored patterns know is hidden and told from the others, in one look, without themselves. Of twenty
values of β from almost flat to almost the nearest neighbour, half an octave apart, that one is taken at which

    Σ (x_i − ξ_i)² / σ_i²,        x = Σ_ν f_ν ξ_ν / Σ_ν f_ν        over all hidden coordinates

is least, σ_i² the variance of coordinate i. Up to 256 patterns are hidden, 128 of very many.

Source: cross-validation, as of the bandwidth in kernel regression: Nadaraya 1964; Härdle & Marron 1985.
Shapes: of K patterns k are hidden; state, known (k, N).
"""

from typing import Any

import numpy as np

from mnemonist._array import beside, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.readout.probes import spread
from mnemonist.readout.reader import Reader

_HIDDEN = 0.25
_FEWER, _SCORES = 2**24, 2**25  # numbers in the patterns from which on fewer are hidden; scores at one time
_STEPS = np.arange(-2.0, 8.0, 0.5)  # octaves of β, of one over the typical lead of the nearest

Numbers = np.ndarray[Any, Any]


def smooth_beta(reader: Reader) -> float:
    """Return the β by which hidden coordinates of stored patterns are told best.

    Where there is nothing to tell it is one over the typical lead of the nearest.
    """
    count, width = len(reader.patterns), reader.patterns.like.shape[-1]
    positions = spread(reader.patterns, min(max(16, _SCORES // count), 128 if count * width > _FEWER else 256))
    block = reader.patterns.at(positions)
    rows = to_numpy(block.rows).astype(np.float64)
    given = np.ones(rows.shape, np.bool_) if block.known is None else to_numpy(block.known)
    known = given & ~_hidden(reader.neurons, rows)
    known[~known.any(axis=1)] = given[~known.any(axis=1)]  # of nothing, nothing is told
    asked = given & ~known
    if count < 2:
        return 1.0
    h = _scores(reader, block.rows, known, positions)
    lag = h.max(axis=1, keepdims=True) - h
    unit = _typical(lag)
    if not asked.any():
        return 1 / unit
    found = [_error(reader, lag, 2.0**step / unit, rows, asked) for step in _STEPS]
    return float(2.0 ** _STEPS[int(np.argmin(found))] / unit)


def _hidden(neurons: Neurons, rows: Numbers) -> Numbers:
    """Return what to hide (k, N), drawn with a fixed seed, row by row in the order of their numbers.

    A variable is hidden with all its columns.
    """
    rng, width = np.random.default_rng(0), rows.shape[1]
    along = np.argsort(rows @ rng.standard_normal(width), kind="stable")
    drawn = np.empty(rows.shape, np.bool_)
    drawn[along] = rng.random(rows.shape) < _HIDDEN
    for part, kind in neurons.parts:
        start = part.start or 0
        firsts = [start + kind.site(column).start for column in range(len(range(*part.indices(width))))]
        drawn[:, part] = drawn[:, firsts]
    return np.asarray(drawn)


def _scores(reader: Reader, rows: Any, known: Numbers, positions: Numbers) -> Numbers:
    """Return the scores (k, K) by what is known, −∞ of a pattern itself."""
    xp = namespace(rows)
    state = xp.astype(rows, reader.neurons.dtype(rows))
    mask = beside(known, state)
    h = np.concatenate([to_numpy(h) for h, _ in reader.scored(state, cue_mask=mask)], axis=1).astype(np.float64)
    h[np.arange(len(h)), positions] = -np.inf
    return h


def _typical(lag: Numbers) -> float:
    """Return by how much the second is typically behind the first, of those that are; 1 where none is."""
    second = np.partition(np.where(lag > 0, lag, np.inf), 0, axis=1)[:, 0]
    second = second[np.isfinite(second)]
    return float(np.median(second)) if second.size else 1.0


def _error(reader: Reader, lag: Numbers, beta: float, rows: Numbers, asked: Numbers) -> float:
    """Return the squared error of what is told at this β, each coordinate in its own variance."""
    f = np.exp(-beta * lag)
    pull, mass, first = np.zeros(rows.shape), np.zeros(rows.shape), 0
    total, square, there = (np.zeros(rows.shape[1]) for _ in range(3))
    for start in range(0, len(reader.patterns), 4096):
        block = reader.patterns.block(start, min(start + 4096, len(reader.patterns)))
        values = to_numpy(block.rows).astype(np.float64)
        known = np.ones(values.shape) if block.known is None else to_numpy(block.known).astype(np.float64)
        own = f[:, first : first + len(values)]
        pull, mass = pull + own @ values, mass + own @ known
        total, square, there = total + values.sum(0), square + (values**2).sum(0), there + known.sum(0)
        first += len(values)
    there = np.maximum(there, 1)
    mean = total / there
    variance = np.maximum(square / there - mean**2, 0.0)
    told = np.where(mass > 0, pull / np.where(mass > 0, mass, 1.0), mean)
    error = np.where(asked & (variance > 0), (told - rows) ** 2 / np.where(variance > 0, variance, 1.0), 0.0)
    return float(error.sum())
