"""Postings hold the same numbers as the table that they invert."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemonist.kernels import loading
from mnemonist.kernels.posting_sums import posting_sums
from mnemonist.stores.postings import inverted


def drawn(seed: int, *, valued: bool):
    """Return a table (K, F) with holes, and its postings."""
    rng = np.random.default_rng(seed)
    table = np.where(rng.random((int(rng.integers(1, 60)), int(rng.integers(1, 12)))) < 0.3, rng.normal(), 0.0)
    table = table if valued else (table != 0).astype(float)
    rows, columns = np.nonzero(table)
    values = table[rows, columns] if valued else None
    return table, inverted(columns, rows, (table.shape[1], len(table)), values)


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_sums_over_postings_are_a_matrix_product(seed: int, valued: bool) -> None:
    table, postings = drawn(seed, valued=valued)
    rng = np.random.default_rng(seed)
    asked = np.flatnonzero(rng.random(table.shape[1]) < 0.6)
    weights = rng.normal(size=len(asked))
    np.testing.assert_allclose(postings.sums(asked, weights), table[:, asked] @ weights, rtol=1e-5, atol=1e-5)
    assert postings.sums(asked, weights).dtype == np.float32
    for feature in range(len(postings)):
        np.testing.assert_array_equal(postings.of(feature), np.flatnonzero(table[:, feature]))


@pytest.mark.parametrize("valued", [True, False])
def test_the_kernel_adds_what_its_twin_adds(valued: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading._work, "seconds", np.inf)
    for seed in range(20):
        table, postings = drawn(seed, valued=valued)
        asked = np.arange(table.shape[1])
        weights = np.random.default_rng(seed).normal(size=len(asked))
        found = posting_sums(postings, asked, weights)
        np.testing.assert_allclose(found, postings.sums(asked, weights), rtol=1e-4, atol=1e-4)
        assert found.dtype == np.float32
