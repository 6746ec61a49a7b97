r"""A memory of sentences: asked by a damaged cue, by a gap, by meaning, or for a label, it says how sure it is.

    find      the sentence that a cue was damaged from     n-grams of letters, edit distance; `sentences`, `certainty`
    fill      the words that may stand where [MASK] stands contexts in codes × n-grams; `masked_words`
    similar   the sentences nearest in meaning             any embedding, cosine; `meaning`
    label     the labels of sentences like the cue         evidence; `labels`

What it does not know it does not answer: an empty list says so.
"""

import threading
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

import numpy as np

from mnemonist.core.number import check_count, check_whole
from mnemonist.errors import InvalidArgument, UnknownId
from mnemonist.stores.block import places
from mnemonist.tasks.corpus import Corpus, Settings
from mnemonist.tasks.meaning import Embed
from mnemonist.tasks.sentences import plain_form
from mnemonist.tasks.text_checks import check_settings, checked_cue, checked_labels, checked_sentences
from mnemonist.tasks.words import MASK

_STEEP = 20.0  # of the softmax by which runners-up share what the first leaves


class Found(NamedTuple):
    """A stored sentence, its id (the smallest, where it was stored more than once), and how sure that is, 0 to 1."""

    sentence: str
    id: int
    certainty: float


class TextMemory:
    """A memory of sentences.

    The first question after a change makes the index that it needs: for `find` seconds per 10 000 sentences, most of
    them to learn how sure it may be. `compare=None` leaves out the edit distance, and rapidfuzz with it. A share
    `false_answers` of the cues without an answer may get one, beside those that a nearly equal sentence answers.
    `embed` maps a list of B strings to numbers (B, D); None is wordllama's, which comes with its package. Threads may
    share a memory. It is not saved: it is its sentences.

    >>> memory = TextMemory(["The early bird catches the worm.", "A rolling stone gathers no moss."])
    >>> memory.find("a roling stome gathrs moss")[0].sentence
    'A rolling stone gathers no moss.'
    >>> memory.find("colourless green ideas")
    []
    """

    def __init__(
        self,
        sentences: Iterable[str] = (),
        *,
        compare: str | None = "edit",
        false_answers: float = 0.01,
        embed: Embed | None = None,
        seed: int = 0,
    ) -> None:
        check_settings(compare, false_answers, embed)
        seed = check_whole("TextMemory", "seed", seed, least=0)
        self._corpus = Corpus(Settings(compare, float(false_answers), embed, seed))
        self._lock = threading.Lock()
        self.add(sentences)

    def add(self, sentences: Iterable[str], *, labels: Iterable[Hashable | None] | None = None) -> np.ndarray[Any, Any]:
        """Store sentences, each with a label or None, and return their ids (k,): whole numbers never given twice."""
        texts = checked_sentences(sentences)
        named = checked_labels(labels, len(texts))
        with self._lock:
            held = self._corpus
            ids = tuple(range(held.next_id, held.next_id + len(texts)))
            self._corpus = Corpus(
                held.settings, (*held.sentences, *texts), (*held.ids, *ids), (*held.labels, *named),
                held.next_id + len(texts),
            )  # fmt: skip
        return np.array(ids, np.int64)

    def forget(self, ids: Any) -> None:
        """Forget the sentences of these ids. Raises `UnknownId`, and forgets nothing then."""
        with self._lock:
            held = self._corpus
            gone = set(places("TextMemory", ids, np.array(held.ids, np.int64)).tolist())
            kept = [at for at in range(len(held.ids)) if at not in gone]
            self._corpus = held.part(kept)

    @property
    def ids(self) -> np.ndarray[Any, Any]:
        """The ids (M,) of all sentences, ascending."""
        return np.array(self._corpus.ids, np.int64)

    def __len__(self) -> int:
        return len(self._corpus.sentences)

    def __repr__(self) -> str:
        return f"TextMemory({len(self)} sentences)"

    def copies(self, id: int) -> list[int]:
        """Return the ids of all sentences that are equal to the one of an id, its own too, but for case and blanks."""
        held = self._corpus
        for equal in held.places if held.ids else []:
            if id in [held.ids[at] for at in equal]:
                return [held.ids[at] for at in equal]
        raise UnknownId(
            f"TextMemory.copies: id must be of a sentence that is stored; got {id}. Pass one that add gave."
        )

    def find(self, cue: str, n: int = 1) -> list[Found]:
        """Return the sentence that a cue was damaged from, and up to n − 1 runners-up; [] where nothing known fits.

        The certainty of the first is the probability that it is the right one, that of the others what it leaves,
        shared by how near they are. A sentence that is stored as the cue has it is certain.
        """
        held, cue = self._corpus, plain_form(checked_cue("find", cue))
        check_count("TextMemory.find", "n", n)
        cue = plain_form(cue.replace(MASK.lower(), " "))
        found = held.index.candidates(cue) if cue else None
        if found is None:
            return []
        equal = np.array([held.index.texts[text] == cue for text in found.positions])
        known, sure = (1.0, 1.0) if equal.any() else held.certainty.of(found.features).tolist()
        if known <= held.certainty.threshold:
            return []
        order = np.argsort(~equal, kind="stable")  # what is equal comes first
        near = np.exp(_STEEP * (found.scores[order[1:]] - found.scores[order[0]]))
        shares = [sure, *(min(sure, 1 - sure) * near / max(near.sum(), 1e-300)).tolist()]
        return [_found(held, int(text), c) for text, c in zip(found.positions[order[:n]], shares, strict=False)]

    def fill(self, cue: str, n: int = 5, *, mask: int = 0) -> list[tuple[str, float]]:
        """Return the n likeliest words in place of a `[MASK]`, each with its share of the evidence.

        `mask` says which, counted from 0, where a cue has several: the others are unknown words then. [] where no word
        within four of the gap is known.
        """
        held, cue = self._corpus, checked_cue("fill", cue)
        check_count("TextMemory.fill", "n", n)
        gaps = held.masked.gaps(cue)
        if not gaps:
            raise InvalidArgument("TextMemory.fill: cue must hold [MASK]; it does not. Write it in place of a word.")
        at = check_whole("TextMemory.fill", "mask", mask, least=0, most=len(gaps) - 1)
        if gaps[at].blank:
            return []
        p = held.masked.shares(gaps[at])
        best = np.argsort(-p, kind="stable")[:n]
        return [(held.masked.vocabulary.written[word], float(p[word])) for word in best if p[word] > 0]

    def similar(self, cue: str, n: int = 1) -> list[Found]:
        """Return the n sentences nearest in meaning; [] where nothing stored is like the cue.

        The certainty is the share of stored sentences that are no nearer to their own nearest other one, and no more
        than the cosine. Raises `MissingExtra` where neither embed nor wordllama is there.
        """
        held, cue = self._corpus, checked_cue("similar", cue)
        check_count("TextMemory.similar", "n", n)
        if not plain_form(cue):
            return []
        h, known = held.meaning.scores(cue), held.meaning
        best = np.argsort(-h, kind="stable")[:n]
        if known.strange(float(h[best[0]]), held.settings.false_answers):
            return []
        return [_found(held, int(text), known.certainty(float(h[text]))) for text in best]

    def label(self, cue: str) -> list[tuple[Hashable, float]]:
        """Return all labels, the likeliest first, with their shares of the evidence.

        Raises `EmptyMemory` where no sentence has one.
        """
        held, cue = self._corpus, checked_cue("label", cue)
        names, p = held.named.names, held.named.shares(held.evidence(cue))
        return [(names[i], float(p[i])) for i in np.argsort(-p, kind="stable")]


def _found(held: Corpus, text: int, certainty: float) -> Found:
    first = held.places[text][0]
    return Found(held.sentences[first], held.ids[first], certainty)
