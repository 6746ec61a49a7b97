"""Capacities of sequence memories are the paper's formulas; that they hold is measured in tests/memories."""

import math

import pytest

import mnemonist as mn
from mnemonist import theory


@pytest.mark.parametrize("n", [2, 50, 100, 1000])
@pytest.mark.parametrize(("d", "odd"), [(1, 1), (2, 3), (3, 15), (4, 105)])
def test_powers_hold_as_many_transitions_as_the_formula_says(n: int, d: int, odd: int) -> None:
    one = n**d / (2 * odd * math.log(n))
    assert theory.transition_capacity(n, d + 1) == pytest.approx(one)
    assert theory.sequence_capacity(n, d + 1) == pytest.approx(one / (d + 1))


def test_the_exponential_memory_holds_1_964_times_as_many_with_each_neuron() -> None:
    assert pytest.approx(1.964, abs=5e-4) == theory.EXPONENTIAL_GROWTH
    assert theory.exponential_transition_capacity(16) == pytest.approx(4500, rel=0.002)
    ratio = theory.exponential_sequence_capacity(31) * 31 / (theory.exponential_sequence_capacity(30) * 30)
    assert ratio == pytest.approx(theory.EXPONENTIAL_GROWTH)


@pytest.mark.parametrize(("neurons", "degree"), [(1, 2), (10, 1), (10.0, 2), (10, 2.5), (True, 2)])
def test_what_has_no_capacity_is_refused(neurons, degree) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match="must be a whole number >= 2"):
        theory.transition_capacity(neurons, degree)
