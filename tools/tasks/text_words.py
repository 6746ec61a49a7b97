"""Masked words: the word that stood in a gap, told by n-grams, by a memory, by both, and by models that are trained.

Left out are whole sentences. A word that was never seen counts as wrong; perplexity is of those that were seen.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mnemonist.stores.postings import inverted
from mnemonist.tasks.masked_words import Gap, MaskedWords, contexts, masked_words
from mnemonist.tasks.words import words_of

Numbers = np.ndarray[Any, Any]
Tell = Callable[[Gap], Numbers]
NEAREST = 20  # contexts that vote for TF-IDF


@dataclass
class Tally:
    """What was told so far: how often rightly, first or among five, the logarithm of the shares, and in what time."""

    first: list[bool] = field(default_factory=list)
    five: list[bool] = field(default_factory=list)
    logs: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, p: Numbers, word: int) -> None:
        """Count shares (V,) for a word, −1 if it was never seen."""
        seen = word >= 0
        self.first.append(seen and int(p.argmax()) == word)
        self.five.append(seen and int(np.count_nonzero(p > p[word])) < 5)
        self.logs += [float(np.log(max(p[word], 1e-9)))] if seen else []

    def line(self) -> dict[str, float]:
        """Return the line of a table."""
        return {
            "top-1": float(np.mean(self.first)), "top-5": float(np.mean(self.five)),
            "perplexity": float(np.exp(-np.mean(self.logs))), "ms": 1e3 * self.seconds / len(self.first),
        }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Gaps of sentences that were left out, their words, −1 for unseen ones, and sentences in codes with places."""

    gaps: list[Gap]
    words: list[int]
    places: list[tuple[Numbers, int]]


def asked(masked: MaskedWords, sentences: Sequence[str], count: int, seed: int) -> Asked:
    """Return gaps drawn among all words of sentences."""
    codes = [masked.vocabulary.encode(words_of(sentence)) for sentence in sentences]
    every = [(one, i) for one in codes for i in range(len(one))]
    chosen = np.random.default_rng(seed).permutation(len(every))[:count]
    places = [every[i] for i in chosen]
    sides = [(contexts(one, True, True), i) for one, i in places]
    gaps = [Gap(left[i], right[i]) for (left, right), i in sides]
    return Asked(gaps, [int(one[i]) for one, i in places], places)


def measured(stored: Sequence[str], others: Sequence[str], count: int, seed: int = 0) -> tuple[dict[str, Any], Any]:
    """Return the table of all that needs no training, and what was asked of whom, for those that do."""
    start = time.perf_counter()
    masked = masked_words(stored)
    ready = time.perf_counter() - start
    questions = asked(masked, others, count, seed)
    ways: dict[str, Tell] = {
        "unigrams": lambda gap: masked.sides[0].unigrams,
        "left 5-grams": lambda gap: masked.sides[0].shares(gap.left),
        "right 5-grams": lambda gap: masked.sides[1].shares(gap.right),
        "left × right 5-grams": masked.product,
        "memory": masked.memory,
        "memory and left × right": masked.shares,
        "TF-IDF, 20 nearest contexts": nearest_contexts(masked),
    }
    table = {name: told(way, questions).line() | {"updates": 0} for name, way in ways.items()}
    unseen = float(np.mean([word < 0 for word in questions.words]))
    about = {
        "positions": len(masked.words), "vocabulary": len(masked.vocabulary), "asked": count, "unseen": unseen,
        "seconds to index and choose a": ready, "a": masked.sharpness,
    }  # fmt: skip
    return about | {"ways": table}, (masked, questions)


def told(way: Tell, questions: Asked) -> Tally:
    """Ask a way all questions, one by one."""
    tally = Tally()
    for gap, word in zip(questions.gaps, questions.words, strict=True):
        start = time.perf_counter()
        p = way(gap)
        tally.seconds += time.perf_counter() - start
        tally.add(p, word)
    return tally


def nearest_contexts(masked: MaskedWords) -> Tell:
    """Return how a bag of the eight words around tells: by the words of the nearest contexts, by TF-IDF."""
    rows, size = masked.contexts.block().rows, len(masked.vocabulary)
    places, columns = np.nonzero(rows > 0)
    pairs = np.unique(places.astype(np.int64) * size + rows[places, columns])
    places, words = np.divmod(pairs, size)
    idf = np.log((len(rows) + 1) / (np.bincount(words, minlength=size) + 1)) + 1
    x = idf[words] / np.sqrt(np.bincount(places, weights=idf[words] ** 2, minlength=len(rows)))[places]
    postings = inverted(words, places, (size, len(rows)), x)

    def tell(gap: Gap) -> Numbers:
        known = np.unique(np.concatenate(gap))
        known = known[known > 0]
        h = postings.sums(known, idf[known])
        best = np.argpartition(-h, NEAREST)[:NEAREST]
        counts = np.bincount(masked.words[best], weights=np.maximum(h[best], 1e-9), minlength=size)
        return 0.9 * counts / counts.sum() + 0.1 * masked.sides[0].unigrams

    return tell
