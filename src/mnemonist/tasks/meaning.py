r"""Meaning: the nearest sentences by an embedding, and whether the cue is like any of them at all.

    h_μ = cos(e(q), e(ξ_μ)),      p(q) = (1 + #{μ: h*_μ ≤ max h(q)})/(n + 1),      h*_μ = max_{ν ≠ μ} h_ν(ξ_μ)

p is the share of stored sentences that are as far from all others as the cue is from all, a conformal p-value: nothing
is like the cue where p ≤ max(`false_answers`, 1/(n + 1)). That turns away as large a share of genuine cues.

Source: as `recall.familiarity`; static embeddings, WordLlama 2024. Shapes: vectors (K, D) of length 1; h (K,).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument, MissingExtra
from mnemonist.stores.postings import Numbers

Embed = Callable[[list[str]], Any]
_SAID = 1000  # stored sentences that say how far they are from the others


@dataclass(frozen=True, eq=False)
class Meaning:
    """Embedded sentences, and the h* of some of them, rising (n,)."""

    vectors: Numbers
    leads: Numbers
    embed: Embed

    def scores(self, text: str) -> Numbers:
        """Return h (K,)."""
        return np.asarray(self.vectors @ unit_vectors(self.embed, [text])[0])

    def familiarity(self, lead: float) -> float:
        """Return p of a cue whose largest h is `lead`."""
        return float((1 + np.searchsorted(self.leads, lead, side="right")) / (len(self.leads) + 1))

    def certainty(self, lead: float) -> float:
        """Return p, and no more than h itself, which is what there is to say of few sentences."""
        return max(0.0, min(self.familiarity(lead), lead))

    def strange(self, lead: float, false_answers: float) -> bool:
        """Say whether nothing is like a cue whose largest h is `lead`; to a single sentence everything is."""
        return len(self.leads) > 0 and self.familiarity(lead) <= max(false_answers, 1 / (len(self.leads) + 1))


def meaning(texts: Sequence[str], embed: Embed, seed: int) -> Meaning:
    """Return K ≥ 1 texts embedded."""
    vectors = unit_vectors(embed, list(texts))
    some = np.random.default_rng(seed).permutation(len(texts))[:_SAID]
    h = vectors[some] @ vectors.T
    h[np.arange(len(some)), some] = -1.0
    return Meaning(vectors, np.sort(h.max(axis=1)) if len(texts) > 1 else np.empty(0), embed)


def unit_vectors(embed: Embed, texts: list[str]) -> Numbers:
    """Return the embeddings (B, D) of texts, of length 1, or 0 where one is 0; refuse what are none."""
    try:
        vectors = np.asarray(embed(texts), np.float32)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(
            f"TextMemory: embed must return numbers (B, D) for a list of B texts; it fails: {error}. Wrap it."
        ) from error
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise InvalidArgument(
            f"TextMemory: embed must return finite numbers (B, D) for a list of B texts; got shape {vectors.shape} for "
            f"{len(texts)}. Wrap it."
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))


def wordllama() -> Embed:
    """Return the embedding that comes with wordllama, offline. Raises `MissingExtra` without it."""
    try:
        import wordllama as package
    except ImportError as error:
        raise MissingExtra(
            "TextMemory: meaning needs wordllama: pip install 'mnemonist[text]', or pass embed=."
        ) from error
    model = package.WordLlama.load(cache_dir=Path(package.__file__).parent, disable_download=True)
    return model.embed  # type: ignore[no-any-return]
