r"""Sums over postings by a compiled loop: h_μ = Σ_f w_f v_fμ. Its slow twin is `Postings.sums`.

It adds in float32, feature after feature, where the twin adds in float64: they differ by rounding.

Shapes: see `stores.postings`.
"""

from functools import cache
from typing import Any

import numpy as np

from mnemonist.kernels.loading import worth_it
from mnemonist.stores.postings import Numbers, Postings


def posting_sums(postings: Postings, features: Numbers, weights: Numbers) -> Numbers:
    """Return h (K,) float32 of a cue that has these features (m,), each once, with weights (m,)."""
    total = int(np.sum(postings.starts[features + 1] - postings.starts[features]))
    if not worth_it(8, 2 * total):
        return postings.sums(features, weights)
    out = np.zeros(postings.count, np.float32)
    arrays = postings.starts, postings.positions, postings.values
    _kernel()(*arrays, features.astype(np.int64, copy=False), weights.astype(np.float32, copy=False), out)
    return out


@cache
def _kernel() -> Any:
    from mnemonist.kernels.posting_loop import add_up

    return add_up
