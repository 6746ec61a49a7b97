r"""What fills holes of tables elsewhere, and what does here: each takes codes, and gives them back filled.

    mean/mode       of each column
    knn 5           scikit-learn's KNNImputer as it is, on standardised numbers and one-hot options
    knn tuned       k and weights chosen by hiding 15 % of known cells: once for numbers, once for options
    chained ridge   every column from all others by ridge regression (λ by leave-one-out), 5 times; options one-hot
    chained trees   the same by 30 extremely randomised trees, 3 times
    memory          `Completer`, as it is

Shapes: stored (K, C), NaN where unknown; sizes (C,), 0 of a number; rows (B, C) to fill, by those that are stored.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.impute import KNNImputer
from sklearn.linear_model import Ridge, RidgeCV

from mnemonist.tasks.columns import Columns
from mnemonist.tasks.completion import Completer, Completion
from tools.tasks.real_tables import hidden

Numbers = np.ndarray[Any, Any]
Learner = Callable[[Numbers, Numbers, Numbers, int], Numbers]

_SHARE, _ROWS = 0.15, 300  # hidden to choose k by, of so many rows
_NEIGHBOURS = (1, 2, 3, 5, 8, 12, 20, 40)
_STRENGTHS = (0.1, 1.0, 10.0, 100.0)
_ROUNDS, _TREE_ROUNDS, _TREES = 5, 3, 30


def mean(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Numbers:
    """Fill by the mean of a number, the commonest option."""
    columns = Columns.of(stored, sizes)
    return _given(rows, np.broadcast_to(columns.decode(_usual(columns, stored)[None]), rows.shape))


def knn(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Numbers:
    """Fill by the five nearest rows."""
    columns = Columns.of(stored, sizes)
    return _given(
        rows, columns.decode(_nearest(_coordinates(columns, stored), _coordinates(columns, rows), 5, "uniform"))
    )


def tuned_knn(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Numbers:
    """Fill by the k nearest rows, k and weights chosen."""
    columns, rng = Columns.of(stored, sizes), np.random.default_rng(seed)
    some = rng.permutation(len(stored))[:_ROWS]
    mask, trial = hidden(stored[some], f"cells {_SHARE}", rng), stored.copy()
    trial[some] = np.where(mask, np.nan, stored[some])
    given, losses = _coordinates(columns, trial), {}
    for choice in ((k, weights) for k in _NEIGHBOURS if k < len(stored) for weights in ("uniform", "distance")):
        found = columns.decode(_nearest(given, given[some], *choice))
        off = (found - stored[some]) / columns.spread
        losses[choice] = np.sum(off[mask & (sizes == 0)] ** 2), np.sum((off != 0)[mask & (sizes > 0)])
    one, other = (min(losses, key=lambda choice: losses[choice][kind]) for kind in (0, 1))
    whole, asked = _coordinates(columns, stored), _coordinates(columns, rows)
    first = columns.decode(_nearest(whole, asked, *one))
    second = first if one == other else columns.decode(_nearest(whole, asked, *other))
    return _given(rows, np.where(sizes == 0, first, second))


def ridge(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Numbers:
    """Fill every column from all others by ridge regression, again and again."""
    chosen: dict[int, float] = {}

    def learned(inputs: Numbers, outputs: Numbers, asked: Numbers, column: int) -> Numbers:
        if column not in chosen:
            model = RidgeCV(_STRENGTHS).fit(inputs, outputs)
            chosen[column] = float(model.alpha_)
        else:
            model = Ridge(chosen[column]).fit(inputs, outputs)
        return np.asarray(model.predict(asked)).reshape(len(asked), -1)

    return _chained(stored, sizes, learned, _ROUNDS)


def trees(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Numbers:
    """Fill every column from all others by extremely randomised trees, again and again."""

    def learned(inputs: Numbers, outputs: Numbers, asked: Numbers, column: int) -> Numbers:
        forest = ExtraTreesRegressor(_TREES, max_features=1 / 3, min_samples_leaf=3, random_state=seed)
        return np.asarray(forest.fit(inputs, outputs.squeeze()).predict(asked)).reshape(len(asked), -1)

    return _chained(stored, sizes, learned, _TREE_ROUNDS)


def memory(stored: Numbers, sizes: Numbers, rows: Numbers, seed: int) -> Completion:
    """Fill by what memories make one expect; rows that are stored, each without itself."""
    completer = Completer.learn(stored, sizes)
    return completer.complete() if rows is stored else completer.complete(rows)


METHODS: dict[str, Callable[[Numbers, Numbers, Numbers, int], Any]] = {
    "mean/mode": mean, "knn 5": knn, "knn tuned": tuned_knn, "chained ridge": ridge, "chained trees": trees,
    "memory": memory,
}  # fmt: skip


@cache
def warmed() -> None:
    """Let every method run once, so that no time holds what a process does but once."""
    codes = np.random.default_rng(0).normal(size=(40, 4))
    codes[::3, 0] = np.nan
    for method in METHODS.values():
        method(codes, np.zeros(4, int), codes, 0)


def _coordinates(columns: Columns, codes: Numbers) -> Numbers:
    """Return standardised numbers and one-hot options (K, N), NaN where unknown."""
    rows, known = columns.encode(codes)
    return np.where(known, rows, np.nan)


def _given(codes: Numbers, filled: Numbers) -> Numbers:
    return np.where(np.isnan(codes), filled, codes)


def _usual(columns: Columns, codes: Numbers) -> Numbers:
    """Return the mean (N,) of coordinates."""
    rows, known = columns.encode(codes)
    return rows.sum(axis=0) / np.maximum(known.sum(axis=0), 1)


def _nearest(stored: Numbers, rows: Numbers, k: int, weights: str) -> Numbers:
    return np.asarray(KNNImputer(n_neighbors=k, weights=weights, keep_empty_features=True).fit(stored).transform(rows))


def _chained(stored: Numbers, sizes: Numbers, learned: Learner, rounds: int) -> Numbers:
    """Return codes, each column with holes foretold from the coordinates of all others, `rounds` times round."""
    columns = Columns.of(stored, sizes)
    rows, known = columns.encode(stored)
    state = np.where(known, rows, _usual(columns, stored))
    for _ in range(rounds):
        for column, (start, width) in enumerate(zip(columns.starts, columns.widths, strict=True)):
            own, there = slice(start, start + width), ~np.isnan(stored[:, column])
            if there.all() or not there.any():
                continue
            inputs = np.delete(state, np.arange(start, start + width), axis=1)
            found = learned(inputs[there], rows[there, own], inputs[~there], column)
            state[~there, own] = np.eye(width)[found.argmax(axis=1)] if sizes[column] else found
    return _given(stored, columns.decode(state))
