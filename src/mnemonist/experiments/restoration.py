"""Restoration: how many damaged digits each model recalls exactly, beside the nearest stored digit.

    K digits stored → B of them damaged, in three ways → recalled → the verdict, and why

Every model and the baseline are given the same damage. Models of ±1 neurons store and see the same images thresholded
at ½; the baseline is run on both kinds.

Shapes: images (K, N), cues (B, N), in [0, 1].
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnemonist.core.neurons import Binary, Real
from mnemonist.data import digits
from mnemonist.errors import InvalidArgument, LostPatterns
from mnemonist.experiments.baseline import nearest
from mnemonist.experiments.damage import DAMAGES, Cues, Images
from mnemonist.experiments.reason import reason
from mnemonist.experiments.restored import Restored, judged
from mnemonist.memories.from_text import model
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.result import Recall
from mnemonist.tasks import encoding

MODELS = (
    "classical", "dense:degree=3", "dense:degree=20", "exponential", "modern:beta=auto", "kernel:beta=auto",
)  # fmt: skip
BASELINES = {"nearest, ±1": Binary(), "nearest, grey": Real()}


@dataclass(frozen=True)
class Restoration:
    """What to run: which models, on how many stored digits K, with how many of those as cues B."""

    models: tuple[str, ...] = MODELS
    memories: int = 100
    cues: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        if not 2 <= self.memories <= 500:
            raise InvalidArgument(
                f"Restoration: memories must be from 2 to 500, the digits there are; got {self.memories}."
            )
        if not 1 <= self.cues <= self.memories:
            raise InvalidArgument(f"Restoration: cues must be from 1 to memories = {self.memories}; got {self.cues}.")

    @property
    def images(self) -> Images:
        """The digits to store (K, N)."""
        return digits()[0][: self.memories].reshape(self.memories, -1)

    def damaged(self) -> list[Cues]:
        """Return B of the digits under each damage, the same digits and the same noise wherever it is."""
        right = np.random.default_rng(self.seed).choice(self.memories, self.cues, replace=False)
        originals = self.images[right]
        return [Cues(damage, originals, damage.to(originals, seed=self.seed), right) for damage in DAMAGES]

    @property
    def count(self) -> int:
        """How many results there will be."""
        return (len(self.models) + len(BASELINES)) * len(DAMAGES)


def restorations(config: Restoration) -> Iterator[Restored]:
    """Yield a result for each model, then each baseline, under each damage, as soon as it is made.

    Costs some seconds with the default config, most of it for the models of ±1 neurons.
    """
    images, cues = config.images, config.damaged()
    for text in config.models:
        yield from _recalled(text, model(text), images, cues)
    for name in BASELINES:
        yield from _looked_up(name, images, cues)


def _recalled(text: str, memory: PatternMemory, images: Images, cues: Sequence[Cues]) -> Iterator[Restored]:
    code = encoding(memory.neurons, images)
    memory.store(code.encode(images, None))
    held = code.decode(memory.patterns, memory.ids)
    with warnings.catch_warnings():  # that some are lost is what the result says
        warnings.simplefilter("ignore", LostPatterns)
        _ = memory.landscape
    encoded = [replace(given, images=code.encode(given.images, given.known)) for given in cues]
    why, found = reason(memory, encoded), _together(memory, encoded)
    states = code.decode(found.state, found.nearest)
    for number, given in enumerate(cues):
        part = slice(number * len(given.right), (number + 1) * len(given.right))
        descent = None
        if found.trace is not None and found.trace.energies is not None:
            descent = found.trace.energies[:, part] - memory.energy(memory.patterns[given.right])
        yield judged(
            text, given, held[given.right], states[part],
            steps=found.steps[part], reason=why, descent=descent,
        )  # fmt: skip


def _together(memory: PatternMemory, cues: Sequence[Cues]) -> Recall:
    """Recall all cues at once, which costs less and changes nothing; what is known stays as it is but under noise."""
    sizes = [len(given.right) for given in cues]
    known = np.repeat([given.known for given in cues], sizes, axis=0)
    kept = np.repeat([given.damage.noise == 0 for given in cues], sizes)[:, None]
    clamped = False if memory.neurons.directions else known & kept  # a direction has no fixed pixels
    images = np.concatenate([given.images for given in cues])
    return memory.recall(images, known=known, clamped=clamped, trace=True)


def _looked_up(name: str, images: Images, cues: Sequence[Cues]) -> Iterator[Restored]:
    code = encoding(BASELINES[name], images)
    rows = np.arange(len(images))
    patterns = code.encode(images, None)
    held = code.decode(patterns, rows)
    for given in cues:
        found = nearest(code.encode(given.images, given.known), patterns, given.known)
        yield judged(
            name, given, held[given.right], held[found],
            steps=np.zeros(len(found), np.int64), reason="a look-up, no memory: least distance over known pixels",
        )  # fmt: skip
