"""The store of dense patterns."""

import numpy as np

from arrays import given, host
from contracts.store import GrowableStoreContract
from mnemonist.stores.dense import DensePatterns


class TestDense(GrowableStoreContract):
    empty = staticmethod(DensePatterns)

    def rows(self, rng, count, width):
        return rng.normal(size=(count, width)).astype(self.dtype)


class TestDenseDoubles(TestDense):
    dtype = "float64"


def test_patterns_of_several_kinds_become_the_widest(xp) -> None:
    store = DensePatterns()
    for dtype in (xp.int8, xp.float32, xp.float64):
        store = store.add(xp.astype(given(xp, np.ones((2, 3))), dtype))
    assert store.block().rows.dtype == xp.float64
    assert host(store.block().rows).tolist() == [[1.0] * 3] * 6
