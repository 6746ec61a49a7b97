"""What memories are measured on: random patterns, and damaged ones as cues.

Where there are more cues than patterns, patterns come again.
"""

from typing import Any

import numpy as np

Floats = np.ndarray[Any, Any]


def directions(count: int, neurons: int, cues: int, *, noise: float = 0.05) -> tuple[Floats, Floats]:
    """Return patterns (K, N) of length 1 in float32, and cues (B, N) with noise in every coordinate."""
    rng = np.random.default_rng(0)
    patterns = rng.standard_normal((count, neurons), dtype=np.float32)
    patterns /= np.linalg.norm(patterns, axis=-1, keepdims=True)
    return patterns, np.resize(patterns, (cues, neurons)) + noise * rng.standard_normal(
        (cues, neurons), dtype=np.float32
    )


def gaussians(count: int, neurons: int, cues: int) -> tuple[Floats, Floats]:
    """Return patterns (K, N) of unit normal numbers in float32, and cues (B, N) with a little noise: all far apart."""
    rng = np.random.default_rng(0)
    patterns = rng.standard_normal((count, neurons), dtype=np.float32)
    noise = rng.standard_normal((cues, neurons), dtype=np.float32)
    return patterns, np.resize(patterns, (cues, neurons)) + np.float32(0.05) * noise


def signs(count: int, neurons: int, cues: int, *, flipped: float) -> tuple[Floats, Floats]:
    """Return ±1 patterns (K, N) in float64, and cues (B, N) with a share of their signs turned."""
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1.0, 1.0], size=(count, neurons))
    return patterns, np.resize(patterns, (cues, neurons)) * np.where(rng.random((cues, neurons)) < flipped, -1.0, 1.0)
