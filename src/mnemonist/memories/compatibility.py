"""Which parts make a model together; anything else is refused with its reason.

    Binary, Categorical    dot × additive (Power, RectifiedPower, Softmax, Exponential)
    Real      dot or Euclidean × normalised (Softmax, Entmax, Normmax, KSubsets, TopK); Euclidean × local
              (Epanechnikov); cosine and Manhattan likewise or, where scores can be positive, with powers: one readout,
              no energy
    Sparse    nothing: its home is a network of couplings
    Mixed     the blockwise similarity of the same columns × Softmax
    Sphere    dot × convex (even Power, RectifiedPower, Exponential, and the normalised ones)
    Graded    likewise

The rules ask what a part declares, not what it is called, so a new member needs no line here.
"""

import math

from mnemonist._array import is_array, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import AdditiveSeparation, Separation
from mnemonist.core.similarity import Dot, Similarity
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown


def check_parts(similarity: Similarity, separation: Separation, neurons: Neurons) -> None:
    """Raise `IllegalCombination` where these parts make no model, `InvalidType` where one is no such part."""
    for name, part, kind in (
        ("similarity", similarity, Similarity),
        ("separation", separation, Separation),
        ("neurons", neurons, Neurons),
    ):
        if not isinstance(part, kind):
            raise InvalidType(
                f"AssociativeMemory: {name} must be a {kind.__name__}; got {shown(part)}. Pass an instance, such as "
                f"{'Dot()' if kind is Similarity else 'Softmax(8.0)' if kind is Separation else 'Real()'}."
            )
    mixed = neurons.layout or similarity.layout
    reason = _homeless(neurons) or (_mixed_reason if mixed else _reason)(similarity, separation, neurons)
    if reason:
        raise IllegalCombination(f"AssociativeMemory: {reason} Got {similarity}, {separation}, {neurons}.")
    _check_beta(separation, neurons)


def check_unshared(unshared: str, similarity: Similarity) -> None:
    """Refuse what is no way to count a coordinate that one side does not know, or none of this similarity."""
    if not (isinstance(unshared, str) and unshared in ("rescaled", "expected")):
        raise InvalidArgument(
            f"AssociativeMemory: unshared must be 'rescaled' or 'expected'; got {shown(unshared)}. Take "
            "'expected' where whole blocks are missing."
        )
    if unshared == "expected" and not (similarity.negative and similarity.confining):
        raise IllegalCombination(
            f"AssociativeMemory: unshared='expected' needs the Euclidean similarity, in which a coordinate has a cost; "
            f"got {similarity}. Leave it out."
        )


def _homeless(neurons: Neurons) -> str:
    """Return why no similarity and separation suit these neurons, or nothing."""
    return f"{type(neurons).__name__}() neurons need {neurons.home}." if neurons.home else ""


def _reason(similarity: Similarity, separation: Separation, neurons: Neurons) -> str:
    """Return why the parts do not fit, or nothing."""
    if neurons.only_dot and type(similarity) is not Dot:  # sums are carried along as Dot's, not as those of its kinds
        return f"{neurons} needs the dot similarity: on its states, {neurons.only_dot}."
    if neurons.discrete and not isinstance(separation, AdditiveSeparation):
        return f"{neurons} needs a separation that is a sum over patterns (Power, RectifiedPower, Softmax)."
    if neurons.only_convex and not separation.convex:
        kind = type(neurons).__name__
        return f"{kind}() needs a convex separation (an even Power, RectifiedPower, Softmax): others may climb."
    if separation.local and not (similarity.negative and similarity.confining):
        return f"{separation} needs the Euclidean similarity: its memories reach a distance."
    return "" if separation.normalised or separation.local else _uneven_reason(similarity, neurons)


def _uneven_reason(similarity: Similarity, neurons: Neurons) -> str:
    """Return why the parts do not fit where weights need not sum to 1, or nothing."""
    if neurons.unbounded and similarity.has_energy:
        kind = type(neurons).__name__
        return f"{kind}() needs weights that sum to 1 (Softmax): under a power the unbounded state runs away."
    if similarity.negative:
        return f"{similarity} has no positive scores, and a power of those is no measure of likeness. Use Softmax."
    return ""


def _mixed_reason(similarity: Similarity, separation: Separation, neurons: Neurons) -> str:
    """Return why the parts do not fit mixed neurons, or nothing."""
    if neurons.layout != similarity.layout:
        return "Mixed and Blockwise belong together, and need the same columns: use mixed_memory(columns)."
    if not (isinstance(separation, AdditiveSeparation) and separation.normalised):
        return (
            "Mixed needs Softmax: weights that sum to 1 keep real columns bounded, and discrete ones need a sum over "
            "patterns."
        )
    return ""


def largest_beta(neurons: Neurons) -> float:
    """Return the largest β: on discrete neurons exp(2β) must not overflow, and 300 is nearest neighbour to rounding."""
    weights = [block.weight for block in neurons.layout if block.neurons.discrete] or [1.0] * neurons.discrete
    return 300.0 / max(weights) if weights else math.inf


def _check_beta(separation: Separation, neurons: Neurons) -> None:
    """Check the value of a β, in an array too: core passes arrays on unread."""
    beta, largest = getattr(separation, "beta", None), largest_beta(neurons)
    if beta is None or isinstance(beta, str):
        return
    if not 0 < float(to_numpy(beta) if is_array(beta) else beta) < math.inf:
        raise InvalidArgument(f"AssociativeMemory: beta must be a finite number > 0; got {shown(beta)}. Pass one.")
    if beta > largest:
        raise InvalidArgument(
            f"AssociativeMemory: beta must be at most {largest:g} on {neurons}; got {shown(beta)}. "
            "Sharper is nearest neighbour to rounding: pass a smaller one."
        )
