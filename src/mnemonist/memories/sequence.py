r"""The sequence memory: sequences of ±1 patterns, replayed from any place in them.

    s_i ← sign Σ_μ ξ_μ+1,i f(m_μi)                      m_μi = Σ_{j≠i} ξ_μj s_j        f = ∂L/∂h of a separation

A separation of degree n holds of the order of Nⁿ⁻¹ transitions (`theory.transition_capacity`); the papers' d is n − 1.
The pseudo-inverse compares with overlaps made independent of each other, so that alike patterns are kept apart. A
delay makes every pattern linger before the next.

Source: Chaudhry, Zavatone-Veth, Krotov & Pehlevan 2023, arXiv:2306.04532; Sompolinsky & Kanter 1986, PRL 57:2861.
Letters: K patterns in all, T in a sequence, N neurons, B cues.
"""

import math
from concurrent.futures import Executor
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.core.number import check_flag, check_number, check_whole
from mnemonist.core.separation import AdditiveSeparation, Separation
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, TooLarge, shown
from mnemonist.memories.automatic_beta import with_beta
from mnemonist.memories.compatibility import check_parts, largest_beta
from mnemonist.memories.forks import forks, warn_of
from mnemonist.memories.replay import Replay, replayed
from mnemonist.memories.textbook_scale import with_scale
from mnemonist.memories.transitions import Delay, Transitions
from mnemonist.readout.choice import reader_of
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.request import UNFAMILIAR, check_request
from mnemonist.recall.result import Recall
from mnemonist.recall.stored import describe_sequences
from mnemonist.stores.block import Ids
from mnemonist.stores.protocol import Store, ids_of

Sequence = tuple[Ids, bool]  # the ids (T,) of its patterns in their order, and whether the last leads to the first

_LONGEST = 2**20  # updates that a delay averages over: so many states are kept of each cue
_BYTES = 2**36  # that a replay may keep


class SequenceMemory(PatternMemory):
    """A memory of sequences of ±1 patterns; all neurons move at once, from each pattern to the one after it.

    `separation` is a Power, a RectifiedPower or Softmax: Power(2) is the linear network, Softmax(1.0) the exponential
    one. `pseudo_inverse` keeps correlated patterns apart, if they are linearly independent. With `delay`, a number of
    updates τ, the memory also pulls back to each pattern, by `hold`, a separation too (the same unless given), and on
    to the next `strength` times as strongly as the mean of the last τ states is like it. Under Power(2) and Power(3) a
    pattern lingers for about τ/2 (1 + 1/strength) updates, under sharper ones for up to τ, and for ever below 1.

    Raises `IllegalCombination` where the parts make no model.

    >>> import mnemonist as mn
    >>> memory = mn.SequenceMemory(mn.Power(3))
    >>> memory.store([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1]])
    array([0, 1, 2])
    >>> memory.replay([1, 1, 1, 1], steps=4).nearest
    array([0, 1, 2, 2, 2])
    >>> memory.recall([1, 1, 1, -1], known=[True, True, True, False])
    Recall(memory: nearest id 2, overlap 1.000; converged after 3 steps)
    """

    saved_as = "sequence"

    def __init__(
        self, separation: Separation, *, pseudo_inverse: bool = False, delay: int | None = None,
        strength: float | None = None, hold: Separation | None = None,
    ) -> None:  # fmt: skip
        who = "SequenceMemory"
        for name, part in (("separation", separation), ("hold", separation if hold is None else hold)):
            _check_separation(name, part)
        check_flag(who, "pseudo_inverse", pseudo_inverse)
        if delay is None and (strength is not None or hold is not None):
            raise IllegalCombination(f"{who}: strength and hold need a delay; got none. Pass delay=8.")
        if delay is not None:
            delay = check_whole(who, "delay", delay, least=1, most=_LONGEST)
            check_number(who, "strength", 2.5 if strength is None else strength, least=0)
        super().__init__()
        self._separation, self._pseudo_inverse = separation, pseudo_inverse
        self._delay, self._strength, self._hold = delay, 2.5 if strength is None else strength, hold

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def neurons(self) -> Neurons:
        """±1."""
        return Binary()

    @property
    def default_dynamics(self) -> Dynamics:
        """All neurons at once: a sequence keeps step."""
        return Synchronous()

    @property
    def delay(self) -> int | None:
        """Over how many updates the way on is averaged; None where every pattern is followed at once."""
        return self._delay

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """The papers it comes from, by their keys in the bibliography; a delay is older than the rest."""
        return ("chaudhry2023",) if self._delay is None else ("sompolinsky1986", "kleinfeld1986", "chaudhry2023")

    @property
    def sequences(self) -> tuple[Ids, ...]:
        """The ids (T,) of each sequence, in their order."""
        return tuple(ids.copy() for ids, _ in _sequences(self._contents))

    @property
    def landscape(self) -> Transitions:
        """The frozen model of the present sequences, for `dynamics`. Raises `EmptyMemory` if there are none."""
        return self._contents.model(self._make)

    def _make(self, contents: Contents) -> Transitions:
        contents.require()
        patterns = contents.patterns
        separation, hold = (_number(part, patterns) for part in (self._separation, self._hold or self._separation))
        delay = None if self._delay is None else Delay(self._delay, self._strength, hold)
        reader = reader_of(Dot(), separation, Binary(), patterns)
        if found := self._forks(contents):
            warn_of(found)
        return Transitions(reader, _successors(contents), self._pseudo_inverse, delay)

    @property
    def forks(self) -> tuple[Ids, ...]:
        """The ids of equal patterns that are followed by different ones, from which no replay gets on; O(K N).

        The first recall or replay after such a `store` warns of them.

        >>> import mnemonist as mn
        >>> memory, (a, b, c) = mn.dense_sequence(), ([1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1])
        >>> _ = memory.store([a, b, a, c])
        >>> memory.forks
        (array([0, 2]),)
        """
        return self._forks(self._contents)

    def _forks(self, contents: Contents) -> tuple[Ids, ...]:
        if not len(contents):
            return ()
        return forks(contents.patterns.block(), _successors(contents), mirrored=self._separation.even)

    def __repr__(self) -> str:
        told = [f"{self._separation}"]
        told += ["pseudo_inverse=True"] if self._pseudo_inverse else []
        if self._delay is not None:
            told += [f"delay={self._delay}", f"strength={self._strength}"]
            told += [] if self._hold is None else [f"hold={self._hold}"]
        return f"SequenceMemory({', '.join(told)}){self._contents}"

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(
        self, patterns: Any, *, cyclic: bool = False, values: Any = None, known: Any = None, strength: Any = None
    ) -> Ids:
        """Store a sequence of patterns (T, N), in their order, beside those there are; return their ids (T,).

        A `cyclic` sequence goes on from its last pattern to its first; otherwise the last one stays. A pattern that
        occurs twice is sent on to both successors at once and gets to neither: `forks` names such, and the first
        replay warns of them. Give each a part of its own, such as its place. `values` and `known` are as in
        `AssociativeMemory.store`. Raises `InvalidArgument`, with pseudo_inverse for patterns that are not linearly
        independent, and stores nothing then.
        """
        check_flag("SequenceMemory.store", "cyclic", cyclic)
        return self._store(patterns, values=values, known=known, strength=strength, cyclic=cyclic)

    def forget(self, ids: Any) -> None:
        """Remove whole sequences, by the ids of all their patterns: `memory.forget(memory.sequences[0])`.

        Part of a sequence is an `InvalidArgument`, an unknown id an `UnknownId`; nothing is forgotten then.
        """
        super().forget(ids)

    def _described(self, inventory: Inventory) -> Description:
        return super()._described(inventory) | {
            "separation": inventory.part("separation", self._separation),
            "hold": None if self._hold is None else inventory.part("hold", self._hold),
            "pseudo_inverse": self._pseudo_inverse,
            "delay": inventory.value("delay", self._delay),
            "strength": inventory.value("strength", self._strength),
            "sequences": describe_sequences(inventory, _sequences(self._contents)),
        }

    def _learn(
        self, contents: Contents, rows: Array, known: Array | None, *, cyclic: bool = False
    ) -> tuple[Sequence, ...]:
        if self._pseudo_inverse:
            self._check_independent(contents, rows, known)
        new = contents.patterns.next_id
        return (*_sequences(contents), (np.arange(new, new + rows.shape[0], dtype=np.int64), cyclic))

    def _check_independent(self, contents: Contents, rows: Array, known: Array | None) -> None:
        """Refuse patterns whose overlaps cannot be inverted."""
        if known is not None:
            raise IllegalCombination(
                "SequenceMemory.store: known must be True everywhere with pseudo_inverse, which needs whole patterns; "
                "got one with a hole. Leave pseudo_inverse out."
            )
        xp = namespace(rows)
        every = xp.astype(rows, xp.float64)
        if len(contents):
            every = xp.concat([xp.astype(contents.patterns.block().rows, xp.float64), every], axis=0)
        rank = int(xp.linalg.matrix_rank(every))
        if rank < every.shape[0]:
            raise InvalidArgument(
                "SequenceMemory.store: patterns must be linearly independent with pseudo_inverse, so at most N = "
                f"{every.shape[1]} in all, for it inverts their overlaps; got {every.shape[0]} of which {rank} are. "
                "Leave some out, or pseudo_inverse."
            )

    def _unlearn(self, contents: Contents, positions: Any) -> tuple[Sequence, ...]:
        gone = set(contents.patterns.ids_at(np.atleast_1d(positions)).tolist())
        for ids, _ in _sequences(contents):
            count = len(gone.intersection(ids.tolist()))
            if 0 < count < len(ids):
                raise InvalidArgument(
                    f"SequenceMemory.forget: ids must be those of whole sequences; got {count} of the {len(ids)} of "
                    f"the sequence {ids[0]} … {ids[-1]}. Pass one of memory.sequences."
                )
        return tuple(held for held in _sequences(contents) if held[0][0] not in gone)

    # --- recall --------------------------------------------------------------------------------------------------

    def recall(
        self, cues: Any, *, known: Any = None, clamped: Any = None, dynamics: Dynamics | None = None,
        max_steps: int = 1000, tol: float | None = None, rng: Any = None, trace: bool = False,
        executor: Executor | None = None, unfamiliar: float | None = UNFAMILIAR,
    ) -> Recall:  # fmt: skip
        """Recall from cues (B, N), or one (N,): follow each to the end of its sequence, where it rests, or round it.

        Arguments are as in `AssociativeMemory.recall`, but nothing is clamped unless you say so, for what is clamped
        cannot move on. A cyclic sequence ends with outcome CYCLE and, without delay, its length as the period.
        """
        return super().recall(
            cues, known=known, clamped=False if clamped is None else clamped, dynamics=dynamics,
            max_steps=max_steps, tol=tol, rng=rng, trace=trace, executor=executor, unfamiliar=unfamiliar,
        )  # fmt: skip

    def replay(self, cues: Any, *, steps: int, known: Any = None, clamped: Any = None) -> Replay:
        """Return the states that follow cues (B, N), or one (N,), over this many updates, and what each of them is.

        `known` and `clamped` are as in `recall`. Costs O(B K N) an update, and keeps B (steps + 1) N numbers.
        """
        model, names = self._present()
        who = self._who("replay")
        count = check_whole(who, "steps", steps, least=0, fix="0 returns the start.")
        cues, known, clamped = self._cues("replay", cues, known, clamped, model, names)
        request = check_request(
            who, model, cues, known=known, clamped=False if clamped is None else clamped,
            dynamics=Synchronous(), max_steps=count, tol=None, rng=None, trace=False,
        )  # fmt: skip
        if (kept := (count + 1) * math.prod(request.cues.shape) * 4) > _BYTES:
            error: TooLarge = TooLarge(
                f"{who}: steps must be so few that all states fit into {_BYTES >> 30} GiB; got {count}, whose states "
                f"take {kept >> 30}. Pass fewer, or recall, which keeps none."
            )
            raise error
        return replayed(model, request)


def _sequences(contents: Contents) -> tuple[Sequence, ...]:
    """Return the sequences that a memory has learned."""
    return () if contents.learned is None else cast(tuple[Sequence, ...], contents.learned)


def _successors(contents: Contents) -> Ids:
    """Return the position of the pattern after each (K,); the last of a sequence that ends is its own."""
    held, after = ids_of(contents.patterns), np.empty(len(contents), np.int64)
    for ids, cyclic in _sequences(contents):
        place = np.searchsorted(held, ids)
        after[place] = np.append(place[1:], place[0] if cyclic else place[-1])
    return after


def _check_separation(name: str, part: Any) -> None:
    """Refuse what cannot weigh the patterns of ±1 states one by one."""
    if not isinstance(part, AdditiveSeparation):
        raise InvalidType(
            f"SequenceMemory: {name} must be a Power, a RectifiedPower or Softmax, which weigh each pattern by its own "
            f"overlap; got {shown(part)}. Pass Power(3)."
        )
    check_parts(Dot(), part, Binary())


def _number(separation: Separation, patterns: Store) -> AdditiveSeparation:
    """Return the separation with its beta and scale numbers; `check_parts` has let only additive ones pass."""
    scaled = with_scale(separation, patterns.like.shape[-1])
    return cast(AdditiveSeparation, with_beta(scaled, Dot(), Binary(), patterns, largest_beta(Binary())))
