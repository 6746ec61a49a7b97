"""Diagnosing: probe a memory of patterns, and where some are lost try what would hold them."""

import warnings
from copy import copy

import numpy as np

from mnemonist.core.number import check_count, check_flag
from mnemonist.diagnosis.bound import bound
from mnemonist.diagnosis.coherence import Places, coherence_of
from mnemonist.diagnosis.diagnosis import Diagnosis
from mnemonist.diagnosis.remedy import number, remedies, splitting_beta
from mnemonist.diagnosis.stability import stability
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, LostPatterns, shown
from mnemonist.memories.sequence import SequenceMemory
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.stores.mapped import MappedPatterns


def diagnose(memory: PatternMemory, *, sample: int = 1000, seek: bool = True) -> Diagnosis:
    """Return what ails a memory of patterns: print it, or read its fields.

    Up to `sample` patterns are probed, drawn with a fixed seed where there are more. With `seek`, other models are
    filled with the patterns where some are lost, to see which would hold them, and `split` is searched for; the memory
    itself is left alone.

    Costs about a recall of the probed patterns, and as much for each model tried. Raises `InvalidType` where this is no
    memory of patterns, `EmptyMemory` where it is empty, `InvalidArgument` for a network given as a matrix, `TooLarge`
    where there are more patterns in files than are taken into memory.

    >>> import mnemonist as mn
    >>> memory = mn.kernel_memory(beta=8.0)
    >>> _ = memory.store([[0.0, 0.0], [0.0, 0.3], [2.0, 1.0]])
    >>> print(diagnose(memory))
    AssociativeMemory(Euclidean(), Softmax(beta=8.0), Real()): K = 3, N = 2, load 1.5 N
    2 of 3 patterns are not stable; margins are 0.18 to 1: 0, 1.
    The closest pair, 0 and 1, is 0.3 apart, with an overlap of 0: beta = 8 is too soft for it; 49.9 parts them.
    Tried with the same patterns: the same with beta=139 holds all, by a margin of 1 at least.
    """
    check_count("diagnose", "sample", sample)
    check_flag("diagnose", "seek", seek)
    if not isinstance(memory, PatternMemory):
        raise InvalidType(
            f"diagnose: memory must be a memory of patterns; got {shown(memory)}. "
            "Of a BidirectionalMemory pass its joint."
        )
    if isinstance(memory, SequenceMemory):
        raise IllegalCombination(
            "diagnose: memory must keep its patterns; a SequenceMemory moves on from each. Compare memory.replay(cues, "
            "steps=...).nearest with the ids of memory.sequences, and see memory.forks."
        )
    memory = copy(memory)  # what it holds now: all that follows is asked of the same patterns
    if isinstance(memory._contents.patterns, MappedPatterns):
        memory._contents.patterns.block()  # refuses more than are taken into memory, before they are read for a β
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LostPatterns)  # which are lost is what is to be said
        return _diagnosed(memory, sample, seek)


def _diagnosed(memory: PatternMemory, sample: int, seek: bool) -> Diagnosis:
    model = memory.landscape
    if model.reader is None:
        raise InvalidArgument(
            "diagnose: memory must know its patterns; a network given as a matrix does not. Store them with a rule."
        )
    positions = _probes(len(memory), sample)
    alike, stable = coherence_of(model, positions), stability(memory, positions)
    return Diagnosis(
        model=repr(memory).partition("  #")[0],
        k=len(memory),
        n=int(model.like.shape[-1]),
        bound=bound(memory),
        coherence=alike,
        stability=stable,
        beta=number(getattr(model.separation, "beta", None)),
        split=splitting_beta(memory, alike) if seek and not stable.held.all() else None,
        remedies=remedies(memory, positions, alike) if seek and not stable.held.all() else (),
    )


def _probes(count: int, sample: int) -> Places:
    """Return the positions to look at."""
    if count <= sample:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, sample, replace=False))
