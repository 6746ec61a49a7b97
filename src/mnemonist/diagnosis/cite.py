r"""Citing: which papers a model comes from.

    separation × neurons × similarity → the paper of that model; a rule, a network, a way to move → its own

Source: diagnosis/references.bib.
"""

from collections.abc import Iterator
from typing import Any

from mnemonist.core.bilinear import Bilinear
from mnemonist.core.categorical import Categorical
from mnemonist.core.entmax import Entmax
from mnemonist.core.epanechnikov import Epanechnikov
from mnemonist.core.graded import Graded
from mnemonist.core.mixed import Mixed
from mnemonist.core.neurons import Sphere
from mnemonist.core.normmax import Normmax
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import Cosine, Euclidean, Manhattan
from mnemonist.core.softmax import Exponential, Softmax
from mnemonist.core.subsets import KSubsets, TopK
from mnemonist.diagnosis.bibliography import bibliography
from mnemonist.dynamics.flow import Flow
from mnemonist.dynamics.glauber import Glauber
from mnemonist.dynamics.langevin import Langevin
from mnemonist.dynamics.temperature import Annealing
from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.memories.bidirectional import BidirectionalMemory
from mnemonist.memories.from_text import model
from mnemonist.memories.layered import LayeredMemory
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.random_features import RandomFeatureMemory
from mnemonist.memories.sequence import SequenceMemory
from mnemonist.networks.driven import Driven
from mnemonist.networks.hebb import Covariance, Hebbian, Pairs
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.simplicial import SimplicialNetwork
from mnemonist.networks.storkey import Storkey

_PARTS: dict[type, tuple[str, ...]] = {
    Driven: ("betteti2025",),
    Hebbian: ("hopfield1982",),
    Storkey: ("storkey1997", "storkey1999"),
    Projection: ("personnaz1986", "kanter1987"),
    Perceptron: ("gardner1988",),
    Covariance: ("tsodyks1988",),
    Pairs: ("kosko1988",),
    RandomFeatureMemory: ("hoover2024", "rahimi2007"),
    SimplicialNetwork: ("burns2023",),
    BidirectionalMemory: ("kosko1988",),
    Entmax: ("santos2024", "hu2023", "peters2019"),
    Normmax: ("santos2024", "blondel2020"),
    KSubsets: ("santos2024",),
    TopK: ("ramsauer2021",),
    Epanechnikov: ("hoover2025",),
    Bilinear: ("wu2024",),
    Cosine: ("millidge2022",),
    Manhattan: ("millidge2022",),
    Sphere: ("krotov2021",),
    Categorical: ("kanter1988", "potts1952"),
    Mixed: ("krotov2021",),
    Graded: ("hopfield1984",),
    LayeredMemory: ("krotov2021", "krotov2021hierarchical"),
    Flow: ("hopfield1984", "krotov2021", "bauschke2017"),
    Glauber: ("glauber1963",),
    Langevin: ("roberts1996",),
    Annealing: ("kirkpatrick1983",),
}


def cite(*used: Any) -> str:
    """Return the BibTeX entries of memories, models written as text, and ways to move that were `used`.

    Each entry comes once. Raises `InvalidType` for what no paper is known of.

    >>> import mnemonist as mn
    >>> print(cite(mn.kernel_memory(), "storkey"))
    @inproceedings{hoover2024,
    ...
    @inproceedings{storkey1997,
    ...
    >>> cite(mn.dense_memory(3), mn.Glauber(2.0)).count("@")
    2
    """
    if not used:
        raise InvalidArgument("cite: something must be given to cite; got nothing. Pass a memory.")
    keys: list[str] = []
    for one in used:
        found = list(_keys(model(one) if isinstance(one, str) else one))
        if not found:
            raise InvalidType(f"cite: everything must be a memory, its name or a way to move; got {one!r}.")
        keys += found
    return "\n\n".join(bibliography()[key] for key in dict.fromkeys(keys))


def _keys(used: Any) -> Iterator[str]:
    """Yield the keys of what one thing comes from, the nearest first."""
    if isinstance(used, AssociativeMemory):
        yield from _of_memory(used)
    if isinstance(used, HopfieldNetwork):
        yield from (*_PARTS.get(type(used.rule), ()), *_PARTS.get(type(used.neurons), ()), "hopfield1982")
    yield from _PARTS.get(type(used), ())
    if isinstance(used, BidirectionalMemory) and isinstance(used.separation, (Power, RectifiedPower, Softmax)):
        yield from _discrete(used.separation)
    if isinstance(used, LayeredMemory) and isinstance(used.separation, Softmax):
        yield "ramsauer2021"
    if isinstance(used, SequenceMemory):
        yield from ("chaudhry2023",) if used.delay is None else ("sompolinsky1986", "kleinfeld1986", "chaudhry2023")
    if isinstance(used, (Glauber, Langevin)):
        yield from _PARTS.get(type(used.temperature), ())


def _of_memory(memory: AssociativeMemory) -> Iterator[str]:
    """Yield the keys of a similarity, a separation and neurons together."""
    separation, neurons, similarity = memory.separation, memory.neurons, memory.similarity
    for part in (neurons, separation, similarity):
        yield from _PARTS.get(type(part), ())
    if neurons.discrete:
        yield from _discrete(separation)
    elif isinstance(separation, Softmax):
        yield from ("hoover2024", "fukunaga1975") if isinstance(similarity, Euclidean) else ("ramsauer2021",)
    elif isinstance(separation, (Power, RectifiedPower)):
        yield "krotov2016"


def _discrete(separation: Any) -> Iterator[str]:
    """Yield the keys of a separation on discrete neurons."""
    if isinstance(separation, (Softmax, Exponential)):
        yield "demircigil2017"
    elif isinstance(separation, Power) and separation.degree == 2:
        yield from ("hopfield1982", "amit1985")
    else:
        yield "krotov2016"
