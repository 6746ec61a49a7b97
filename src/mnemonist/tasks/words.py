"""Words of a sentence, and gaps among them: what is between blanks and marks, in lower case, and `[MASK]`.

A vocabulary gives each word a whole number from 1, in the order of their first appearance; 0 is the end of a sentence,
on either side. Words are shown as they are most often written. Scripts that part words by no mark are not cut.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mnemonist.stores.postings import Numbers

MASK, END, UNKNOWN = "[MASK]", 0, -1
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_WORD_OR_MASK = re.compile(r"(\[MASK\])|" + _WORD.pattern, re.IGNORECASE)


def words_of(sentence: str) -> list[str]:
    """Return the words as they are written.

    >>> words_of("God said, Let there be light—and don't stop.")
    ['God', 'said', 'Let', 'there', 'be', 'light', 'and', "don't", 'stop']
    """
    return _WORD.findall(sentence)


def with_gaps(cue: str) -> list[str | None]:
    """Return the words of a cue, None where `[MASK]` stands.

    >>> with_gaps("the [MASK] sat, on [mask]")
    ['the', None, 'sat', 'on', None]
    """
    return [None if found[1] else found[0] for found in _WORD_OR_MASK.finditer(cue)]


def begins(cue: str) -> bool:
    """Say whether a cue begins where a sentence does: with a capital."""
    first = cue.lstrip(" \t\"'“‘([")[:1]
    return first.isupper() and not cue.lstrip().upper().startswith(MASK)


def ends(cue: str) -> bool:
    """Say whether a cue ends where a sentence does: with a mark."""
    return cue.rstrip(" \t\"'”’)").endswith((".", "!", "?", ";", ":", "…"))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The number of each word, and how a number is written; that of the ends, 0, is written as nothing."""

    numbers: dict[str, int]
    written: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.written)

    def encode(self, words: Iterable[str | None]) -> Numbers:
        """Return the numbers of words, −1 of gaps and of words that are not known."""
        return np.array([UNKNOWN if w is None else self.numbers.get(w.lower(), UNKNOWN) for w in words], np.int32)


def vocabulary(sentences: Sequence[Sequence[str]]) -> Vocabulary:
    """Return the vocabulary of sentences in words."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words in sentences:
        for word in words:
            forms[word.lower()][word] += 1
    written = ("", *(counts.most_common(1)[0][0] for counts in forms.values()))
    return Vocabulary({word: number for number, word in enumerate(forms, start=1)}, written)
