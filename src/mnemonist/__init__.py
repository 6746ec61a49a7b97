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
from mnemonist.core.categorical import Categorical
from mnemonist.core.entmax import Entmax
from mnemonist.core.epanechnikov import Epanechnikov
from mnemonist.core.mixed import Blockwise, Columns, Mixed
from mnemonist.core.neurons import Binary, Real, Sparse, Sphere
from mnemonist.core.normmax import Normmax
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import Cosine, Dot, Euclidean, Manhattan
from mnemonist.core.softmax import Softmax
from mnemonist.core.subsets import KSubsets, TopK
from mnemonist.dynamics.alternating import Alternating
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.glauber import Glauber
from mnemonist.dynamics.langevin import Langevin
from mnemonist.dynamics.outcome import Kind, Outcome
from mnemonist.dynamics.recall import Recall
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.dynamics.temperature import Annealing
from mnemonist.errors import MnemonistError
from mnemonist.memories.bidirectional import BidirectionalMemory, PairRecall
from mnemonist.memories.catalogue import model
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import (
    classical_hopfield,
    dense_memory,
    epanechnikov_memory,
    exponential_memory,
    kernel_memory,
    mixed_memory,
    modern_hopfield,
    potts_memory,
    sparse_hopfield,
    spherical_memory,
)
from mnemonist.networks.hebb import Covariance, Hebbian
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.named import covariance, hebbian, perceptron, projection, storkey
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.simplices import random_simplices
from mnemonist.networks.simplicial import SimplicialNetwork
from mnemonist.networks.storkey import Storkey

__version__ = "0.1.0"

__all__ = [
    "Alternating",
    "Annealing",
    "AssociativeMemory",
    "Asynchronous",
    "BidirectionalMemory",
    "Binary",
    "Blockwise",
    "Categorical",
    "Columns",
    "Cosine",
    "Covariance",
    "Dot",
    "Entmax",
    "Epanechnikov",
    "Euclidean",
    "Glauber",
    "Hebbian",
    "HopfieldNetwork",
    "KSubsets",
    "Kind",
    "Langevin",
    "Manhattan",
    "Mixed",
    "MnemonistError",
    "Normmax",
    "Outcome",
    "PairRecall",
    "Perceptron",
    "Power",
    "Projection",
    "Real",
    "Recall",
    "RectifiedPower",
    "SimplicialNetwork",
    "Softmax",
    "Sparse",
    "Sphere",
    "Storkey",
    "Synchronous",
    "TopK",
    "classical_hopfield",
    "covariance",
    "dense_memory",
    "epanechnikov_memory",
    "errors",
    "exponential_memory",
    "hebbian",
    "kernel_memory",
    "mixed_memory",
    "model",
    "modern_hopfield",
    "perceptron",
    "potts_memory",
    "projection",
    "random_simplices",
    "sparse_hopfield",
    "spherical_memory",
    "storkey",
]
