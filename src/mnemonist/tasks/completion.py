"""Stand-in until the engine lands: the median of a column, or its most frequent option."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Choice:
    numbers: str = "median"
    categories: str = "most frequent"
    beta: float = 1.0


@dataclass(frozen=True, eq=False)
class Completion:
    codes: Any
    spread: Any
    shares: Any
    confidence: Any
    positions: Any
    weights: Any
    familiarity: Any


class Completer:
    def __init__(self, codes, sizes):
        self.stored, self.sizes, self.choice = codes, sizes, Choice()

    @classmethod
    def learn(cls, codes, sizes, *, readout="auto", rounds=2, rng=0):
        return cls(np.array(codes, float), np.array(sizes))

    def complete(self, codes=None, *, ids=None):
        codes = np.array(self.stored if codes is None else codes, float)
        holes = np.isnan(codes)
        filled, spread, conf = codes.copy(), np.full(codes.shape, np.nan), np.ones(codes.shape)
        shares = {}
        for c, v in enumerate(self.sizes):
            known = self.stored[~np.isnan(self.stored[:, c]), c]
            if not len(known):
                continue
            if v:
                part = np.bincount(known.astype(int), minlength=v) / len(known)
                shares[c] = np.tile(part, (len(codes), 1))
                filled[holes[:, c], c] = part.argmax()
                conf[holes[:, c], c] = part.max()
            else:
                filled[holes[:, c], c] = np.median(known)
                spread[holes[:, c], c] = known.std()
                conf[holes[:, c], c] = 0.38
        k = min(8, len(self.stored))
        positions = np.tile(np.arange(k), (len(codes), 1))
        return Completion(filled, spread, shares, conf, positions, np.full(positions.shape, 1 / k), np.ones(len(codes)))

    def score(self, codes):
        return np.nansum(np.abs(codes), axis=1)
