r"""The model of a sequence memory: at each pattern the state is sent on to the next one, all neurons at once.

    s_i ← sign Σ_μ ξ_σ(μ),i f(m_μi)                                         m_μi = Σ_{j≠i} ξ_μj s_j
    s_i ← sign Σ_μ [ξ_μi f_S(m_μi) + λ ξ_σ(μ),i f(m̄_μi)]                    s̄ = the mean of the last τ states

σ(μ) is the pattern after μ: the last of a sequence is its own successor, or has the first as its successor. With delay
the state holds the last τ states, newest first, W = N τ; before the cue there were none, which pulls on nothing. A
sum of zero keeps the neuron's value. Nothing here descends an energy: the couplings from ξ_μ to ξ_σ(μ) are one-way.

Source: Sompolinsky & Kanter 1986, PRL 57:2861; Chaudhry et al. 2023, arXiv:2306.04532.
Shapes: state (B, W), visible (B, N); h (B, K); successors are positions (K,).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, cast

from mnemonist._array import Array, beside, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.core.separation import AdditiveSeparation, Summary
from mnemonist.errors import NoEnergy
from mnemonist.memories.no_self_coupling import Comparison, IndependentOverlaps, Overlaps
from mnemonist.readout.reader import Reader
from mnemonist.stores.protocol import Store


@dataclass(frozen=True)
class Delay:
    """How a sequence lingers: τ `width` in updates, λ `strength` of a transition, f_S of the pull to stay."""

    width: int
    strength: float
    hold: AdditiveSeparation


@dataclass(frozen=True, eq=False)
class Transitions:
    """A reader of the patterns, by which a visible state is told too, the position of each one's successor, and how
    they are compared; `delay` is None where none lingers.
    """

    reader: Reader
    successors: Array
    pseudo_inverse: bool = False
    delay: Delay | None = None

    has_energy: ClassVar[bool] = False
    descends: ClassVar[bool] = False
    single_step: ClassVar[bool] = False

    @property
    def neurons(self) -> Neurons:
        """±1."""
        return Binary()

    @property
    def separation(self) -> AdditiveSeparation:
        """How overlaps become weights."""
        return cast(AdditiveSeparation, self.reader.separation)

    @property
    def patterns(self) -> Store:
        """The patterns of all sequences."""
        return self.reader.patterns

    @property
    def like(self) -> Array:
        """Cues must be of the library, device and width of the patterns."""
        return self.patterns.like

    @property
    def batch_size(self) -> int:
        """How many cues to move together in bounded memory."""
        return self._compared.batch_size

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues, 0 where unknown; behind them, of a memory with delay, the states before: none."""
        xp = namespace(cues, self.like)
        x = xp.astype(cues, self.neurons.dtype(cues, self.like))
        x = x if known is None else xp.where(known, x, xp.zeros_like(x))
        earlier = 0 if self.delay is None else self.delay.width - 1
        return xp.concat([x, *[xp.zeros_like(x)] * earlier], axis=-1)

    def visible(self, state: Array) -> Array:
        """Return the newest state (B, N)."""
        return state[:, : self.like.shape[-1]]

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after one update of all; an undecided neuron pulls on nothing, which `cue_mask` says too."""
        xp, now = namespace(state), self.visible(state)
        pull = self.pull(state)
        moves = self.visible(movable) & (pull != 0)
        new = xp.where(moves, xp.astype(xp.sign(pull), state.dtype), now)
        return xp.concat([new, state[:, : -now.shape[-1]]], axis=-1)

    def pull(self, state: Array) -> Array:
        """Return what pulls at each neuron (B, N), in any one unit per state; 0 where it is 0 to rounding."""
        xp = namespace(state)
        now = xp.astype(self.visible(state), xp.float64)
        if self.delay is None:
            readout = self._compared.read(self.separation, now, 1, self._next)
            pull, size = readout.pull, readout.mass
        else:
            pull, size = self._mixed(now, xp.astype(state, xp.float64), self.delay)
        return xp.where(xp.abs(pull) > self._compared.rounding * size, pull, xp.zeros_like(pull))

    def _mixed(self, now: Array, state: Array, delay: Delay) -> tuple[Array, Array]:
        """Return the pull to stay plus λ times that to move on (B, N), and its size."""
        xp, read = namespace(state), self._compared.read
        total = xp.sum(xp.reshape(state, (state.shape[0], delay.width, now.shape[-1])), axis=1)
        stay, move = read(delay.hold, now, 1, self._rows), read(self.separation, total, delay.width, self._next)
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
        whole = namespace(stay.peak).full_like(stay.peak[:, None], max(1, self.like.shape[-1] - 1))
        return _unit(hold, stay, whole), _unit(self.separation, move, whole)

    @cached_property
    def _compared(self) -> Comparison:
        return (IndependentOverlaps if self.pseudo_inverse else Overlaps)(self._rows)

    @cached_property
    def _next(self) -> Array:
        """The successor of each pattern (K, N)."""
        return namespace(self._rows).take(self._rows, beside(self.successors, self._rows), axis=0)

    @cached_property
    def _rows(self) -> Array:
        return self.patterns.block().rows

    # --- the energy there is not ---------------------------------------------------------------------------------

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Refuse: one-way couplings have none."""
        raise NoEnergy(
            "SequenceMemory.energy: the couplings must be mutual; those from a pattern to the next are one-way, so a "
            "sequence memory has no energy. See replay for where a state goes."
        )


def _unit(separation: AdditiveSeparation, summary: Summary, whole: Array) -> Array:
    """Return the factor (B, 1) from the scale of a summary to that in which the score `whole` (B, 1) weighs 1."""
    unit = separation.summary(whole)
    return separation.rescale(summary, unit)[:, None] / separation.scaled(whole, unit)
