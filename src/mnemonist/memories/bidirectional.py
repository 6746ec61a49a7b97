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

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Binary
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.bidirectional import Bidirectional
from mnemonist.errors import EmptyMemory, InvalidArgument, Renamed
from mnemonist.memories.compatibility import check_parts
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.networks.hebb import Pairs
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.recall.checks import check_mask, check_rows, check_values
from mnemonist.recall.one_writer import OneWriter
from mnemonist.recall.result import Recall
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
    """What is held at one time: the memory of [left | right], which nobody changes any more, and the widths (N, M)."""

    joint: HopfieldNetwork | AssociativeMemory
    widths: tuple[int, int]

    def halves(self, both: Array) -> tuple[Array, Array]:
        """Return left (…, N) and right (…, M) of both side by side."""
        return both[..., : self.widths[0]], both[..., self.widths[0] :]


class BidirectionalMemory(OneWriter):
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
        return held.halves(held.joint.patterns)

    def __len__(self) -> int:
        held = self._held
        return 0 if held is None else len(held.joint)

    def __repr__(self) -> str:
        what, held = "" if self._separation is None else f"{self._separation}", self._held
        count = 0 if held is None else len(held.joint)
        sizes = f"K={count}, N={held.widths[0]}, M={held.widths[1]}" if held is not None and count else "empty"
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

        Raises `InvalidArgument` where they are not as many, or not as wide as those before; nothing is stored then.
        """
        with self._writing:
            held = self._held
            first, second = _pairs(left, right, (None, None) if held is None else held.widths)
            joint = self._made(first.shape[1]) if held is None else copy(held.joint)
            ids = joint.store(_concatenate(first, second))
            self._held = _Held(joint, (first.shape[1], second.shape[1]))
        return ids

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        with self._writing:
            held = self._require()
            joint = copy(held.joint)
            joint.forget(ids)
            self._held = _Held(joint, held.widths)

    def _made(self, split: int) -> HopfieldNetwork | AssociativeMemory:
        if self._separation is None:
            return HopfieldNetwork(rule=Pairs(split))
        return AssociativeMemory(Dot(), self._separation, Binary())

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
        who, held = "BidirectionalMemory.recall", self._require()
        if left is None and right is None:
            raise InvalidArgument(f"{who}: left or right must be given; got neither. Pass the half that you know.")
        like = held.joint.landscape.like
        first = _half(who, "left", left, known_left, held.widths[0], like)
        second = _half(who, "right", right, known_right, held.widths[1], like)
        rows = max(half[0].shape[0] for half in (first, second) if half is not None)
        (x, known_x, single), (y, known_y, other) = (
            half or _nothing(rows, width, like) for half, width in zip((first, second), held.widths, strict=True)
        )
        if x.shape[0] != y.shape[0]:
            raise InvalidArgument(
                f"{who}: left and right must have one row per cue; got {x.shape[0]} and {y.shape[0]}. "
                "Pass as many of one as of the other."
            )
        xp = namespace(x, y)
        known = xp.concat([known_x, known_y], axis=-1)
        recall = held.joint.recall(
            _concatenate(x, y), known=known, clamped=known if clamped else False,
            dynamics=Bidirectional(held.widths[0], forward=left is not None),
            max_steps=max_steps, rng=rng, trace=trace,
        )  # fmt: skip
        recall = recall[0] if single and other else recall
        return PairRecall(*held.halves(recall.state), recall)

    def energy(self, left: Any, right: Any) -> Array:
        """Return E (B,) of pairs of states (B, N) and (B, M), or one number of a single pair, in float64."""
        who, held = "BidirectionalMemory.energy", self._require()
        x, single = check_rows(who, "left", left, held.widths[0], held.joint.landscape.like)
        y, _ = check_rows(who, "right", right, held.widths[1], held.joint.landscape.like)
        energy = held.joint.energy(_concatenate(x, y))
        return energy[0] if single else energy


_Half = tuple[Array, Array, bool]


def _pairs(left: Any, right: Any, widths: tuple[int | None, int | None]) -> tuple[Array, Array]:
    """Return checked halves (K, N) and (K, M) to store, of these widths if there are some before."""
    who = "BidirectionalMemory.store"
    first, _ = check_rows(who, "left", left, widths[0])
    second, _ = check_rows(who, "right", right, widths[1], first)
    for name, half in (("left", first), ("right", second)):
        check_values(who, name, half, None, Binary())
    if first.shape[0] != second.shape[0]:
        raise InvalidArgument(
            f"{who}: left and right must have one row per pair; got {first.shape[0]} and {second.shape[0]}. "
            "Pass as many of one as of the other."
        )
    return first, second


def _half(who: str, name: str, given: Any, known: Any, width: int, like: Array) -> _Half | None:
    """Return cues of one half, what is known of them, and whether it was a single one; None where not given."""
    if given is None:
        if known is not None:
            raise InvalidArgument(f"{who}: known_{name} must come with {name}; got it alone. Pass {name}= too.")
        return None
    rows, single = check_rows(who, name, given, width, like)
    everything = namespace(rows).ones(rows.shape, dtype=namespace(rows).bool, device=device(rows))
    mask = everything if known is None else check_mask(who, f"known_{name}", known, rows)
    check_values(who, name, rows, mask, Binary())
    return rows, mask, single


def _nothing(rows: int, width: int, like: Array) -> _Half:
    """Return a half of which nothing is known."""
    xp = namespace(like)
    blank = xp.zeros((rows, width), dtype=xp.int8, device=device(like))
    return blank, xp.zeros((rows, width), dtype=xp.bool, device=device(like)), True


def _concatenate(left: Array, right: Array) -> Array:
    """Return [left | right] in the wider dtype; whole numbers beside floats become floats."""
    xp = namespace(left, right)
    floats = [half.dtype for half in (left, right) if xp.isdtype(half.dtype, "real floating")]
    dtype = xp.result_type(*(floats or [left.dtype, right.dtype]))
    return xp.concat([xp.astype(left, dtype), xp.astype(right, dtype)], axis=-1)
