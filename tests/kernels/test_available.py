"""Without Numba the slow twins serve, and say so once."""

import math
import sys
import warnings

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.kernels import loading, softmax_readout
from mnemonist.kernels.available import kernels_run


@pytest.fixture
def without_numba(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(loading._work, "seconds", math.inf)
    monkeypatch.setattr(softmax_readout, "_WORTH_IT", 0)
    kernels_run.cache_clear()
    yield
    kernels_run.cache_clear()


@pytest.mark.parametrize("build", [mn.modern_hopfield, lambda: mn.dense_memory(3)])
def test_the_twins_serve_and_say_so_once(build, without_numba, rng) -> None:
    memory, rows = build(), rng.choice([-1.0, 1.0], size=(3, 20))
    memory.store(rows)
    with pytest.warns(UserWarning, match="Numba does not run"):
        first = told(memory, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(told(memory, rows).state, first.state)


def told(memory, cues) -> mn.Recall:
    """Recall, and have it said what the states are."""
    recall = memory.recall(cues)
    assert recall.nearest.tolist() == [0, 1, 2]
    return recall
