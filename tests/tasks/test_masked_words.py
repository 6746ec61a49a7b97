"""Words in gaps: both ways to tell them are what their equations say, and a sentence left out was never there."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnemonist.tasks.masked_words import FALL, REACH, Gap, masked_words
from mnemonist.tasks.word_ngrams import DISCOUNT, word_ngrams

PROVERBS = (Path(__file__).parents[2] / "examples/data/proverbs.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def masked():
    return masked_words(PROVERBS[:80])


def test_n_grams_are_counted_as_if_in_a_dictionary(rng) -> None:
    contexts, words = rng.integers(-1, 3, size=(200, 2)).astype(np.int32), rng.integers(0, 4, size=200).astype(np.int32)
    side = word_ngrams(contexts, words, 4)
    for context in itertools.product((0, 1, 2), repeat=2):
        p = np.bincount(words, minlength=4) / 200
        for depth in (1, 2):
            counts = np.bincount(words[(contexts[:, :depth] == context[:depth]).all(axis=1)], minlength=4)
            p = np.maximum(counts - DISCOUNT, 0) / counts.sum() + DISCOUNT * (counts > 0).sum() / counts.sum() * p
        np.testing.assert_allclose(side.shares(np.array(context)), p)
        assert np.isclose(p.sum(), 1)


def test_the_memory_is_a_softmax_over_weighted_equalities(masked) -> None:
    rows, weights = masked.contexts.block().rows, masked.sharpness * FALL ** np.arange(REACH)
    for position in (0, 17, 300):
        gap = Gap(*np.split(rows[position], 2))
        h = ((rows == rows[position]) & (rows[position] >= 0)) @ np.tile(weights, 2)
        expected = np.bincount(masked.words, weights=np.exp(h), minlength=len(masked.vocabulary))
        np.testing.assert_allclose(masked.memory(gap), expected / expected.sum(), rtol=1e-4, atol=1e-12)


def test_a_sentence_left_out_says_nothing() -> None:
    texts = ["a b c d", "b a d c", "c d a b", "d c b a"]  # one vocabulary, with and without the last
    every, without = masked_words(texts), masked_words(texts[:-1])
    without, span = replace(without, sharpness=every.sharpness), (int(every.spans[3]), int(every.spans[4]))
    for cue in ("a [MASK] c d", "d c [MASK] a", "b [MASK]"):
        gap = every.gaps(cue)[0]
        np.testing.assert_allclose(every.memory(gap, span), without.memory(gap), rtol=1e-5, atol=1e-9)
        for side, other, codes in zip(every.sides, without.sides, gap, strict=True):
            alike = replace(other, unigrams=side.unigrams)  # those of all words stay
            np.testing.assert_allclose(side.shares(codes, span), alike.shares(codes), rtol=1e-9)


def test_shares_add_up_and_ends_are_no_words(masked) -> None:
    for cue in ("A wise [MASK] maketh a glad father", "[MASK] of the wicked", "the [MASK]."):
        p = masked.shares(masked.gaps(cue)[0])
        assert np.isclose(p.sum(), 1)
        assert p[0] == 0


def test_ends_are_known_where_a_cue_looks_like_a_sentence(masked) -> None:
    assert [gap.left[0] for gap in masked.gaps("[MASK] wise son")] == [-1]
    assert masked.gaps("A [MASK] son.")[0].left.tolist()[1] == 0
    assert masked.gaps("a [MASK] son.")[0].left.tolist()[1] == -1
    assert masked.gaps("A [MASK] son.")[0].right.tolist()[1] == 0
    assert masked.gaps("A [MASK] son")[0].right.tolist()[1] == -1
