"""Damage is done where it is said to be done, to every model alike, and nowhere else."""

import numpy as np
import pytest

from mnemonist.data import digits
from mnemonist.experiments.damage import DAMAGES

IMAGES = digits()[0][:8].reshape(8, -1)
HALF, NOISE, BOTH = DAMAGES
UPPER = np.arange(784) < 392


def test_a_hidden_half_is_unknown_below_and_untouched_above():
    damaged = HALF.to(IMAGES, seed=0)
    np.testing.assert_array_equal(HALF.known(784), UPPER)
    np.testing.assert_array_equal(damaged[:, UPPER], IMAGES[:, UPPER])
    assert np.isnan(damaged[:, ~UPPER]).all()


def test_noise_inverts_exactly_three_pixels_in_ten_and_leaves_the_rest():
    damaged = NOISE.to(IMAGES, seed=0)
    touched = damaged != IMAGES
    assert touched.sum(axis=1).tolist() == [235] * 8
    np.testing.assert_array_equal(damaged[touched], 1 - IMAGES[touched])
    assert NOISE.known(784).all()


def test_noise_differs_between_images():
    touched = NOISE.to(IMAGES, seed=0) != IMAGES
    assert len(np.unique(touched, axis=0)) == 8


def test_both_is_the_same_noise_with_the_lower_half_hidden():
    noisy, both = NOISE.to(IMAGES, seed=3), BOTH.to(IMAGES, seed=3)
    np.testing.assert_array_equal(both, np.where(UPPER, noisy, np.nan))


def test_thresholding_a_noisy_image_flips_the_signs_of_the_same_pixels():
    touched = NOISE.to(IMAGES, seed=0) != IMAGES
    signs, noisy = (np.where(x >= 0.5, 1, -1) for x in (IMAGES, NOISE.to(IMAGES, seed=0)))
    np.testing.assert_array_equal(noisy, np.where(touched, -signs, signs))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_a_function_of_the_seed_and_writes_nothing(damage):
    before = IMAGES.copy()
    first, again, other = (damage.to(IMAGES, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.array_equal(first, other, equal_nan=True) == (damage.noise == 0)
    np.testing.assert_array_equal(IMAGES, before)


def test_an_odd_number_of_pixels_keeps_the_one_in_the_middle():
    assert HALF.known(5).tolist() == [True, True, True, False, False]
