r"""The model of a sequence memory: at each pattern the state is sent on to the next one, all neurons at once.

    s_i ← sign Σ_μ ξ_σ(μ),i f(m_μi)                                         m_μi = Σ_{j≠i} ξ_μj s_j
    s_i ← sign Σ_μ [ξ_μi f_S(m_μi) + λ ξ_σ(μ),i f(m̄_μi)]                    s̄ = the mean of the last τ states

σ(μ) is the pattern after μ: the last of a sequence is its own successor, or has the first as its successor. With delay
the state holds the last τ states, newest first, W = N τ; before the cue there were none, which pulls on nothing. A
sum of zero keeps the neuron's value. Nothing here descends an energy: the couplings from ξ_μ to ξ_σ(μ) are one-way.

Source: Sompolinsky & Kanter 1986, PRL 57:2861; Chaudhry et al. 2023, arXiv:2306.04532.
Shapes: state (B, W), visible (B, N); h (B, K); successors are positions (K,).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from mnemonist._array import Array, beside, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.core.separation import AdditiveSeparation, Reading, Summary
from mnemonist.core.similarity import Dot
from mnemonist.dynamics.model import FlowModel
from mnemonist.errors import IllegalCombination, NoEnergy
from mnemonist.memories.landscape import Landscape
from mnemonist.memories.no_self_coupling import Comparison, IndependentOverlaps, Overlaps
from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Patterns


@dataclass(frozen=True)
class Delay:
    """How a sequence lingers: τ `width` in updates, λ `strength` of a transition, f_S of the pull to stay."""

    width: int
    strength: float
    hold: AdditiveSeparation


@dataclass(frozen=True, eq=False)
class Transitions:
    """Patterns, the position of each one's successor, and how they are compared; `delay` is None where none lingers."""

    separation: AdditiveSeparation
    patterns: Patterns
    successors: Array
    pseudo_inverse: bool = False
    delay: Delay | None = None

    has_energy: ClassVar[bool] = False
    descends: ClassVar[bool] = False
    one_step: ClassVar[bool] = False
    by_overlap: ClassVar[bool] = True
    executor: ClassVar[None] = None

    @property
    def neurons(self) -> Neurons:
        """±1."""
        return Binary()

    @property
    def example(self) -> Array:
        """The rows: cues must be of their library, device and width."""
        return self.patterns.example

    @property
    def currents(self) -> FlowModel:
        """Refuse: discrete neurons have none."""
        raise IllegalCombination(f"Transitions.currents: the neurons must be continuous; got {self.neurons}.")

    @property
    def cues_at_once(self) -> int:
        """How many cues to move together in bounded memory."""
        return min(self._memories.cues_at_once, self._compared.cues_at_once)

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues, 0 where unknown; behind them, of a memory with delay, the states before: none."""
        x = self._memories.start(cues, known)
        earlier = 0 if self.delay is None else self.delay.width - 1
        return namespace(x).concat([x, *[namespace(x).zeros_like(x)] * earlier], axis=-1)

    def visible(self, state: Array) -> Array:
        """Return the newest state (B, N)."""
        return state[:, : self.example.shape[-1]]

    def step(self, state: Array, free: Array, *, compare: Array | None = None) -> Array:
        """Return the state after one update of all; an undecided neuron pulls on nothing, so `compare` adds nothing."""
        xp, now = namespace(state), self.visible(state)
        pull = self.pull(state)
        moves = self.visible(free) & (pull != 0)
        new = xp.where(moves, xp.astype(xp.sign(pull), state.dtype), now)
        return xp.concat([new, state[:, : -now.shape[-1]]], axis=-1)

    def pull(self, state: Array) -> Array:
        """Return what pulls at each neuron (B, N), in any one unit per state; 0 where it is 0 to rounding."""
        xp = namespace(state)
        now = xp.astype(self.visible(state), xp.float64)
        if self.delay is None:
            reading = self._compared.read(self.separation, now, 1, self._next)
            pull, size = reading.pull, reading.mass
        else:
            pull, size = self._mixed(now, xp.astype(state, xp.float64), self.delay)
        return xp.where(xp.abs(pull) > self._compared.rounding * size, pull, xp.zeros_like(pull))

    def _mixed(self, now: Array, state: Array, delay: Delay) -> tuple[Array, Array]:
        """Return the pull to stay plus λ times that to move on (B, N), and its size."""
        xp, read = namespace(state), self._compared.read
        total = xp.sum(xp.reshape(state, (state.shape[0], delay.width, now.shape[-1])), axis=1)
        stay, move = read(delay.hold, now, 1, self.example), read(self.separation, total, delay.width, self._next)
        a, b = self._units(stay.summary, move.summary, delay.hold)
        b = delay.strength * b
        return a * stay.pull + b * move.pull, a * stay.mass + b * move.mass

    def _units(self, stay: Summary, move: Summary, hold: AdditiveSeparation) -> tuple[Array, Array]:
        """Return the factors (B, 1) that bring both readings to the unit f(a whole overlap) = 1, or to one multiple.

        A multiple where f_S = f: then neither vanishes, however far the state is from all patterns.
        """
        if hold == self.separation:
            shared = hold.merge(stay, move)
            return hold.rescale(stay, shared)[:, None], hold.rescale(move, shared)[:, None]
        whole = namespace(stay.peak).full_like(stay.peak[:, None], max(1, self.example.shape[-1] - 1))
        return _unit(hold, stay, whole), _unit(self.separation, move, whole)

    @cached_property
    def _compared(self) -> Comparison:
        return (IndependentOverlaps if self.pseudo_inverse else Overlaps)(self.example)

    @cached_property
    def _next(self) -> Array:
        """The successor of each pattern (K, N)."""
        return namespace(self.example).take(self.example, beside(self.successors, self.example), axis=0)

    # --- the energy there is not ---------------------------------------------------------------------------------

    def energy(self, state: Array) -> Array:
        """Refuse: one-way couplings have none."""
        raise NoEnergy(
            "SequenceMemory.energy: the couplings must be mutual; those from a pattern to the next are one-way, so a "
            "sequence memory has no energy. See replay for where a state goes."
        )

    def energy_from(self, state: Array, summary: Summary) -> Array:
        """Refuse: one-way couplings have none."""
        return self.energy(state)

    def force(self, state: Array) -> Array:
        """Refuse: discrete neurons have no slope to follow."""
        raise IllegalCombination(f"Transitions.force: the neurons must be continuous; got {self.neurons}.")

    # --- reading the patterns ------------------------------------------------------------------------------------

    @cached_property
    def _memories(self) -> Landscape:
        """The same patterns as memories of their own, by which a visible state is told."""
        return Landscape(Dot(), self.separation, Binary(), self.patterns)

    def scored(self, state: Array) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block), plain overlaps of visible states, some patterns at a time."""
        return self._memories.scored(state)

    def look(self, state: Array) -> None:
        """Leave it to scores and closeness."""

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest at the nearest pattern."""
        return self._memories.closeness(state, h, block)

    def whole_summary(self, state: Array, *, dtype: Any = None) -> Summary | None:
        """Return the summary of all scores, where the separation cannot read without."""
        return self._memories.whole_summary(state, dtype=dtype)

    def together(self, one: Reading, other: Reading) -> Reading:
        """Return the reading of two runs of patterns together."""
        return self._memories.together(one, other)

    def weights(self, state: Array) -> Array:
        """Return f / Σ |f| (B, K) of the overlaps, or (K,) of a single state."""
        return self._memories.weights(state)


def _unit(separation: AdditiveSeparation, summary: Summary, whole: Array) -> Array:
    """Return the factor (B, 1) from the scale of a summary to that in which the score `whole` (B, 1) weighs 1."""
    unit = separation.summary(whole)
    return separation.rescale(summary, unit)[:, None] / separation.scaled(whole, unit)
