"""Cues that ±1 neurons would misread are refused; those that are only darker, noisier or fewer are not."""

import numpy as np
import pytest

from mnemonist.data import read
from mnemonist.errors import InvalidArgument
from mnemonist.tasks import check_ranges

SIGNS = np.array([[1.0, -1, 1], [-1, -1, 1]])
LEVELS = np.array([[0.0, 0.4, 1.0], [0.2, 0.9, 0.1]])


def check(tmp_path, memories, cues, known=None, **options):
    for name, rows in (("memories", memories), ("cues", cues)):
        np.save(tmp_path / f"{name}.npy", rows)
    check_ranges(read(tmp_path / "memories.npy"), read(tmp_path / "cues.npy"), known, **options)


@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.float64])
@pytest.mark.parametrize("columns", [True, False])
def test_zeros_and_ones_are_no_signs(tmp_path, dtype, columns):
    with pytest.raises(InvalidArgument, match=r"cues\.npy: .*looks like 0/1 data: write 2 \* x - 1"):
        check(tmp_path, SIGNS, np.array([[1, 0, 1]], dtype), columns=columns)
    with pytest.raises(InvalidArgument, match=r"cues\.npy: .*looks like -1/1 data: write \(x \+ 1\) / 2"):
        check(tmp_path, (SIGNS > 0).astype(dtype), SIGNS, columns=columns)


def test_only_what_is_known_is_looked_at(tmp_path):
    check(tmp_path, SIGNS, np.array([[1.0, -1, 0]]), np.array([[True, True, False]]))
    check(tmp_path, np.array([[0.0, 1000], [1, 5000]]), np.array([[0.2, 0], [0.9, 0]]), np.array([[True, False]] * 2))
    with pytest.raises(InvalidArgument, match="0/1 data"):
        check(tmp_path, SIGNS, np.array([[1.0, 0, -1]]), np.array([[True, True, False]]))


@pytest.mark.parametrize(
    "cues", [LEVELS, [[0.1, 0.2, 0.1]], [[0.3, 0.3, 0.3]], [[-0.7, 1.8, 0.5]], [[0.0, 1, 1]], [[1.0, 1, 1]]]
)
def test_cues_of_the_same_kind_pass(tmp_path, cues):
    check(tmp_path, LEVELS, np.array(cues))


@pytest.mark.parametrize("cues", [LEVELS * 255, LEVELS / 255, LEVELS + 100, [[200.0] * 3]])
def test_cues_of_another_unit_are_refused(tmp_path, cues):
    with pytest.raises(InvalidArgument, match=r"must have the range of .*memories\.npy, 0 to 1, .*Scale one to"):
        check(tmp_path, LEVELS, np.array(cues))
