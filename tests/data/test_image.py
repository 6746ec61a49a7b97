"""A picture read and written back is the same picture, in its own mode and depth."""

import io
import os
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from mnemonist.data.image import in_channels, load, save
from mnemonist.errors import UnreadableFile

GREY8 = arrays(np.uint8, (3, 4))
GREY16 = arrays(np.uint16, (3, 4))
COLOUR = arrays(np.uint8, (3, 4, 3))


def there_and_back(tmp_path, image, name="a.png"):
    image.save(tmp_path / name)
    frame, values = load(tmp_path / name)
    save(frame, values, tmp_path / "back")
    with Image.open(tmp_path / "back", formats=[frame.format]) as back:
        back.load()
    return values, back


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures")


@pytest.mark.parametrize(("strategy", "mode"), [(GREY8, "L"), (GREY16, "I;16"), (COLOUR, "RGB")])
def test_png_comes_back_bit_for_bit(folder, strategy, mode):
    @given(strategy)
    def comes_back(pixels):
        values, back = there_and_back(folder, Image.fromarray(pixels))
        assert back.mode == mode
        np.testing.assert_array_equal(np.asarray(back), pixels)
        assert values.dtype == np.float32
        assert values.min() >= 0
        assert values.max() <= 1

    comes_back()


@pytest.mark.parametrize("depth", [255, 65535])
def test_white_is_one_whatever_the_depth(tmp_path, depth):
    pixels = np.array([[0, depth]], dtype=np.uint8 if depth == 255 else np.uint16)
    values, _ = there_and_back(tmp_path, Image.fromarray(pixels))
    np.testing.assert_array_equal(values, [[[0], [1]]])


def test_one_bit_comes_back_as_one_bit(tmp_path):
    pixels = np.array([[True, False, True]])
    values, back = there_and_back(tmp_path, Image.fromarray(pixels))
    assert back.mode == "1"
    np.testing.assert_array_equal(np.asarray(back), pixels)
    np.testing.assert_array_equal(values[..., 0], pixels)


def test_jpeg_comes_back_as_jpeg_within_its_loss(tmp_path):
    ramp = np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1))
    _, back = there_and_back(tmp_path, Image.fromarray(ramp), "a.jpg")
    assert (back.format, back.mode) == ("JPEG", "L")
    assert np.abs(np.asarray(back).astype(int) - ramp).max() <= 6


def test_cmyk_is_read_as_colour_and_comes_back_as_cmyk(tmp_path):
    image = Image.new("CMYK", (8, 8), (200, 0, 0, 0))
    values, back = there_and_back(tmp_path, image, "a.jpg")
    assert back.mode == "CMYK"
    np.testing.assert_allclose(values.mean(axis=(0, 1)), [55 / 255, 1, 1], atol=0.03)
    np.testing.assert_allclose(np.asarray(back.convert("RGB")).mean(axis=(0, 1)), [55, 255, 255], atol=8)


def test_a_palette_is_read_as_the_colours_it_stands_for(tmp_path):
    red = Image.new("RGB", (2, 2), (255, 0, 0)).quantize(4)
    assert red.mode == "P"
    values, back = there_and_back(tmp_path, red)
    assert back.mode == "P"
    assert back.convert("RGB").getpixel((1, 1)) == (255, 0, 0)
    np.testing.assert_array_equal(values, np.tile([1.0, 0, 0], (2, 2, 1)))


def test_a_palette_of_greys_is_grey(tmp_path):
    values, back = there_and_back(tmp_path, Image.new("RGB", (2, 2), (51, 51, 51)).quantize(4))
    assert (back.mode, values.shape) == ("P", (2, 2, 1))
    np.testing.assert_allclose(values, 0.2)


@pytest.mark.parametrize(("mode", "ink"), [("RGBA", (0, 0, 0)), ("LA", (0,))])
def test_what_is_transparent_is_hidden_and_comes_back_so_unless_filled(tmp_path, mode, ink):
    image = Image.new(mode, (2, 1), (*ink, 255))
    image.putpixel((1, 0), (*ink, 0))
    values, back = there_and_back(tmp_path, image)
    np.testing.assert_array_equal(values[0, :, 0], [0, np.nan])
    assert back.mode == mode
    np.testing.assert_array_equal(np.asarray(back), np.asarray(image))
    frame, _ = load(tmp_path / "a.png")
    save(frame, np.full((1, 2, len(ink)), 0.2), tmp_path / "filled.png")
    filled = np.asarray(Image.open(tmp_path / "filled.png"))
    assert filled[0].tolist() == [[51] * len(ink) + [255]] * 2


def test_a_transparent_colour_of_a_grey_image_is_hidden(tmp_path):
    image = Image.fromarray(np.array([[0, 100]], dtype=np.uint8))
    image.save(tmp_path / "a.png", transparency=0)
    frame, values = load(tmp_path / "a.png")
    assert frame.mode == "L"
    np.testing.assert_allclose(values[0, :, 0], [np.nan, 100 / 255])


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_camera_held_upright_gives_an_upright_picture(tmp_path, name):
    image = Image.fromarray(np.repeat(np.array([[0, 255]], dtype=np.uint8), 16, axis=0).repeat(16, axis=1))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to see it as it was
    image.save(tmp_path / name, exif=exif)
    frame, values = load(tmp_path / name)
    assert frame.size == (16, 32)
    assert values[0, 0, 0] < 0.1
    assert values[-1, 0, 0] > 0.9
    save(frame, values, tmp_path / "back")
    again, twice = load(tmp_path / "back")
    assert again == frame
    np.testing.assert_allclose(twice, values, atol=0.05)


def test_values_beyond_the_range_are_clipped_and_others_rounded(tmp_path):
    Image.new("L", (4, 1)).save(tmp_path / "a.png")
    frame, _ = load(tmp_path / "a.png")
    save(frame, np.array([[[-0.5], [1.5], [0.5021], [0.4979]]]), tmp_path / "back")
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "back")), [[0, 255, 128, 127]])


@given(st.integers(0, 255))
def test_grey_seen_as_colour_is_the_same_grey(level):
    grey = np.full((1, 1, 1), level / 255)
    np.testing.assert_allclose(in_channels(in_channels(grey, 3), 1), grey)


def test_colour_weighs_to_the_grey_that_pillow_gives():
    pixels = np.arange(0, 240, dtype=np.uint8).reshape(8, 10, 3)
    grey = in_channels(pixels / 255, 1)[..., 0] * 255
    assert np.abs(grey - np.asarray(Image.fromarray(pixels).convert("L"))).max() <= 1


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


NOISE = png(np.random.default_rng(0).integers(0, 255, (30, 30), dtype=np.uint8))


@pytest.mark.parametrize("content", [b"", b"not an image", NOISE[:20], NOISE[:300], NOISE[:60] + b"\0" * 500])
def test_a_broken_file_is_refused_in_one_sentence_that_names_it(tmp_path, content):
    (tmp_path / "broken.png").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"broken\.png: must be a whole PNG, JPEG") as caught:
        load(tmp_path / "broken.png")
    assert "\n" not in str(caught.value)


def test_a_truncated_jpeg_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=r"a\.jpg.*truncated"):
        load(tmp_path / "a.jpg")


def test_a_picture_of_another_format_is_refused_whatever_its_name(tmp_path):
    Image.new("L", (2, 2)).save(tmp_path / "a.png", format="PPM")
    with pytest.raises(UnreadableFile, match="it is not one"):
        load(tmp_path / "a.png")


def test_colour_of_16_bits_is_refused_rather_than_kept_at_8(tmp_path):
    content = bytearray(png(np.zeros((2, 2, 3), dtype=np.uint8)))
    content[24] = 16
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    (tmp_path / "deep.png").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"deep\.png.*must have 8 bits"):
        load(tmp_path / "deep.png")


@pytest.mark.filterwarnings("default")
def test_a_picture_too_large_to_be_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    Image.new("L", (12, 12)).save(tmp_path / "a.png")
    with pytest.raises(UnreadableFile, match=r"a\.png"):
        load(tmp_path / "a.png")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="there is no such file"):
        load(tmp_path / "none.png")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_refused(tmp_path):
    Image.new("L", (2, 2)).save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0)
    with pytest.raises(UnreadableFile, match="must be a file you may read"):
        load(tmp_path / "a.png")
