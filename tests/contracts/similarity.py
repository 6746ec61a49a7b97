"""What every similarity promises. A new one gives an instance and its definition for one pair."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from arrays import LIBRARIES, given, host
from mnemonist.core.similarity import Similarity


class SimilarityContract:
    """Subclass it with `similarity` and `pair`, which scores two vectors the long way."""

    similarity: Similarity

    @staticmethod
    def pair(x: np.ndarray, pattern: np.ndarray) -> float:
        raise NotImplementedError

    def _data(self, seed: int) -> tuple[np.ndarray, ...]:
        rng = np.random.default_rng(seed)
        b, k, n = rng.integers(1, 5), rng.integers(1, 6), rng.integers(1, 90)
        known = rng.random((k, n)) < 0.7
        return rng.normal(size=(b, n)), rng.normal(size=(k, n)) * known, rng.random((b, n)) < 0.6, known

    @for_all(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
    def test_scores_are_those_of_the_definition(self, seed: int, partial: bool, masked: bool) -> None:
        x, rows, cue_mask, known = self._data(seed)
        cue_mask, known = (cue_mask if partial else np.ones_like(cue_mask)), (known if masked else np.ones_like(known))
        h = self.similarity.scores(
            np.where(cue_mask, x, np.nan),
            rows,
            cue_mask=cue_mask if partial else None,
            row_mask=known if masked else None,
        )
        for b, k in np.ndindex(*h.shape):
            both = cue_mask[b] & known[k]
            assert h[b, k] == pytest.approx(self.pair(x[b, both], rows[k, both]), rel=1e-10, abs=1e-10)

    def test_array_libraries_agree(self, xp) -> None:
        x, rows, cue_mask, known = self._data(3)
        expected = self.similarity.scores(x, rows, cue_mask=cue_mask, row_mask=known)
        h = self.similarity.scores(
            given(xp, x), given(xp, rows), cue_mask=given(xp, cue_mask), row_mask=given(xp, known)
        )  # fmt: skip
        np.testing.assert_allclose(host(h), expected, rtol=1e-12, atol=1e-12)

    def test_states_may_have_any_leading_axes(self) -> None:
        x, rows, *_ = self._data(5)
        stacked = self.similarity.scores(np.stack([x, x + 1]), rows)
        np.testing.assert_allclose(stacked[0], self.similarity.scores(x, rows), rtol=1e-12)
        np.testing.assert_allclose(stacked[1, 0], self.similarity.scores(x[0] + 1, rows), rtol=1e-10, atol=1e-10)

    @for_all(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
    def test_sets_side_by_side_are_scored_as_each_by_itself(self, seed: int, partial: bool, masked: bool) -> None:
        x, rows, cue_mask, known = (np.stack([one, one[::-1], one]) for one in self._data(seed))
        x[2] += 3
        masks = {"cue_mask": cue_mask if partial else None, "row_mask": known if masked else None}
        rows = rows if masked else rows + 1
        for libraries in LIBRARIES.values():
            h = self.similarity.scores(
                given(libraries, x), given(libraries, rows),
                **{name: None if mask is None else given(libraries, mask) for name, mask in masks.items()},
            )  # fmt: skip
            for s in range(3):
                alone = {name: None if mask is None else mask[s] for name, mask in masks.items()}
                expected = self.similarity.scores(x[s], rows[s], **alone)
                np.testing.assert_allclose(host(h)[s], expected, rtol=1e-10, atol=1e-10)

    @for_all(st.integers(0, 2**32 - 1))
    def test_states_and_sets_broadcast_as_in_a_matrix_product(self, seed: int) -> None:
        x, rows, _, known = self._data(seed)
        sets, knowns = np.stack([[rows], [rows * 2]]), np.stack([[known], [known]])  # (2, 1, K, N)
        expected = np.stack([self.similarity.scores(x, rows * scale, row_mask=known) for scale in (1, 2)])
        for states in (x, np.stack([x, x, x])):
            h = self.similarity.scores(states, sets, row_mask=knowns)
            assert h.shape == (2, 1 if states.ndim == 2 else 3, *expected.shape[1:])
            np.testing.assert_allclose(h, np.broadcast_to(expected[:, None], h.shape), rtol=1e-10, atol=1e-10)
        one = self.similarity.scores(x[0], sets, row_mask=knowns)
        np.testing.assert_allclose(one[:, 0], expected[:, 0], rtol=1e-9, atol=1e-9)

    def test_no_rows_give_no_scores(self) -> None:
        assert self.similarity.scores(np.ones((2, 3)), np.ones((0, 3))).shape == (2, 0)

    @for_all(st.integers(0, 2**32 - 1))
    def test_a_negative_similarity_is_never_above_zero(self, seed: int) -> None:
        x, rows, *_ = self._data(seed)
        assert not self.similarity.negative or (self.similarity.scores(x, rows) <= 1e-9).all()
