"""mnemonist: associative memory. Store patterns, recall them whole from a cue that is partial or damaged.

    import mnemonist as mn

    memory = mn.kernel_memory()
    memory.store(patterns)                        # (K, N)
    recall = memory.recall(cues, known=mask)      # one entry per cue
    recall.state, recall.energy, recall.outcome, recall.nearest, recall.overlap

A model is a similarity, a separation and neurons; `AssociativeMemory` puts any legal three together, and the named
functions build the field's models.
"""

from mnemonist import errors
from mnemonist.core.neurons import Binary, Real, Sphere
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import Cosine, Dot, Euclidean, Manhattan
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.glauber import Glauber
from mnemonist.dynamics.langevin import Langevin
from mnemonist.dynamics.outcome import Kind, Outcome
from mnemonist.dynamics.recall import Recall
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.dynamics.temperature import Annealing
from mnemonist.errors import MnemonistError
from mnemonist.memories.catalogue import model
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import (
    classical_hopfield,
    dense_memory,
    exponential_memory,
    kernel_memory,
    modern_hopfield,
    spherical_memory,
)

__version__ = "0.1.0"

__all__ = [
    "Annealing",
    "AssociativeMemory",
    "Asynchronous",
    "Binary",
    "Cosine",
    "Dot",
    "Euclidean",
    "Glauber",
    "Kind",
    "Langevin",
    "Manhattan",
    "MnemonistError",
    "Outcome",
    "Power",
    "Real",
    "Recall",
    "RectifiedPower",
    "Softmax",
    "Sphere",
    "Synchronous",
    "classical_hopfield",
    "dense_memory",
    "errors",
    "exponential_memory",
    "kernel_memory",
    "model",
    "modern_hopfield",
    "spherical_memory",
]
