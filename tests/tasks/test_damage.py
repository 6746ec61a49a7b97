"""Damage is what disagrees with the memory that the rest of an image matches; a stranger matches none."""

import numpy as np
import pytest
from skimage import data

from mnemonist.tasks.agreement import Agreement, reduced
from mnemonist.tasks.damage import damage

RNG = np.random.default_rng(0)


def photograph(name):
    image = getattr(data, name)()
    rows, columns = (
        np.linspace(0, size - 1, count).astype(int) for size, count in zip(image.shape, (72, 96), strict=False)
    )
    image = image[rows][:, columns]
    return (image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)).astype(np.float32) / 255


STORED = [photograph(name) for name in ("astronaut", "chelsea", "coffee", "rocket", "immunohistochemistry", "gravel")]
STRANGERS = [photograph(name) for name in ("camera", "coins", "page")]
AGREEMENT = Agreement(np.stack([reduced(image) for image in STORED]), 24)


def found(image):
    return damage(image, AGREEMENT, STORED.__getitem__)


def spoilt(image, how):
    image, rows = image.copy(), np.arange(72)
    if how == "a white half":
        image[36:] = 1
    elif how == "a black half":
        image[:, :48] = 0
    elif how == "scratches":
        for start in range(0, 80, 16):
            image[rows, start + rows // 6] = 1
    elif how == "a block of noise":
        image[16:50, 20:70] = RNG.random((34, 50, 1))
    elif how == "a dark white half":
        image *= np.float32(0.4)
        image[36:] = 1
    return image


@pytest.mark.parametrize("how", ["a white half", "a black half", "scratches", "a block of noise"])
def test_what_is_spoilt_is_hidden_and_most_of_the_rest_is_not(how):
    for row, original in enumerate(STORED):
        cue = spoilt(original, how)
        told = found(cue)
        assert told.fit.found
        assert told.fit.memory == row
        wrong = np.abs(cue - original).max(axis=2) > 0.05
        assert told.visible is not None
        assert (told.visible & wrong).mean() < 0.003
        assert told.visible[~wrong].mean() > 0.6


def test_a_dark_frame_is_no_damage_and_its_brightness_is_told():
    for row, original in enumerate(STORED):
        told = found(original * np.float32(0.3) + np.float32(0.05))
        assert (told.fit.memory, told.visible) == (row, None)
        assert told.fit.gain == pytest.approx(0.3, abs=0.02)
        np.testing.assert_allclose(told.corrected, original, atol=0.02)


def test_what_is_filled_in_is_as_dark_as_what_stays():
    told = found(spoilt(STORED[0], "a dark white half"))
    assert told.fit.gain == pytest.approx(0.4, abs=0.02)
    np.testing.assert_allclose(told.written(STORED[0]), STORED[0] * 0.4, atol=0.02)


def test_an_undamaged_image_is_whole():
    assert all(found(image).visible is None and found(image).fit.found for image in STORED)


def test_strangers_and_noise_match_nothing():
    strange = [spoilt(image, how) for image in STRANGERS for how in ("", "a white half", "a black half")]
    strange += [RNG.random((72, 96, 3)).astype(np.float32), np.full((72, 96, 3), 0.5, np.float32)]
    assert not any(found(image).fit.found for image in strange)


def test_points_are_the_means_of_what_is_known():
    image = np.zeros((48, 48, 1), np.float32)
    image[:, ::2] = np.nan
    image[:, 1::2] = 0.5
    np.testing.assert_array_equal(reduced(image), np.full((576, 1), 0.5))
