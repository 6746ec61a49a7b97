r"""How alike two images are: the peak signal-to-noise ratio, and the structural similarity.

    PSNR = −10 log₁₀ mean (x − y)²        in decibels, of images in [0, 1]; infinite of equal ones
    SSIM = mean (2 μ_x μ_y + C₁)(2 σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))

over windows of Gaussian weight, σ = 1.5 and 11 × 11 pixels, that lie in the image; C₁ = 0.01², C₂ = 0.03². Of several
channels SSIM is the mean. It is 1 of equal images alone.

Source: Wang, Bovik, Sheikh & Simoncelli 2004, DOI 10.1109/TIP.2003.819861. Shapes: x, y (h, w, c) in [0, 1].
"""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
_SIGMA, _REACH = 1.5, 5
_C1, _C2 = 0.01**2, 0.03**2


def psnr(x: Numbers, y: Numbers) -> float:
    """Return the peak signal-to-noise ratio in decibels.

    >>> round(psnr(np.zeros((1, 1, 1)), np.full((1, 1, 1), 0.1)), 6)
    20.0
    """
    error = float(((x.astype(np.float64) - y) ** 2).mean())
    return math.inf if error == 0 else -10 * math.log10(error)


def ssim(x: Numbers, y: Numbers) -> float:
    """Return the structural similarity, NaN of images that are smaller than a window."""
    if min(x.shape[:2]) <= 2 * _REACH:
        return math.nan
    x, y = x.astype(np.float64), y.astype(np.float64)
    mean_x, mean_y = _windowed(x), _windowed(y)
    variance_x, variance_y = _windowed(x * x) - mean_x**2, _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    above = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    return float((above / ((mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2))).mean())


def _windowed(x: Numbers) -> Numbers:
    """Return the weighted means (h − 10, w − 10, c) over the windows within an image."""
    weights = np.exp(-(np.arange(-_REACH, _REACH + 1) ** 2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    for axis in (0, 1):
        size = x.shape[axis] - 2 * _REACH
        x = sum(w * x.take(range(i, i + size), axis) for i, w in enumerate(weights))
    return x
