"""Proverbs from memory: sentences with typos, cut and short of words, words in gaps, and what was never a proverb.

    python examples/text_memory.py [corpus.txt]

The memory holds four in five of 375 proverbs, or of the lines of a corpus of yours. Asked are damaged ones, beside the
usual tool, which takes the sentence with the most letters in common; and the rest, which it should not know. Words are
hidden in proverbs that it does not hold, and told by their neighbours, beside the commonest word; those that are told
with a large share are more often right.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.random import Generator
from rapidfuzz import fuzz, process

from mnemonist.data.sentence_file import read_text
from mnemonist.tasks import TextMemory
from mnemonist.tasks.typos import cut, typos, without_words
from mnemonist.tasks.words import MASK, words_of

PROVERBS = Path(__file__).parent / "data" / "proverbs.txt"
CUES, SURE = 200, 0.5
DAMAGES: dict[str, Callable[[str, Generator], str]] = {
    "30 % typos": lambda text, rng: typos(text, 0.3, rng),
    "40 % typos": lambda text, rng: typos(text, 0.4, rng),
    "half of it": lambda text, rng: cut(text, 0.5, rng),
    "half its words": lambda text, rng: without_words(text, 0.5, rng),
}


def main(corpus: str = str(PROVERBS), cues: int = CUES) -> None:
    """Print what comes back."""
    rng = np.random.default_rng(0)
    sentences = list(dict.fromkeys(read_text(Path(corpus)).sentences))
    order = rng.permutation(len(sentences))
    stored, others = ([sentences[i] for i in part] for part in np.split(order, [4 * len(order) // 5]))
    memory = TextMemory(stored)
    print(f"{len(stored)} sentences are stored, {len(others)} are not.\n")
    print("damage          found  answered  wrongly  strangers answered  most letters in common")
    for name, damage in DAMAGES.items():
        print(f"{name:<15} {line(memory, stored, others, (damage, cues))}")
    print(f"\n{gaps(memory, stored, others, rng)}\n")
    for cue in ("a sofft anser turns away rath", "pride gos befor destrution", "the quarterly report is late"):
        found = memory.find(cue)
        said = f"{found[0].certainty:.0%} sure: {found[0].sentence}" if found else "nothing I know"
        print(f"{cue!r}: {said}")


def line(
    memory: TextMemory, stored: list[str], others: list[str], how: tuple[Callable[[str, Generator], str], int]
) -> str:
    """Return the shares of one damage: found, answered, wrong of these; of others answered; and found by letters."""
    (damage, count), rng = how, np.random.default_rng(1)
    asked = rng.integers(len(stored), size=count)
    cues = [damage(stored[i], rng) for i in asked]
    found = [memory.find(cue) for cue in cues]
    right = [bool(one) and one[0].sentence == stored[i] for one, i in zip(found, asked, strict=True)]
    answered = sum(map(bool, found))
    strange = np.mean([bool(memory.find(damage(text, rng))) for text in others])
    rival = [process.extractOne(cue, stored, scorer=fuzz.ratio) for cue in cues]
    letters = np.mean([best[2] == i for best, i in zip(rival, asked, strict=True)])
    wrong = (answered - sum(right)) / max(answered, 1)
    return f"{np.mean(right):5.1%}  {answered / count:8.1%}  {wrong:7.1%}  {strange:18.1%}  {letters:22.1%}"


def gaps(memory: TextMemory, stored: list[str], others: list[str], rng: Generator) -> str:
    """Return how often hidden words of sentences that are not stored are told, and by the commonest word."""
    every = [word.lower() for text in stored for word in words_of(text)]
    commonest = max(set(every), key=every.count)
    right, sure, common = [], [], []
    for text in others:
        words = words_of(text)
        at = int(rng.integers(len(words)))
        told = memory.fill(" ".join([*words[:at], MASK, *words[at + 1 :]]), n=1)
        right.append(bool(told) and told[0][0].lower() == words[at].lower())
        sure.append(bool(told) and told[0][1] > SURE)
        common.append(commonest == words[at].lower())
    certain = [hit for hit, certain in zip(right, sure, strict=True) if certain]
    return (
        f"gaps: {np.mean(right):.0%} of {len(others)} words told ({commonest!r} alone: {np.mean(common):.0%}); where "
        f"the share is above {SURE:.0%}: {sum(certain)} of {len(certain)}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:2])
