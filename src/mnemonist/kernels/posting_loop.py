"""The loop of `posting_sums`: each feature of a cue adds its weight to the patterns that have it."""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled


@compiled
def add_up(starts: Any, positions: Any, values: Any, features: Any, weights: Any, out: Any) -> None:
    """Add what each feature says to `out` (K,); `values` is None where every pattern has 1 of it."""
    for f in range(len(features)):
        weight = weights[f]
        for p in range(starts[features[f]], starts[features[f] + 1]):
            at = np.uint64(positions[p])
            if values is None:
                out[at] += weight
            else:
                out[at] += weight * values[p]
