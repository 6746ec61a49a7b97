"""Shipped images: data sets small enough to travel with the package.

`digits()` is a balanced part of MNIST, ten classes of 50 handwritten digits, 28×28 pixels, white on black.

Source: Y. LeCun, C. Cortes, *The MNIST database of handwritten digits*, test set; CC BY-SA 3.0, see
LICENSE-digits.md beside this file. `tools/make_digits.py` drew the 500 images and made the mosaic.
Shapes: images are (K, 28, 28) float32 in [0, 1]; labels are (K,) int64; K = 500.
"""

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_SIDE = 28


def digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return 500 handwritten digits (500, 28, 28), ink 1 on ground 0, and their labels (500,).

    The classes take turns, 0 to 9 and again: the first K images are as balanced as K allows. Both arrays are
    the caller's own. Costs 5 ms.

    >>> images, labels = digits()
    >>> images.shape, images.dtype.name, labels[:12].tolist()
    ((500, 28, 28), 'float32', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    """
    from PIL import Image

    with files(__package__).joinpath("digits.png").open("rb") as stream, Image.open(stream) as mosaic:
        pixels = np.asarray(mosaic)
    classes, each = pixels.shape[0] // _SIDE, pixels.shape[1] // _SIDE
    tiles = pixels.reshape(classes, _SIDE, each, _SIDE).transpose(2, 0, 1, 3)  # (each, class, 28, 28)
    images = tiles.reshape(-1, _SIDE, _SIDE).astype(np.float32) / np.float32(255)
    return images, np.tile(np.arange(classes), each)
