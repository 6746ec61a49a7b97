"""Categorical neurons: codes and one-hot blocks, and what is said of them."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from arrays import given, host
from contracts.neurons import NeuronsContract

layouts = st.lists(st.sampled_from([1, 2, 3, 7]), min_size=1, max_size=5).map(tuple)
seeds = st.integers(0, 2**32 - 1)


def one_hot(codes: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return codes (B, C) as states, cell by cell."""
    return np.array([[float(c == v) for c, size in zip(row, sizes, strict=True) for v in range(size)] for row in codes])


class TestUnequal(NeuronsContract):
    neurons = mn.Categorical((3, 1, 5, 2))


class TestEqual(NeuronsContract):
    neurons = mn.Categorical(3, count=2)


class TestOneVariable(NeuronsContract):
    neurons = mn.Categorical((4,))


@for_all(layouts, seeds)
def test_codes_go_into_states_and_come_back(sizes: tuple[int, ...], seed: int) -> None:
    rng, neurons = np.random.default_rng(seed), mn.Categorical(sizes)
    codes = rng.integers(-1, sizes, size=(4, len(sizes)))
    states = neurons.encode(codes)
    np.testing.assert_array_equal(states, one_hot(codes, sizes))
    np.testing.assert_array_equal(neurons.decode(states), codes)
    np.testing.assert_array_equal(neurons.decode(states[0]), codes[0])
    np.testing.assert_array_equal(neurons.by_variable(neurons.spread(codes >= 0)), codes >= 0)


@for_all(layouts, seeds)
def test_the_overlap_is_the_share_of_equal_variables(sizes: tuple[int, ...], seed: int) -> None:
    rng, neurons = np.random.default_rng(seed), mn.Categorical(sizes)
    one, other = (rng.integers(-1, sizes, size=(5, len(sizes))) for _ in range(2))
    other = np.maximum(other, 0)
    known = rng.random(one.shape) < 0.6
    known[:, 0] = True
    x, y = neurons.encode(one).astype(float), neurons.encode(other).astype(float)
    np.testing.assert_allclose(neurons.overlap(x, y), (one == other).mean(axis=-1))
    expected = ((one == other) & known).sum(axis=-1) / known.sum(axis=-1)
    np.testing.assert_allclose(neurons.overlap(x, y, neurons.spread(known)), expected)


def test_votes_that_tie_agree_with_each_of_their_options() -> None:
    neurons = mn.Categorical((3, 2))
    total = neurons.encode([[0, 1], [1, 1], [2, 0]]).sum(axis=0).astype(float)
    states = neurons.encode([[0, 1], [1, 1], [2, 0], [-1, 1]])
    np.testing.assert_allclose(neurons.agreement(np.tile(total, (4, 1)), states), [1, 1, 0.5, 0.5])


def test_the_largest_of_each_block_is_nearest() -> None:
    x = [0.2, 0.9, 0.1, -1, -1, 0, 0, -3]
    np.testing.assert_array_equal(mn.Categorical((3, 2, 2, 1)).confine(np.array(x)), [0, 1, 0, 0, 0, 0, 0, 1])


def test_codes_of_any_array_library_stay_in_it(xp, rng) -> None:
    neurons, codes = mn.Categorical((3, 1, 5)), rng.integers(-1, (3, 1, 5), (4, 3))
    states = neurons.encode(given(xp, codes))
    assert isinstance(states, type(given(xp, codes)))
    np.testing.assert_array_equal(host(states), neurons.encode(codes))
    np.testing.assert_array_equal(host(neurons.decode(states)), codes)


def test_the_layout_is_written_as_it_is_read() -> None:
    assert mn.Categorical(4, count=2) == mn.Categorical((4, 4))
    assert repr(mn.Categorical((4, 4))) == "Categorical(4, count=2)"
    assert mn.Categorical((3, 5)).width == 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3,), "one number with count="),
        (((3, 2), 2), "one number with count="),
        (((),), "whole numbers >= 1"),
        (((3, 0),), "whole numbers >= 1"),
        (((3, 2.5),), "whole numbers >= 1"),
        ((3, 0), "whole numbers >= 1"),
    ],
)
def test_layouts_that_are_none_are_refused(arguments, said) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match=said):
        mn.Categorical(*arguments)


def test_codes_that_are_no_options_are_refused() -> None:
    neurons = mn.Categorical((3, 2))
    for codes, said in [([3, 0], "got 0 to 3"), ([0, -2], "got -2 to 0"), ([0], "must have C = 2 columns")]:
        with pytest.raises(mn.errors.InvalidArgument, match=said):
            neurons.encode(codes)
    with pytest.raises(mn.errors.InvalidType, match="whole numbers"):
        neurons.encode([0.0, 1.0])


def test_categories_refuse_what_has_not_their_columns() -> None:
    neurons = mn.Categorical((3, 2))
    for call, sentence in (
        (lambda: neurons.spread([True, False, True]), "C = 2 columns"),
        (lambda: neurons.decode([1, 0, 0]), "N = 5 columns"),
        (lambda: neurons.encode([1]), "C = 2 columns"),
        (lambda: mn.Categorical(None), "sizes and count must be whole numbers"),
        (lambda: mn.mixed_memory(mn.Columns(mn.Real(), 2)), "columns must be a list of Columns"),
    ):
        with pytest.raises(mn.MnemonistError, match=sentence):
            call()


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.uint64, np.int64])
def test_codes_of_a_narrow_dtype_mean_what_they_say(dtype) -> None:
    for codes, column in (([20], 20), ([100], 100)):
        state = mn.Categorical((300,)).encode(np.array(codes, dtype))
        assert np.flatnonzero(state).tolist() == [column]


def test_minus_one_is_unknown_in_a_narrow_dtype_too() -> None:
    neurons = mn.Categorical((300, 2))
    state = neurons.encode(np.array([-1, 1], np.int8))
    assert np.flatnonzero(state).tolist() == [301]
    assert neurons.decode(state).tolist() == [-1, 1]


@pytest.mark.parametrize("code", [2**64 - 1, 2**63, 300])
def test_a_large_unsigned_code_is_no_option(code) -> None:
    with pytest.raises(mn.MnemonistError, match="codes must be"):
        mn.Categorical((300,)).encode(np.array([code], np.uint64))


@pytest.mark.parametrize("state", [[np.nan, 0, 1], [1, 1, 0], [0.2, 0.3, 0.5], [True, False, False], ["1", "0", "0"]])
def test_what_is_no_state_has_no_code(state) -> None:
    with pytest.raises(mn.MnemonistError, match="states must be"):
        mn.Categorical((3,)).decode(state)
