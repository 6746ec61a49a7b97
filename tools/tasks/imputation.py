"""Tables with holes: how well their cells come back, how sure, and those of new rows.

    python -m tools.tasks.imputation [--json FILE] [--seeds N] [--tables a,b]

13 tables, of 1000 rows at most; hidden are 20 % or 40 % of cells, or blocks (half the columns of 40 % of rows). Errors
are root mean squares in standard deviations of the columns; options are right or wrong. Trees, which are slow, fill by
`TREE_SEEDS` seeds alone. Held out: 30 % of rows are new, and are completed from the others.
"""

from typing import Any

import numpy as np

from tools.tasks import part
from tools.tasks.fillers import METHODS, Numbers, warmed
from tools.tasks.real_tables import TABLES, hidden, load

HOW = ("cells 0.2", "cells 0.4", "blocks")
SEEDS, TREE_SEEDS, NEW_SEEDS, NEW = 5, 3, 3, 0.3
BINS, WITHIN = 10, 1.6448536269514722
NEAR = 0.5  # standard deviations within which a number is right
HELD_OUT = ("mean/mode", "knn 5", "knn tuned", "memory")


def measure(*, seeds: int = SEEDS, tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    """Return the error of every method on every table, how sure the memory was, and what held-out rows gave."""
    tables = part.among(tables, TABLES)
    every = [(name, how, seed) for name in tables for how in HOW for seed in range(seeds)]
    new = [(name, how, seed) for name, how, seed in every if seed < NEW_SEEDS]
    filled = [line for lines in part.shared(own_holes, every) for line in lines]
    return {
        "tables": tables, "how": HOW, "seeds": seeds, "tree_seeds": min(seeds, TREE_SEEDS), "methods": list(METHODS),
        "filled": filled, "new_seeds": min(seeds, NEW_SEEDS), "held_out": list(HELD_OUT),
        "new": [line for lines in part.shared(new_rows, new) for line in lines],
    }  # fmt: skip


def own_holes(name: str, how: str, seed: int) -> list[dict[str, Any]]:
    """Return one line a method: a table fills its own holes."""
    table, rng = load(name), np.random.default_rng(seed)
    mask = hidden(table.codes, how, rng)
    stored = np.where(mask, np.nan, table.codes)
    methods = [one for one in METHODS if one != "chained trees" or seed < TREE_SEEDS]
    return [_line(one, stored, table.sizes, stored, table.codes, seed) | {"table": name, "how": how} for one in methods]


def new_rows(name: str, how: str, seed: int) -> list[dict[str, Any]]:
    """Return one line a method: rows that are not stored are filled by those that are."""
    table, rng = load(name), np.random.default_rng(1000 + seed)
    order = rng.permutation(len(table.codes))
    new, old = np.split(order, [round(NEW * len(order))])
    truth = table.codes[new]
    rows = np.where(hidden(truth, how, rng), np.nan, truth)
    stored = table.codes[old]
    return [_line(one, stored, table.sizes, rows, truth, seed) | {"table": name, "how": how} for one in HELD_OUT]


def _line(method: str, stored: Numbers, sizes: Numbers, rows: Numbers, truth: Numbers, seed: int) -> dict[str, Any]:
    warmed()
    found, seconds = part.timed(METHODS[method], stored, sizes, rows, seed)
    mask = np.isnan(rows) & ~np.isnan(truth)
    spread = np.nanstd(stored, axis=0)
    numbers, options = mask & (sizes == 0), mask & (sizes > 0)
    codes = found.codes if method == "memory" else found
    off = np.where(np.isnan(codes), np.nanmean(stored, axis=0), codes) - truth
    scaled = off / np.where(spread > 0, spread, 1.0)
    line = {
        "method": method, "seed": seed, "seconds": seconds, "numbers": int(numbers.sum()),
        "options": int(options.sum()),
        "error": float(np.sqrt(np.mean(scaled[numbers] ** 2))) if numbers.any() else None,
        "right": float(np.mean(codes[options] == truth[options])) if options.any() else None,
    }  # fmt: skip
    if method == "memory":
        line["sure"] = {
            "options": binned(found.confidence[options], codes[options] == truth[options]),
            "numbers": binned(found.confidence[numbers], np.abs(scaled[numbers]) <= NEAR),
            "covered": int(np.sum(np.abs(off[numbers]) <= WITHIN * found.spread[numbers])),
        }
    return line


def binned(confidence: Numbers, right: Numbers) -> Numbers:
    """Return (bins, 3): how many answers were so sure, the sum of their confidences, how many were right."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return np.stack([np.bincount(place, weights, BINS) for weights in (None, confidence, right.astype(float))], axis=1)


if __name__ == "__main__":
    part.run(measure, __doc__)
