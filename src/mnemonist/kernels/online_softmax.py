r"""Online softmax: sums in the scale of the largest score among what they are of, and how several are merged.

    m = max h,    mass = Σ exp β(h − m),    pull = Σ exp β(h − m) ξ

Each block of patterns is summed by itself: one long chain of additions in float32 would lose digits.

Source: Milakov & Gimelshein 2018, "Online normalizer calculation for softmax".
Shapes: P groups of L cues; peak, mass (P, L); pull (P, N, L); with the blocks in front.
"""

import math
from typing import Any

import numpy as np

from mnemonist.kernels.threads import share

Floats = np.ndarray[Any, Any]
Sums = tuple[Floats, Floats, Floats]


def empty(blocks: int, cues: Floats, *, mass: Any = None) -> Sums:
    """Return peak, mass and pull of no pattern for so many blocks, of cues (P, N, L); mass in a dtype of its own."""
    groups, width, lanes = cues.shape
    peak = np.full((blocks, groups, lanes), -np.inf, cues.dtype)
    return peak, np.zeros_like(peak, dtype=mass), np.zeros((blocks, groups, width, lanes), cues.dtype)


def sharpness_of(beta: float, count: int, dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """Return β and the reach log(K / ε²), so that what weighs less than exp(−reach) is less than ε² of K together."""
    return dtype.type(beta), dtype.type(math.log(count) - 2 * math.log(np.finfo(dtype).eps))


def merged(sums: Sums, sharpness: tuple[Any, Any]) -> Sums:
    """Return the sums of all blocks, in the scale of the largest score of all, but for those beyond reach."""
    (peaks, masses, pulls), (beta, reach) = sums, sharpness
    peak, pull = peaks.max(axis=0), np.empty_like(pulls[0])
    below = beta * (peaks - peak)
    factors = np.where(below < -reach, below.dtype.type(0), np.exp(below))

    def merge(group: int) -> None:
        np.einsum("kl,kil->il", factors[:, group], pulls[:, group], out=pull[group])

    share(merge, len(pull))
    return peak, (factors * masses).sum(axis=0), pull
