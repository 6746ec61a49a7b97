"""The store of dense patterns, against a plain dictionary."""

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from arrays import given, host
from mnemonist import errors
from mnemonist.stores.dense import DensePatterns


class StoreMachine(RuleBasedStateMachine):
    """Add and forget at random; a dictionary from id to row says what must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.model, self.next = DensePatterns(), {}, 0

    @rule(k=st.integers(1, 40), seed=st.integers(0, 99), masked=st.booleans())
    def add(self, k: int, seed: int, masked: bool) -> None:
        rng = np.random.default_rng(seed)
        rows, known = rng.normal(size=(k, 4)), rng.random((k, 4)) < 0.5 if masked else None
        self.store = self.store.add(rows, known=known)
        for i in range(k):
            self.model[self.next + i] = rows[i].copy(), np.ones(4, bool) if known is None else known[i]
        self.next += k
        rows[:] = 0  # the caller's array is his own

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        gone = data.draw(st.lists(st.sampled_from(sorted(self.model)), min_size=1, max_size=5))
        before = self.store
        self.store = self.store.forget(gone)
        assert len(before) == len(self.model)  # the old store is as it was
        for i in set(gone):
            del self.model[i]

    @precondition(lambda self: self.next)
    @rule()
    def forget_what_is_not_there(self) -> None:
        with pytest.raises(errors.UnknownId, match=str(self.next)):
            self.store.forget([*list(self.model)[:1], self.next])

    @invariant()
    def it_holds_what_the_dictionary_holds(self) -> None:
        assert self.store.ids.tolist() == sorted(self.model)
        assert len(self.store) == len(self.model)
        if not self.model:
            with pytest.raises(errors.EmptyMemory):
                _ = self.store.whole
            return
        tiles = list(self.store.tiles())
        np.testing.assert_array_equal(np.concatenate([t.ids for t in tiles]), sorted(self.model))
        np.testing.assert_array_equal(
            np.concatenate([t.rows for t in tiles]), [self.model[i][0] for i in sorted(self.model)]
        )
        known = self.store.whole.known
        if known is not None:
            np.testing.assert_array_equal(known, [self.model[i][1] for i in sorted(self.model)])


TestStore = StoreMachine.TestCase


def test_tiles_cut_large_stores_and_cover_them() -> None:
    rows = np.arange(10000.0 * 300).reshape(10000, 300)
    tiles = list(DensePatterns().add(rows).tiles())
    assert len(tiles) > 3
    np.testing.assert_array_equal(np.concatenate([t.rows for t in tiles]), rows)


def test_patterns_of_several_kinds_become_the_widest(xp) -> None:
    store = DensePatterns()
    for dtype in (xp.int8, xp.float32, xp.float64):
        store = store.add(xp.astype(given(xp, np.ones((2, 3))), dtype))
    assert store.whole.rows.dtype == xp.float64
    assert host(store.whole.rows).tolist() == [[1.0] * 3] * 6


def test_ids_are_never_given_twice() -> None:
    store = DensePatterns().add(np.ones((2, 3))).forget([0, 1]).add(np.ones((1, 3)))
    assert store.ids.tolist() == [2]
    assert store.ids.dtype == np.int64
