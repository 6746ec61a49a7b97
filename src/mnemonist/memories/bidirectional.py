r"""Bidirectional memories: pairs of patterns, each recalled from the other.

    Kosko's        E(x, y) = −Σ_μ (x·ξ_μ)(y·η_μ) = −xᵀMy,   M = Σ_μ ξ_μ η_μᵀ
    dense          E(x, y) = −Σ_μ F(x·ξ_μ + y·η_μ)                            F as of a separation

The halves x (B, N) and y (B, M) move in turn until neither does, and the energy never rises. Kosko's bound of min(N, M)
pairs is far above what random pairs allow, which is about min(N, M)/10; on the joint overlap with F = exp, halves of 50
neurons recall any of 5000 pairs.

Source: Kosko 1988, IEEE SMC 18:49; the dense one after Krotov & Hopfield 2016, arXiv:1606.01164.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Binary
from mnemonist.core.number import check_flag
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.bidirectional import Bidirectional
from mnemonist.errors import EmptyMemory, InvalidArgument, Renamed
from mnemonist.memories.compatibility import check_parts
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.networks.hebb import Pairs
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.recall.checks import check_mask, check_rows, check_values
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


class BidirectionalMemory:
    """A memory of pairs of ±1 patterns, left (K, N) and right (K, M).

    Kosko's by a matrix, unless a separation is given: then the dense memory on the joint overlap; `Softmax(1.0)` makes
    the exponential one.

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
        self._separation = separation
        self._widths: tuple[int, int] | None = None
        self._joint: HopfieldNetwork | AssociativeMemory | None = None

    @property
    def separation(self) -> Separation | None:
        """How sharply pairs are told apart; None for Kosko's, which adds them up."""
        return self._separation

    @property
    def joint(self) -> HopfieldNetwork | AssociativeMemory:
        """The memory of [left | right] that all is asked of. Raises `EmptyMemory` if nothing was stored."""
        if self._joint is None:
            raise EmptyMemory("BidirectionalMemory: the memory must hold pairs; it is empty. Call store first.")
        return self._joint

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        return np.empty(0, np.int64) if self._joint is None else self._joint.ids

    @property
    def patterns(self) -> tuple[Array, Array]:
        """The stored halves, left (K, N) and right (K, M), in the order of `ids`; copies."""
        return self._halves(self.joint.patterns)

    def __len__(self) -> int:
        return 0 if self._joint is None else len(self._joint)

    def __repr__(self) -> str:
        what = "" if self._separation is None else f"{self._separation}"
        held = (
            f"  # K={len(self)}, N={self._widths[0]}, M={self._widths[1]}"
            if self._widths and len(self)
            else "  # empty"
        )
        return f"BidirectionalMemory({what}){held}"

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, left: Any, right: Any) -> Ids:
        """Store pairs left (K, N) and right (K, M), or one of (N,) and (M,); return their ids (K,).

        Raises `InvalidArgument` where they are not as many, or not as wide as those before; nothing is stored then.
        """
        who, widths = "BidirectionalMemory.store", self._widths or (None, None)
        first, _ = check_rows(who, "left", left, widths[0])
        second, _ = check_rows(who, "right", right, widths[1], first)
        for name, half in (("left", first), ("right", second)):
            check_values(who, name, half, None, Binary())
        if first.shape[0] != second.shape[0]:
            raise InvalidArgument(
                f"{who}: left and right must have one row per pair; got {first.shape[0]} and {second.shape[0]}. "
                "Pass as many of one as of the other."
            )
        joint = self._joint or self._made(first.shape[1])
        ids = joint.store(_concatenate(first, second))
        self._joint, self._widths = joint, (first.shape[1], second.shape[1])
        return ids

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        self.joint.forget(ids)

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
        who, joint = "BidirectionalMemory.recall", self.joint
        check_flag(who, "clamped", clamped)
        assert self._widths is not None  # something was stored
        if left is None and right is None:
            raise InvalidArgument(f"{who}: left or right must be given; got neither. Pass the half that you know.")
        like = joint.landscape.like
        first = _half(who, "left", left, known_left, self._widths[0], like)
        second = _half(who, "right", right, known_right, self._widths[1], like)
        rows = max(half[0].shape[0] for half in (first, second) if half is not None)
        (x, known_x, single), (y, known_y, other) = (
            half or _nothing(rows, width, like) for half, width in zip((first, second), self._widths, strict=True)
        )
        if x.shape[0] != y.shape[0]:
            raise InvalidArgument(
                f"{who}: left and right must have one row per cue; got {x.shape[0]} and {y.shape[0]}. "
                "Pass as many of one as of the other."
            )
        xp = namespace(x, y)
        known = xp.concat([known_x, known_y], axis=-1)
        recall = joint.recall(
            _concatenate(x, y), known=known, clamped=known if clamped else False,
            dynamics=Bidirectional(self._widths[0], forward=left is not None),
            max_steps=max_steps, rng=rng, trace=trace,
        )  # fmt: skip
        recall = recall[0] if single and other else recall
        return PairRecall(*self._halves(recall.state), recall)

    def energy(self, left: Any, right: Any) -> Array:
        """Return E (B,) of pairs of states (B, N) and (B, M), or one number of a single pair, in float64."""
        who, joint = "BidirectionalMemory.energy", self.joint
        assert self._widths is not None  # something was stored
        x, single = check_rows(who, "left", left, self._widths[0], joint.landscape.like)
        y, _ = check_rows(who, "right", right, self._widths[1], joint.landscape.like)
        for name, half in (("left states", x), ("right states", y)):
            check_values(who, name, half, None, Binary())
        if x.shape[0] != y.shape[0]:
            raise InvalidArgument(
                f"{who}: left and right must have one row per pair; got {x.shape[0]} and {y.shape[0]}. "
                "Pass as many of one as of the other."
            )
        energy = joint.energy(_concatenate(x, y))
        return energy[0] if single else energy

    def _halves(self, both: Array) -> tuple[Array, Array]:
        assert self._widths is not None  # something was stored
        return both[..., : self._widths[0]], both[..., self._widths[0] :]


_Half = tuple[Array, Array, bool]


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
