"""PSNR and SSIM are those of scikit-image."""

import math

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from mnemonist.data.similarity_index import psnr, ssim


@pytest.mark.parametrize("channels", [1, 3])
def test_scores_are_those_of_scikit_image(channels):
    rng = np.random.default_rng(0)
    x = rng.random((30, 24, channels))
    y = np.clip(x + rng.normal(0, 0.2, x.shape), 0, 1)
    theirs = structural_similarity(
        x, y, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1, channel_axis=2
    )
    assert ssim(x, y) == pytest.approx(theirs, abs=1e-12)
    assert psnr(x, y) == pytest.approx(peak_signal_noise_ratio(x, y, data_range=1))


def test_equal_images_are_alike_without_end_and_small_ones_have_no_window():
    x = np.random.default_rng(0).random((12, 12, 1))
    assert (psnr(x, x), ssim(x, x)) == (math.inf, pytest.approx(1))
    assert math.isnan(ssim(x[:10], x[:10]))
