"""The reader of a similarity, a separation, neurons and a store: which fast path it has is chosen here, once."""

from concurrent.futures import Executor

from mnemonist._array import is_torch
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Cosine, Dot, Euclidean, Similarity
from mnemonist.core.softmax import Softmax
from mnemonist.readout.attention import FusedAttention
from mnemonist.readout.fast_path import NO_FAST_PATH, FastPath
from mnemonist.readout.levels import LevelKernels
from mnemonist.readout.nearness import Nearness
from mnemonist.readout.packed import PackedKernels
from mnemonist.readout.reader import Reader
from mnemonist.readout.softmax import SoftmaxKernels
from mnemonist.stores.levels import LevelPatterns
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.protocol import Store


def reader_of(
    similarity: Similarity, separation: Separation, neurons: Neurons, patterns: Store,
    executor: Executor | None = None, *, unshared: str = "rescaled",
) -> Reader:  # fmt: skip
    """Return the reader of patterns; its separation must have a number as its beta by now."""
    return Reader(
        similarity,
        separation,
        neurons,
        patterns,
        nearness=_nearness(similarity, separation, neurons, patterns),
        by_overlap=neurons.discrete,
        unshared=unshared,
        fast=_fast_path(similarity, separation, patterns),
        executor=executor,
    )


def _fast_path(similarity: Similarity, separation: Separation, patterns: Store) -> FastPath:
    """Return the quickest way that may serve: kernels know these kinds themselves, and nothing of kinds of these."""
    if isinstance(patterns, PackedPatterns):
        return PackedKernels()
    plain = type(separation) is Softmax and type(similarity) in (Dot, Euclidean)
    if not plain or patterns.known_by_some is not None or patterns.block(0, 1).strength is not None:
        return NO_FAST_PATH
    if is_torch(patterns.like):
        return FusedAttention() if type(similarity) is Dot else NO_FAST_PATH
    kernels = LevelKernels if isinstance(patterns, LevelPatterns) else SoftmaxKernels
    return kernels(euclidean=type(similarity) is Euclidean)


def _nearness(similarity: Similarity, separation: Separation, neurons: Neurons, patterns: Store) -> Nearness:
    """Return by what the nearest pattern is told: by distance, per site that it knows where some are unknown."""
    holes = patterns.known_by_some is not None
    if neurons.directions and holes:
        return Nearness(Cosine(), per_site=False)
    if neurons.discrete or separation.even or isinstance(similarity, Euclidean):
        # on ±1 all distances are N − h, on one-hot blocks they rise with −h alike
        return Nearness(None, per_site=holes and neurons.discrete)
    return Nearness(Euclidean(), per_site=holes)
