"""Coded patterns keep every promise of a store, and score as the one-hot rows of a Potts memory do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import mnemonist as mn
from contracts.store import GrowableStoreContract
from mnemonist.stores.coded import CodedPatterns


class TestCodedPatterns(GrowableStoreContract):
    dtype = "int32"
    empty = staticmethod(CodedPatterns)

    def rows(self, rng: np.random.Generator, count: int, width: int) -> np.ndarray:
        return rng.integers(0, 5, size=(count, width)).astype(self.dtype)


@given(st.integers(0, 2**32 - 1))
def test_scores_are_those_of_one_hot_rows_in_a_potts_memory(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = tuple(int(size) for size in rng.integers(1, 6, size=int(rng.integers(1, 7))))
    codes, cues = (rng.integers(0, sizes, size=(count, len(sizes))) for count in (9, 4))
    neurons, memory, store = (
        mn.Categorical(sizes),
        mn.potts_memory(sizes, separation=mn.Softmax(1.0)),
        CodedPatterns().add(codes),
    )
    memory.store(neurons.encode(codes))
    expected = memory.scores(neurons.encode(cues))
    np.testing.assert_array_equal([store.scores(cue) for cue in cues], expected)


@given(st.integers(0, 2**32 - 1))
def test_what_either_side_does_not_know_counts_nothing_and_weights_weigh(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes, cue = rng.integers(-1, 3, size=(8, 5)), rng.integers(-1, 4, size=5)
    known, weights = rng.random((8, 5)) < 0.7, rng.random(5)
    for store, told in (
        (CodedPatterns().add(codes), codes >= 0),
        (CodedPatterns().add(codes, known=known), (codes >= 0) & known),
    ):
        expected = ((codes == cue) & told & (cue >= 0)) @ weights
        np.testing.assert_allclose(store.scores(cue, weights), expected, rtol=1e-6)


def test_a_code_that_no_pattern_has_finds_nothing() -> None:
    store = CodedPatterns().add(np.array([[0, 1], [2, 1]]))
    assert store.scores(np.array([9, 9])).tolist() == [0, 0]
    assert store.forget([0]).scores(np.array([0, 1])).tolist() == [1]
