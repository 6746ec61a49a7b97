"""Files that were written by an earlier version are loaded for ever, and recall what they did."""

from pathlib import Path

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.data.memory_file import VERSION
from tools.make_golden import recalled

FILES = sorted((Path(__file__).parent / "golden").glob("*.mnemonist"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_old_files_are_loaded_and_recall_what_they_did(file) -> None:
    memory, told = mn.load(file), np.load(file.with_suffix(".npz"))
    state, nearest = recalled(memory, told["cues"])
    np.testing.assert_allclose(state, told["state"], rtol=1e-6, atol=1e-9)  # another machine may round otherwise
    np.testing.assert_array_equal(nearest, told["nearest"])
    np.testing.assert_array_equal(memory.ids, told["ids"])


def test_there_are_files_of_every_version() -> None:
    assert {file.stem.rpartition("-")[2] for file in FILES} == {str(version) for version in range(1, VERSION + 1)}
