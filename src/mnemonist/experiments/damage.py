"""Damage: what is done to images before a memory is asked to restore them.

    hidden half    the lower half of the pixels is unknown (NaN)
    30 % noise     x → 1 − x in exactly 30 % of the pixels, drawn for each image
    both           the same noise, then the lower half hidden

Inverting commutes with thresholding at ½: the ±1 version of a noisy image is that of the image with the same 30 % of
its signs flipped. So every model, of ±1 or of grey values, is given the same damage.

Shapes: images (B, N) in [0, 1], pixels from top to bottom; known (N,) boolean, True = given; right (B,).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.float32]


@dataclass(frozen=True)
class Damage:
    """A kind of damage: whether the lower half is hidden, and which share of the pixels is inverted."""

    name: str
    hides: bool
    noise: float

    def to(self, images: Images, *, seed: int) -> Images:
        """Return a damaged copy of images (B, N), NaN where hidden.

        The same seed inverts the same pixels, whether or not some of them are then hidden.
        """
        width = images.shape[1]
        inverted = np.tile(np.arange(width) < round(self.noise * width), (len(images), 1))
        inverted = np.random.default_rng(seed).permuted(inverted, axis=1)
        return np.where(self.known(width), np.where(inverted, 1 - images, images), np.float32(np.nan))

    def known(self, width: int) -> NDArray[np.bool_]:
        """Return which of N pixels are given (N,)."""
        return np.arange(width) < (width - width // 2 if self.hides else width)


DAMAGES = (Damage("hidden half", True, 0.0), Damage("30 % noise", False, 0.3), Damage("both", True, 0.3))


@dataclass(frozen=True, eq=False)
class Cues:
    """Images (B, N) before the damage and after it, and the row (B,) of the pattern that each of them was."""

    damage: Damage
    originals: Images
    images: Images
    right: NDArray[np.int64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which pixels are given (N,); the others are NaN."""
        return self.damage.known(self.images.shape[1])
