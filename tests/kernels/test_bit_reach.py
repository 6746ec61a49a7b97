"""The ends of tiles, handed on: what is taken is what would be made, once, and not for ever."""

import gc
import weakref

import numpy as np
import pytest

from mnemonist.kernels import bit_reach, bits
from mnemonist.stores.packing import planes_of


@pytest.fixture
def drawn(rng):
    """Return patterns, states and how many of their reaches were made."""
    planes = planes_of(rng.choice([-1, 1], size=(700, 70)).astype(np.int8))
    return planes, bits.words_of_cues(rng.choice([-1.0, 0.0, 1.0], size=(9, 70)))


@pytest.fixture
def made(monkeypatch):
    counts, make = [], bits.reach
    monkeypatch.setattr(bits, "reach", lambda planes, cues: counts.append(len(cues[0])) or make(planes, cues))
    return counts


def rows(cues, where):
    return cues[0][where], cues[1][where]


@pytest.mark.parametrize("some", [[], [0], [8, 3, 4], list(range(9))])
def test_what_is_kept_is_not_made_again(drawn, made, some) -> None:
    planes, cues = drawn
    whole = bits.reach(planes, cues)
    bit_reach.keep(planes, rows(cues, some), whole[some])
    made.clear()
    np.testing.assert_array_equal(bit_reach.take(planes, cues), whole)
    assert sum(made) == 9 - len(some)
    made.clear()
    np.testing.assert_array_equal(bit_reach.take(planes, cues), whole)
    assert made == [9]


def test_other_patterns_have_their_own(drawn, made) -> None:
    planes, cues = drawn
    bit_reach.keep(planes, cues, bits.reach(planes, cues))
    others = planes_of(planes.rows(0, 300))
    np.testing.assert_array_equal(bit_reach.take(others, cues), bits.reach(others, cues))


def test_the_newest_are_kept_where_there_is_no_room_for_all(drawn, made, monkeypatch) -> None:
    planes, cues = drawn
    whole = bits.reach(planes, cues)
    monkeypatch.setattr(bit_reach, "_MOST", 2 * 3 * 4)  # of four states of three tiles
    bit_reach.keep(planes, cues, whole)
    made.clear()
    np.testing.assert_array_equal(bit_reach.take(planes, rows(cues, slice(5, 9))), whole[5:])
    assert not made
    bit_reach.take(planes, rows(cues, slice(0, 5)))
    assert made == [5]


def test_nothing_is_kept_of_patterns_that_are_gone(rng) -> None:
    planes = planes_of(rng.choice([-1, 1], size=(3, 70)).astype(np.int8))
    cues = bits.words_of_cues(np.ones((1, 70)))
    bit_reach.keep(planes, cues, bits.reach(planes, cues))
    assert planes in bit_reach._kept
    gone = weakref.ref(planes)
    del planes
    gc.collect()
    assert gone() is None
