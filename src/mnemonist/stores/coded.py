r"""Coded patterns: rows of categories as whole numbers, one for each variable, never one-hot.

    h_μ = Σ_c w_c [q_c = ξ_μc]        over the variables that both sides know; −1 is unknown

With all w = 1 it is the score x·ξ of a Potts memory, whose row of Σ V_c numbers is C here: 748 000 contexts of 8 words
out of 12 000 are 24 MB, and 72 GB one-hot. A cue asks the postings of its C codes, and no other pattern.

Source: Kanter 1988, Phys. Rev. A 37:2739 (Potts memories). Shapes: codes (K, C); a cue (C,); weights (C,); h (K,).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.postings import Numbers, Postings, inverted


@dataclass(frozen=True, eq=False)
class CodedPatterns(DensePatterns):
    """A store of codes, whole numbers from 0; −1 is unknown, and so is what `known` says is.

    >>> store = CodedPatterns().add(np.array([[0, 2], [1, 2]]))
    >>> store.scores(np.array([1, 2]))
    array([1., 2.], dtype=float32)
    """

    @cached_property
    def postings(self) -> tuple[Numbers, Postings]:
        """The postings of all codes of all variables, and where those of each variable begin (C + 1,)."""
        block = self._joined
        codes = block.rows if block.known is None else np.where(block.known, block.rows, -1)
        sizes = np.maximum(codes.max(axis=0, initial=-1) + 1, 0).astype(np.int64)
        begin = np.concatenate([[0], np.cumsum(sizes)])
        rows, variables = np.nonzero(codes >= 0)
        features = codes[rows, variables] + begin[variables]
        return begin, inverted(features, rows, (int(begin[-1]), len(codes)))

    def features(self, cue: Numbers, weights: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Return which postings a cue (C,) asks for, and the weight of each: of what it knows and some pattern has."""
        begin, _ = self.postings
        asked = (cue >= 0) & (cue < np.diff(begin))
        weights = np.ones(len(cue)) if weights is None else weights
        return (begin[:-1] + cue)[asked], np.asarray(weights, np.float64)[asked]

    def scores(self, cue: Numbers, weights: Numbers | None = None) -> Numbers:
        """Return h (K,) float32 of a cue (C,), in time that grows with how many patterns share a code with it."""
        return self.postings[1].sums(*self.features(np.asarray(cue), weights))
