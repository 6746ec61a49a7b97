"""The table, its functions: what is asked about memories, of files and of theory."""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.call import INF, Call, held_by, positive, seen, stored, used
from bad_calls.roles import flag, ids, kind, like, number, plain, whole
from bad_calls.tables import rows
from bad_calls.values import ROWS, N
from mnemonist.recall.pattern_memory import PatternMemory

MATRIX = rows(width=None, foreign=True)


def functions(folder: Path) -> Iterator[Call]:
    memory = stored(mn.kernel_memory(2.0))
    several = rows(width=None, foreign=True, directed=True)
    several = replace(several, fits=lambda value, fits=several.fits: fits(value) and np.ndim(several.usual(value)) == 2)
    saved = like(lambda: folder / "saved", os.path.isfile)
    diagnosed = {"memory": kind(lambda: memory, PatternMemory), "sample": whole(2, 1), "seek": flag()}
    learned = {
        "patterns": several,
        "temperature": positive(2.0),
        "steps": whole(3, 1, costly=1000),
        "rate": positive(0.5),
    }
    yield Call("diagnose", mn.diagnose, diagnosed, partial(seen, memory))
    yield Call("cite", lambda used: mn.cite(used), {"used": like(lambda: memory, lambda value: False)})  # noqa: PLW0108
    yield Call("learned_kernel", mn.learned_kernel, learned)
    memory.save(folder / "saved")
    yield Call("load", lambda path: held_by(mn.load(path)), {"path": saved})
    yield from files(folder)
    yield from theory()


def is_matrix(value: Any) -> bool:
    return MATRIX.accepts(value) and plain(value, foreign=True).ndim == 2


def files(folder: Path) -> Iterator[Call]:
    npy, raw, out = (folder / name for name in ("rows.npy", "rows.raw", "out.npy"))
    np.save(npy, ROWS)
    raw.write_bytes(ROWS.tobytes())
    table, path = mn.data.read(npy), like(lambda: npy, lambda value: False)
    a_table = kind(lambda: table, mn.data.Table)
    layout = {
        "dtype": like(lambda: "float64", lambda value: value is float),
        "width": whole(N, 1),
        "offset": whole(0, 0),
    }
    options = {
        "like": kind(lambda: None, mn.data.Table, none=True),
        "key": kind(lambda: "rows", str),
        "channels": like(lambda: None, lambda value: value is None or whole(1, 1, 1).accepts(value)),
    }
    holes = {
        "hidden": number(-1.0, -INF, INF, words=(None,)),
        "tolerance": number(0.1, 0, INF, words=(None,)),
        "mask": like(lambda: None, lambda value: value is None),
    }
    cells = like(ROWS.copy, lambda value: type(value) in (np.ndarray, np.matrix) and fits_cells(value))
    yield Call(
        "MappedPatterns", lambda paths: len(used(mn.kernel_memory(2.0), mn.MappedPatterns(paths))), {"paths": path}
    )
    yield Call("MappedPatterns", lambda **given: len(mn.MappedPatterns(raw, **given)), layout)
    yield Call("data.read", lambda path: mn.data.read(path).rows, {"path": path})
    yield Call("data.read", lambda **given: mn.data.read(npy, **given).rows, options)
    yield Call("data.known", lambda **given: mn.data.known(table, **given), holes)
    yield Call("data.known", lambda cues: mn.data.known(cues, hidden=-1.0), {"cues": a_table})
    yield Call("data.present", mn.data.present, {"table": a_table})
    writing = {"rows": cells, "replace": flag(True)}
    yield Call("data.Table.write", lambda rows, replace: table.write(rows, out, replace=replace), writing)
    yield Call(
        "data.Table.write",
        lambda out: table.write(ROWS, out, replace=True),
        {"out": like(lambda: out, lambda value: False)},
    )
    yield Call("data.digits", mn.data.digits)


def fits_cells(value: Any) -> bool:
    return value.dtype.kind in "fiu" and value.shape == ROWS.shape and not np.isinf(value).any()


def theory() -> Iterator[Call]:
    degree, size = whole(3, 2), whole(20, 2)
    matrix = like(ROWS.copy, is_matrix)
    scores = like(
        lambda: np.eye(3), lambda value: is_matrix(value) and np.shape(value)[0] == 3 and np.shape(value)[1] > 2
    )
    right = like(lambda: [0, 1, 2], lambda value: ids([0], 3).accepts(value) and np.shape(value) == (3,))
    table = {
        "dense_capacity": {"n": size, "degree": degree, "every": flag(), "rectified": flag()},
        "exponential_capacity": {"n": whole(20, 1)},
        "storkey_capacity": {"n": size},
        "gardner_load": {"margin": number(0.5, 0)},
        "bit_error": {"k": whole(5, 1, INF), "n": whole(20, 2, 10**4), "degree": whole(3, 2, 1000)},
        "transition_capacity": {"neurons": size, "degree": degree},
        "sequence_capacity": {"neurons": size, "degree": degree},
        "exponential_transition_capacity": {"neurons": size},
        "exponential_sequence_capacity": {"neurons": size},
        "mean_overlap": {"patterns": matrix},
        "crosstalk": {"patterns": matrix, "degree": degree},
        "margins": {"scores": scores, "right": right},
    }
    for name, roles in table.items():
        yield Call(f"theory.{name}", getattr(mn.theory, name), roles)
