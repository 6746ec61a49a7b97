"""Labels and numbers foretold from a row: a memory as a classifier and as a regressor, beside tuned others.

    python -m tools.tasks.labels [--json FILE] [--seeds FOLDS] [--tables a,b]

Rows that lack a cell are left out, options are one-hot, everything is standardised on the training folds, for all
alike. Others are tuned by cross-validation inside of them. Diamonds' prices are foretold as logarithms; of leaves only
what is measured is told, for the words of botanists that the table holds too nearly name the species.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

from tools.tasks import part
from tools.tasks.real_tables import load

FOLDS, ROWS = 5, 2100
CLASSES = ("iris", "wine", "breast_cancer", "digits", "penguins", "leaf", "credit", "cells")
NUMBERS = {"diabetes": ROWS, "diamonds": 2000, "college": ROWS}
_LAST = ("diabetes", "college")  # whose last column is asked for: progression, and the share who graduate
_LOGARITHM, _MEASURED = ("diamonds",), ("leaf",)
_K = {"n_neighbors": (1, 3, 5, 9, 15, 25, 40), "weights": ("uniform", "distance")}

Numbers = np.ndarray[Any, Any]


def classifiers() -> dict[str, Callable[[], Any]]:
    """Return what foretells labels."""
    from mnemonist.estimators import AssociativeClassifier

    return {
        "knn tuned": lambda: _searched(KNeighborsClassifier(), _K),
        "logistic": lambda: _searched(LogisticRegression(max_iter=2000), {"C": (0.01, 0.1, 1.0, 10.0)}),
        "svc": lambda: _searched(SVC(), {"C": (1.0, 10.0, 100.0), "gamma": ("scale", 0.005)}),
        "gradient boosting": lambda: HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=15, random_state=0),
        "memory": lambda: AssociativeClassifier(random_state=0),
    }


def regressors() -> dict[str, Callable[[], Any]]:
    """Return what foretells numbers."""
    from mnemonist.estimators import AssociativeRegressor

    return {
        "knn tuned": lambda: _searched(KNeighborsRegressor(), _K),
        "ridge": lambda: RidgeCV(np.geomspace(0.01, 1000, 11)),
        "svr": lambda: _searched(
            _standard(SVR()), {"regressor__C": (0.3, 1.0, 10.0), "regressor__gamma": ("scale", 0.01)}
        ),
        "gradient boosting": lambda: HistGradientBoostingRegressor(random_state=0),
        "memory": lambda: AssociativeRegressor(random_state=0),
    }


def measure(*, seeds: int = FOLDS, tables: tuple[str, ...] = (*CLASSES, *NUMBERS)) -> dict[str, Any]:
    """Return the accuracy, or R², of every method in every fold of every table."""
    tables = part.among(tables, (*CLASSES, *NUMBERS))
    folds = [(name, fold) for name in tables for fold in range(min(seeds, FOLDS))]
    return {
        "classes": [name for name in tables if name in CLASSES],
        "numbers": [name for name in tables if name in NUMBERS],
        "folds": min(seeds, FOLDS), "classifiers": list(classifiers()), "regressors": list(regressors()),
        "lines": [line for lines in part.shared(one_fold, folds) for line in lines],
    }  # fmt: skip


def one_fold(name: str, fold: int) -> list[dict[str, Any]]:
    """Return one line a method: its score on a fold, once fitted on the others."""
    inputs, outputs = features(name)
    labels = name in CLASSES
    folds = (StratifiedKFold if labels else KFold)(FOLDS, shuffle=True, random_state=0)
    train, test = list(folds.split(inputs, outputs))[fold]
    methods, lines = classifiers() if labels else regressors(), []
    for method, made in methods.items():
        _warmed(method, labels)
        model = make_pipeline(StandardScaler(), made())
        _, fitting = part.timed(model.fit, inputs[train], outputs[train])
        score, asking = part.timed(model.score, inputs[test], outputs[test])
        lines.append({"table": name, "fold": fold, "method": method, "score": float(score), "rows": len(inputs),
                      "features": inputs.shape[1], "seconds": fitting, "asking": asking})  # fmt: skip
    return lines


def features(name: str) -> tuple[Numbers, Numbers]:
    """Return the inputs (K, N) of a table, options one-hot, and what is asked for (K,)."""
    codes, sizes, label = load(name, rows=NUMBERS.get(name, ROWS))[1:]
    codes, label = codes[~np.isnan(codes).any(axis=1)], len(sizes) - 1 if name in _LAST else label
    inputs = [
        np.eye(int(size))[column.astype(int)] if size else column[:, None]
        for place, (column, size) in enumerate(zip(codes.T, sizes, strict=True))
        if place != label and not (size and name in _MEASURED)
    ]
    outputs = codes[:, label]
    return np.hstack(inputs), np.log(outputs) if name in _LOGARITHM else outputs


def _standard(model: Any) -> Any:
    """Return a model that foretells standardised numbers."""
    return TransformedTargetRegressor(model, transformer=StandardScaler())


def _searched(model: Any, grid: dict[str, Any]) -> Any:
    return GridSearchCV(model, grid, cv=3)


@cache
def _warmed(method: str, labels: bool) -> None:
    """Let a method run once, so that no time holds what a process does but once."""
    inputs = np.random.default_rng(0).normal(size=(60, 3))
    outputs = (inputs[:, 0] > 0).astype(float) if labels else inputs[:, 0]
    (classifiers() if labels else regressors())[method]().fit(inputs, outputs).predict(inputs)


if __name__ == "__main__":
    part.run(measure, __doc__)
