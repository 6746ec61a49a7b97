"""Damage of texts, drawn: typos, pieces, and words left out or hidden, as a cue may come; and texts that nobody wrote.

A typo is a letter substituted, inserted or deleted, or two swapped, each as likely, wherever it falls; a share of .3 of
a sentence of 100 letters is 30 of them, one after another.
"""

from collections.abc import Sequence

from numpy.random import Generator

_LETTERS = "abcdefghijklmnopqrstuvwxyz "
_MANY = 16  # texts of which words put together are no text of them


def typos(text: str, share: float, rng: Generator) -> str:
    """Return a text with round(share · letters) typos."""
    letters = list(text)
    for _ in range(round(share * len(text))):
        if not letters:
            break
        at, kind, letter = int(rng.integers(len(letters))), rng.integers(4), _LETTERS[rng.integers(len(_LETTERS))]
        if kind == 0:
            letters[at] = letter
        elif kind == 1:
            letters.insert(at, letter)
        elif kind == 2:
            del letters[at]
        elif at + 1 < len(letters):
            letters[at : at + 2] = letters[at + 1], letters[at]
    return "".join(letters)


def cut(text: str, share: float, rng: Generator) -> str:
    """Return a piece of a text from anywhere in it, without a share of the letters."""
    count = max(1, round((1 - share) * len(text)))
    start = int(rng.integers(len(text) - count + 1))
    return text[start : start + count]


def without_words(text: str, share: float, rng: Generator, mark: str = "") -> str:
    """Return a text without a share of its words, one at least left, or with a mark in the place of each."""
    words = text.split()
    kept = rng.random(len(words)) >= share
    if len(words):
        kept[rng.integers(len(words))] = True
    return " ".join(word if keep else mark for word, keep in zip(words, kept, strict=True) if keep or mark)


def damaged(text: str, rng: Generator) -> str:
    """Return a text damaged in one of five ways, more or less, or not at all."""
    kind = rng.integers(6)
    if kind == 0:
        return text
    if kind == 1:
        return without_words(text, rng.uniform(0.1, 0.6), rng, mark="___" if rng.random() < 0.5 else "")
    if kind <= 3:
        return typos(text, rng.uniform(0, 0.45), rng)
    piece = cut(text, rng.uniform(0.1, 0.75), rng)
    return piece if kind == 4 else typos(piece, rng.uniform(0, 0.3), rng)


def scrambled(texts: Sequence[str], rng: Generator) -> str:
    """Return a text that nobody wrote: letters of one in another order, or any; or words of others, where many are."""
    text = texts[int(rng.integers(len(texts)))]
    kind = rng.integers(3 if len(texts) >= _MANY else 2)
    if kind == 0:
        return "".join(rng.permutation(list(cut(text, rng.uniform(0, 0.8), rng))).tolist())
    if kind == 1:
        return "".join(_LETTERS[i] for i in rng.integers(len(_LETTERS), size=max(3, len(text))))
    others = (texts[int(rng.integers(len(texts)))].split() for _ in text.split())
    return " ".join(other[rng.integers(len(other))] for other in others)
