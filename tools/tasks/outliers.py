"""Outliers: one class of a table is odd, the others are usual; how well scores part them.

    python -m tools.tasks.outliers [--json FILE] [--seeds N] [--tables a,b]

Each class in turn (of more than ten, ten drawn by seed) is odd. 70 % of the usual rows are learned: alone ("clean"), or
with odd ones among them, a twentieth as many at most and half of the odd ones at most ("contaminated"). Told apart are
the usual rows that were not learned, and the odd ones. Standardised on what is learned, for all methods alike.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

from tools.tasks import part
from tools.tasks.labels import features

SEEDS, LEARNED, ODD, MOST = 3, 0.7, 0.05, 10
TABLES = ("iris", "wine", "breast_cancer", "digits", "penguins", "cells", "leaf")
PROTOCOLS = ("clean", "contaminated")

Numbers = np.ndarray[Any, Any]


class _Neighbours:
    """The mean distance to the five nearest rows."""

    def fit(self, rows: Numbers) -> "_Neighbours":
        self._near = NearestNeighbors(n_neighbors=5).fit(rows)
        return self

    def score_samples(self, rows: Numbers) -> Numbers:
        return -self._near.kneighbors(rows)[0].mean(axis=1)


def detectors() -> dict[str, Callable[[int], Any]]:
    """Return what scores rows, the higher the more usual."""
    from mnemonist.estimators import AssociativeOutlierDetector

    return {
        "lof 20": lambda seed: LocalOutlierFactor(20, novelty=True),
        "isolation forest": lambda seed: IsolationForest(random_state=seed),
        "one-class svm": lambda seed: OneClassSVM(nu=0.1),
        "knn 5": lambda seed: _Neighbours(),
        "memory": lambda seed: AssociativeOutlierDetector(),
    }


def measure(*, seeds: int = SEEDS, tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    """Return the area under the ROC curve of every method, by table, class, protocol and seed."""
    tables = part.among(tables, TABLES)
    lines = part.shared(one_table, [(name, seed) for name in tables for seed in range(seeds)])
    return {"tables": tables, "seeds": seeds, "methods": list(detectors()), "protocols": list(PROTOCOLS),
            "lines": [line for some in lines for line in some]}  # fmt: skip


def one_table(name: str, seed: int) -> list[dict[str, Any]]:
    """Return one line a method, protocol and class of a table."""
    inputs, labels = features(name)
    rng, lines = np.random.default_rng(seed), []
    classes = rng.permutation(np.unique(labels))[:MOST]
    for odd in classes:
        for protocol in PROTOCOLS:
            learned, usual, others = parted(labels == odd, protocol, np.random.default_rng([seed, int(odd)]))
            scaler = StandardScaler().fit(inputs[learned])
            rows, asked = scaler.transform(inputs[learned]), scaler.transform(inputs[np.r_[usual, others]])
            truth = np.r_[np.ones(len(usual)), np.zeros(len(others))]
            for method, made in detectors().items():
                _warmed(method)
                scores, seconds = part.timed(_scored, made(seed), rows, asked)
                lines.append({"table": name, "seed": seed, "odd": int(odd), "protocol": protocol, "method": method,
                              "auroc": float(roc_auc_score(truth, scores)), "seconds": seconds})  # fmt: skip
    return lines


def parted(odd: Numbers, protocol: str, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """Return the rows that are learned, and the usual and the odd ones that are told apart."""
    usual, others = rng.permutation(np.flatnonzero(~odd)), rng.permutation(np.flatnonzero(odd))
    learned, usual = np.split(usual, [round(LEARNED * len(usual))])
    among = min(round(ODD * len(learned)), len(others) // 2) if protocol == "contaminated" else 0
    return np.r_[learned, others[:among]], usual, others[among:]


def _scored(detector: Any, rows: Numbers, asked: Numbers) -> Numbers:
    return np.asarray(detector.fit(rows).score_samples(asked))


@cache
def _warmed(method: str) -> None:
    """Let a method run once, so that no time holds what a process does but once."""
    rows = np.random.default_rng(0).normal(size=(60, 3))
    detectors()[method](0).fit(rows).score_samples(rows)


if __name__ == "__main__":
    part.run(measure, __doc__)
