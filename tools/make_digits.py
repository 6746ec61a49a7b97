"""Make src/mnemonist/data/digits.png: 500 digits of the MNIST test set, 50 of each class, as one mosaic.

Row d of the mosaic holds 50 images of the digit d, 28×28 pixels each, drawn without replacement with a fixed
seed, in the order of the draw. Run it with the folder that holds the MNIST test files:

    python tools/make_digits.py FOLDER

Source: LeCun & Cortes, the MNIST database of handwritten digits; src/mnemonist/data/LICENSE-digits.md.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SEED = 1982  # the year of Hopfield's network
EACH = 50
TARGET = Path(__file__).parent.parent / "src" / "mnemonist" / "data" / "digits.png"


def test_set(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read the 10,000 images (10000, 28, 28) and their labels (10000,), both in IDX format."""
    images = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8)


def mosaic(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw EACH images of every class and lay them out, a row a class: (280, 28 * EACH)."""
    rng = np.random.default_rng(SEED)
    rows = [images[rng.choice(np.flatnonzero(labels == digit), EACH, replace=False)] for digit in range(10)]
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows])


if __name__ == "__main__":
    Image.fromarray(mosaic(*test_set(Path(sys.argv[1])))).save(TARGET, optimize=True)
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes\n")
