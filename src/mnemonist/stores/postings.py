r"""Postings: for each feature, the patterns that have it. What shares no feature with a cue is never looked at.

    h_μ = Σ_f w_f v_fμ        over the features f of the cue; v_fμ is 1 where the postings hold no values

A cue of few features among many costs as much as its features have patterns, whatever K is.

Source: inverted files, Zobel & Moffat 2006 (ACM Computing Surveys 38:6).
Shapes: starts (F + 1,), of each feature in positions (P,) and values (P,); features and weights of a cue (m,); h (K,).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Postings:
    """Positions of patterns 0 … count − 1 by feature, ascending, and what each has of the feature.

    >>> postings = inverted(np.array([1, 0, 1]), np.array([0, 1, 2]), (2, 3))
    >>> postings.sums(np.array([1]), np.array([2.0]))
    array([2., 0., 2.], dtype=float32)
    """

    starts: Numbers
    positions: Numbers
    values: Numbers | None
    count: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, feature: int) -> Numbers:
        """Return the positions of the patterns that have a feature."""
        return self.positions[self.starts[feature] : self.starts[feature + 1]]

    def sums(self, features: Numbers, weights: Numbers) -> Numbers:
        """Return h (K,) float32 of a cue that has these features, each once: the slow twin of `posting_sums`."""
        first, lengths = self.starts[features], self.starts[features + 1] - self.starts[features]
        total = int(lengths.sum())
        at = np.repeat(first - np.cumsum(lengths) + lengths, lengths) + np.arange(total)
        said = np.repeat(np.asarray(weights, np.float64), lengths)
        if self.values is not None:
            said *= self.values[at]
        sums = np.bincount(self.positions[at], weights=said, minlength=self.count)
        return sums.astype(np.float32, copy=False)


def inverted(features: Numbers, positions: Numbers, size: tuple[int, int], values: Numbers | None = None) -> Postings:
    """Return the postings of pairs (P,) of a feature and a position, of `size` (F, K); each pair stands once."""
    count, patterns = size
    order = np.argsort(features, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(features, minlength=count))])
    kept = None if values is None else values[order].astype(np.float32, copy=False)
    return Postings(starts, positions[order].astype(np.int32, copy=False), kept, patterns)
