"""The shipped digits are what they say: balanced, in range, small, and free to carry."""

from importlib.resources import files

import numpy as np

from mnemonist.data import digits


def test_the_digits_are_500_images_in_the_unit_range():
    images, labels = digits()
    assert (images.shape, images.dtype) == ((500, 28, 28), np.float32)
    assert labels.shape == (500,)
    assert (images.min(), images.max()) == (0.0, 1.0)


def test_any_first_k_digits_are_as_balanced_as_k_allows():
    _, labels = digits()
    for k in (10, 25, 100, 500):
        counts = np.bincount(labels[:k], minlength=10)
        assert counts.max() - counts.min() <= 1


def test_the_labels_belong_to_the_images():
    """The nearest other image has the same label far more often than the one time in ten of chance."""
    images, labels = digits()
    rows = images.reshape(500, -1)
    distance = (rows**2).sum(1) - 2 * rows @ rows.T
    np.fill_diagonal(distance, np.inf)
    assert np.mean(labels[distance.argmin(axis=1)] == labels) > 0.8


def test_no_digit_is_shipped_twice():
    images, _ = digits()
    assert len(np.unique(images.reshape(500, -1), axis=0)) == 500


def test_the_caller_may_write_into_the_digits():
    first, _ = digits()
    first[:] = 7
    again, _ = digits()
    assert again.max() == 1.0


def test_the_digits_weigh_less_than_200_kilobytes_and_name_their_licence():
    folder = files("mnemonist.data")
    assert len(folder.joinpath("digits.png").read_bytes()) < 200_000
    notice = folder.joinpath("LICENSE-digits.md").read_text(encoding="utf-8")
    assert all(word in notice for word in ("LeCun", "Cortes", "CC BY-SA 3.0"))
