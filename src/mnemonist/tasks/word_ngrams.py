r"""n-grams of words on one side of a gap, interpolated with absolute discounting, from contexts kept in order.

    P_k(w) = max(n_k(w) − D, 0)/n_k + D t_k/n_k · P_{k−1}(w),      P_0(w) = n(w)/K

n_k(w) counts the word w beside the k nearest words of the cue, n_k = Σ n_k(w), t_k the words with n_k(w) > 0. Sorted
by their words, nearest first, contexts that begin alike stand together: each n_k is one search, and no table is kept.

Source: Ney, Essen & Kneser 1994 (Computer Speech & Language 8:1); sorted contexts as in suffix arrays, Manber & Myers
1993. Shapes: contexts (K, D), nearest word first; words (K,); P (V,).
"""

from dataclasses import dataclass

import numpy as np

from mnemonist.stores.postings import Numbers

DISCOUNT = 0.75


@dataclass(frozen=True, eq=False)
class WordNGrams:
    """Contexts of one side in order: of each depth a column (K,), and the positions and words in that order."""

    columns: tuple[Numbers, ...]
    positions: Numbers
    words: Numbers
    unigrams: Numbers

    def shares(self, context: Numbers, left_out: tuple[int, int] = (0, 0)) -> Numbers:
        """Return P (V,) given the nearest words (D,), −1 where one is unknown; a span of positions has no say."""
        p, low, high = self.unigrams, 0, len(self.words)
        for code, column in zip(context.tolist(), self.columns, strict=True):
            if code < 0:
                break
            part = column[low:high]
            low, high = low + int(np.searchsorted(part, code)), low + int(np.searchsorted(part, code, side="right"))
            words = self._words(low, high, left_out)
            if not len(words):
                break
            counts = np.bincount(words, minlength=len(p))
            there = counts > 0
            p = p * (DISCOUNT * np.count_nonzero(there) / len(words))
            p[there] += (counts[there] - DISCOUNT) / len(words)
        return p

    def _words(self, low: int, high: int, left_out: tuple[int, int]) -> Numbers:
        """Return the words of some contexts, but for those of a span."""
        words, (first, last) = self.words[low:high], left_out
        if first == last:
            return words
        at = self.positions[low:high]
        return words[(at < first) | (at >= last)]


def word_ngrams(contexts: Numbers, words: Numbers, vocabulary: int) -> WordNGrams:
    """Return the n-grams of contexts (K, D) beside words (K,), of codes < `vocabulary`, in O(K log K)."""
    order = np.lexsort(contexts.T[::-1])
    counts = np.bincount(words, minlength=vocabulary)
    columns = tuple(np.ascontiguousarray(column[order]) for column in contexts.T)
    return WordNGrams(columns, order.astype(np.int32), words[order], counts / max(len(words), 1))
