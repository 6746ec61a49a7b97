"""One sweep of a dense memory of ±1 neurons: compiled kernels beside plain NumPy.

Cues are patterns with 0.3 of their signs turned. *Recomputing* NumPy makes both energies anew at each site, as one
would first write it; it is timed on a few sites and multiplied. *Incremental* NumPy carries overlaps along and decides
by exact polynomials of them, the best we found in NumPy alone. All take the same way, in float64.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

import mnemonist as mn
from benchmarks.data import signs
from benchmarks.public import public, updates
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

Floats = np.ndarray[Any, Any]

_COUNT, _NEURONS, _CUES, _FEW = 2000, 1000, 64, 4


def rows(effort: Effort) -> Iterator[Row]:
    """Yield an asynchronous sweep, and a synchronous one."""
    patterns, states = signs(_COUNT, _NEURONS, _CUES, flipped=0.3)
    memory = mn.dense_memory(3)
    memory.store(patterns)
    columns, order = np.ascontiguousarray(patterns.T), np.asarray(mn.Asynchronous().visits(_NEURONS, seed=0, sweep=1))
    candidates: dict[str, Candidate] = {
        "sweep": _sweep(mn.Asynchronous(), memory, states),
        "incremental NumPy": lambda: sweep_incrementally(patterns, columns, states, order),
        "recomputing NumPy": lambda: sweep_naively(patterns, states, order[:_FEW]),
        **public(lambda: memory.recall(states)),
    }
    seconds = in_turn(candidates, effort)
    seconds["recomputing NumPy"] = seconds["recomputing NumPy"].scaled(_NEURONS / _FEW)
    numbers = updates(memory.recall(states))
    yield Row("async sweep, dense n = 3", K=_COUNT, N=_NEURONS, B=_CUES, seconds=seconds, numbers=numbers)
    asked = public(lambda: memory.recall(states, dynamics=mn.Synchronous()))
    together = in_turn({"sweep": _sweep(mn.Synchronous(), memory, states), **asked}, effort)
    numbers = updates(memory.recall(states, dynamics=mn.Synchronous()))
    yield Row("sync sweep, dense n = 3", K=_COUNT, N=_NEURONS, B=_CUES, seconds=together, numbers=numbers)


def _sweep(dynamics: Any, memory: Any, states: Floats) -> Candidate:
    """Return the first update of a recall of all these cues."""
    free, cues = np.ones(states.shape, np.bool_), np.arange(len(states))
    return lambda: dynamics.update(memory.landscape, states, free, cue_mask=None, cues=cues, seed=0, sweep=1)


def sweep_naively(patterns: Floats, cues: Floats, order: Floats) -> Floats:
    """Recompute both energies at each site."""
    states = cues.copy()
    for site in order:
        up, down = states.copy(), states.copy()
        up[:, site], down[:, site] = 1, -1
        gain = ((up @ patterns.T) ** 3).sum(axis=-1) - ((down @ patterns.T) ** 3).sum(axis=-1)
        states[:, site] = np.where(gain > 0, 1, np.where(gain < 0, -1, states[:, site]))
    return states


def sweep_incrementally(patterns: Floats, columns: Floats, cues: Floats, order: Floats) -> Floats:
    """Carry overlaps along and decide by exact polynomials of them."""
    states = cues.copy()
    overlaps = states @ patterns.T
    even, odd = -24 * overlaps.sum(axis=-1), 12 * overlaps**2 + 16
    for site in order:
        cost = even + states[:, site] * (odd @ columns[site])
        flipped = np.flatnonzero(cost < 0)
        if flipped.size:
            moved = overlaps[flipped] - 2 * states[flipped, site][:, None] * columns[site]
            states[flipped, site] *= -1
            overlaps[flipped], odd[flipped], even[flipped] = moved, 12 * moved**2 + 16, -24 * moved.sum(axis=-1)
    return states
