"""What `import mnemonist` offers, each name loaded when it is first used: see `__init__.py`."""

from . import errors
from .core.bilinear import Bilinear
from .core.categorical import Categorical
from .core.entmax import Entmax
from .core.epanechnikov import Epanechnikov
from .core.graded import Graded
from .core.mixed import Blockwise, Columns, Mixed
from .core.neurons import Binary, Real, Sparse, Sphere
from .core.normmax import Normmax
from .core.power import Power, RectifiedPower
from .core.similarity import Cosine, Dot, Euclidean, Manhattan
from .core.softmax import Exponential, Softmax
from .core.subsets import KSubsets, TopK
from .diagnosis.cite import cite
from .diagnosis.diagnose import diagnose
from .diagnosis.diagnosis import Diagnosis
from .dynamics.alternating import Alternating
from .dynamics.asynchronous import Asynchronous
from .dynamics.flow import Flow
from .dynamics.glauber import Glauber
from .dynamics.langevin import Langevin
from .dynamics.outcome import Outcome
from .dynamics.synchronous import Synchronous
from .dynamics.temperature import Annealing
from .errors import MnemonistError
from .memories.bidirectional import BidirectionalMemory, PairRecall
from .memories.from_text import model
from .memories.kernel_learning import learned_kernel
from .memories.layered import LayeredMemory, model_a, model_b, model_c
from .memories.memory import AssociativeMemory
from .memories.named import (
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
from .memories.named_sequences import delayed_sequence, dense_sequence, exponential_sequence, sequence_net
from .memories.random_features import RandomFeatureMemory
from .memories.replay import Replay
from .memories.sequence import SequenceMemory
from .networks.driven import Driven, input_driven
from .networks.hebb import Covariance, Hebbian
from .networks.hopfield import HopfieldNetwork
from .networks.named import covariance, hebbian, perceptron, projection, storkey
from .networks.perceptron import Perceptron
from .networks.projection import Projection
from .networks.simplices import random_simplices
from .networks.simplicial import SimplicialNetwork
from .networks.storkey import Storkey
from .recall.kind import Kind
from .recall.result import Recall
from .stores.mapped import MappedPatterns

__version__: str

__all__ = [
    "Alternating",
    "Annealing",
    "AssociativeMemory",
    "Asynchronous",
    "BidirectionalMemory",
    "Bilinear",
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
