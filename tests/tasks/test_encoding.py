"""What neurons can hold, and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Binary, Real, Sphere
from mnemonist.errors import InvalidArgument
from mnemonist.tasks import Scaled, Threshold, column_encoding, encoding
from mnemonist.tasks.encoding import scale

NUMBERS = st.floats(-1e6, 1e6)
ROWS = arrays(np.float64, (3, 4), elements=NUMBERS)


@given(st.tuples(NUMBERS, NUMBERS).filter(lambda ends: ends[0] < ends[1]), arrays(np.bool_, (3, 4)))
def test_memories_of_two_levels_come_back_from_binary_neurons(ends, bits):
    bits[0, :2] = [True, False]
    rows = np.where(bits, ends[1], ends[0])
    code = encoding(Binary(), rows)
    states = code.encode(rows, None)
    assert set(np.unique(states)) == {-1.0, 1.0}
    np.testing.assert_allclose(code.decode(states, np.arange(3)), rows, rtol=1e-9, atol=1e-9)


def test_plus_and_minus_one_are_held_as_they_are():
    rows = np.array([[1.0, -1.0, -1.0]])
    np.testing.assert_array_equal(encoding(Binary(), rows).encode(rows, None), rows)


def test_the_middle_is_that_of_the_memories_not_of_the_cues():
    code = encoding(Binary(), np.array([[0.0, 1.0]]))
    np.testing.assert_array_equal(code.encode(np.array([[0.6, 0.9]]), None), [[1, 1]])


@pytest.mark.parametrize("neurons", [Binary(), Real(), Sphere()])
def test_unknown_numbers_become_zero_and_the_rows_are_left_alone(neurons):
    memories = np.array([[1.0, 2.0, np.nan]])
    cues = np.array([[np.nan, 2.0, 1.0]])
    code = encoding(neurons, memories)
    states = code.encode(cues, ~np.isnan(cues))
    assert states[0, 0] == 0
    assert not np.isnan(states).any()
    assert np.isnan(cues[0, 0])


@given(ROWS.filter(lambda rows: (np.abs(rows).max(axis=1) > 1e-3).all()))
def test_directions_get_the_length_of_their_memory_back(rows):
    code = encoding(Sphere(), rows)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(code.decode(unit[::-1], np.array([2, 1, 0])), rows[::-1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("rows", [np.ones((2, 3)), np.full((1, 2), np.nan)])
def test_memories_that_are_all_one_number_cannot_be_told_apart_as_binary(rows):
    with pytest.raises(InvalidArgument, match="must hold two different numbers"):
        encoding(Binary(), rows)


def test_an_undecided_neuron_is_written_as_the_middle():
    code = encoding(Binary(), np.array([[0.0, 1.0]]))
    np.testing.assert_array_equal(code.decode(np.array([[0.0]]), np.array([0])), [[0.5]])


# --- tables, whose columns have units of their own -----------------------------------------------------------------


@given(ROWS, st.sampled_from([1e-6, 1.0, 1e300]))
def test_scaled_columns_have_mean_0_and_spread_1_or_are_constant(rows, unit):
    with np.errstate(all="raise", under="ignore"):
        mean, spread = scale(rows * unit)
    scaled = (rows * unit - mean) / spread
    constant = rows.min(axis=0) == rows.max(axis=0)
    assert (scaled[:, constant] == 0).all()
    varied = np.ptp(rows, axis=0) > 1e-3 * np.abs(rows).max(axis=0) + 1e-3
    np.testing.assert_allclose(scaled[:, varied].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(scaled[:, varied].std(axis=0), 1, rtol=1e-6)


@pytest.mark.parametrize("neurons", [Real(), Sphere()])
def test_memories_come_back_from_their_scaled_columns_to_the_bit(neurons):
    rows = np.array([[0.1, 1e9, 5], [0.7, 1.5e9 + 0.1, 5], [-3.3, 2e9, 5]])
    code = column_encoding(neurons, rows)
    assert isinstance(code, Scaled)
    states = code.encode(rows, None)
    if isinstance(neurons, Sphere):
        states = states / np.linalg.norm(states, axis=1, keepdims=True)
    np.testing.assert_array_equal(code.decode(states, np.arange(3)), rows)


def test_columns_without_numbers_and_holes_are_passed_over():
    rows = np.array([[1.0, np.nan, np.nan], [3.0, 4.0, np.nan]])
    mean, spread = scale(rows)
    assert (mean.tolist(), spread.tolist()) == ([2, 4, 0], [1, 1, 1])


def test_each_column_is_cut_at_its_own_middle_and_written_as_its_own_ends():
    rows = np.array([[1.0, 1000.0], [3.0, 1500.0], [2.9, 5000.0]])
    code = column_encoding(Binary(), rows)
    states = code.encode(rows, None)
    assert states.tolist() == [[-1, -1], [1, -1], [1, 1]]
    assert code.decode(states, np.arange(3)).tolist() == [[1, 1000], [3, 1000], [3, 5000]]


def test_a_threshold_knows_whether_it_loses_anything():
    two, more = np.array([[0.1, 0.7, np.nan]]), np.array([[0.1, 0.7, 0.2]])
    for rows in (two, more):
        code = encoding(Binary(), rows)
        assert isinstance(code, Threshold)
        assert code.keeps(rows) == (rows is two)


@given(ROWS, st.booleans())
def test_memories_come_back_from_graded_neurons(rows, columns):
    code = (column_encoding if columns else encoding)(Graded(1.0), rows)
    states = code.encode(rows, None)
    assert (np.abs(states) <= 1).all()
    np.testing.assert_allclose(code.decode(states, np.arange(3)), rows, rtol=1e-9, atol=1e-9 * (1 + np.abs(rows).max()))
    beyond = code.encode(rows + 1e7, None)
    assert (np.abs(beyond) <= 1).all()
