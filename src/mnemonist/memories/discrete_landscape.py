r"""The landscape of discrete neurons: each goes to where the energy is least, by exact differences of it.

    E(s_i = v) − E(now) = −Σ_μ [F(h_μ at v) − F(h_μ)]

one site at a time, or all at once, each as it would go alone. Mixed neurons move their discrete sites so, and their
real columns as continuous ones do.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, eq. 3. Shapes: state (B, N); h (B, K).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from mnemonist._array import Array, device, namespace
from mnemonist.core.mixed import Mixed
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.dynamics.model import Sites
from mnemonist.memories.compatibility import largest_beta
from mnemonist.memories.continuous_landscape import responded
from mnemonist.memories.landscape import CUES, Landscape
from mnemonist.readout.evidence import precision, valued
from mnemonist.readout.reader import Reader
from mnemonist.readout.strength import weighed
from mnemonist.sites import synchronous
from mnemonist.sites.kinds import columns_of, sites_of
from mnemonist.sites.mixed import mixed_sites, rounded_scores
from mnemonist.sites.packed import PackedSites
from mnemonist.sites.running_scores import RunningScores

_SCORES = 2**23  # cues × patterns that are carried along together


@dataclass(frozen=True, eq=False)
class DiscreteLandscape(Landscape):
    """The landscape of ±1 neurons, of variables."""

    @property
    def descends(self) -> bool:
        """Always."""
        return True

    @property
    def batch_size(self) -> int:
        """How many cues have all their scores in bounded memory."""
        return _batch(len(self.patterns))

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after every free site went where it would go alone; an undecided one pulls on nothing."""
        if self._plain(state) and synchronous.in_bits(self.patterns, state) and self._tables is not None:
            return synchronous.at_once(
                self._tables, self.patterns, state, movable, lambda x, f: self.sites(x).at_once(f)
            )
        return self.sites(state).at_once(movable)

    def sites(self, state: Array) -> Any:
        """Begin a sweep over the sites at a state (B, N)."""
        separation = cast(AdditiveSeparation, self.separation)
        if not self._plain(state):
            running = rounded_scores(separation, self._scores(state))  # no kernels know of strengths, nor of silence
            return sites_of(self.neurons, running, self._columns, state, unit_of(self.reader, state))
        if synchronous.in_bits(self.patterns, state) and self._tables is not None:
            return PackedSites(self.patterns, self._tables, separation, state)
        scores = self.reader.scores(state)
        return sites_of(self.neurons, RunningScores(separation, lambda: scores), self._columns, state)

    def _plain(self, state: Array) -> bool:
        """Return whether all patterns have a say, and the same one."""
        if self.patterns.block(0, 1).strength is not None:
            return False
        if not self.reader.holes or not bool(namespace(state).any(self.neurons.undecided(state))):
            return True
        return not bool(namespace(state).any(self._scores(state) == self.separation.silence))

    def _scores(self, state: Array) -> Array:
        """Return the scores (B, K) by what is decided of a state, strengths in them."""
        seen = (state != self.neurons.rest) if self.reader.holes else None
        return told_scores(self.reader, namespace(state).astype(state, namespace(state).float64), seen)

    @cached_property
    def _columns(self) -> Any:
        """The patterns (N, K) as int8, 0 where unknown, a neuron's side by side."""
        return columns_of(self.neurons, self.patterns)

    @cached_property
    def _tables(self) -> synchronous.Tables | None:
        """What ±1 neurons decide by, at each score; None where that is too much."""
        return synchronous.tables_of(cast(AdditiveSeparation, self.separation), self.like.shape[-1])


@dataclass(frozen=True, eq=False)
class MixedLandscape(Landscape):
    """The landscape of mixed neurons: `sites` for the discrete ones, `step` for the real columns."""

    @property
    def descends(self) -> bool:
        """Unless real columns take the mean of memories some of which do not know them: see `continuous_landscape`."""
        return self.similarity.confining or self.patterns.known_by_some is None

    @property
    def batch_size(self) -> int:
        """How many cues have all their scores in bounded memory."""
        return _batch(len(self.patterns))

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after one update of the real columns."""
        return responded(self.reader, state, movable, cue_mask)

    def sites(self, state: Array, *, cue_mask: Array | None = None) -> Sites:
        """Begin a sweep over the discrete sites at a state (B, N); only `cue_mask` (B, N) of it is looked at."""
        given = state
        state, cue_mask = valued(state, cue_mask) if self.reader.holes else (state, cue_mask)
        exact = namespace(state).astype(state, namespace(state).float64)
        scores = told_scores(self.reader, exact, cue_mask)
        running = rounded_scores(cast(AdditiveSeparation, self.separation), scores)
        unit = unit_of(self.reader, state, precise=True)
        return mixed_sites(cast(Mixed, self.neurons), running, self._columns, given, unit)

    @cached_property
    def _columns(self) -> tuple[Any, ...]:
        """The patterns (n, K) of each kind of discrete neurons as int8, 0 where unknown, a neuron's side by side."""
        parts = self.neurons.parts
        return tuple(columns_of(kind, self.patterns, part) for part, kind in parts if kind.discrete)


def _batch(count: int) -> int:
    return max(1, min(CUES, _SCORES // count))


def told_scores(reader: Reader, state: Array, cue_mask: Array | None) -> Array:
    """Return the scores (B, K) with strengths in them; those of patterns without a say are that of silence."""
    told = [weighed(reader.separation, h, block)[0] for h, block in reader.scored(state, cue_mask=cue_mask)]
    return namespace(state).concat(told, axis=-1)


def unit_of(reader: Reader, like: Array, *, precise: bool = False) -> Any:
    """Return by how much a pattern's score (K,) is raised: its strength and, if `precise`, its precision; or 1."""
    if reader.patterns.block(0, 1).strength is None and not (precise and reader.holes):
        return 1.0
    xp, block = namespace(like), reader.patterns.block()
    unit = xp.ones(len(block.ids), dtype=xp.float64, device=device(like))
    if block.strength is not None:
        unit = unit * reader.separation.prior(block.strength)[0]
    if precise and block.known is not None:
        unit = unit * xp.astype(precision(reader.similarity, block.known), xp.float64)
        most = largest_beta(reader.neurons) / float(reader.separation.beta)  # type: ignore[attr-defined]
        unit = xp.where(unit < most, unit, xp.full_like(unit, most))  # a step of more would overflow
    return unit
