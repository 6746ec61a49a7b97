"""Crosstalk is what the other patterns say at one, and below 1 it cannot take that one away."""

import math

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.theory import crosstalk, mean_overlap


def equally_alike(shared):
    """Return 7 patterns, any two of which have the same overlap: orthogonal rows, and `shared` equal neurons."""
    hadamard = np.array([[1]])
    for _ in range(3):
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    return np.hstack([np.ones((7, shared)), hadamard[1:]])


@pytest.mark.parametrize("degree", [2, 3, 20])
def test_patterns_of_equal_overlap_have_the_crosstalk_of_the_closed_form(degree):
    patterns, overlap = equally_alike(shared=12), 12 / 20
    assert mean_overlap(patterns) == pytest.approx(overlap)
    np.testing.assert_allclose(crosstalk(patterns, degree), 6 * overlap ** (degree - 1))


def test_crosstalk_is_the_sum_over_the_others(rng):
    patterns = rng.choice([-1, 1], (6, 10))
    for mu, total in enumerate(crosstalk(patterns, degree=4)):
        others = [abs(int(patterns[mu] @ patterns[nu])) / 10 for nu in range(6) if nu != mu]
        assert total == pytest.approx(sum(overlap**3 for overlap in others))


def test_the_length_of_a_pattern_does_not_count(rng):
    patterns = rng.normal(size=(5, 8))
    lengths = rng.uniform(1, 9, (5, 1))
    np.testing.assert_allclose(crosstalk(lengths * patterns, 3), crosstalk(patterns, 3))


def test_a_pattern_alone_hears_nothing():
    assert crosstalk([[1, -1]], degree=2).tolist() == [0]
    assert mean_overlap([[1, -1]]) == 0


def test_random_patterns_overlap_as_root_two_over_pi_n(rng):
    """The mean of 4950 pairs of spread 0.02: 0.001 is more than three standard errors, failing 1 time in 1000."""
    patterns = rng.choice([-1, 1], (100, 900))
    assert abs(mean_overlap(patterns) - math.sqrt(2 / math.pi / 900)) < 1e-3


@pytest.mark.parametrize("degree", [2, 3, 5])
def test_a_pattern_with_crosstalk_below_one_is_a_fixed_point(rng, degree):
    """Patterns that share a common part, to make the crosstalk spread around 1; 0.9 leaves room for degree/N."""
    common, count = rng.choice([-1, 1], 400), {2: 5, 3: 8, 5: 14}[degree]
    shared = rng.random((count, 400)) < np.linspace(0, 0.9, count)[:, None]
    patterns = np.where(shared, common, rng.choice([-1, 1], (count, 400)))
    quiet = crosstalk(patterns, degree) < 0.9
    assert 0 < quiet.sum() < count
    memory = mn.dense_memory(degree)
    memory.store(patterns)
    np.testing.assert_array_equal(memory.recall(patterns[quiet]).state, patterns[quiet])


def test_a_degree_below_two_is_refused():
    with pytest.raises(mn.errors.InvalidArgument, match="degree must be a whole number >= 2; got 1"):
        crosstalk([[1, -1]], degree=1)
