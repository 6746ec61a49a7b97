"""The baseline is the nearest stored pattern, found the slow way."""

import numpy as np

from mnemonist.experiments.baseline import nearest


def slow(cues, patterns, known, distance):
    """Return for each cue the first pattern at least distance over the known pixels."""
    found = []
    for cue in cues:
        apart = [sum(distance(x, y) for x, y, k in zip(cue, p, known, strict=True) if k) for p in patterns]
        found.append(apart.index(min(apart)))
    return found


def test_it_is_the_pattern_at_least_squared_distance(rng):
    cues, patterns, known = rng.random((20, 9)), rng.random((7, 9)), rng.random(9) < 0.6
    assert nearest(cues, patterns, known).tolist() == slow(cues, patterns, known, lambda x, y: (x - y) ** 2)


def test_on_signs_it_is_the_pattern_at_least_hamming_distance_and_the_first_of_equals(rng):
    cues, patterns, known = rng.choice([-1, 1], (40, 6)), rng.choice([-1, 1], (9, 6)), np.arange(6) < 4
    assert nearest(cues, patterns, known).tolist() == slow(cues, patterns, known, lambda x, y: int(x != y))


def test_what_is_not_known_is_never_read(rng):
    cues, patterns, known = rng.random((5, 4)), rng.random((3, 4)), np.array([True, False, True, False])
    hidden = np.where(known, cues, np.nan)
    np.testing.assert_array_equal(nearest(hidden, patterns, known), nearest(cues, patterns, known))
