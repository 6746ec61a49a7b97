r"""The energy landscape that a set of stored patterns makes: the model that dynamics run on.

    E(x) = A(x) − L(h(x)),        h_μ = similarity(ξ_μ, x)

A landscape is frozen. Continuous neurons linearise L at the present scores and minimise the rest exactly over the free
coordinates (the concave-convex procedure), so E never rises as long as L is convex. Discrete neurons compare energies.

Source: Krotov & Hopfield 2021, arXiv:2008.06996; Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: cues, state (B, N); h (B, K).
"""

import math
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.live import LiveSeparation, TooManyAlive
from mnemonist.core.mixed import Mixed
from mnemonist.core.neurons import Binary, ContinuousNeurons, LagrangianNeurons, Neurons, Real, Sphere
from mnemonist.core.separation import AdditiveSeparation, Reading, Separation, Summary
from mnemonist.core.similarity import Cosine, Euclidean, Similarity
from mnemonist.dynamics.currents import Currents
from mnemonist.errors import IllegalCombination, NoEnergy
from mnemonist.readout.executor import gathered
from mnemonist.readout.packed import look_at_packed
from mnemonist.readout.softmax import attend, look, read, summarise, survey
from mnemonist.readout.survey import TOP, Seen
from mnemonist.recall.result import normalised
from mnemonist.sites import synchronous as bitwise
from mnemonist.sites.mixed import mixed_sites, rounded_tally, sites_of
from mnemonist.sites.packed import PackedSites
from mnemonist.sites.running_scores import Tally, side_by_side
from mnemonist.stores.bit_columns import columns_of
from mnemonist.stores.block import Block
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import planes_of
from mnemonist.stores.protocol import Patterns

_CUES = 1024  # cues that are moved, and looked at, together
_ALIVE = 2**19  # scores that are kept because they may have weight; of more, only sums are
_SCORES_AT_ONCE = 2**23  # cues × patterns that discrete neurons carry along together


@dataclass(frozen=True, eq=False)
class Landscape:
    """Similarity, separation (its beta a number by now), neurons and patterns: an `EnergyModel` or a `SiteModel`.

    An executor, where one is given, looks at parts of the patterns (`readout.executor`): readouts, energies and what
    a state is. Sweeps and `scores` are made here.
    """

    similarity: Similarity
    separation: Separation
    neurons: Neurons
    patterns: Patterns
    executor: Executor | None = None

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
        divided = isinstance(self.neurons, (Real, Mixed)) and not self.similarity.confining
        whole = self.patterns.known_by_some is None
        return self.has_energy and (self.neurons.discrete or self.separation.convex) and (whole or not divided)

    @property
    def one_step(self) -> bool:
        """Whether one readout is all there is: without an energy."""
        return not self.has_energy

    @property
    def by_overlap(self) -> bool:
        """Whether the neurons are discrete."""
        return self.neurons.discrete

    @property
    def example(self) -> Array:
        """The rows: cues must be of their library, device and width."""
        return self.patterns.example

    # --- the state -----------------------------------------------------------------------------------------------

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues in the dtype to compute in, 0 where unknown, moved to the nearest allowed state."""
        xp = namespace(cues, self.patterns.example)
        x = xp.astype(cues, self.neurons.dtype(cues, self.patterns.example))
        return self.neurons.confine(x if known is None else xp.where(known, x, xp.zeros_like(x)))

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, free: Array, *, compare: Array | None = None) -> Array:
        """Return the state after one synchronous update of `free`; of mixed neurons, of its real columns."""
        xp = namespace(state)
        if self.neurons.discrete:
            if bitwise.in_bits(self.patterns, state) and self.tables is not None:
                return bitwise.at_once(self.tables, self.patterns, state, free, lambda x, f: self.sites(x).at_once(f))
            return self.sites(state).at_once(free)
        neurons = cast(ContinuousNeurons, self.neurons)
        mean = None if neurons.sized or compare is not None else attend(self, state)
        if mean is not None:
            return xp.where(free, neurons.respond(mean, xp.ones_like(mean[:, :1]), state), state)
        reading = self.read(state, compare=compare)
        pull = self.whole_pull(reading) if neurons.sized else reading.pull
        return xp.where(free, neurons.respond(pull, reading.mass, state), state)

    @property
    def cues_at_once(self) -> int:
        """How many cues to move together in bounded memory: discrete neurons carry all their scores along."""
        carried = self.neurons.discrete or self.neurons.mixed
        return max(1, min(_CUES, _SCORES_AT_ONCE // len(self.patterns)) if carried else _CUES)

    # --- reading the memories ------------------------------------------------------------------------------------

    def scored(self, state: Array, *, compare: Array | None = None) -> Iterator[tuple[Array, Block]]:
        """Yield (h (B, k), block) a tile of patterns at a time, the rows in the state's dtype."""
        xp = namespace(state)
        if bitwise.in_bits(self.patterns, state):
            yield from bitwise.scored(self.patterns, state, compare)
            return
        for tile in self.patterns.tiles():
            block = Block(tile.ids, xp.astype(tile.rows, state.dtype, copy=False), tile.known, tile.values)
            h = self.similarity.careful_scores(state, block.rows, compare=compare, known=block.known)
            if compare is not None and isinstance(self.neurons, Sphere):
                h = h / _lengths(block.rows, compare)  # the compared part of a direction is a direction too
            yield h, block

    def look(self, state: Array) -> Seen | None:
        """Return what kernels see of the patterns; None where they do not serve."""
        return look_at_packed(self, state) if bitwise.in_bits(self.patterns, state) else look(self, state, TOP)

    def closeness(self, state: Array, h: Array, block: Block) -> Array:
        """Return (B, k) that is greatest at the nearest memory; per shared coordinate where some are unknown."""
        even = self.separation.even
        if self.neurons.directions and block.known is not None:
            return Cosine().scores(state, block.rows, known=block.known)
        if self.neurons.discrete or even or isinstance(self.similarity, Euclidean):
            close = h  # on ±1 all distances are N − h, on one-hot blocks they rise with −h alike
        else:
            metric = self.similarity.metric
            close = Euclidean().careful_scores(metric(state), metric(block.rows), known=block.known)
        return close if even and not self.neurons.discrete else self._per_site(close, block)

    def _per_site(self, sums: Array, block: Block) -> Array:
        """Return sums (B, k) over the sites that each pattern knows, divided by how many those are."""
        if block.known is None:
            return sums
        xp = namespace(sums)
        shared = xp.astype(self.neurons.known_sites(block.known), sums.dtype)
        return sums / xp.where(shared > 0, shared, xp.ones_like(shared))

    def read(self, state: Array, *, compare: Array | None = None) -> Reading:
        """Return the readout of all patterns: pull Σ f ξ (B, N) and its mass."""
        whole = self.whole_summary(state, compare=compare)
        return gathered(self, partial(read, state=state, compare=compare, whole=whole), self.together)

    def whole_pull(self, reading: Reading) -> Array:
        """Return Σ f ξ (B, N) in the units of the energy, where a reading has it up to its gauge; never overflows."""
        xp, most = namespace(reading.pull), math.sqrt(float(namespace(reading.pull).finfo(reading.pull.dtype).max))
        with np.errstate(over="ignore", invalid="ignore"):
            pull = self.separation.gauge(reading.summary)[..., None] * reading.pull
        return xp.clip(xp.where(reading.pull == 0, reading.pull, pull), -most, most)

    def whole_summary(self, state: Array, *, compare: Array | None = None, dtype: Any = None) -> Summary | None:
        """Return the summary of all scores, where the separation cannot read without; None where one pass will do."""
        return None if self.separation.one_pass else self.summary(state, compare=compare, dtype=dtype)

    def summary(self, state: Array, *, compare: Array | None = None, dtype: Any = None) -> Summary:
        """Return the summary of all scores, of those converted to a dtype where one is given."""
        asked, float64 = {"state": state, "compare": compare}, namespace(state).float64
        try:
            return self.separation.settled(gathered(self, partial(summarise, dtype=dtype, **asked), self.merged))
        except TooManyAlive:
            live = cast(LiveSeparation, self.separation)

        def passed(ask: Any, both: Any) -> Any:
            return gathered(self, partial(survey, ask=ask, both=both, dtype=float64, **asked), both)

        return live.by_passes(passed).rounded(state.dtype if dtype is None else dtype)

    def merged(self, one: Summary, other: Summary) -> Summary:
        """Return the summary of two runs of patterns together."""
        summary = self.separation.pruned(self.separation.merge(one, other))
        if not self.separation.one_pass and math.prod(summary.mass.shape) > _ALIVE:
            raise TooManyAlive
        return summary

    def together(self, one: Reading, other: Reading) -> Reading:
        """Return the reading of two runs of patterns together."""
        if self.separation.one_pass:
            return self.separation.join(one, other)
        return Reading(one.summary, one.pull + other.pull, one.mass + other.mass)

    def scores(self, state: Array, *, compare: Array | None = None) -> Array:
        """Return h (B, K)."""
        return namespace(state).concat([h for h, _ in self.scored(state, compare=compare)], axis=-1)

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
        own = self.similarity.own(self.neurons, x)
        with np.errstate(over="ignore"):
            return own - self.separation.value(summary)

    def force(self, state: Array) -> Array:
        """Return −∂E/∂x (B, N), on a sphere its tangent part."""
        neurons, reading = self._followers("force"), self.read(state)
        gauge = self.separation.gauge(reading.summary)[..., None]
        own = reading.mass * gauge * state if self.similarity.confining else neurons.current(state)
        return neurons.tangent(gauge * reading.pull - own, state)

    # --- continuous time -----------------------------------------------------------------------------------------

    @property
    def currents(self) -> Currents:
        """The model in continuous time."""
        return Currents(self._followers("currents"), self)

    @property
    def longest(self) -> float:
        """The time constant, 1."""
        return 1.0

    def target(self, state: Array, *, compare: Array | None = None) -> Array:
        """Return Σ f ξ (B, N), under real neurons the mean that they would take; x where nothing pulls on a direction.

        The energy linearised in L is least at the activations of these currents.
        """
        xp, neurons, reading = namespace(state), self._followers("target"), self.read(state, compare=compare)
        if isinstance(neurons, Real):
            return neurons.respond(reading.pull, reading.mass, state)
        pull = self.whole_pull(reading)
        return xp.where(xp.any(pull != 0, axis=-1, keepdims=True), pull, state) if neurons.directions else pull

    def _followers(self, who: str) -> LagrangianNeurons:
        """Return the neurons, or refuse if they do not follow a slope."""
        if self.neurons.discrete or self.neurons.mixed or not self.has_energy:
            raise IllegalCombination(
                f"Landscape.{who}: the model must have continuous neurons and an energy; got {self.neurons} under "
                f"{self.similarity}. Discrete neurons are moved by sites()."
            )
        return cast(LagrangianNeurons, self.neurons)

    # --- discrete neurons ----------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        """The patterns (n, K) of each kind of discrete neurons as int8, 0 where unknown, a neuron's side by side."""
        if isinstance(self.patterns, PackedPatterns):
            return (self.patterns.columns,)
        whole = self.patterns.whole
        rows = whole.rows
        if isinstance(self.neurons, Binary) and type(rows) is np.ndarray:
            return (columns_of(planes_of(rows, whole.known)),)
        parts = (part for part, kind in self.neurons.parts if kind.discrete)
        return tuple(side_by_side(rows[:, part], namespace(rows).int8) for part in parts)

    @cached_property
    def tables(self) -> bitwise.Tables | None:
        """What ±1 neurons decide by, at each score; None where that is too much."""
        return bitwise.tables_of(cast(AdditiveSeparation, self.separation), self.example.shape[-1])

    def sites(self, state: Array, *, compare: Array | None = None) -> Any:
        """Begin a sweep over the discrete sites at a state (B, N); only `compare` (B, N) of it is looked at."""
        separation = cast(AdditiveSeparation, self.separation)
        if bitwise.in_bits(self.patterns, state) and self.tables is not None:
            return PackedSites(self.patterns, self.tables, separation, state)
        if not isinstance(self.neurons, Mixed):
            scores = self.scores(state)
            return sites_of(self.neurons, Tally(separation, lambda: scores), self.columns[0], state)
        exact = namespace(state).astype(state, namespace(state).float64)
        tally = rounded_tally(separation, self.scores(exact, compare=compare))
        return mixed_sites(self.neurons, tally, self.columns, state)


def _lengths(rows: Array, compare: Array) -> Array:
    """Return the norms (B, K) of rows over the coordinates compared, 1 where they are 0."""
    xp = namespace(rows)
    length = xp.sqrt(xp.astype(compare, rows.dtype) @ (rows * rows).T)
    return xp.where(length > 0, length, xp.ones_like(length))
