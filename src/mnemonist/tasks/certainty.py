r"""Certainty: how likely the nearest sentence is the right one, learned from damage made on purpose.

    c = 1/(1 + exp(−a·φ(x))),    φ(x) = (1, x, x xᵀ),    nothing is known where c ≤ θ

x are ten numbers of a cue: h, r and p of the nearest sentence, the leads of its s, h, r and p over the best of the
others and of s over the rest, and the lengths of both. Cues with an answer are stored sentences, damaged; cues without
one are damaged alike, with themselves left out, or scrambled. a is a ridge logistic regression on both, wrong answers
counted as none; θ is the c that a share `false_answers` of cues without an answer exceeds, each judged by an a that
was learned from the other half of the cues; and .8 at most.

Source: logistic regression, Berkson 1944; thresholds from held-out scores, Vovk, Gammerman & Shafer 2005.
Shapes: x (M, 10); φ (M, 66).
"""

from dataclasses import dataclass, replace

import numpy as np

from mnemonist.stores.postings import Numbers
from mnemonist.tasks.sentences import Sentences
from mnemonist.tasks.typos import damaged, scrambled

_MOST, _FEWEST = 800, 200  # cues of either kind
_RIDGE, _ROUNDS = 1.0, 12
_SURE = 0.8  # a certainty that is always told: sentences that are nearly equal would silence all others
_SCRAMBLED = 4  # one cue without an answer in so many


@dataclass(frozen=True, eq=False)
class Certainty:
    """What was learned: how x is scaled, a, and θ."""

    centre: Numbers
    spread: Numbers
    weights: Numbers
    threshold: float

    def of(self, features: Numbers) -> Numbers:
        """Return c (...) of features (..., 10), which are kept to the range that was learned from."""
        x = np.clip((features - self.centre) / self.spread, -3, 3)
        return np.asarray(1 / (1 + np.exp(-np.clip(_expanded(x) @ self.weights, -30, 30))))


def calibrated(sentences: Sentences, false_answers: float, seed: int) -> Certainty:
    """Return what is learned of sentences: that takes up to 1600 questions."""
    x, right, known = _asked(sentences, np.random.default_rng(seed))
    fold = np.arange(len(x)) % 2 == 0
    halves = [_learned(x[one], right[one]).of(x[~one & ~known]) for one in (fold, ~fold)]
    threshold = min(float(np.quantile(np.concatenate([*halves, [0.0]]), 1 - false_answers)), _SURE)
    return replace(_learned(x, right), threshold=threshold)


def _learned(x: Numbers, right: Numbers) -> Certainty:
    """Return the ridge logistic regression of what is right on φ, by Newton's method; θ is left at 0."""
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    phi = _expanded(np.clip((x - centre) / spread, -3, 3))
    ridge, a = _RIDGE * np.eye(phi.shape[1]), np.zeros(phi.shape[1])
    ridge[0, 0] = 1e-6
    for _ in range(_ROUNDS):
        c = 1 / (1 + np.exp(-np.clip(phi @ a, -30, 30)))
        slope = phi.T @ (right - c) - ridge @ a
        a = a + np.linalg.solve((phi.T * (c * (1 - c))) @ phi + ridge, slope)
    return Certainty(centre, spread, a, 0.0)


def _expanded(x: Numbers) -> Numbers:
    """Return φ (..., 66) of x (..., 10)."""
    one, other = np.triu_indices(x.shape[-1])
    return np.concatenate([np.ones((*x.shape[:-1], 1)), x, x[..., one] * x[..., other]], axis=-1)


def _asked(sentences: Sentences, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """Return features (M, 10) of cues, whether the nearest sentence is the right one, and whether there is one."""
    features, right, known = [], [], []
    for turn in range(2 * min(_MOST, max(_FEWEST, 2 * len(sentences.texts)))):
        position, answered = int(rng.integers(len(sentences.texts))), turn % 4 < 2  # so that either fold has both
        cue = damaged(sentences.texts[position], rng)
        if not answered and (len(sentences.texts) == 1 or turn // 2 % _SCRAMBLED == 1):
            cue, position = scrambled(sentences.texts, rng), -1
        found = sentences.candidates(" ".join(cue.split()), left_out=-1 if answered else position)
        if found is not None:
            features.append(found.features)
            right.append(answered and bool(found.positions[0] == position))
            known.append(answered)
    return np.array(features).reshape(-1, 10), np.array(right, bool), np.array(known, bool)
