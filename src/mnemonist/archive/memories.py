"""Memories made again, each kind by what its class said it is made of."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mnemonist.archive.found import Found
from mnemonist.archive.networks import bias, hopfield, simplicial
from mnemonist.archive.parts import part, value
from mnemonist.archive.stores import columns, contents, store
from mnemonist.core.features import RandomFeatures
from mnemonist.core.neurons import Binary
from mnemonist.core.parts import NEURONS, SEPARATIONS, SIMILARITIES
from mnemonist.memories.bidirectional import BidirectionalMemory
from mnemonist.memories.halves import SIDES, Sides
from mnemonist.memories.layered import LayeredMemory
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.random_features import RandomFeatureMemory
from mnemonist.memories.random_features_model import RandomFeaturesModel
from mnemonist.memories.sequence import SequenceMemory
from mnemonist.recall.saving import Saved
from mnemonist.stores.block import Ids


def make(found: Found) -> Any:
    """Return the memory that a description is of."""
    kind = found.text("kind")
    if kind not in KINDS:
        found.refuse(f"is of the kind {kind!r:.40}, which this version does not know")
    memory = KINDS[kind](found)
    found.done()
    return memory


def _associative(found: Found) -> AssociativeMemory:
    similarity, separation = part(found, "similarity", SIMILARITIES), part(found, "separation", SEPARATIONS)
    unshared = found.text("unshared") if found.has("unshared") else "rescaled"
    memory = AssociativeMemory(similarity, separation, part(found, "neurons", NEURONS), unshared=unshared)
    kinds = ("dense", "packed", "mapped") if isinstance(memory.neurons, Binary) else ("dense", "mapped")
    memory._resume(contents(found, store(found, "AssociativeMemory", memory.neurons, kinds)))
    return memory


def _layered(found: Found) -> LayeredMemory:
    neurons = part(found, "neurons", NEURONS)
    patterns = store(found, "LayeredMemory", neurons)
    memory = LayeredMemory(
        part(found, "separation", SEPARATIONS),
        neurons,
        tau_f=found.number("tau_f"),
        tau_h=found.number("tau_h"),
        decay=found.number("decay"),
        bias=bias(found, patterns.like.shape[-1] if len(patterns) else None),
    )
    memory._resume(contents(found, patterns))
    return memory


def _sequence(found: Found) -> SequenceMemory:
    delay, strength = value(found, "delay"), value(found, "strength")
    memory = SequenceMemory(
        part(found, "separation", SEPARATIONS), pseudo_inverse=found.truth("pseudo_inverse"), delay=delay,
        strength=None if delay is None else strength,
        hold=part(found, "hold", SEPARATIONS) if found.has("hold") else None,
    )  # fmt: skip
    patterns = store(found, "SequenceMemory", Binary())
    memory._resume(contents(found, patterns, _sequences(found, patterns.ids_at(np.arange(len(patterns))))))
    return memory


def _sequences(found: Found, held: Ids) -> tuple[tuple[Ids, bool], ...]:
    """Return sequences that have each of the ids held once."""
    told = found.inner("sequences")
    ids = told.array("ids", "int64", (len(held),))
    lengths = told.array("lengths", "int64", (None,))
    cyclic = told.array("cyclic", "bool", (len(lengths),))
    told.done()
    if (lengths < 1).any() or (lengths > len(ids)).any() or sum(lengths.tolist()) != len(ids):
        told.refuse("have lengths that do not add up")
    if not np.array_equal(np.sort(ids), held):
        told.refuse("have not every pattern once")
    parts = np.split(ids, np.cumsum(lengths)[:-1]) if len(lengths) else []
    return tuple((each.copy(), bool(turn)) for each, turn in zip(parts, cyclic, strict=True))


def _random_features(found: Found) -> RandomFeatureMemory:
    y, count = found.count("features", least=1), found.count("count")
    memory = RandomFeatureMemory(found.number("beta"), features=y, seed=found.count("seed"))
    if found.has("frequencies"):
        frequencies = found.array("frequencies", "float64", (y, None))
        folded, mean = found.array("folded", "float64", (2 * y,)), found.array("mean", "float64", frequencies.shape[1:])
        features, names = RandomFeatures(frequencies), columns(found, "columns", frequencies.shape[1])
        memory._resume(RandomFeaturesModel(found.number("beta"), features, folded, mean, count, names))
    elif count:
        found.refuse("has patterns but no features")
    return memory


def _bidirectional(found: Found) -> BidirectionalMemory:
    memory = BidirectionalMemory(part(found, "separation", SEPARATIONS) if found.has("separation") else None)
    if not found.has("widths") or not found.has("joint"):
        return memory
    widths = [found.as_count("width", width, 1) for width in found.several("widths")]
    if len(widths) != 2:
        found.refuse("has not two widths")
    joint = make(found.inner("joint"))
    left, right = (columns(found, f"{side}_columns", width) for side, width in zip(SIDES, widths, strict=True))
    sides = Sides((widths[0], widths[1]), (left, right))
    memory._resume(sides, _fitting(found, memory, joint, widths))
    return memory


def _fitting(found: Found, memory: BidirectionalMemory, joint: Any, widths: list[int]) -> Any:
    """Return the memory of both halves, if it is the one that such pairs are kept in."""
    own = memory._made(widths[0])
    if repr(joint).partition("  #")[0] != repr(own).partition("  #")[0] or type(joint) is not type(own):
        found.refuse("has another memory than its own for the pairs")
    if len(joint) and joint.patterns.shape[1] != sum(widths):
        found.refuse("has halves that are not as wide as the pairs")
    return joint


KINDS: Mapping[str, Callable[[Found], Saved]] = {
    AssociativeMemory.saved_as: _associative,
    LayeredMemory.saved_as: _layered,
    SequenceMemory.saved_as: _sequence,
    RandomFeatureMemory.saved_as: _random_features,
    BidirectionalMemory.saved_as: _bidirectional,
    "hopfield": hopfield,
    "simplicial": simplicial,
}
