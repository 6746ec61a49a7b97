"""The store of packed patterns."""

import numpy as np
import pytest

from contracts.store import GrowableStoreContract
from mnemonist.stores.packed import PackedPatterns


class TestPacked(GrowableStoreContract):
    empty = staticmethod(PackedPatterns)


class TestPackedBytes(TestPacked):
    dtype = "int8"


@pytest.mark.parametrize("masked", [False, True])
def test_columns_are_those_of_the_rows(masked, rng) -> None:
    rows = rng.choice([-1, 1], size=(300, 70)).astype(np.int8)
    known = rng.random(rows.shape) < 0.7 if masked else None
    rows = rows if known is None else rows * known
    np.testing.assert_array_equal(PackedPatterns().add(rows, known=known).columns[:, :], rows.T)


def test_a_pattern_takes_a_bit_for_a_neuron_and_a_second_one_where_some_are_unknown() -> None:
    rows = np.ones((2560, 1024), np.int8)
    assert PackedPatterns().add(rows).planes.nbytes == rows.size / 8
    known = np.ones(rows.shape, bool)
    known[0, 0] = False
    assert PackedPatterns().add(rows * known, known=known).planes.nbytes == rows.size / 4
