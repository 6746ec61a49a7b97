r"""The energy landscape that a set of stored patterns makes: the model that dynamics run on.

    E(x) = A(x) − L(h(x)),        h_μ = similarity(ξ_μ, x)

A landscape is frozen. Continuous neurons linearise L at the present scores and minimise the rest exactly over the free
coordinates (the concave-convex procedure), so E never rises as long as L is convex. Discrete neurons compare energies.

Source: Krotov & Hopfield 2021, arXiv:2008.06996; Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: cues, state (B, N); h (B, K).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.neurons import ContinuousNeurons, Neurons, Sphere
from mnemonist.core.separation import AdditiveSeparation, Reading, Separation, Summary
from mnemonist.core.similarity import Cosine, Dot, Euclidean, Similarity
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.recall import normalised
from mnemonist.errors import IllegalCombination, NoEnergy
from mnemonist.memories.sites import OverlapSites, side_by_side
from mnemonist.patterns.dense import Block, DensePatterns
from mnemonist.patterns.softmax_readout import serves, softmax_readout

_CUES = 1024  # cues that are moved, and looked at, together
_SCORES_AT_ONCE = 2**23  # cues × patterns that discrete neurons carry along together


@dataclass(frozen=True, eq=False)
class Landscape:
    """Similarity, separation (its beta a number by now), neurons and patterns: an `EnergyModel` or a `SiteModel`."""

    similarity: Similarity
    separation: Separation
    neurons: Neurons
    patterns: DensePatterns

    @property
    def has_energy(self) -> bool:
        """Whether the update follows an energy."""
        return self.similarity.has_energy

    @property
    def descends(self) -> bool:
        """Whether the default update promises not to raise the energy.

        Real neurons under dot divide each coordinate by the weight of the memories that know it. Where some do not,
        that is no longer the minimum of the linearised energy.
        """
        divided = not self.neurons.discrete and not self.similarity.confining and not isinstance(self.neurons, Sphere)
        whole = self.patterns.whole.known is None
        return self.has_energy and (self.neurons.discrete or self.separation.convex) and (whole or not divided)

    @property
    def one_step(self) -> bool:
        """Whether one readout is all there is: without an energy."""
        return not self.has_energy

    @property
    def example(self) -> Array:
        """The rows: cues must be of their library, device and width."""
        return self.patterns.whole.rows

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues in the dtype to compute in, 0 where unknown, moved to the nearest allowed state."""
        xp = namespace(cues, self.patterns.whole.rows)
        x = xp.astype(cues, self.neurons.dtype(cues, self.patterns.whole.rows))
        return self.neurons.confine(x if known is None else xp.where(known, x, xp.zeros_like(x)))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, free: Array, *, compare: Array | None = None) -> Array:
        """Return the state after one synchronous update of `free`."""
        xp = namespace(state)
        if self.neurons.discrete:
            gains = self.sites(state).all_gains()
            target = xp.astype(2 * xp.argmin(gains, axis=-1) - 1, state.dtype)
            return xp.where(free & (xp.min(gains, axis=-1) < 0), target, state)
        neurons = cast(ContinuousNeurons, self.neurons)
        reading = self.read(state, compare=compare)
        return xp.where(free, neurons.respond(reading.pull, reading.mass, state), state)

    @property
    def cues_at_once(self) -> int:
        """How many cues to move together in bounded memory: discrete neurons carry all their scores along."""
        return max(1, min(_CUES, _SCORES_AT_ONCE // len(self.patterns)) if self.neurons.discrete else _CUES)

    # --- reading the memories ------------------------------------------------------------------------------------

    def scored(self, state: Array, *, compare: Array | None = None) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block) a tile of patterns at a time, the rows in the state's dtype."""
        xp = namespace(state)
        for tile in self.patterns.tiles():
            block = Block(tile.ids, xp.astype(tile.rows, state.dtype, copy=False), tile.known, tile.values)
            h = self.similarity.careful_scores(state, block.rows, compare=compare, known=block.known)
            if compare is not None and isinstance(self.neurons, Sphere):
                h = h / _lengths(block.rows, compare)  # the compared part of a direction is a direction too
            yield h, block

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest at the nearest memory; per shared coordinate where some are unknown."""
        even = self.separation.even
        if self.neurons.directions and block.known is not None:
            return Cosine().scores(state, block.rows, known=block.known)
        if self.neurons.discrete or even or isinstance(self.similarity, Euclidean):
            close = h  # on ±1 all distances are N − h
        else:
            close = Euclidean().careful_scores(state, block.rows, known=block.known)
        return close if even and not self.neurons.discrete else block.per_known(close)

    def read(self, state: Array, *, compare: Array | None = None) -> Reading:
        """Return the readout of all patterns: pull Σ f ξ (B, N) and its mass."""
        if compare is None and self._compiled(state):
            rows, separation = self.patterns.whole.rows, cast(Softmax, self.separation)
            return softmax_readout(
                state, rows, float(separation.beta), euclidean=isinstance(self.similarity, Euclidean)
            )
        masked, whole = not isinstance(self.neurons, Sphere), self.whole_summary(state, compare=compare)
        readings = (
            self.separation.read(h, block.rows, block.known if masked else None, whole=whole)
            for h, block in self.scored(state, compare=compare)
        )
        return reduce(self.together, readings)

    def _compiled(self, state: Array) -> bool:
        """Say whether kernels can read the patterns out: softmax of plain scores, nothing masked, NumPy arrays."""
        if not isinstance(self.separation, Softmax) or not isinstance(self.similarity, Dot | Euclidean):
            return False
        whole = self.patterns.whole
        return whole.known is None and serves(state, whole.rows, self.separation.beta)

    def whole_summary(self, state: Array, *, compare: Array | None = None, dtype: Any = None) -> Summary | None:
        """Return the summary of all scores, where the separation cannot read without; None where one pass will do."""
        return None if self.separation.one_pass else self.summary(state, compare=compare, dtype=dtype)

    def summary(self, state: Array, *, compare: Array | None = None, dtype: Any = None) -> Summary:
        """Return the summary of all scores, of those converted to a dtype where one is given."""
        xp, separation = namespace(state), self.separation
        tiles = self.scored(state, compare=compare)
        summaries = (separation.summary(h if dtype is None else xp.astype(h, dtype)) for h, _ in tiles)
        return reduce(lambda one, other: separation.pruned(separation.merge(one, other)), summaries)

    def together(self, one: Reading, other: Reading) -> Reading:
        """Return the reading of two runs of patterns together."""
        if self.separation.one_pass:
            return self.separation.join(one, other)
        return Reading(one.summary, one.pull + other.pull, one.mass + other.mass)

    def scores(self, state: Array) -> Array:
        """Return h (B, K)."""
        return namespace(state).concat([h for h, _ in self.scored(state)], axis=-1)

    def weights(self, state: Array) -> Array:
        """Return f / Σ |f| (B, K), or (K,) of a single state; a coordinate without a value counts for nothing."""
        xp = namespace(state)
        states = xp.where(xp.isfinite(state), state, xp.zeros_like(state))
        h = xp.astype(self.scores(states[None, :] if state.ndim == 1 else states), xp.float64)
        weights = normalised(self.separation.scaled(h, self.separation.summary(h)))
        return weights[0, :] if state.ndim == 1 else weights

    # --- the energy ----------------------------------------------------------------------------------------------

    def energy(self, state: Array) -> Array:
        """Return E (B,) in float64; infinite where float64 cannot hold it."""
        return self.energy_from(state, self.summary(state, dtype=namespace(state).float64))

    def energy_from(self, state: Array, summary: Summary) -> Array:
        """Return E (B,) of states whose scores are summarised already, in float64."""
        if not self.has_energy:
            raise NoEnergy(
                f"AssociativeMemory.energy: the similarity must be Dot or Euclidean; {self.similarity} has no energy "
                "that the readout descends. See recall.top for how well a memory fits."
            )
        xp = namespace(state)
        x = xp.astype(state, xp.float64)
        own = xp.zeros_like(x[..., 0]) if self.similarity.confining else self.neurons.energy(x)
        with np.errstate(over="ignore"):
            return own - self.separation.value(summary)

    def force(self, state: Array) -> Array:
        """Return −∂E/∂x (B, N), on a sphere its tangent part."""
        if self.neurons.discrete or not self.has_energy:
            raise IllegalCombination(
                f"Landscape.force: the model must have continuous neurons and an energy; got {self.neurons} under "
                f"{self.similarity}. Discrete neurons are moved by sites()."
            )
        neurons, reading = cast(ContinuousNeurons, self.neurons), self.read(state)
        gauge = self.separation.gauge(reading.summary)[..., None]
        own = reading.mass * gauge if self.similarity.confining else 0.0 if isinstance(neurons, Sphere) else 1.0
        return neurons.tangent(gauge * reading.pull - own * state, state)

    # --- discrete neurons ----------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> Array:
        """The patterns (N, K) as int8, −1, 0 (unknown), +1, a neuron's values side by side."""
        rows = self.patterns.whole.rows
        return side_by_side(rows, namespace(rows).int8)

    def sites(self, state: Array) -> Any:
        """Begin a sweep at a ±1 state (B, N)."""
        xp = namespace(state)
        overlaps = xp.astype(self.scores(state), xp.float64)
        return OverlapSites(cast(AdditiveSeparation, self.separation), self.columns, overlaps, state)


def _lengths(rows: Array, compare: Array) -> Array:
    """Return the norms (B, K) of rows over the coordinates compared, 1 where they are 0."""
    xp = namespace(rows)
    length = xp.sqrt(xp.astype(compare, rows.dtype) @ (rows * rows).T)
    return xp.where(length > 0, length, xp.ones_like(length))
