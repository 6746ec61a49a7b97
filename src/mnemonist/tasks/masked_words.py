r"""Masked words: which word stands in a gap, by the contexts of all words that are stored, mixed with n-grams.

    memory     P_m(w) = Σ_{μ: w_μ = w} exp h_μ / Σ_μ exp h_μ,    h_μ = Σ_d a r^{d−1} ([l_d = l_dμ] + [r_d = r_dμ])
    n-grams    P_g(w) ∝ P(w | l_1 … l_4) · P(w | r_1 … r_4)/P(w)
    mixed      P = ½ (P_m + P_g)

l_d and r_d are the d-th words to the left and to the right, d ≤ 4; each stored position is a pattern of 8 codes, and
memories say their word. The n-grams multiply what either side says alone, the memory looks at both at once. r = .4; a
is chosen from a few by the likelihood of stored words, each with its own sentence left out.

Source: the softmax memory over Potts codes, `stores.coded`; the n-grams, `word_ngrams`.
Shapes: codes (K, 8), nearest first, left then right; words (K,); P (V,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from mnemonist.kernels.posting_sums import posting_sums
from mnemonist.stores.coded import CodedPatterns
from mnemonist.stores.postings import Numbers
from mnemonist.tasks.word_ngrams import WordNGrams, word_ngrams
from mnemonist.tasks.words import END, UNKNOWN, Vocabulary, begins, ends, vocabulary, with_gaps, words_of

REACH = 4  # words on either side
FALL = 0.4  # r
SHARPNESS = (5.0, 6.5, 8.0, 9.5)  # of which a is chosen
_ASKED = 60  # stored words, to choose it
Span = tuple[int, int]


class Gap(NamedTuple):
    """The codes (8,) around a gap."""

    left: Numbers
    right: Numbers

    @property
    def blank(self) -> bool:
        """Whether no word around is known."""
        return not bool(np.any(np.concatenate(self) > END))


@dataclass(frozen=True, eq=False)
class MaskedWords:
    """All contexts of stored sentences; `spans` (S + 1,) says where the words of each begin."""

    vocabulary: Vocabulary
    contexts: CodedPatterns
    words: Numbers
    sides: tuple[WordNGrams, WordNGrams]
    spans: Numbers
    sharpness: float

    def gaps(self, cue: str) -> list[Gap]:
        """Return the gaps of a cue; an end counts as known where the cue looks as if a sentence ended there."""
        words = with_gaps(cue)
        left, right = contexts(self.vocabulary.encode(words), begins(cue), ends(cue))
        return [Gap(left[i], right[i]) for i, word in enumerate(words) if word is None]

    def shares(self, gap: Gap, left_out: Span = (0, 0)) -> Numbers:
        """Return P (V,), both ways mixed; a span of positions has no say."""
        return (self.memory(gap, left_out) + self.product(gap, left_out)) / 2

    def memory(self, gap: Gap, left_out: Span = (0, 0)) -> Numbers:
        """Return P_m (V,)."""
        weights = self.sharpness * FALL ** np.arange(REACH)
        features = self.contexts.features(np.concatenate(gap), np.concatenate([weights, weights]))
        h = posting_sums(self.contexts.postings[1], *features)
        h[slice(*left_out)] = 0
        heard = np.flatnonzero(h)  # all others say exp 0, of which the counts are known
        size = len(self.vocabulary)
        p = self.sides[0].unigrams * len(self.words) - np.bincount(self.words[slice(*left_out)], minlength=size)
        p = p + np.bincount(self.words[heard], weights=np.expm1(h[heard]), minlength=size)
        return np.asarray(p / max(p.sum(), 1e-300))

    def product(self, gap: Gap, left_out: Span = (0, 0)) -> Numbers:
        """Return P_g (V,)."""
        one, other = (side.shares(codes, left_out) for side, codes in zip(self.sides, gap, strict=True))
        p = one * other / np.maximum(self.sides[0].unigrams, 1e-300)
        return np.asarray(p / max(p.sum(), 1e-300))


def masked_words(sentences: Sequence[str], seed: int = 0) -> MaskedWords:
    """Return the contexts of all words of sentences, in O(words · log words)."""
    split = [words_of(sentence) for sentence in sentences]
    known = vocabulary(split)
    codes = [known.encode(words) for words in split]
    both = [contexts(each, True, True) for each in codes]
    empty = [np.empty((0, REACH), np.int32)]
    left, right = (np.concatenate(empty + [pair[side] for pair in both]) for side in (0, 1))
    words = np.concatenate([np.empty(0, np.int32), *codes])
    held = CodedPatterns(owner="TextMemory").add(np.concatenate([left, right], axis=1))
    sides = word_ngrams(left, words, len(known)), word_ngrams(right, words, len(known))
    spans = np.concatenate([[0], np.cumsum([len(each) for each in codes])])
    return _sharpened(MaskedWords(known, held, words, sides, spans, SHARPNESS[-2]), seed)


def contexts(codes: Numbers, begins: bool, ends: bool) -> tuple[Numbers, Numbers]:
    """Return the neighbours (n, 4) of n words on either side, nearest first; past an end nothing is known."""
    count = len(codes)
    padded = np.full(count + 2 * REACH, UNKNOWN, np.int32)
    padded[REACH : REACH + count] = codes
    padded[REACH - 1] = END if begins else UNKNOWN
    padded[REACH + count] = END if ends else UNKNOWN
    sides = (range(REACH - 1, -1, -1), range(REACH + 1, 2 * REACH + 1))
    left, right = (np.stack([padded[at : at + count] for at in side], axis=1) for side in sides)
    return left, right


def _sharpened(masked: MaskedWords, seed: int) -> MaskedWords:
    """Return it with the a under which stored words are likeliest, each without its own sentence."""
    count = len(masked.words)
    if not count:
        return masked
    chosen = np.random.default_rng(seed).choice(count, min(_ASKED, count), replace=False)
    rows = masked.contexts.block().rows
    likely = np.zeros(len(SHARPNESS))
    for position in chosen.tolist():
        at = int(np.searchsorted(masked.spans, position, side="right"))
        span, gap = (int(masked.spans[at - 1]), int(masked.spans[at])), Gap(*np.split(rows[position], 2))
        word, product = masked.words[position], masked.product(gap, span)
        for i, sharpness in enumerate(SHARPNESS):
            p = (replace(masked, sharpness=sharpness).memory(gap, span)[word] + product[word]) / 2
            likely[i] += np.log(max(p, 1e-9))
    return replace(masked, sharpness=SHARPNESS[int(likely.argmax())])
