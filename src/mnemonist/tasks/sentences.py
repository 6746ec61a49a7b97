r"""Sentences back from damaged cues: the nearest by pieces, and these held beside the cue letter by letter.

    s_μ = h_μ + max(r_μ, p_μ)       of the 32 sentences with the largest h_μ

h is the cosine of character n-grams, r = 1 − d/(n + N) with the insertions and deletions d between cue and sentence, of
n and N letters, and p the r of the best place in the longer of the two, where it is much longer: a cue may be cut.
Letters tell apart what shares its pieces; pieces find what lost its words.

Source: `ngrams`; r is the similarity of Levenshtein's distance without substitutions (Bard 2007), as rapidfuzz has it.
Shapes: m ≤ 32 candidates; the features of a cue (10,): see `certainty`.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mnemonist.errors import MissingExtra
from mnemonist.stores.postings import Numbers
from mnemonist.tasks.ngrams import NGrams, ngrams

CANDIDATES = 32
_ALIKE = 0.8  # of lengths, from which on p is r
_LETTERS, _PAIRS = 2**13, 2**19  # of a text that are compared; and of pairs of letters, up to which p is not r


@dataclass(frozen=True, eq=False)
class Candidates:
    """Positions (m,) of sentences, the likeliest first, their s (m,), and what tells whether that is right (10,)."""

    positions: Numbers
    scores: Numbers
    features: Numbers


@dataclass(frozen=True, eq=False)
class Sentences:
    """Distinct sentences in their plain form, indexed; `compare` is "edit", or None for pieces alone."""

    texts: tuple[str, ...]
    grams: NGrams
    compare: str | None

    def candidates(self, cue: str, left_out: int = -1) -> Candidates | None:
        """Return the nearest sentences to a cue in its plain form, none where none shares a piece with it."""
        h = self.grams.scores(cue)
        if left_out >= 0:
            h[left_out] = 0
        count = min(CANDIDATES, len(h))
        top = np.argpartition(-h, count - 1)[:count]
        top = np.sort(top[h[top] > 0])  # in storage order, so that the first of equals stays first
        if not len(top):
            return None
        h = h[top].astype(np.float64)
        ratio, part = self._compared(cue, [self.texts[i] for i in top])
        s = h + np.maximum(ratio, part)
        order = np.argsort(-s, kind="stable")
        table = np.stack([s, h, ratio, part])[:, order]  # of the likeliest first
        table = np.concatenate([table, np.zeros((4, 1))], axis=1)  # and of nothing last
        lead = table[:, 0] - table[:, 1:].max(axis=1)
        rest = table[0, 0] - table[0, 1 + len(top) // 4 :].mean()
        lengths = np.log1p(len(cue)), np.log((len(cue) + 1) / (len(self.texts[top[order[0]]]) + 1))
        return Candidates(top[order], s[order], np.array([*table[1:, 0], *lead, rest, *lengths]))

    def _compared(self, cue: str, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Return r (m,) and p (m,), zeros where only pieces count."""
        if self.compare is None:
            return np.zeros(len(texts)), np.zeros(len(texts))
        whole, part = measures()
        cue, texts = cue[:_LETTERS], [text[:_LETTERS] for text in texts]
        r = [whole(cue, text) for text in texts]
        p = [part(cue, text) if _apart(cue, text) else ratio for text, ratio in zip(texts, r, strict=True)]
        return np.array(r) / 100, np.array(p) / 100


def sentences(texts: Sequence[str], compare: str | None) -> Sentences:
    """Return the index of K ≥ 1 distinct texts in their plain form."""
    return Sentences(tuple(texts), ngrams(texts), compare)


def _apart(one: str, other: str) -> bool:
    """Say whether lengths are so different that one text may be a part of the other, and not too large to try."""
    return min(len(one), len(other)) < _ALIKE * max(len(one), len(other)) and len(one) * len(other) < _PAIRS


def plain_form(text: str) -> str:
    """Return a text as it is compared: compatible letters alike, no case, single blanks.

    >>> plain_form("  The ﬁrst\\tDAY ")
    'the first day'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def measures() -> tuple[Callable[[str, str], float], Callable[[str, str], float]]:
    """Return rapidfuzz's `ratio` and `partial_ratio`, in per cent. Raises `MissingExtra` without it."""
    try:
        from rapidfuzz import fuzz
    except ImportError as error:
        raise MissingExtra(
            "TextMemory: compare='edit' needs rapidfuzz: pip install 'mnemonist[text]', or pass compare=None."
        ) from error
    return fuzz.ratio, fuzz.partial_ratio
