r"""Character n-grams: a sentence as the short pieces of letters that it is made of, wherever they stand.

    x_g = (1 + ln n_g) · (1 + ln (K + 1)/(k_g + 1)),    h_μ = x·ξ_μ / ‖x‖‖ξ_μ‖

n_g counts the piece g in a sentence, k_g the sentences that have it. A letter left out spoils the few pieces that it
was in, where a code by position would lose all that follow.

Source: TF-IDF, Salton & Buckley 1988 (Inf. Process. Manag. 24:513); n-grams, Damashek 1995 (Science 267:843).
Shapes: K sentences; a cue's pieces (m,); h (K,).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnemonist.kernels.posting_sums import posting_sums
from mnemonist.stores.postings import Numbers, Postings, inverted

LONGEST = 3  # letters in a piece
_LETTERS = 2**21  # more than there are code points, so that a piece is one whole number


@dataclass(frozen=True, eq=False)
class NGrams:
    """An index of K sentences by their pieces, told apart by `pieces` (F,), ascending, with a weight each."""

    pieces: Numbers
    weights: Numbers
    postings: Postings

    def scores(self, text: str) -> Numbers:
        """Return the cosines h (K,) of a text with all sentences, 0 where they share no piece."""
        pieces, counts = _counted(text)
        at = np.minimum(np.searchsorted(self.pieces, pieces), len(self.pieces) - 1)
        found = self.pieces[at] == pieces
        rarest = self.weights.max(initial=1.0)  # of a piece that no sentence has
        x = (1 + np.log(counts)) * np.where(found, self.weights[at], rarest)
        length = np.sqrt(np.sum(x * x))
        if not found.any():
            return np.zeros(self.postings.count, np.float32)
        return posting_sums(self.postings, at[found], (x[found] / length).astype(np.float32))


def ngrams(sentences: Sequence[str]) -> NGrams:
    """Return the index of K ≥ 1 sentences, in O(letters · log letters)."""
    letters, owners = _joined(sentences)
    keys = [_pieces(letters, owners, n) for n in range(1, LONGEST + 1)]
    pieces, index = np.unique(np.concatenate([piece for piece, _ in keys]), return_inverse=True)
    pairs, counts = np.unique(np.concatenate([owner for _, owner in keys]) * len(pieces) + index, return_counts=True)
    owner, feature = np.divmod(pairs, len(pieces))
    weights = 1 + np.log((len(sentences) + 1) / (np.bincount(feature, minlength=len(pieces)) + 1))
    x = (1 + np.log(counts)) * weights[feature]
    x /= np.sqrt(np.bincount(owner, weights=x * x))[owner]
    return NGrams(pieces, weights, inverted(feature, owner, (len(pieces), len(sentences)), x))


def _joined(sentences: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return all code points, a blank around each sentence, and whose each is."""
    padded = [f" {sentence} " for sentence in sentences]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    return letters, np.repeat(np.arange(len(padded)), [len(each) for each in padded])


def _pieces(letters: Numbers, owners: Numbers, n: int) -> tuple[Numbers, Numbers]:
    """Return the pieces of n letters that no end of a sentence cuts, each as one number, and their owners."""
    count = max(len(letters) - n + 1, 0)
    piece = np.zeros(count, np.int64)
    for i in range(n):
        piece = piece * _LETTERS + letters[i : i + count] + 1
    whole = owners[:count] == owners[n - 1 :]
    return piece[whole], owners[:count][whole]


def _counted(text: str) -> tuple[Numbers, Numbers]:
    """Return the pieces of a text, ascending, and how often each is there."""
    letters, owners = _joined([text])
    return np.unique(
        np.concatenate([_pieces(letters, owners, n)[0] for n in range(1, LONGEST + 1)]), return_counts=True
    )
