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
from mnemonist.core.bilinear import Kernel
from mnemonist.core.categorical import Categorical
from mnemonist.core.entmax import Entmax
from mnemonist.core.epanechnikov import Epanechnikov
from mnemonist.core.graded import Graded
from mnemonist.core.mixed import Blockwise, Columns, Mixed
from mnemonist.core.neurons import Binary, Real, Sparse, Sphere
from mnemonist.core.normmax import Normmax
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import Cosine, Dot, Euclidean, Manhattan
from mnemonist.core.softmax import Exponential, Softmax
from mnemonist.core.subsets import KSubsets, TopK
from mnemonist.diagnosis.cite import cite
from mnemonist.diagnosis.diagnose import diagnose
from mnemonist.diagnosis.diagnosis import Diagnosis
from mnemonist.dynamics.alternating import Alternating
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.flow import Flow
from mnemonist.dynamics.glauber import Glauber
from mnemonist.dynamics.langevin import Langevin
from mnemonist.dynamics.outcome import Outcome
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.dynamics.temperature import Annealing
from mnemonist.errors import MnemonistError
from mnemonist.memories.bidirectional import BidirectionalMemory, PairRecall
from mnemonist.memories.from_text import model
from mnemonist.memories.kernel_learning import learned_kernel
from mnemonist.memories.layered import LayeredMemory, model_a, model_b, model_c
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import (
    classical_hopfield,
    dense_memory,
    epanechnikov_memory,
    exponential_memory,
    graded_memory,
    kernel_memory,
    mixed_memory,
    modern_hopfield,
    potts_memory,
    sparse_hopfield,
    spherical_memory,
)
from mnemonist.memories.named_sequences import (
    delayed_sequence,
    dense_sequence,
    exponential_sequence,
    sequence_net,
)
from mnemonist.memories.random_features import RandomFeatureMemory
from mnemonist.memories.replay import Replay
from mnemonist.memories.sequence import SequenceMemory
from mnemonist.networks.driven import Driven, input_driven
from mnemonist.networks.hebb import Covariance, Hebbian
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.named import covariance, hebbian, perceptron, projection, storkey
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.simplices import random_simplices
from mnemonist.networks.simplicial import SimplicialNetwork
from mnemonist.networks.storkey import Storkey
from mnemonist.recall.kind import Kind
from mnemonist.recall.result import Recall
from mnemonist.stores.mapped import MappedPatterns

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
    "Diagnosis",
    "Dot",
    "Driven",
    "Entmax",
    "Epanechnikov",
    "Euclidean",
    "Exponential",
    "Flow",
    "Glauber",
    "Graded",
    "Hebbian",
    "HopfieldNetwork",
    "KSubsets",
    "Kernel",
    "Kind",
    "Langevin",
    "LayeredMemory",
    "Manhattan",
    "MappedPatterns",
    "Mixed",
    "MnemonistError",
    "Normmax",
    "Outcome",
    "PairRecall",
    "Perceptron",
    "Power",
    "Projection",
    "RandomFeatureMemory",
    "Real",
    "Recall",
    "RectifiedPower",
    "Replay",
    "SequenceMemory",
    "SimplicialNetwork",
    "Softmax",
    "Sparse",
    "Sphere",
    "Storkey",
    "Synchronous",
    "TopK",
    "cite",
    "classical_hopfield",
    "covariance",
    "delayed_sequence",
    "dense_memory",
    "dense_sequence",
    "diagnose",
    "epanechnikov_memory",
    "errors",
    "exponential_memory",
    "exponential_sequence",
    "graded_memory",
    "hebbian",
    "input_driven",
    "kernel_memory",
    "learned_kernel",
    "mixed_memory",
    "model",
    "model_a",
    "model_b",
    "model_c",
    "modern_hopfield",
    "perceptron",
    "potts_memory",
    "projection",
    "random_simplices",
    "sequence_net",
    "sparse_hopfield",
    "spherical_memory",
    "storkey",
]
