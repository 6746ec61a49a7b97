"""A description with anything in it, under checksums that are right, is loaded or refused, and nothing else."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import mnemonist as mn
from archive.kinds import KINDS
from mnemonist.data.memory_file import write_memory
from mnemonist.data.tensor_file import open_tensors, source
from mnemonist.errors import UnreadableFile

ODD = [
    None, True, -1, 0, 1, 3, 2**40, 2**70, 0.5, -1e308, "", "auto", "x", [], {}, [0], [[]],
    {"tensor": "patterns.ids"}, {"kind": "softmax"}, {"kind": "real"}, {"kind": "softmax", "beta": [1.0]},
    {"scalar": "float64", "value": 2**70},
]  # fmt: skip
TRIES = 25


def places(told: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every object or list of a description, with every key in it."""
    for key in told if isinstance(told, dict) else range(len(told)):
        yield told, key
        if isinstance(told[key], (dict, list)):
            yield from places(told[key])


def changed(told: Any, arrays: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Change, add or drop one thing that is told, or one array."""
    every = list(places(told))
    inside, key = every[rng.integers(len(every))]
    how = rng.integers(5)
    if how < 3:
        inside[key] = ODD[rng.integers(len(ODD))]
    elif how == 3:
        del inside[key]
    elif arrays:
        name = list(arrays)[rng.integers(len(arrays))]
        x = np.atleast_1d(arrays[name])
        arrays[name] = [np.zeros((2, 3)), np.ones(0), x[:1], x.astype("f4"), -x.astype("i8"), 3 * x][rng.integers(6)]


@pytest.mark.filterwarnings("ignore")  # of casts, in the numbers that are made here
@pytest.mark.parametrize("kind", KINDS)
def test_any_description_is_loaded_or_refused(kind, tmp_path) -> None:
    rng, path = np.random.default_rng(len(kind)), tmp_path / "memory"
    KINDS[kind]().memory.save(path)
    with open_tensors(str(path)) as file:
        told = json.loads(file.header.texts["memory"])
        arrays = {name: file.read(name)[0] for name in file.header.entries}
    for _ in range(TRIES):
        other, held = copy.deepcopy(told), dict(arrays)
        changed(other, held, rng)
        write_memory(str(path), other, {name: source(array) for name, array in held.items()})
        with suppress(UnreadableFile):
            mn.load(path)
