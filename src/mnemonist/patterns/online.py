r"""Online softmax: sums in the scale of the largest score met so far, and how two runs of them are joined.

    m = max h,    mass = Σ exp β(h − m),    pull = Σ exp β(h − m) ξ

A run of tiles is summed by itself and then joined to what came before: one long chain of additions in float32 would
lose digits. L cues are carried side by side.

Source: Milakov & Gimelshein 2018, "Online normalizer calculation for softmax".
Shapes: peak, mass (L,); pull (N, L).
"""

import math
from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.vectors import exponential

RUN = 32  # tiles that are summed before they are joined


@compiled
def clear(peak: Any, mass: Any, pull: Any) -> None:
    """Begin with nothing, in one panel or in all."""
    peak[:] = -math.inf
    mass[:] = 0
    pull[:] = 0


@compiled
def matters(highest: Any, peak: Any, sharpness: Any) -> bool:
    """Say whether any lane's highest score (L,) is within its reach of the peak."""
    (beta, reach), some = sharpness, False
    for lane in range(len(peak)):
        some |= not beta * (highest[lane] - peak[lane]) < -reach
    return some


@compiled
def lift(peak: Any, mass: Any, pull: Any, to: Any, beta: Any) -> None:
    """Raise peaks to what is higher, and carry the sums to their scale."""
    higher = False
    for lane in range(len(peak)):
        higher |= to[lane] > peak[lane]
    if higher:
        factor = np.ones_like(peak)
        for lane in range(len(peak)):
            if to[lane] > peak[lane]:
                factor[lane] = exponential(beta * (peak[lane] - to[lane]))
                mass[lane] *= factor[lane]
                peak[lane] = to[lane]
        for i in range(len(pull)):
            for lane in range(len(peak)):
                pull[i, lane] *= factor[lane]


@compiled
def join(peak: Any, mass: Any, pull: Any, later: Any, beta: Any) -> None:
    """Add the sums `later`, which are brought to the common scale for it."""
    peak_too, mass_too, pull_too = later
    lift(peak, mass, pull, peak_too, beta)
    lift(peak_too, mass_too, pull_too, peak, beta)
    for lane in range(len(peak)):
        mass[lane] += mass_too[lane]
    for i in range(len(pull)):
        for lane in range(len(peak)):
            pull[i, lane] += pull_too[i, lane]


@compiled
def join_each(peaks: Any, masses: Any, pulls: Any, later: Any, beta: Any) -> None:
    """Add the sums `later` of each panel (P, …) to its own."""
    peaks_too, masses_too, pulls_too = later
    for panel in range(len(peaks)):
        too = (peaks_too[panel], masses_too[panel], pulls_too[panel])
        join(peaks[panel], masses[panel], pulls[panel], too, beta)


@compiled
def join_all(peaks: Any, masses: Any, pulls: Any, beta: Any) -> None:
    """Join what several blocks gave, (blocks, …), in their order, into the first of them."""
    for block in range(1, len(peaks)):
        join(peaks[0], masses[0], pulls[0], (peaks[block], masses[block], pulls[block]), beta)
