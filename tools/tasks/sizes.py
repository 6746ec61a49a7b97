"""A large table: 1000 rows with holes filled by 100 000 rows of 50 numbers, in what time and memory.

    python -m tools.tasks.sizes [--json FILE] [--rows N]

Each method has a process of its own, in which a small table was filled before; it stores the table and fills the rows.
A fifth of their cells is hidden. Seconds are of the clock, all processors together; extra is the memory held at most
above what the process held with the table, in tables. The table is a product of 8 factors and noise, float32, but
float64 where a method makes it so itself: `Completer` and KNNImputer are given float64, and their extra is counted in
its size.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.fresh import measured

ROWS, COLUMNS, ASKED = 100_000, 50, 1000
LIMIT = 600  # seconds, beyond which a method is ended

_TABLE = """
import numpy as np
import mnemonist as mn

def table_of(rows):
    rng = np.random.default_rng(0)
    table = rng.standard_normal((rows, 8), dtype=np.float32) @ rng.standard_normal((8, columns), dtype=np.float32) / 3
    for part in np.array_split(table, 50):
        part += 0.4 * rng.standard_normal(part.shape, dtype=np.float32)
    return table.astype(dtype)

def holes():
    return np.random.default_rng(1).random((asked, columns)) < 0.2
"""
_RUN = """
fill(table_of(3 * asked))
table = table_of(rows)
forget_peak()
before, began = resident("VmRSS"), time.perf_counter()
found = fill(table)
seconds, most = time.perf_counter() - began, resident("VmHWM")
off = ((found - table[:asked]) / table.std(axis=0))[holes()]
print(json.dumps({"seconds": seconds, "extra": (most - before) * 2**20 / table.nbytes,
                  "error": float(np.sqrt(np.mean(off**2))), "table": table.nbytes / 2**20}))
"""
_MEMORY = """
def fill(table):
    memory = mn.kernel_memory(beta=1.0, unshared="expected")
    ids = memory.store(table)
    cues, hidden = table[:asked], holes()
    return memory.complete(cues, known=~hidden, expectation={expectation}, leave_out=ids[:asked]).state
"""
_COMPLETER = """
from mnemonist.tasks.completion import Completer

def fill(table):
    whole = table.copy()
    whole[:asked][holes()] = np.nan
    completer = Completer.learn(whole, np.zeros(columns, np.int64))
    return completer.complete(whole[:asked], ids=np.arange(asked)).codes
"""
_KNN = """
from sklearn.impute import KNNImputer

def fill(table):
    whole = table.copy()
    whole[:asked][holes()] = np.nan
    return KNNImputer(n_neighbors=5).fit(whole).transform(whole[:asked])
"""
METHODS = {
    "memory, mean": (_MEMORY.format(expectation="mn.Mean(1.0)"), "float32"),
    "memory, local linear": (_MEMORY.format(expectation="mn.LocalLinear(0.1, 80)"), "float32"),
    "completer, all chosen": (_COMPLETER, "float64"),
    "knn 5": (_KNN, "float64"),
}


def measure(rows: int = ROWS) -> dict[str, Any]:
    """Return seconds, extra memory and error of every method."""
    found = {}
    for name, (code, dtype) in METHODS.items():
        print(name, flush=True)
        given = {"rows": rows, "columns": COLUMNS, "asked": min(ASKED, rows // 10), "dtype": dtype}
        found[name] = measured(_TABLE + code + _RUN, limit=LIMIT, **given)
    return {"rows": rows, "columns": COLUMNS, "asked": min(ASKED, rows // 10), "methods": found}


def main() -> None:
    """Measure, and write what was found as JSON."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--json", type=Path, help="the file that gets what was found")
    asked.add_argument("--rows", type=int, default=ROWS)
    given = asked.parse_args()
    began = time.perf_counter()
    found = measure(given.rows) | {"seconds": time.perf_counter() - began}
    text = json.dumps(found, indent=1) + "\n"
    if given.json:
        given.json.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
