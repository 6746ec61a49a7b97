"""The store of packed patterns against that of dense ones: whatever is added and forgotten, both say the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.packed import PackedPatterns

STEPS = st.lists(st.tuples(st.integers(1, 300), st.booleans(), st.booleans()), min_size=1, max_size=5)


def assert_same(one, other) -> None:
    """Assert that two blocks hold the same, in the same dtype."""
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_array_equal(one.rows, other.rows)
    assert one.rows.dtype == other.rows.dtype
    assert (one.known is None) == (other.known is None)
    if one.known is not None:
        np.testing.assert_array_equal(one.known, other.known)
    np.testing.assert_array_equal(one.values, other.values)


@settings(max_examples=20, deadline=None)
@given(STEPS, st.integers(1, 140), st.sampled_from([np.int8, np.float32, np.float64]), st.integers(0, 99))
def test_it_holds_what_a_dense_store_holds(steps, neurons, dtype, seed) -> None:
    rng = np.random.default_rng(seed)
    packed, dense = PackedPatterns(), DensePatterns()
    for count, masked, forgetful in steps:
        rows = rng.choice([-1, 1], size=(count, neurons)).astype(dtype)
        known = rng.random(rows.shape) < 0.7 if masked else None
        rows = rows if known is None else rows * known
        new = {"known": known, "values": rng.normal(size=(count, 2))}
        packed, dense = packed.add(rows, **new), dense.add(rows, **new)
        if forgetful and len(dense) > 1:
            gone = rng.choice(dense.ids, size=len(dense) // 2, replace=False)
            packed, dense = packed.forget(gone), dense.forget(gone)
        positions = rng.integers(0, len(dense), size=5)
        assert_same(packed.at(positions), dense.at(positions))
    assert_same(packed.whole, dense.whole)
    assert len(packed) == len(dense)
    assert packed.example.shape[-1] == neurons
    assert packed.example.dtype == dense.example.dtype
    tiles = list(packed.tiles())
    np.testing.assert_array_equal(np.concatenate([tile.rows for tile in tiles]), dense.whole.rows)
    np.testing.assert_array_equal(packed.known_by_some, dense.known_by_some)
    np.testing.assert_array_equal(packed.columns[:, :], dense.whole.rows.T)


def test_a_store_that_was_added_to_goes_on_saying_what_it_said() -> None:
    rows = np.random.default_rng(0).choice([-1, 1], size=(600, 70)).astype(np.int8)
    before = PackedPatterns().add(rows[:300])
    after = before.add(rows[300:])
    np.testing.assert_array_equal(before.whole.rows, rows[:300])
    np.testing.assert_array_equal(after.whole.rows, rows)


def test_a_pattern_takes_a_bit_for_a_neuron_and_a_second_one_where_some_are_unknown() -> None:
    rows = np.ones((2560, 1024), np.int8)
    assert PackedPatterns().add(rows).planes.nbytes == rows.size / 8
    known = np.ones(rows.shape, bool)
    known[0, 0] = False
    assert PackedPatterns().add(rows * known, known=known).planes.nbytes == rows.size / 4
