"""Parts of memories that a file can name: similarities, separations and neurons, each under a short name of its own.

A name stays for ever, for files are older than classes; a class that is not here cannot be saved.
"""

from collections.abc import Mapping

from mnemonist.core.bilinear import Bilinear
from mnemonist.core.categorical import Categorical
from mnemonist.core.entmax import Entmax
from mnemonist.core.epanechnikov import Epanechnikov
from mnemonist.core.graded import Graded
from mnemonist.core.mixed import Blockwise, Columns, Mixed
from mnemonist.core.neurons import Binary, Real, Sparse, Sphere
from mnemonist.core.normmax import Normmax
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import CentredDot, Cosine, Dot, Euclidean, Manhattan
from mnemonist.core.softmax import Exponential, Softmax
from mnemonist.core.subsets import KSubsets, TopK

SIMILARITIES: Mapping[str, type] = {
    "dot": Dot,
    "centred-dot": CentredDot,
    "cosine": Cosine,
    "euclidean": Euclidean,
    "manhattan": Manhattan,
    "bilinear": Bilinear,
    "blockwise": Blockwise,
}
SEPARATIONS: Mapping[str, type] = {
    "power": Power,
    "rectified-power": RectifiedPower,
    "softmax": Softmax,
    "exponential": Exponential,
    "entmax": Entmax,
    "normmax": Normmax,
    "k-subsets": KSubsets,
    "top-k": TopK,
    "epanechnikov": Epanechnikov,
}
NEURONS: Mapping[str, type] = {
    "binary": Binary,
    "real": Real,
    "sphere": Sphere,
    "sparse": Sparse,
    "graded": Graded,
    "categorical": Categorical,
    "mixed": Mixed,
}
COLUMNS: Mapping[str, type] = {"columns": Columns}
PARTS: Mapping[str, type] = {**SIMILARITIES, **SEPARATIONS, **NEURONS, **COLUMNS}
