"""What is known of a cue: not what is missing, not what equals the marker of holes, not what a mask hides."""

import numpy as np
import pytest
from PIL import Image

from mnemonist.data import known, present, read
from mnemonist.errors import InvalidArgument, UnreadableFile


def table(tmp_path, rows, name="cues.npy"):
    np.save(tmp_path / name, rows)
    return read(tmp_path / name)


def save(path, pixels):
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(path)
    return path


def test_all_is_known_of_a_cue_without_holes(tmp_path):
    assert known(table(tmp_path, [[1.0, 2.0]])) is None


def test_missing_and_marked_numbers_are_unknown(tmp_path):
    cues = table(tmp_path, [[1.0, np.nan, -9.0], [-9.0, 2.0, 3.0]])
    assert known(cues).tolist() == [[True, False, True], [True, True, True]]
    assert known(cues, hidden=-9).tolist() == [[True, False, False], [False, True, True]]


def test_a_marker_that_occurs_nowhere_is_refused(tmp_path):
    with pytest.raises(InvalidArgument, match=r"must be a value that occurs in the cues; 5 does not"):
        known(table(tmp_path, [[1.0, 2.0]]), hidden=5)


def test_a_tolerance_catches_what_is_nearly_the_marker(tmp_path):
    cues = table(tmp_path, [[0.1, 0.3, -9.0, -8.8, -9.3]])
    assert known(cues, hidden=-9, tolerance=0.25).tolist() == [[True, True, False, False, True]]
    image = read(save(tmp_path / "cue.png", [[100, 101, 102, 120]]))
    assert known(image, hidden=101 / 255).tolist() == [[True, False, True, True]]
    assert known(image, hidden=100.4 / 255).tolist() == [[False, True, True, True]]
    assert known(image, hidden=101 / 255, tolerance=1 / 255).tolist() == [[False, False, False, True]]
    for wrong in (-1, np.nan):
        with pytest.raises(InvalidArgument, match="tolerance: must be a number >= 0"):
            known(cues, hidden=-9, tolerance=wrong)


def test_the_seams_that_jpeg_leaves_are_caught_by_a_tolerance(tmp_path):
    pixels = np.full((32, 32), 200)
    pixels[:, 13:] = 0
    save(tmp_path / "cue.jpg", pixels)
    cues = read(tmp_path / "cue.jpg")
    assert known(cues, hidden=0)[0].sum() > 32 * 13  # a seam is taken for a part of the picture
    np.testing.assert_array_equal(known(cues, hidden=0, tolerance=0.3)[0], pixels.ravel() > 0)


def test_nan_is_no_marker_since_it_is_hidden_anyway(tmp_path):
    for cues in (table(tmp_path, [[1.0, np.nan]]), read(save(tmp_path / "cue.png", [[9, 9]]))):
        with pytest.raises(InvalidArgument, match=r"hidden: must be a number; got nan\. Leave it out"):
            known(cues, hidden=np.nan)


@pytest.mark.parametrize("shape", [(6,), (1, 6), (2, 3), (2, 6), (2, 2, 3)])
def test_an_array_serves_as_mask_in_any_shape_that_fits(tmp_path, shape):
    cues = table(tmp_path, np.ones((2, 2, 3)))
    one = np.array([1, 0, 1, 1, 1, 0])
    mask = np.broadcast_to(one, (2, 6)).reshape(shape) if np.prod(shape) == 12 else one.reshape(shape)
    np.save(tmp_path / "mask.npy", mask)
    assert known(cues, mask=tmp_path / "mask.npy").tolist() == [one.astype(bool).tolist()] * 2


def test_black_hides_and_any_other_colour_shows_in_all_channels(tmp_path):
    save(tmp_path / "cue.png", np.full((1, 3, 3), 99))
    cues = read(tmp_path / "cue.png")
    expected = [[False] * 3 + [True] * 6]
    grey = save(tmp_path / "grey.png", [[0, 1, 255]])
    colour = save(tmp_path / "colour.png", [[[0, 0, 0], [0, 0, 1], [255, 0, 0]]])
    np.save(tmp_path / "mask.npy", np.array([[0, 1, 1]]))
    for mask in (grey, colour, tmp_path / "mask.npy"):
        assert known(cues, mask=mask).tolist() == expected


def test_a_colour_mask_serves_grey_cues(tmp_path):
    cues = read(save(tmp_path / "cue.png", [[9, 9]]))
    mask = save(tmp_path / "mask.png", [[[0, 0, 0], [255, 255, 255]]])
    assert known(cues, mask=mask).tolist() == [[False, True]]


def test_a_jpeg_mask_is_cut_at_mid_grey(tmp_path):
    half = np.repeat([[0, 255]], 16, axis=0).repeat(13, axis=1)
    cues = read(save(tmp_path / "cue.png", np.full_like(half, 9)))
    mask = save(tmp_path / "mask.jpg", half)
    assert (read(mask).rows != half.ravel() / 255).any()  # the edge did blur
    assert known(cues, mask=mask).tolist() == [(half.ravel() > 0).tolist()]


def test_a_folder_holds_one_mask_for_each_cue(tmp_path):
    for folder in ("cues", "masks", "few"):
        (tmp_path / folder).mkdir()
    for number in range(3):
        save(tmp_path / "cues" / f"{number}.png", [[9, 9, 9]])
        save(tmp_path / "masks" / f"{number}.png", [np.arange(3) != number])
    save(tmp_path / "few" / "0.png", [[0, 1, 1]])
    save(tmp_path / "few" / "1.png", [[0, 1, 1]])
    cues = read(tmp_path / "cues")
    assert known(cues, mask=tmp_path / "masks").tolist() == (~np.eye(3, dtype=bool)).tolist()
    with pytest.raises(InvalidArgument, match="one for each of the 3 cues; got 2"):
        known(cues, mask=tmp_path / "few")


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path):
    cues = read(save(tmp_path / "cue.png", np.full((2, 3), 9)))
    for shape in [(3, 2), (4, 4)]:
        mask = save(tmp_path / "mask.png", np.zeros(shape))
        with pytest.raises(InvalidArgument, match=rf"3×2 pixels, grey; got {shape[1]}×{shape[0]}"):
            known(cues, mask=mask)


def test_a_mask_that_hides_nothing_or_has_holes_is_refused(tmp_path):
    cues = table(tmp_path, [[1.0, 2.0]])
    np.save(tmp_path / "mask.npy", np.ones(2))
    with pytest.raises(InvalidArgument, match="it hides nothing"):
        known(cues, mask=tmp_path / "mask.npy")
    np.save(tmp_path / "mask.npy", np.array([1, np.nan]))
    with pytest.raises(InvalidArgument, match="it has missing ones"):
        known(cues, mask=tmp_path / "mask.npy")
    with pytest.raises(UnreadableFile, match="no such file"):
        known(cues, mask=tmp_path / "none.npy")


def test_a_row_of_which_nothing_is_left_is_named(tmp_path):
    save(tmp_path / "cue.png", [[9, 9]])
    mask = save(tmp_path / "mask.png", [[0, 0]])
    with pytest.raises(InvalidArgument, match=r"cue\.png: some of every row must be known; of cue\.png all"):
        known(read(tmp_path / "cue.png"), mask=mask)
    (tmp_path / "a.csv").write_text("1,2\n,\n")
    for check in (known, present):
        with pytest.raises(InvalidArgument, match=r"a\.csv: .*; of line 2 all is missing"):
            check(read(tmp_path / "a.csv"))


def test_present_is_what_is_not_missing(tmp_path):
    assert present(table(tmp_path, [[1.0, np.nan]])).tolist() == [[True, False]]
