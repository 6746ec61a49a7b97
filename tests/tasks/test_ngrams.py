"""The index of character n-grams scores as scikit-learn's TF-IDF does, whatever letters a sentence is made of."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemonist.tasks.ngrams import ngrams
from mnemonist.tasks.typos import typos

texts = st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=12)


def cosines(sentences: list[str], cue: str) -> np.ndarray:
    """Return the slow twin: every piece counted in a dictionary."""

    def pieces(text: str) -> dict[str, int]:
        padded, found = f" {text} ", {}
        for n in (1, 2, 3):
            for i in range(len(padded) - n + 1):
                found[padded[i : i + n]] = found.get(padded[i : i + n], 0) + 1
        return found

    every = [pieces(text) for text in sentences]
    held = {piece: sum(piece in one for one in every) for one in every for piece in one}
    rarest = max(1 + np.log((len(sentences) + 1) / (count + 1)) for count in held.values())

    def vector(counts: dict[str, int]) -> dict[str, float]:
        idf = {g: 1 + np.log((len(sentences) + 1) / (held[g] + 1)) if g in held else rarest for g in counts}
        x = {g: (1 + np.log(n)) * idf[g] for g, n in counts.items()}
        length = np.sqrt(sum(v * v for v in x.values()))
        return {g: v / length for g, v in x.items()}

    x = vector(pieces(cue))
    return np.array([sum(v * x.get(g, 0) for g, v in vector(one).items()) for one in every])


@settings(max_examples=10)
@given(texts, st.text(min_size=1, max_size=20))
def test_scores_are_cosines_of_tf_idf(sentences: list[str], cue: str) -> None:
    found = ngrams(sentences).scores(cue)
    np.testing.assert_allclose(found, cosines(sentences, cue), atol=1e-5)


@given(texts)
def test_a_sentence_is_nearest_to_itself(sentences: list[str]) -> None:
    index = ngrams(sentences)
    for at, text in enumerate(sentences):
        assert np.isclose(index.scores(text)[at], 1, atol=1e-5)


def test_a_letter_inserted_spoils_three_pieces_of_each_length_at_most() -> None:
    text = "a stitch in time saves nine, they say"
    index = ngrams([text, "an apple a day keeps the doctor away"])
    for at in range(len(text)):
        assert index.scores(text[:at] + "x" + text[at:])[0] > 0.85


def test_typos_are_as_many_as_asked_for(rng) -> None:
    text = "the quick brown fox jumps over the lazy dog" * 3
    assert typos(text, 0, rng) == text
    lengths = [len(typos(text, 0.4, rng)) - len(text) for _ in range(200)]
    assert abs(np.mean(lengths)) < 2  # as many inserted as deleted; fails once in 10⁶
    assert typos("", 0.4, rng) == ""
