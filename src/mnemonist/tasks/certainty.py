r"""Certainty: is there an answer, and is the nearest sentence it? Learned from damage made on purpose.

    c = 1/(1 + exp(−a·φ(x))),    φ(x) = (1, x, x xᵀ),    nothing is known where c_known ≤ θ

x are ten numbers of a cue: h, r and p of the nearest sentence, the leads of its s, h, r and p over the best of the
others and of s over the rest, and the lengths of both. Cues with an answer are stored sentences, damaged; cues without
one are damaged alike, with themselves left out, or scrambled. Ridge logistic regressions on both kinds tell which is
which (c_known), and whether the nearest sentence is the right one (c_right, the certainty). θ, .75 at most, is the
c_known that a share `false_answers` of cues without an answer exceeds at most, each judged by an a learned from the
other half of the cues, but for those that a near copy would answer: of the sentence, r ≥ .75, or the cue, r or p ≥ .9.

Source: logistic regression, Berkson 1944; thresholds from held-out scores, Vovk, Gammerman & Shafer 2005.
Shapes: x (M, 10); φ (M, 66); a (66, 2); c (M, 2), known and right.
"""

from dataclasses import dataclass, replace

import numpy as np

from mnemonist.stores.postings import Numbers
from mnemonist.tasks.sentences import Sentences
from mnemonist.tasks.typos import damaged, scrambled

_MOST, _FEWEST = 700, 120  # cues of either kind
_RIDGE, _ROUNDS, _RANGE = 0.3, 12, 3.0
_SURE = 0.75  # a c_known that is always answered: sentences that are nearly equal would silence all others
_KNOWN, _STRANGE, _COPIED = range(3)  # kinds of cues: of those that are left out some have a near copy
_NEAR, _HELD = 0.75, 0.9  # r of sentences; and r or p of a cue that another sentence holds nearly letter by letter
_SCRAMBLED = 4  # one cue without an answer in so many


@dataclass(frozen=True, eq=False)
class Certainty:
    """What was learned: how x is scaled, a (66, 2), and θ."""

    centre: Numbers
    spread: Numbers
    weights: Numbers
    threshold: float

    def of(self, features: Numbers) -> Numbers:
        """Return c_known and c_right (..., 2) of features (..., 10), which are kept to the range learned from."""
        x = np.clip((features - self.centre) / self.spread, -_RANGE, _RANGE)
        return np.asarray(1 / (1 + np.exp(-np.clip(_expanded(x) @ self.weights, -30, 30))))


def calibrated(sentences: Sentences, false_answers: float, seed: int) -> Certainty:
    """Return what is learned of sentences: that takes up to some 2000 questions."""
    x, kinds, right = _asked(sentences, np.random.default_rng(seed))
    truths, fold = np.stack([kinds == _KNOWN, right], axis=1), np.arange(len(x)) % 2 == 0
    halves = [_learned(x[one], truths[one]).of(x[~one & (kinds == _STRANGE)])[:, 0] for one in (fold, ~fold)]
    return replace(_learned(x, truths), threshold=min(_exceeded(np.concatenate(halves), false_answers), _SURE))


def _exceeded(c: Numbers, share: float) -> float:
    """Return what a share of numbers like these (n,) exceeds at most, but for one case in ten."""
    count = len(c) * share
    allowed = max(0, int(count - 1.28 * np.sqrt(count * (1 - share))))  # the lower tenth of a binomial
    return float(np.sort(c)[-1 - allowed]) if len(c) else 0.0


def _learned(x: Numbers, truths: Numbers) -> Certainty:
    """Return the ridge logistic regressions of truths (M, 2) on φ, by Newton's method; θ is left at 0."""
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    phi = _expanded(np.clip((x - centre) / spread, -_RANGE, _RANGE))
    ridge = _RIDGE * np.eye(phi.shape[1])
    ridge[0, 0] = 1e-6
    weights = []
    for truth in truths.T:
        a = np.zeros(phi.shape[1])
        for _ in range(_ROUNDS):
            c = 1 / (1 + np.exp(-np.clip(phi @ a, -30, 30)))
            slope = phi.T @ (truth - c) - ridge @ a
            a = a + np.linalg.solve((phi.T * (c * (1 - c))) @ phi + ridge, slope)
        weights.append(a)
    return Certainty(centre, spread, np.stack(weights, axis=1), 0.0)


def _expanded(x: Numbers) -> Numbers:
    """Return φ (..., 66) of x (..., 10)."""
    one, other = np.triu_indices(x.shape[-1])
    return np.concatenate([np.ones((*x.shape[:-1], 1)), x, x[..., one] * x[..., other]], axis=-1)


def _asked(sentences: Sentences, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """Return features (M, 10) of cues, their kinds, and whether the nearest sentence is the right one."""
    features, kinds, right = [], [], []
    for turn in range(2 * min(_MOST, max(_FEWEST, 2 * len(sentences.texts)))):
        position, answered = int(rng.integers(len(sentences.texts))), turn % 4 < 2  # so that either fold has both
        kind, cue = _KNOWN if answered else _STRANGE, damaged(sentences.texts[position], rng)
        if not answered and (len(sentences.texts) == 1 or turn // 2 % _SCRAMBLED == 1):
            cue, position = scrambled(sentences.texts, rng), -1
        elif not answered and _copied(sentences, position):
            kind = _COPIED
        found = sentences.candidates(" ".join(cue.split()), left_out=-1 if answered else position)
        if found is not None:
            held = kind == _STRANGE and max(found.features[1:3]) >= _HELD
            features.append(found.features)
            kinds.append(_COPIED if held else kind)
            right.append(answered and bool(found.positions[0] == position))
    return np.array(features).reshape(-1, 10), np.array(kinds, int), np.array(right, bool)


def _copied(sentences: Sentences, position: int) -> bool:
    """Say whether another sentence is nearly the same."""
    found = sentences.candidates(sentences.texts[position], left_out=position)
    return found is not None and bool(found.features[1] >= _NEAR)
