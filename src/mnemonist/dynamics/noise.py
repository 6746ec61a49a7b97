"""Noise: a stream of random numbers for each cue, so that what one cue draws does not depend on the others.

The stream of cue number b is the counter-based generator Philox under the key (seed, b); update number t reads it from
counter t · 2¹⁹² on. So noise is a function of (seed, cue, update), whatever was drawn before and on whichever machine.

Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
Shapes: cues (B,), whole numbers; what is drawn is (B, count), float64.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mnemonist._array import Array

Cues = np.ndarray[Any, Any]


def uniforms(cues: Cues, count: int, *, seed: int, sweep: int) -> Array:
    """Return numbers (B, count), uniform in [0, 1)."""
    return _rows([stream.random(count) for stream in _streams(cues, seed, sweep)], count)


def normals(cues: Cues, count: int, *, seed: int, sweep: int) -> Array:
    """Return independent standard normal numbers (B, count)."""
    return _rows([stream.standard_normal(count) for stream in _streams(cues, seed, sweep)], count)


def _streams(cues: Cues, seed: int, sweep: int) -> Iterator[np.random.Generator]:
    """Yield one generator again and again, each time at the place of the next cue: making new ones costs five times."""
    bits = np.random.Philox(key=[seed % 2**64, 0], counter=[0, 0, 0, sweep])
    generator, start = np.random.Generator(bits), bits.state
    for cue in cues.tolist():
        start["state"]["key"][1] = cue
        bits.state = start
        yield generator


def _rows(rows: list[Array], count: int) -> Array:
    return np.stack(rows) if rows else np.empty((0, count))
