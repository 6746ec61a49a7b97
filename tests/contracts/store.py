"""What every store promises: it holds rows, what is known of them and their values, and gives them back as asked."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from mnemonist import errors
from mnemonist.stores.protocol import ids_of
from mnemonist.stores.tiles import tiles

seeds = st.integers(0, 2**32 - 1)


def assert_block(block: Any, ids: Any, rows: np.ndarray, known: np.ndarray | None, values: np.ndarray | None) -> None:
    """Assert that a block holds these."""
    np.testing.assert_array_equal(block.ids, ids)
    np.testing.assert_array_equal(block.rows, rows)
    assert block.rows.dtype == rows.dtype
    assert (block.values is None) == (values is None)
    if values is not None:
        np.testing.assert_array_equal(block.values, values)
    if known is not None:
        np.testing.assert_array_equal(block.known, known)
    else:
        assert block.known is None or block.known.all()


class StoreContract:
    """Subclass it with `filled`, a store of rows, known and values; `holes`: it keeps what is not known."""

    holes: bool = True
    dtype: str = "float32"

    def filled(self, rows: np.ndarray, known: np.ndarray | None, values: np.ndarray | None) -> Any:
        raise NotImplementedError

    def rows(self, rng: np.random.Generator, count: int, width: int) -> np.ndarray:
        return rng.choice([-1.0, 1.0], size=(count, width)).astype(self.dtype)

    def drawn(self, seed: int, *, least: int = 1) -> tuple[Any, ...]:
        """Return a store, and the rows, known and values in it."""
        rng = np.random.default_rng(seed)
        count, width = int(rng.integers(least, 700)), int(rng.integers(1, 140))
        rows = self.rows(rng, count, width)
        known = rng.random(rows.shape) < 0.7 if self.holes and rng.random() < 0.5 else None
        rows = rows if known is None else np.where(known, rows, rows.dtype.type(0))
        values = rng.normal(size=(count, 2)) if rng.random() < 0.5 else None
        return self.filled(rows, known, values), rows, known, values

    @settings(max_examples=15, deadline=None)
    @for_all(seeds)
    def test_blocks_hold_what_was_stored(self, seed: int) -> None:
        store, rows, known, values = self.drawn(seed)
        ids = np.arange(len(rows))
        assert len(store) == len(rows)
        assert_block(store.block(), ids, rows, known, values)
        start, stop = sorted(np.random.default_rng(seed).integers(0, len(rows) + 1, size=2).tolist())
        some = slice(start, max(stop, start + 1) if start < len(rows) else stop)
        if some.start < some.stop:
            planes = (None if plane is None else plane[some] for plane in (known, values))
            assert_block(store.block(some.start, some.stop), ids[some], rows[some], *planes)

    @settings(max_examples=15, deadline=None)
    @for_all(seeds)
    def test_positions_may_be_asked_in_any_order_and_again(self, seed: int) -> None:
        store, rows, known, values = self.drawn(seed)
        at = np.random.default_rng(seed).integers(0, len(rows), size=9)
        planes = (None if plane is None else plane[at] for plane in (known, values))
        assert_block(store.at(at), at, rows[at], *planes)
        np.testing.assert_array_equal(store.ids_at(at), at)

    @settings(max_examples=15, deadline=None)
    @for_all(seeds)
    def test_a_part_is_a_store_that_travels(self, seed: int) -> None:
        store, rows, known, values = self.drawn(seed, least=3)
        start, stop = len(rows) // 3, len(rows) - len(rows) // 3
        part, where = pickle.loads(pickle.dumps(store.part(start, stop))), slice(start, stop)
        planes = (None if plane is None else plane[where] for plane in (known, values))
        assert_block(part.block(), np.arange(start, stop), rows[where], *planes)
        np.testing.assert_array_equal(ids_of(part), np.arange(start, stop))
        twice = part.part(1, len(part)) if len(part) > 1 else part
        np.testing.assert_array_equal(twice.block().rows, rows[where][len(part) - len(twice) :])

    def test_tiles_cover_all_in_order(self, rng) -> None:
        rows = self.rows(rng, 5000, 300)
        found = [(tile.ids.copy(), tile.rows.copy()) for tile in tiles(self.filled(rows, None, None))]
        assert len(found) > 1
        np.testing.assert_array_equal(np.concatenate([ids for ids, _ in found]), np.arange(5000))
        np.testing.assert_array_equal(np.concatenate([some for _, some in found]), rows)

    def test_it_says_what_its_rows_are_like(self, rng) -> None:
        rows = self.rows(rng, 5, 7)
        store = self.filled(rows, None, None)
        assert store.like.shape[-1] == 7
        assert store.like.dtype == rows.dtype
        assert store.known_by_some is None
        assert store.volatile in (True, False)

    def test_it_says_which_coordinates_some_pattern_knows(self, rng) -> None:
        if not self.holes:
            return
        rows, known = self.rows(rng, 6, 70), rng.random((6, 70)) < 0.3
        store = self.filled(np.where(known, rows, rows.dtype.type(0)), known, None)
        np.testing.assert_array_equal(store.known_by_some, known.any(axis=0))


class GrowableStoreContract(StoreContract):
    """Subclass it with `empty`, a store to add to."""

    def empty(self) -> Any:
        raise NotImplementedError

    def filled(self, rows: np.ndarray, known: np.ndarray | None, values: np.ndarray | None) -> Any:
        """Fill it in two goes, so that blocks are joined."""
        store, half = self.empty(), len(rows) // 2
        for some in (slice(0, half), slice(half, None)):
            planes = (None if plane is None else plane[some] for plane in (known, values))
            store = store.add(rows[some], **dict(zip(("known", "values"), planes, strict=True)))
        return store

    @settings(max_examples=20, deadline=None)
    @for_all(
        st.lists(st.tuples(st.integers(1, 300), st.booleans(), st.booleans()), min_size=1, max_size=6),
        st.integers(1, 140),
        seeds,
    )
    def test_it_holds_what_a_dictionary_holds(self, steps: Any, width: int, seed: int) -> None:
        rng, store, model, new = np.random.default_rng(seed), self.empty(), {}, 0
        for count, masked, forgetful in steps:
            rows = self.rows(rng, count, width)
            known = rng.random(rows.shape) < 0.7 if masked else np.ones(rows.shape, bool)
            rows, before = np.where(known, rows, rows.dtype.type(0)), copy.copy(model)
            grown = store.add(rows, known=known if masked else None)
            model |= {new + i: (rows[i].copy(), known[i].copy()) for i in range(count)}
            new += count
            rows[:] = 0  # the caller's array is his own
            assert len(store) == len(before)  # the old store is as it was
            store = grown
            if forgetful and len(model) > 1:
                gone = rng.choice(sorted(model), size=len(model) // 2, replace=False)
                store = store.forget(gone)
                for i in gone.tolist():
                    del model[i]
        ids = sorted(model)
        rows, known = (np.stack([model[i][plane] for i in ids]) for plane in (0, 1))
        assert_block(store.block(), ids, rows, known if not known.all() else None, None)
        assert store.next_id == new
        np.testing.assert_array_equal(store.positions(ids[-1:]), [len(ids) - 1])

    def test_an_unknown_id_is_refused_and_nothing_forgotten(self, rng) -> None:
        store = self.filled(self.rows(rng, 4, 3), None, None)
        with pytest.raises(errors.UnknownId, match="4"):
            store.forget([0, 4])
        assert len(store) == 4

    def test_ids_are_never_given_twice(self, rng) -> None:
        store = self.filled(self.rows(rng, 2, 3), None, None).forget([0, 1]).add(self.rows(rng, 1, 3))
        assert ids_of(store).tolist() == [2]
        assert ids_of(store).dtype == np.int64

    def test_an_empty_store_has_nothing_to_read(self) -> None:
        assert len(self.empty()) == 0
        with pytest.raises(errors.EmptyMemory):
            self.empty().block()
        with pytest.raises(errors.EmptyMemory):
            _ = self.empty().like
