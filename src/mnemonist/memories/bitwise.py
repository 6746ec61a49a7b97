r"""Binary states over packed patterns: scores from bits, and all neurons decided at once by one readout.

Alone at the present state, neuron i would flip at a cost

    cost_i = Σ_{ξ_μi = s_i} a_μ + Σ_{ξ_μi = −s_i} b_μ = Σ_μ b_μ + Σ_{ξ_μi = s_i} d_μ,    d = a − b

over the patterns that know it, so two weighted readouts decide all N; an undecided one goes to the sign of Σ ξ_μi c_μ.
Sums of K terms of size t at most are off by less than (2K + 32) ε K t, ties and errors of the slow twin included: a cue
with a neuron in that doubt is left to the twin, `memories.sites.OverlapSites`. A term below ε² / K of the largest one
is skipped: all of these are less than ε² of it.

Shapes: state, free (B, N); falls a, b, c: see `memories.falls`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeGuard

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.memories.falls import Falls, falls_of
from mnemonist.patterns import bits
from mnemonist.patterns.block import Block
from mnemonist.patterns.packed import PackedPatterns
from mnemonist.patterns.packing import Numbers, Planes
from mnemonist.patterns.store import Patterns

_EPS = 2.0**-52


def in_bits(patterns: Patterns, state: Array) -> TypeGuard[PackedPatterns]:
    """Say whether states are better compared bit by bit, and can be: they are −1, 0 or 1, and the patterns packed."""
    packed = isinstance(patterns, PackedPatterns) and type(state) is np.ndarray
    return packed and bits.worth_it(len(patterns) * state.size) and bool((np.sign(state) == state).all())


def scored(patterns: PackedPatterns, state: Numbers, compare: Numbers | None) -> Iterator[tuple[Numbers, Block]]:
    """Yield (h (B, k), block) some patterns at a time, packed unless their rows are asked for."""
    start, whole = 0, patterns.whole
    for h in bits.scored(patterns.planes, bits.words_of_cues(state, compare)):
        yield h.astype(state.dtype), whole.part(slice(start, start + h.shape[1]))
        start += h.shape[1]


class Tables(NamedTuple):
    """The falls of a separation, and what is read out by them (rows, R, L): sizes grown outwards, then weights.

    `flips` are d and b under the sizes of a + b, `shares` b alone under the same, `pulls` c under its own.
    """

    falls: Falls
    flips: Numbers
    shares: Numbers
    pulls: Numbers


def tables_of(separation: AdditiveSeparation, count: int) -> Tables | None:
    """Return the tables at the scores of `count` neurons; None where they would be too large."""
    falls, centre = falls_of(separation, count), 0 if separation.translates else count
    if falls is None:
        return None
    a, b, c, d = np.moveaxis(falls.tables, 1, 0)
    flips, pulls = _outward(np.abs(a) + np.abs(b), centre), _outward(np.abs(c), centre)
    readouts = [flips, d, b], [flips, b], [pulls, c]
    return Tables(falls, *(np.stack(tables, axis=1) for tables in readouts))


def _outward(sizes: Numbers, centre: int) -> Numbers:
    """Return the greatest size (rows, L) between the centre and each score: it is largest at the ends of any range."""
    below = np.maximum.accumulate(sizes[:, centre::-1], axis=-1)[:, ::-1]
    return np.concatenate([below, np.maximum.accumulate(sizes[:, centre:], axis=-1)[:, 1:]], axis=-1)


def at_once(
    tables: Tables, patterns: PackedPatterns, state: Numbers, free: Numbers, twin: Callable[[Numbers, Numbers], Numbers]
) -> Numbers:
    """Return the states after every free neuron went where it would go alone."""
    costs = _Costs(patterns.planes, state, tables)
    cost, doubt = costs.of_flips()
    target = np.where(cost < 0, -state, state)
    if not state.all():
        pull, off = costs.pulls()
        undecided = state == 0
        target, cost = np.where(undecided, np.sign(pull), target), np.where(undecided, pull, cost)
        doubt = np.where(undecided, off, doubt)
    target = np.where(free, target, state).astype(state.dtype, copy=False)
    left = ((np.abs(cost, out=cost) <= doubt) & free).any(axis=-1)
    if left.any():
        target[left] = twin(state[left], free[left])
    return target


class _Costs:
    """Sums over packed patterns of falls at the scores of states."""

    def __init__(self, planes: Planes, state: Numbers, tables: Tables) -> None:
        falls, width = tables.falls, state.shape[1]
        self._planes, self._state, self._tables, self._cues = planes, state, tables, bits.words_of_cues(state)
        self._reach = bits.reach(planes, self._cues)
        self._ends = np.stack([self._reach[..., 0].min(axis=-1), self._reach[..., 1].max(axis=-1)])
        self._places = falls.places[falls.ranks[self._ends + width].max(axis=0)]

    def of_flips(self) -> tuple[Numbers, Numbers]:
        """Return what it costs to flip each neuron (B, N), and what that may be off by (B, 1)."""
        readout, doubt = self._read(self._tables.flips)
        second = readout.totals[:, 2:]
        if len(self._planes.known):
            second = self._read(self._tables.shares)[0].seen
        cost = readout.seen - readout.up
        np.copyto(cost, readout.up, where=self._state > 0)
        cost += second
        return cost, doubt

    def pulls(self) -> tuple[Numbers, Numbers]:
        """Return Σ ξ c (B, N), and what that may be off by (B, 1)."""
        readout, doubt = self._read(self._tables.pulls)
        return 2 * readout.up - readout.seen, doubt

    def _read(self, tables: Numbers) -> tuple[bits.Readout, Numbers]:
        """Return the readout by tables of sizes and weights, and a bound of the rounding (B, 1)."""
        count, (row, start) = self._planes.count, self._places.T
        largest = tables[row, 0, self._ends + start].max(axis=0)
        made = bits.Weights(tables, self._places, largest * _EPS**2 / count)
        doubt = (2 * count + 32) * _EPS * count * largest
        return bits.read(self._planes, self._cues, self._reach, made), doubt[:, None]
