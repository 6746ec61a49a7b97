r"""The model that a weight matrix makes: neurons that follow their local field.

    h_i = Σ_j W_ij s_j + b_i        E(s) = −½ sᵀWs − bᵀs        E(s_i = v) − E(s_i = u) = −(v − u) h_i

The last holds because W_ii = 0 here; a W_ii < 0 could raise the energy of a neuron that follows its field. A symmetric
W never raises E one neuron at a time, and all at once it rests or goes to and fro between two states. An asymmetric W
has no energy: its neurons follow the same field, and may go round for ever.

Graded neurons V = tanh(λ u) move in continuous time, τ du/dt = W V + b − u, with A(V) of `graded` added to E; nonzero
attractors need λ times the largest eigenvalue of W above 1. As E is (1 + λ ω)-smooth relative to A, ω = −min eig W,
a step up to τ/(1 + λ ω) never raises it. All at once, V ← tanh(λ (W V + b)), may raise it, and go to and fro.

Source: Hopfield 1982, PNAS 79:2554; Hopfield 1984, PNAS 81:3088; Goles-Chacc et al. 1985.
Shapes: weights (N, N); bias (N,); state (B, N).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Neurons, Sparse
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.separation import Reading, Separation, Summary
from mnemonist.core.similarity import Euclidean
from mnemonist.dynamics.currents import Currents
from mnemonist.errors import IllegalCombination, NoEnergy
from mnemonist.networks.fields import FieldSites
from mnemonist.networks.integer_weights import Whole, whole
from mnemonist.recall.result import normalised
from mnemonist.stores.block import Block
from mnemonist.stores.protocol import Patterns

ROUNDING = 8 * 2.0**-52
_WORTH_IT = 2**22  # products of which fields are worth a look at whether the weights are whole


@dataclass(frozen=True, eq=False)
class Couplings:
    """Weights with a zero diagonal, bias, neurons, and the patterns stored in them, to tell states apart by.

    `rounding` is the share of Σ_j |W_ij| within which a field counts as zero. A recall's weights are those of the
    classical network: overlaps, which 0/1 neurons count where they are positive.
    """

    matrix: Array
    bias: Array
    symmetric: bool
    neurons: Neurons
    patterns: Patterns
    rounding: float = ROUNDING

    executor = None

    @property
    def has_energy(self) -> bool:
        """Whether W is symmetric."""
        return self.symmetric

    @property
    def descends(self) -> bool:
        """Whether moving one neuron at a time, or flowing, promises not to raise the energy."""
        return self.symmetric

    @property
    def one_step(self) -> bool:
        """Never: couplings without an energy are followed too."""
        return False

    @property
    def by_overlap(self) -> bool:
        """Always: the weights of a quadratic energy are too even to tell one memory from a few."""
        return True

    @property
    def cues_at_once(self) -> int | None:
        """All of them: a cue carries N fields along."""
        return None

    @property
    def example(self) -> Array:
        """The weights: cues must be of their library, device and width."""
        return self.matrix

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues as floats, undecided or 0 where unknown."""
        xp = namespace(cues)
        x = xp.astype(cues, self.neurons.dtype(cues, *([self.patterns.example] if len(self.patterns) else [])))
        return x if known is None else xp.where(known, x, xp.full_like(x, self.neurons.rest))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, free: Array, *, compare: Array | None = None) -> Array:
        """Return the state after every free neuron followed its field at once; an undecided one pulls on nothing."""
        if not self.neurons.discrete:
            return namespace(state).where(free, self._graded.activation(self.target(state)), state)
        xp, (low, high) = namespace(state), self.neurons.levels
        numbers = self._whole(state)
        fields, ties = (self.fields(state), self.ties) if numbers is None else (numbers.fields(state), numbers.ties)
        up, down = free & (fields > ties), free & (fields < -ties)
        return xp.where(up, xp.full_like(state, high), xp.where(down, xp.full_like(state, low), state))

    def fields(self, state: Array) -> Array:
        """Return h (B, N) in float64."""
        xp = namespace(state)
        if (numbers := self._whole(state)) is not None:
            return xp.astype(numbers.fields(state), xp.float64) * numbers.unit
        return xp.astype(state, xp.float64) @ self.matrix.T + self.bias

    def _whole(self, state: Array) -> Whole | None:
        """Return the weights as whole numbers, where they are and that saves time."""
        fits = self.neurons.levels == (-1.0, 1.0) and state.shape[0] * self.matrix.shape[0] ** 2 >= _WORTH_IT
        return self._wholes if fits else None

    @cached_property
    def _wholes(self) -> Whole | None:
        return whole(self.matrix, self.bias)

    @cached_property
    def columns(self) -> Array:
        """The weights by column (N, N): what a flip of a neuron adds to the field of every other."""
        columns = namespace(self.matrix).empty_like(self.matrix)
        columns[:, :] = self.matrix.T  # side by side, which a copy of the transpose need not be
        return columns

    @cached_property
    def ties(self) -> Array:
        """The size (N,) of a field within rounding of zero."""
        xp = namespace(self.matrix)
        reach = max(abs(level) for level in self.neurons.levels)
        return self.rounding * (reach * xp.sum(xp.abs(self.matrix), axis=-1) + xp.abs(self.bias))

    def sites(self, state: Array) -> FieldSites:
        """Begin a sweep at a state (B, N)."""
        if (numbers := self._whole(state)) is None:
            return FieldSites(self.columns, self.ties, self.fields(state), state, self.neurons)
        return FieldSites(
            numbers.columns, numbers.ties, numbers.fields(state), state, self.neurons,
            unit=numbers.unit, keep=numbers.kept.keep,
        )  # fmt: skip

    # --- the energy ----------------------------------------------------------------------------------------------

    def energy(self, state: Array) -> Array:
        """Return E (B,) in float64."""
        if not self.symmetric:
            raise NoEnergy(
                "HopfieldNetwork.energy: the weights must be symmetric; an asymmetric network has no energy, and may "
                "cycle. Pass (W + W.T) / 2, or store with a symmetric rule."
            )
        xp = namespace(state)
        x = xp.astype(state, xp.float64)
        return self.neurons.energy(x) - xp.sum(x * (self.fields(state) + self.bias), axis=-1) / 2

    def energy_from(self, state: Array, summary: Summary) -> Array:
        """Return E (B,): it is made of the weights, not of scores."""
        return self.energy(state)

    def force(self, state: Array) -> Array:
        """Return −∂E/∂V (B, N) of graded neurons; discrete ones have no slope to follow."""
        if self.neurons.discrete or not self.symmetric:
            raise IllegalCombination(
                "Couplings.force: the neurons must be continuous, and the weights symmetric; got "
                f"{self.neurons}{'' if self.symmetric else ' and asymmetric weights'}. "
                "Use Glauber(temperature) for discrete neurons."
            )
        return self.target(state) - self._graded.current(state)

    # --- continuous time -----------------------------------------------------------------------------------------

    @cached_property
    def longest(self) -> float:
        """The time 1/(1 + λ ω), ω = −min eig W; 1 where there is no energy that could rise."""
        if not self.symmetric:
            return 1.0
        least = float(np.linalg.eigvalsh(to_numpy(self.matrix))[0])
        return 1 / (1 + self._graded.gain * max(0.0, -least))

    def target(self, state: Array, *, compare: Array | None = None) -> Array:
        """Return the fields (B, N) in the dtype of the state; a neuron at 0, unknown or not, pulls on nothing."""
        return namespace(state).astype(self.fields(state), state.dtype)

    @property
    def currents(self) -> Currents:
        """The model in continuous time."""
        return Currents(self._graded, self)

    @property
    def _graded(self) -> Graded:
        return cast(Graded, self.neurons)  # there are no other continuous ones

    # --- reading the patterns ------------------------------------------------------------------------------------

    @property
    def separation(self) -> Separation:
        """How overlaps become the weights of a recall: ±1 neurons store a pattern's mirror image too, 0/1 ones not."""
        return RectifiedPower(2) if isinstance(self.neurons, Sparse) else Power(2)

    def scored(self, state: Array) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block): overlaps of what state and pattern have above the value of an undecided neuron."""
        xp, rest = namespace(state), self.neurons.rest
        for tile in self.patterns.tiles() if len(self.patterns) else ():
            block = Block(tile.ids, xp.astype(tile.rows, state.dtype, copy=False), tile.known, tile.values)
            raised = block.rows - rest
            if block.known is not None:
                raised = xp.where(block.known, raised, xp.zeros_like(raised))
            yield (state - rest) @ raised.T, block

    def look(self, state: Array) -> None:
        """Leave it to scores and closeness."""

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest at the nearest pattern, per coordinate that it knows."""
        if not isinstance(self.neurons, Sparse):
            return block.per_known(h)  # from ±1 patterns all distances fall with h alike
        return block.per_known(Euclidean().careful_scores(state, block.rows, known=block.known))

    def whole_summary(self, state: Array, *, dtype: Any = None) -> None:
        """Return nothing: powers need one pass."""

    def together(self, one: Reading, other: Reading) -> Reading:
        """Return the reading of two runs of patterns together."""
        return self.separation.join(one, other)

    def weights(self, state: Array) -> Array:
        """Return the overlaps f / Σ |f| (B, K), or (K,) of a single state."""
        xp = namespace(state)
        none = xp.astype(state[..., :0], xp.float64)
        h = xp.concat([none, *(xp.astype(h, xp.float64) for h, _ in self.scored(state))], axis=-1)
        return normalised(self.separation.scaled(h, self.separation.summary(h)))


def zero_diagonal(weights: Array) -> Array:
    """Return the weights (N, N) without self-coupling."""
    xp = namespace(weights)
    off = beside(~np.eye(weights.shape[0], dtype=np.bool_), weights)
    return xp.where(off, weights, xp.zeros_like(weights))
