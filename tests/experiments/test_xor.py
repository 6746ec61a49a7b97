"""XOR: what theory says of the truth table, stored and learned."""

import numpy as np
import pytest

from mnemonist.experiments.xor import ROWS, learned_table, truth_table

SOLVED = {(False, 3), (False, 5), (True, 2), (True, 3), (True, 4), (True, 5)}


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5])
def test_odd_degrees_from_3_on_hold_it_and_rectified_ones_from_2(degree: int, rectified: bool) -> None:
    table = truth_table(degree, rectified=rectified)
    if (rectified, degree) in SOLVED:
        np.testing.assert_array_equal(table.answers, ROWS[:, 2])
    else:
        np.testing.assert_array_equal(table.answers, 0)  # never a wrong one


def test_of_degree_3_the_energy_is_24_xyz() -> None:
    x, y = ROWS[:, 0], ROWS[:, 1]
    expected = np.stack([24 * x * y * z for z in (-1, 1)], axis=1)
    np.testing.assert_array_equal(truth_table(3).energies, expected)


@pytest.mark.parametrize(("degree", "rectified", "solved"), [(1, True, 0), (2, False, 0), (3, False, 2), (2, True, 2)])
def test_it_is_learned_where_it_can_be_held(degree: int, rectified: bool, solved: int) -> None:
    assert learned_table(degree, rectified=rectified, starts=2).solved == solved
