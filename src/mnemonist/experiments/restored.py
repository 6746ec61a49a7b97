"""Restored images and the verdict on them: exactly what was stored, or how far off.

    exact    max_i |x_i − ξ_i| < 1/510: to 8 bits it is the stored image; for ±1 every pixel is right
    error    Σ_i |x_i − ξ_i| / N, over known pixels too; for ±1 the share of wrong pixels

Shapes: images, stored, state (B, N) in [0, 1], black to white.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.experiments.damage import Cues

HALF_GREY = 1 / 510  # half a grey level of 8 bits
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What a model made of one damage.

    exact    how many of `cues` were recalled exactly
    error    mean error of the rest, 0 where there is none
    steps    mean number of updates, 0 for a baseline
    reason   why the model does what it does, in numbers
    """

    model: str
    damage: str
    cues: int
    exact: int
    error: float
    steps: float
    reason: str


@dataclass(frozen=True, eq=False)
class Restored:
    """A row and what it was made of: cues, stored and state (B, N), exact and error (B,).

    `descent` (T + 1, B) is the energy at each step less that of the stored pattern, NaN before every pixel has a value;
    None for a baseline and for a model without an energy. `steps` (B,) counts updates.
    """

    row: Row
    cues: Cues
    stored: Floats
    state: Floats
    exact: NDArray[np.bool_]
    error: Floats
    steps: NDArray[np.int64]
    descent: Floats | None = None


def judged(
    model: str, cues: Cues, stored: Any, state: Any, *, steps: Any, reason: str, descent: Any = None
) -> Restored:
    """Compare states with what was stored, both (B, N), and return the verdict."""
    right, made = np.asarray(stored, dtype=np.float64), np.asarray(state, dtype=np.float64)
    off = np.abs(made - right)
    exact, error = off.max(axis=1) < HALF_GREY, off.mean(axis=1)
    rest = float(error[~exact].mean()) if not exact.all() else 0.0
    row = Row(model, cues.damage.name, len(right), int(exact.sum()), rest, float(np.mean(steps)), reason)
    return Restored(row, cues, right, made, exact, error, np.asarray(steps), descent)
