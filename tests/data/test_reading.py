"""Every kind of file is known by its name, and two tables that cannot be compared are refused."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from mnemonist.data import read
from mnemonist.errors import InvalidArgument, UnreadableFile


@pytest.fixture
def files(tmp_path):
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)
    (tmp_path / "images").mkdir()
    Image.fromarray(pixels).save(tmp_path / "images" / "a.png")
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.save(tmp_path / "a.npy", pixels.reshape(1, 6) / 255)
    np.savez(tmp_path / "a.npz", pixels.reshape(1, 2, 3) / 255)
    (tmp_path / "a.CSV").write_text(",".join(repr(value / 255) for value in range(6)))
    return tmp_path


@pytest.mark.parametrize("name", ["images", "a.png", "a.npy", "a.npz", "a.CSV"])
def test_every_kind_of_file_gives_the_same_rows_and_writes_them_back(files, name):
    table = read(files / name)
    np.testing.assert_allclose(table.rows, [np.arange(6) / 255], rtol=1e-6)
    out = files / f"out{(files / name).suffix}"
    table.write(table.rows[:, ::-1], str(out))
    again = read(str(out))
    np.testing.assert_allclose(again.rows, table.rows[:, ::-1], rtol=1e-6)
    assert again.form.item == table.form.item


def test_images_can_be_compared_with_arrays_of_as_many_numbers(files):
    for name in ("a.npy", "a.npz", "a.CSV", "images"):
        assert read(files / "a.png", like=read(files / name)).rows.shape == (1, 6)


def test_images_of_another_size_are_refused_with_both_sizes(files):
    Image.new("L", (2, 3)).save(files / "turned.png")
    with pytest.raises(InvalidArgument, match=r"turned\.png: .*3×2 pixels, grey; got 2×3 pixels, grey. Crop or scale"):
        read(files / "turned.png", like=read(files / "images"))


def test_a_size_is_told_with_the_mode_of_the_file_itself(files):
    Image.new("RGB", (2, 3)).save(files / "turned.png")
    with pytest.raises(InvalidArgument, match=r"3×2 pixels, grey; got 2×3 pixels, RGB"):
        read(files / "turned.png", like=read(files / "images"))


def test_images_are_not_compared_with_levels_up_to_255(files):
    np.save(files / "levels.npy", np.arange(6, dtype=np.uint8).reshape(1, 6) * 50)
    for one, other in (("levels.npy", "images"), ("images", "levels.npy")):
        with pytest.raises(InvalidArgument, match=r"levels\.npy: must be in \[0, 1\].*reaches from 0 to 250.*by 255"):
            read(files / one, like=read(files / other))


def test_rows_of_another_width_are_refused_with_both_widths(files):
    np.save(files / "wide.npy", np.zeros((2, 7)))
    with pytest.raises(InvalidArgument, match=r"wide\.npy: .*6 numbers \(2×3\); got 7 numbers\. Give as many"):
        read(files / "wide.npy", like=read(files / "a.npz"))
    with pytest.raises(InvalidArgument, match=r"wide\.npy: .*6 columns; got 7 numbers"):
        read(files / "wide.npy", like=read(files / "a.CSV"))


def test_columns_in_another_order_are_refused_by_name(files):
    (files / "table.csv").write_text("height,width\n1,2\n")
    (files / "same.csv").write_text("height, width\n3,4\n")
    (files / "bare.csv").write_text("3,4\n")
    (files / "swapped.csv").write_text("width,height\n3,4\n")
    table = read(files / "table.csv")
    for name in ("same.csv", "bare.csv"):
        np.testing.assert_array_equal(read(files / name, like=table).rows, [[3, 4]])
    with pytest.raises(InvalidArgument, match=r"swapped\.csv: must have the headings of .*got 'width'.*'height'"):
        read(files / "swapped.csv", like=table)


def test_images_are_read_in_the_mode_of_what_they_are_compared_with(files):
    Image.new("RGB", (3, 2), (9, 9, 9)).save(files / "colour.png")
    assert read(files / "colour.png", like=read(files / "images")).rows.shape == (1, 6)
    assert read(files / "images", like=read(files / "colour.png")).rows.shape == (1, 18)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.npy", "there is no such file"),
        ("none", "there is no such file"),
        ("x" * 5000, "there is no such file"),
        ("a.txt", r"or end in .*\.npy.*it ends in \.txt\."),
        ("bare", r"it has no ending\."),
    ],
)
def test_what_cannot_be_read_is_refused(files, name, reason):
    (files / "a.txt").write_text("1,2")
    (files / "bare").write_text("1,2")
    with pytest.raises(UnreadableFile, match=reason):
        read(files / name)


def test_rows_of_another_shape_are_not_written(files):
    with pytest.raises(InvalidArgument, match=r"array of the table's shape \(1, 6\); got an array of shape \(2, 6\)"):
        read(files / "a.npy").write(np.zeros((2, 6)), files / "b.npy")
    assert not (files / "b.npy").exists()


def test_pillow_is_loaded_only_when_an_image_is_read():
    script = "import sys, mnemonist, mnemonist.data; sys.exit('PIL' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
