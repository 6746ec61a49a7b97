r"""Bidirectional memories: pairs of patterns, each recalled from the other.

    Kosko's        E(x, y) = −Σ_μ (x·ξ_μ)(y·η_μ) = −xᵀMy,   M = Σ_μ ξ_μ η_μᵀ
    dense          E(x, y) = −Σ_μ F(x·ξ_μ + y·η_μ)                            F as of a separation

The halves x (B, N) and y (B, M) move in turn until neither does, and the energy never rises. Kosko's bound of min(N, M)
pairs is far above what random pairs allow, which is about min(N, M)/10; on the joint overlap with F = exp, halves of 50
neurons recall any of 5000 pairs.

Source: Kosko 1988, IEEE SMC 18:49; the dense one after Krotov & Hopfield 2016, arXiv:1606.01164.
"""

from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Binary
from mnemonist.core.number import check_flag
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.bidirectional import Bidirectional
from mnemonist.errors import EmptyMemory, Renamed
from mnemonist.memories.compatibility import check_parts
from mnemonist.memories.halves import SIDES, Sides, check_halves, check_pairs, check_states, concatenated
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.networks.hebb import Pairs
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.named_columns import described_names
from mnemonist.recall.one_writer import OneWriter
from mnemonist.recall.result import Recall
from mnemonist.recall.saving import Saved, describe
from mnemonist.stores.block import Ids


@dataclass(frozen=True, eq=False, repr=False)
class PairRecall(Renamed, renamed={"whole": "joint"}):
    """The two halves where they came to rest, and the recall of both together, which says how, and what they are.

    left    (B, N)    right    (B, M)    joint    the `Recall` of [left | right], N + M neurons wide
    """

    left: Array
    right: Array
    joint: Recall

    def __repr__(self) -> str:
        return f"Pair{self.joint!r}"


class _Held(NamedTuple):
    """What is held at one time: the memory of [left | right], which nobody changes any more, and what the sides are."""

    joint: HopfieldNetwork | AssociativeMemory
    sides: Sides


class BidirectionalMemory(OneWriter, Saved):
    """A memory of pairs of ±1 patterns, left (K, N) and right (K, M).

    Kosko's by a matrix, unless a separation is given: then the dense memory on the joint overlap; `Softmax(1.0)` makes
    the exponential one. Threads may share it, as they may other memories: see `PatternMemory`.

    >>> memory = BidirectionalMemory()
    >>> memory.store([[1, 1, -1, -1], [1, -1, 1, -1]], [[1, 1, 1], [1, -1, -1]])
    array([0, 1])
    >>> memory.recall(left=[1, 1, -1, -1]).right
    array([1., 1., 1.], dtype=float32)
    >>> memory.recall(right=[1, -1, -1]).left
    array([ 1., -1.,  1., -1.], dtype=float32)
    """

    references: ClassVar[tuple[str, ...]] = ("kosko1988",)
    saved_as = "bidirectional"

    def __init__(self, separation: Separation | None = None) -> None:
        if separation is not None:
            check_parts(Dot(), separation, Binary())
        super().__init__()
        self._separation = separation
        self._held: _Held | None = None

    @property
    def separation(self) -> Separation | None:
        """How sharply pairs are told apart; None for Kosko's, which adds them up."""
        return self._separation

    @property
    def joint(self) -> HopfieldNetwork | AssociativeMemory:
        """The memory of the present [left | right] that all is asked of. Raises `EmptyMemory` if nothing was stored."""
        return self._require().joint

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        held = self._held
        return np.empty(0, np.int64) if held is None else held.joint.ids

    @property
    def patterns(self) -> tuple[Array, Array]:
        """The stored halves, left (K, N) and right (K, M), in the order of `ids`; copies."""
        held = self._require()
        return held.sides.apart(held.joint.patterns)

    def __len__(self) -> int:
        held = self._held
        return 0 if held is None else len(held.joint)

    def __repr__(self) -> str:
        what, held = "" if self._separation is None else f"{self._separation}", self._held
        count = 0 if held is None else len(held.joint)
        sizes = "empty" if held is None or not count else "K={}, N={}, M={}".format(count, *held.sides.widths)
        return f"BidirectionalMemory({what})  # {sizes}"

    def _require(self) -> _Held:
        """Return what is held, or raise `EmptyMemory`."""
        held = self._held
        if held is None:
            raise EmptyMemory("BidirectionalMemory: the memory must hold pairs; it is empty. Call store first.")
        return held

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, left: Any, right: Any) -> Ids:
        """Store pairs left (K, N) and right (K, M), or one of (N,) and (M,); return their ids (K,).

        Frames are told by the names of their columns, as in `AssociativeMemory.store`, but must be whole. Raises
        `InvalidArgument` where halves are not as many, or not as wide as those before; nothing is stored then.
        """
        with self._writing:
            held = self._held
            before = Sides() if held is None else held.sides
            first, second, sides = check_pairs("BidirectionalMemory.store", left, right, before)
            joint = self._made(first.shape[1]) if held is None else copy(held.joint)
            ids = joint.store(concatenated(first, second))
            self._held = _Held(joint, sides)
        return ids

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        with self._writing:
            held = self._require()
            joint = copy(held.joint)
            joint.forget(ids)
            self._held = held._replace(joint=joint)

    def _made(self, split: int) -> HopfieldNetwork | AssociativeMemory:
        if self._separation is None:
            return HopfieldNetwork(rule=Pairs(split))
        return AssociativeMemory(Dot(), self._separation, Binary())

    def _described(self, inventory: Inventory) -> Description:
        separation = None if self._separation is None else inventory.part("separation", self._separation)
        held = self._held
        if held is None:
            return {"separation": separation}
        told: Description = {"separation": separation, "widths": list(held.sides.widths)}
        for side, names in zip(SIDES, held.sides.names, strict=True):
            told |= described_names(f"{side}_columns", names)
        return told | {"joint": describe(inventory.within("joint"), held.joint)}

    def _resume(self, sides: Sides, joint: HopfieldNetwork | AssociativeMemory) -> None:
        """Take up pairs with such sides."""
        self._held = _Held(joint, sides)

    # --- recall --------------------------------------------------------------------------------------------------

    def recall(
        self, *, left: Any = None, right: Any = None, known_left: Any = None, known_right: Any = None,
        clamped: bool = False, max_steps: int = 1000, rng: Any = None, trace: bool = False,
    ) -> PairRecall:  # fmt: skip
        """Recall from left cues (B, N), from right cues (B, M), or from both; a single one gives single results.

        `known_left`, `known_right` are True where a given half is known. Both halves move unless `clamped`, which holds
        what is known of those given. A step is a turn of each half, the one that was not given first. `max_steps`,
        `rng`, `trace` are as in `AssociativeMemory.recall`. Raises `InvalidArgument` where widths do not fit.
        """
        check_flag("BidirectionalMemory.recall", "clamped", clamped)
        (joint, sides), given, masks = self._require(), (left, right), (known_left, known_right)
        x, y = check_halves("BidirectionalMemory.recall", given, masks, sides, joint.landscape.like)
        known = namespace(x.known, y.known).concat([x.known, y.known], axis=-1)
        recall = joint.recall(
            concatenated(x.rows, y.rows), known=known, clamped=known if clamped else False,
            dynamics=Bidirectional(sides.widths[0], forward=left is not None),
            max_steps=max_steps, rng=rng, trace=trace,
        )  # fmt: skip
        recall = recall[0] if x.single and y.single else recall
        return PairRecall(*sides.apart(recall.state), recall)

    def energy(self, left: Any, right: Any) -> Array:
        """Return E (B,) of pairs of states (B, N) and (B, M), or one number of a single pair, in float64."""
        joint, sides = self._require()
        both, single = check_states("BidirectionalMemory.energy", left, right, sides, joint.landscape.like)
        energy = joint.energy(both)
        return energy[0] if single else energy
