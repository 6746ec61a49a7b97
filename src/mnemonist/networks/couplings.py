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

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, cast

import numpy as np

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Neurons
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.separation import Separation, Summary
from mnemonist.core.similarity import CentredDot, Dot, Euclidean
from mnemonist.dynamics.currents import Currents
from mnemonist.errors import IllegalCombination, NoEnergy
from mnemonist.networks.fields import FieldSites
from mnemonist.networks.integer_weights import IntegerWeights, integer_weights
from mnemonist.readout.nearness import Nearness
from mnemonist.readout.reader import Reader
from mnemonist.stores.protocol import Store

ROUNDING = 8 * 2.0**-52
_WORTH_IT = 2**22  # products of which fields are worth a look at whether the weights are whole


@dataclass(frozen=True, eq=False)
class Couplings:
    """Weights with a zero diagonal, bias, neurons, and a reader of the patterns stored in them, to tell states by.

    `rounding` is the share of Σ_j |W_ij| within which a field counts as zero. A recall's weights are those of the
    classical network: overlaps, which 0/1 neurons count where they are positive.
    """

    matrix: Array
    bias: Array
    symmetric: bool
    neurons: Neurons
    reader: Reader | None
    rounding: float = ROUNDING

    single_step: ClassVar[bool] = False  # couplings without an energy are followed too
    batch_size: ClassVar[None] = None  # all of them: a cue carries N fields along

    @property
    def has_energy(self) -> bool:
        """Whether W is symmetric."""
        return self.symmetric

    @property
    def descends(self) -> bool:
        """Whether moving one neuron at a time, or flowing, promises not to raise the energy."""
        return self.symmetric

    @property
    def like(self) -> Array:
        """The weights: cues must be of their library, device and width."""
        return self.matrix

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues as floats, undecided or 0 where unknown."""
        xp = namespace(cues)
        given = [cues] if self.reader is None else [cues, self.reader.patterns.like]
        x = xp.astype(cues, self.neurons.dtype(*given))
        return x if known is None else xp.where(known, x, xp.full_like(x, self.neurons.rest))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after every free neuron followed its field at once; an undecided one pulls on nothing."""
        if not self.neurons.discrete:
            return namespace(state).where(movable, self._graded.activation(self.drive(state)), state)
        xp, (low, high) = namespace(state), self.neurons.levels
        numbers = self._in_integers(state)
        fields, ties = (self.fields(state), self.ties) if numbers is None else (numbers.fields(state), numbers.ties)
        up, down = movable & (fields > ties), movable & (fields < -ties)
        return xp.where(up, xp.full_like(state, high), xp.where(down, xp.full_like(state, low), state))

    def fields(self, state: Array) -> Array:
        """Return h (B, N) in float64."""
        xp = namespace(state)
        if (numbers := self._in_integers(state)) is not None:
            return xp.astype(numbers.fields(state), xp.float64) * numbers.unit
        return xp.astype(state, xp.float64) @ self.matrix.T + self.bias

    def _in_integers(self, state: Array) -> IntegerWeights | None:
        """Return the weights as whole numbers, where they are and that saves time."""
        fits = self.neurons.levels == (-1.0, 1.0) and state.shape[0] * self.matrix.shape[0] ** 2 >= _WORTH_IT
        return self._integers if fits else None

    @cached_property
    def _integers(self) -> IntegerWeights | None:
        return integer_weights(self.matrix, self.bias)

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
        if (numbers := self._in_integers(state)) is None:
            return FieldSites(self.columns, self.ties, self.fields(state), state, self.neurons)
        return FieldSites(
            numbers.columns, numbers.ties, numbers.fields(state), state, self.neurons,
            unit=numbers.unit, keep=numbers.cache.keep,
        )  # fmt: skip

    # --- the energy ----------------------------------------------------------------------------------------------

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,) in float64: it is made of the weights, not of scores."""
        if not self.symmetric:
            raise NoEnergy(
                "HopfieldNetwork.energy: the weights must be symmetric; an asymmetric network has no energy, and may "
                "cycle. Pass (W + W.T) / 2, or store with a symmetric rule."
            )
        xp = namespace(state)
        x = xp.astype(state, xp.float64)
        return self.neurons.energy(x) - xp.sum(x * (self.fields(state) + self.bias), axis=-1) / 2

    def force(self, state: Array) -> Array:
        """Return −∂E/∂V (B, N) of graded neurons; discrete ones have no slope to follow."""
        if self.neurons.discrete or not self.symmetric:
            raise IllegalCombination(
                "Couplings.force: the neurons must be continuous, and the weights symmetric; got "
                f"{self.neurons}{'' if self.symmetric else ' and asymmetric weights'}. "
                "Use Glauber(temperature) for discrete neurons."
            )
        return self.drive(state) - self._graded.current(state)

    # --- continuous time -----------------------------------------------------------------------------------------

    @cached_property
    def max_dt(self) -> float:
        """The time 1/(1 + λ ω), ω = −min eig W; 1 where there is no energy that could rise."""
        if not self.symmetric:
            return 1.0
        least = float(np.linalg.eigvalsh(to_numpy(self.matrix))[0])
        return 1 / (1 + self._graded.gain * max(0.0, -least))

    def drive(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the fields (B, N) in the dtype of the state; a neuron at 0, unknown or not, pulls on nothing."""
        return namespace(state).astype(self.fields(state), state.dtype)

    @property
    def currents(self) -> Currents:
        """The model in continuous time."""
        return Currents(self._graded, self)

    @property
    def _graded(self) -> Graded:
        return cast(Graded, self.neurons)  # there are no other continuous ones

    @property
    def separation(self) -> Separation:
        """How overlaps become the weights of a recall."""
        return recalled_separation(self.neurons)


def recalled_separation(neurons: Neurons) -> Separation:
    """Return how overlaps become weights: ±1 neurons store a pattern's mirror image too, 0/1 ones do not."""
    return Power(2) if neurons.rest == 0 else RectifiedPower(2)


def overlap_reader(neurons: Neurons, patterns: Store) -> Reader | None:
    """Return a reader by overlaps of what states and patterns have above the value of an undecided neuron.

    The weights of a quadratic energy are too even to tell one memory from a few, so kinds go by overlaps. From ±1
    patterns all distances fall with the overlap alike.
    """
    if not len(patterns):
        return None
    centred = neurons.rest != 0
    return Reader(
        CentredDot(neurons.rest) if centred else Dot(),
        recalled_separation(neurons),
        neurons,
        patterns,
        nearness=Nearness(Euclidean() if centred else None, per_site=True),
        by_overlap=True,
    )


def zero_diagonal(weights: Array) -> Array:
    """Return the weights (N, N) without self-coupling."""
    xp = namespace(weights)
    off = beside(~np.eye(weights.shape[0], dtype=np.bool_), weights)
    return xp.where(off, weights, xp.zeros_like(weights))
