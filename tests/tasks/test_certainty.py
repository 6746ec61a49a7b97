"""What is learned of damage made on purpose: a logistic regression at its minimum, and a threshold that holds."""

import numpy as np

from mnemonist.tasks import certainty


def test_the_regressions_rest_where_their_loss_is_flat(rng) -> None:
    x = rng.normal(size=(300, 10))
    truths = rng.random((300, 2)) < 1 / (1 + np.exp(-x[:, :2] - 0.5 * x[:, 2:4] ** 2))
    learned = certainty._learned(x, truths)
    phi = certainty._expanded(np.clip((x - learned.centre) / learned.spread, -3, 3))
    ridge = np.full((66, 1), certainty._RIDGE)
    ridge[0] = 1e-6
    slope = phi.T @ (truths - learned.of(x)) - ridge * learned.weights
    assert abs(slope).max() < 1e-6


def test_a_threshold_is_exceeded_as_rarely_as_promised_nine_times_in_ten() -> None:
    rng = np.random.default_rng(1)
    shares = [1 - certainty._exceeded(rng.random(600), 0.01) for _ in range(400)]  # of uniform numbers, which are above
    assert np.mean(np.array(shares) <= 0.01) > 0.85  # fails once in a thousand
    assert certainty._exceeded(np.empty(0), 0.01) == 0
