"""The leading memories, against all scores sorted: of many rows, of rows with holes, and of ties."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import mnemonist as mn
from mnemonist.readout import leading

K, B, N = 3000, 1500, 5  # scores enough for the quick way


def filled(holes: bool, unshared: str = "expected"):
    rng = np.random.default_rng(1)
    rows = 100 + rng.normal(size=(K, N))
    known = rng.random(rows.shape) > 0.2 if holes else np.ones(rows.shape, bool)
    known[:, 0] |= ~known.any(axis=1)
    memory = mn.kernel_memory(beta=1.0, unshared=unshared)
    memory.store(rows, known=known if holes else None)
    given = rng.random((B, N)) > 0.3
    given[:, 0] |= ~given.any(axis=1)
    return memory, rows, known, rows[:B] + 0.1, given


def slow_scores(rows, known, cues, given):
    """−½ Σ (x − ξ)² over what both know, and −V for each coordinate that the cue gives and the row does not know."""
    count = known.sum(axis=0)
    variance = ((rows - (rows * known).sum(axis=0) / count) ** 2 * known).sum(axis=0) / count
    apart = np.where(known, (cues[:, None, :] - rows) ** 2, 2 * variance)
    return -0.5 * (apart * given[:, None, :]).sum(axis=-1)


@pytest.mark.parametrize("holes", [False, True])
def test_the_quick_way_finds_what_all_scores_say(holes) -> None:
    memory, rows, known, cues, given = filled(holes)
    found = memory.weigh(cues, known=given, leave_out=np.arange(B), top=6)
    h = slow_scores(rows, known, cues[:50], given[:50])
    heard = (given[:50, None, :] & known).any(axis=2) & (
        (~given[:50, None, :] & known).any(axis=2) | given[:50, None].all(axis=2)
    )
    h[~heard] = -np.inf
    h[np.arange(50), np.arange(50)] = -np.inf
    order = np.argsort(-h, axis=1, kind="stable")[:, :6]
    assert_array_equal(found.ids[:50], order)
    assert_allclose(found.scores[:50], np.take_along_axis(h, order, 1), rtol=1e-9)


def test_the_careful_way_finds_the_same(monkeypatch) -> None:
    memory, _, _, cues, given = filled(True)
    quick = memory.weigh(cues, known=given, top=6)
    monkeypatch.setattr(leading, "serves", lambda *_: False)
    careful = memory.weigh(cues, known=given, top=6)
    assert_array_equal(quick.ids, careful.ids)
    assert_allclose(quick.scores, careful.scores, rtol=1e-9)


def test_rows_too_close_for_single_precision_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(K, 2)) * [1.0, 1e-6] + [0, 1.0]
    rows[:, 0] = np.where(np.arange(K) < 20, 7.0, rows[:, 0])  # these differ in the small column alone
    memory = mn.kernel_memory(beta=1.0)
    memory.store(rows)
    cues = np.repeat(rows[:20], 80, axis=0)
    assert_array_equal(memory.weigh(cues, top=1).ids[:, 0], np.repeat(np.arange(20), 80))


@pytest.mark.parametrize("cues", [1, 500])
def test_equal_scores_at_the_edge_are_a_fair_draw_wherever_they_are_stored(cues) -> None:
    """A table may be sorted by what is asked: 10 000 equal rows must not be told by the first of them."""
    memory = mn.kernel_memory(beta=1.0)
    memory.store(np.column_stack([np.zeros(10_000), np.arange(10_000.0)]))
    known = np.array([True, False])
    found = memory.weigh(np.zeros((cues, 2)), known=known, top=400)
    assert (np.diff(found.ids, axis=1) > 0).all()  # of equal ones the first is named first
    assert abs(found.ids[0].mean() - 5000) < 600  # four standard errors
    state = memory.complete(np.zeros((cues, 2)), known=known, expectation=mn.LocalLinear(0.1, 80)).state
    assert abs(state[0, 1] - 5000) < 1000


def test_fewer_memories_than_asked_for_are_all_listed() -> None:
    memory = mn.kernel_memory(beta=1.0)
    ids = memory.store(np.eye(3))
    found = memory.weigh(np.eye(3), leave_out=ids, top=10)
    assert found.ids.shape == (3, 3)
    assert_array_equal(found.weights[:, -1], 0)
    assert_allclose(found.weights.sum(axis=1), 1)


def test_a_strong_memory_is_weighed_as_so_many_copies() -> None:
    strong, copies = mn.kernel_memory(beta=2.0), mn.kernel_memory(beta=2.0)
    strong.store([[0.0, 0.0], [1.0, 1.0]], strength=[3.0, 1.0])
    copies.store([[0.0, 0.0]] * 3 + [[1.0, 1.0]])
    one, other = strong.weigh([0.4, 0.4]), copies.weigh([0.4, 0.4])
    assert_allclose(one.weights[one.ids == 0].sum(), other.weights[other.ids < 3].sum())
