"""Margins say how far a pattern leads, and by that what its best rival weighs."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.theory import margins


def test_a_margin_is_the_own_score_less_the_best_other(rng):
    scores, right = rng.normal(size=(9, 5)), rng.integers(0, 5, 9)
    for row, mine, lead in zip(scores, right, margins(scores, right), strict=True):
        assert lead == row[mine] - max(score for nu, score in enumerate(row) if nu != mine)


def test_scores_are_not_written_to():
    scores = np.array([[1.0, 2.0]])
    margins(scores, [0])
    assert scores.tolist() == [[1.0, 2.0]]


def test_the_best_rival_weighs_e_to_minus_beta_times_the_margin(rng):
    patterns = rng.normal(size=(4, 6))
    memory = mn.kernel_memory(beta=0.7)
    memory.store(patterns)
    weights = memory.recall(patterns, max_steps=0).weights
    lead = margins(memory.scores(patterns), np.arange(4))
    for mu in range(4):
        rival = max(weights[mu, nu] for nu in range(4) if nu != mu)
        assert rival / weights[mu, mu] == pytest.approx(np.exp(-0.7 * lead[mu]))


def test_under_euclidean_the_margin_is_half_the_squared_distance_to_the_nearest(rng):
    patterns = rng.normal(size=(5, 3))
    apart = ((patterns[:, None] - patterns) ** 2).sum(axis=-1) + np.diag(np.full(5, np.inf))
    lead = margins(mn.Euclidean().scores(patterns, patterns), np.arange(5))
    np.testing.assert_allclose(lead, apart.min(axis=1) / 2)


def test_a_pattern_of_negative_margin_is_lost_to_a_longer_one():
    patterns = np.array([[1.0, 0.0], [3.0, 1.0]])
    memory = mn.modern_hopfield(beta=50.0)
    memory.store(patterns)
    assert margins(memory.scores(patterns), [0, 1])[0] < 0
    assert memory.recall(patterns[0]).nearest == 1


def test_one_pattern_has_no_rival_and_is_refused():
    with pytest.raises(mn.errors.InvalidArgument, match=r"K >= 2; got \(3, 1\)"):
        margins(np.ones((3, 1)), [0, 0, 0])
