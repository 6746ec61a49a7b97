"""A corpus: the sentences of a text memory under their ids, frozen, with what each kind of question needs of them.

An index is made with the first question that needs it, and kept: whoever adds or forgets makes another corpus. Equal
sentences, in their plain form, are one text, told under the smallest of their ids.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnemonist.errors import EmptyMemory
from mnemonist.stores.postings import Numbers
from mnemonist.tasks.certainty import Certainty, calibrated
from mnemonist.tasks.labels import Labels, labels
from mnemonist.tasks.masked_words import MaskedWords, masked_words
from mnemonist.tasks.meaning import Embed, Meaning, meaning, wordllama
from mnemonist.tasks.sentences import Sentences, plain_form, sentences


@dataclass(frozen=True)
class Settings:
    """How a text memory was made."""

    compare: str | None
    false_answers: float
    embed: Embed | None
    seed: int


@dataclass(frozen=True, eq=False)
class Corpus:
    """Sentences (M,), their ids (M,), ascending, and labels (M,), None where there is none."""

    settings: Settings
    sentences: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    labels: tuple[Hashable | None, ...] = ()
    next_id: int = 0

    def part(self, places: Sequence[int]) -> "Corpus":
        """Return a corpus of the sentences at some places."""
        sentences, ids = (self.sentences[at] for at in places), (self.ids[at] for at in places)
        named = tuple(self.labels[at] for at in places)
        return Corpus(self.settings, tuple(sentences), tuple(ids), named, self.next_id)

    @cached_property
    def _texts(self) -> dict[str, list[int]]:
        """Where each distinct text stands."""
        places: dict[str, list[int]] = {}
        for place, sentence in enumerate(self.sentences):
            places.setdefault(plain_form(sentence), []).append(place)
        if not places:
            raise EmptyMemory("TextMemory: the memory must hold sentences; it is empty. Call add first.")
        return places

    @cached_property
    def places(self) -> list[list[int]]:
        """Where each distinct text (K,) stands, ascending."""
        return list(self._texts.values())

    @cached_property
    def index(self) -> Sentences:
        """The distinct texts (K,), to find them by their letters."""
        return sentences(list(self._texts), self.settings.compare)

    @cached_property
    def certainty(self) -> Certainty:
        """How likely what is found is right."""
        return calibrated(self.index, self.settings.false_answers, self.settings.seed)

    @cached_property
    def masked(self) -> MaskedWords:
        """The contexts of all words; those of equal sentences once."""
        return masked_words([self.sentences[places[0]] for places in self.places], self.settings.seed)

    @cached_property
    def meaning(self) -> Meaning:
        """The distinct texts (K,), embedded."""
        embed = self.settings.embed or wordllama()
        return meaning([self.sentences[places[0]] for places in self.places], embed, self.settings.seed)

    @cached_property
    def named(self) -> Labels:
        """What the labels say."""
        if all(label is None for label in self.labels):
            raise EmptyMemory("TextMemory.label: some sentences must have a label; none has. Call add with labels=.")
        owners = np.empty(len(self.sentences), np.int64)
        for text, places in enumerate(self.places):
            owners[places] = text
        texts = list(self._texts)
        return labels(self.labels, owners, lambda text: self.evidence(texts[text]), self.settings.seed)

    def evidence(self, cue: str) -> Numbers:
        """Return h (E, K) of a cue: by letters, and by meaning where an embedding was given."""
        h = [self.index.grams.scores(plain_form(cue))]
        if self.settings.embed is not None:
            h.append(self.meaning.scores(cue))
        return np.stack(h).astype(np.float64)
