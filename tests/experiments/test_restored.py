"""The verdict: exact is exact to 8 bits, and the error of the rest is theirs alone."""

import numpy as np
import pytest

from mnemonist.experiments.damage import DAMAGES, Cues
from mnemonist.experiments.restored import judged

STORED = np.array([[0.0, 1.0, 0.2, 0.8]] * 3)
CUES = Cues(DAMAGES[0], STORED, STORED, np.arange(3))


def verdict(*offsets):
    return judged("m", CUES, STORED, STORED + np.array(offsets), steps=[1, 2, 6], reason="")


def test_less_than_half_a_grey_level_is_exact_and_more_is_not():
    result = verdict([0, 0, 0, 0.49 / 255], [0, 0, 0, -0.51 / 255], [0, 0, 0, 0])
    assert result.exact.tolist() == [True, False, True]
    assert result.row.exact == 2


def test_the_error_is_the_mean_over_the_pixels_of_those_that_are_not_exact():
    result = verdict([0, 0, 0, 0], [0.4, 0, 0, 0], [0.4, -0.4, 0.4, 0])
    np.testing.assert_allclose(result.error, [0, 0.1, 0.3])
    assert result.row.error == pytest.approx(0.2)


def test_there_is_no_error_where_all_are_exact():
    assert verdict([0] * 4, [0] * 4, [0] * 4).row.error == 0


def test_a_row_says_who_what_and_how_long():
    row = verdict([0] * 4, [0] * 4, [0] * 4).row
    assert (row.model, row.damage, row.cues, row.steps) == ("m", "hidden half", 3, 3.0)
