r"""Labels by evidence: stored sentences say their label, the more the more they are like the cue.

    P(y) = Σ_{μ: y_μ = y} exp β h_μ / Σ_μ exp β h_μ

h are cosines of character n-grams, and of an embedding where there is one, each with a β of its own. These are chosen
from a few by the likelihood of stored labels, each told by the sentences that are not its own text.

Source: Nadaraya 1964; one look at the evidence, and no step to a fixed point.
Shapes: h (E, K) of E kinds of evidence; β (E,); counts (K, Y), of each distinct sentence its labels; P (Y,).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from mnemonist.stores.postings import Numbers

BETAS = (4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)  # of the first evidence
OTHERS = (0.0, 4.0, 8.0, 16.0)  # of a second
_ASKED = 200  # sentences, to choose them


@dataclass(frozen=True, eq=False)
class Labels:
    """The labels of sentences in order of appearance, how often each sentence has each, and the β of each evidence."""

    names: tuple[Hashable, ...]
    owners: Numbers
    codes: Numbers
    betas: Numbers

    def shares(self, h: Numbers) -> Numbers:
        """Return P (Y,) given h (E, K)."""
        return _shares(self.betas @ h, self)


def labels(given: Sequence[Hashable | None], owners: Numbers, evidence: Callable[[int], Numbers], seed: int) -> Labels:
    """Return what labels (M,), None where there is none, of entries whose text is `owners` (M,) say.

    `evidence` gives h (E, K) of a stored text with all of them.
    """
    there = [i for i, label in enumerate(given) if label is not None]
    names = tuple(dict.fromkeys(given[i] for i in there))
    number = {name: code for code, name in enumerate(names)}
    codes = np.array([number[given[i]] for i in there], np.int64)
    held = Labels(names, owners[there], codes, np.ones(1))
    asked = np.random.default_rng(seed).permutation(len(there))[:_ASKED]
    seen = [evidence(int(held.owners[i])) for i in asked]
    likely: dict[tuple[float, ...], float] = {}
    for betas in product(BETAS, *[OTHERS] * (len(seen[0]) - 1)):
        told = (_without(np.array(betas) @ h, held, int(i)) for h, i in zip(seen, asked, strict=True))
        likely[betas] = sum(float(np.log(p)) for p in told)
    return Labels(names, held.owners, codes, np.array(max(likely, key=lambda betas: likely[betas])))


def _without(h: Numbers, held: Labels, entry: int) -> float:
    """Return P of the label that an entry has, told by all that is not its own text."""
    h = h.copy()
    h[held.owners[entry]] = -np.inf
    return max(float(_shares(h, held)[held.codes[entry]]), 1e-3)


def _shares(h: Numbers, held: Labels) -> Numbers:
    """Return P (Y,) of scores (K,) of texts; equal shares where nothing has a say."""
    own = h[held.owners]
    peak = own.max()
    if not np.isfinite(peak):
        return np.full(len(held.names), 1 / len(held.names))
    p = np.bincount(held.codes, weights=np.exp(own - peak), minlength=len(held.names))
    return np.asarray(p / p.sum())
