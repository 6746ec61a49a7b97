"""A folder of pictures is a set of rows, and rows become a folder of pictures."""

import numpy as np
import pytest
from PIL import Image

from mnemonist.data.image_folder import natural, read_folder, read_picture
from mnemonist.errors import InvalidArgument, UnreadableFile


def paint(path, level=0, size=(3, 2), mode="L"):
    Image.new(mode, size, level).save(path)


def test_pictures_come_in_the_natural_order_of_their_names(tmp_path):
    for number in (10, 9, 1):
        paint(tmp_path / f"cue{number}.png", number)
    table = read_folder(tmp_path)
    assert table.names == ("cue1.png", "cue9.png", "cue10.png")
    np.testing.assert_allclose(table.rows[:, 0] * 255, [1, 9, 10], rtol=1e-6)
    assert table.rows.shape == (3, 6)


def test_natural_order_does_not_stumble_over_odd_names():
    names = ["b", "7", "07", "", "a1b", "a1", "A1", "x²", "١٢"]
    assert sorted(sorted(names), key=natural) == sorted(reversed(names), key=natural)


def test_hidden_files_folders_and_other_files_are_passed_over(tmp_path):
    paint(tmp_path / "a.PNG")
    (tmp_path / ".hidden.png").write_bytes(b"junk")
    (tmp_path / "._a.png").write_bytes(b"junk")
    (tmp_path / "notes.txt").write_text("junk")
    (tmp_path / "folder.png").mkdir()
    assert read_folder(tmp_path).names == ("a.PNG",)


def test_a_folder_without_images_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("junk")
    with pytest.raises(UnreadableFile, match=r"must hold images whose names end in \.png.*holds none"):
        read_folder(tmp_path)


def test_a_dangling_link_is_named_rather_than_passed_over(tmp_path):
    paint(tmp_path / "a.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "gone.png")
    with pytest.raises(UnreadableFile, match=r"b\.png: must exist"):
        read_folder(tmp_path)


def test_pictures_of_two_sizes_are_refused_with_both_sizes(tmp_path):
    paint(tmp_path / "a.png", size=(3, 2))
    paint(tmp_path / "b.png", size=(2, 3))
    with pytest.raises(UnreadableFile, match=r"b\.png.*3×2 as a\.png.*2×3"):
        read_folder(tmp_path)


def test_one_colour_picture_makes_all_colour_and_each_is_written_in_its_own_mode(tmp_path):
    (tmp_path / "in").mkdir()
    paint(tmp_path / "in" / "a.png", 51)
    paint(tmp_path / "in" / "b.png", (255, 0, 51), mode="RGB")
    paint(tmp_path / "in" / "c.png", 13107, mode="I;16")
    table = read_folder(tmp_path / "in")
    assert table.rows.shape == (3, 18)
    np.testing.assert_allclose(table.rows[:, :3], [[0.2] * 3, [1, 0, 0.2], [0.2] * 3], rtol=1e-6)
    table.write(table.rows, tmp_path / "out")
    back = [Image.open(tmp_path / "out" / name) for name in table.names]
    assert [image.mode for image in back] == ["L", "RGB", "I;16"]
    assert [image.getpixel((0, 0)) for image in back] == [51, (255, 0, 51), 13107]


def test_colour_can_be_read_as_grey_and_is_written_as_colour(tmp_path):
    (tmp_path / "in").mkdir()
    paint(tmp_path / "in" / "a.png", (51, 51, 51), mode="RGB")
    table = read_folder(tmp_path / "in", channels=1)
    assert table.rows.shape == (1, 6)
    table.write(table.rows, tmp_path / "out")
    assert Image.open(tmp_path / "out" / "a.png").getpixel((0, 0)) == (51, 51, 51)


def test_equality_is_judged_at_the_depth_of_each_file(tmp_path):
    paint(tmp_path / "a.png", 128)
    paint(tmp_path / "b.png", 32768, mode="I;16")
    paint(tmp_path / "c.png", 32896, mode="I;16")  # 128 · 257: the same grey with 8 bits, another with 16
    table = read_folder(tmp_path)
    assert table.form.equal(table.rows, 0.5)[:, 0].tolist() == [True, True, False]


def test_a_value_beyond_the_range_of_images_is_refused(tmp_path):
    paint(tmp_path / "a.png", 128)
    table = read_folder(tmp_path)
    with pytest.raises(InvalidArgument, match=r"must be in \[0, 1\].*255"):
        table.form.equal(table.rows, 128)


def test_a_single_picture_is_a_set_of_one_and_is_written_as_a_file(tmp_path):
    paint(tmp_path / "a.png", 9)
    table = read_picture(tmp_path / "a.png")
    table.write(1 - table.rows, tmp_path / "b.png")
    assert Image.open(tmp_path / "b.png").getpixel((0, 0)) == 246
    with pytest.raises(InvalidArgument, match=r"must end in \.png"):
        table.write(table.rows, tmp_path / "b.jpg")
