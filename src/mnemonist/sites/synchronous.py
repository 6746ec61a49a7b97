r"""Binary states over packed patterns: scores from bits, and all neurons decided at once by one readout.

Alone at the present state, neuron i would flip at a cost

    cost_i = Σ_{ξ_μi = s_i} a_μ + Σ_{ξ_μi = −s_i} b_μ = Σ_μ b_μ + Σ_{ξ_μi = s_i} d_μ,    d = a − b

over the patterns that know it, so two weighted readouts decide all N; an undecided one goes to the sign of Σ ξ_μi c_μ.
Sums of K terms of size t at most are off by less than (2K + 32) ε K t, ties and errors of the slow twin included: a cue
with a neuron in that doubt is left to the twin, `sites.binary.OverlapSites`. Too small terms are skipped: see
`kernels.bit_runs`.

Shapes: state, free (B, N); differences a, b, c: see `sites.tables`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeGuard

import numpy as np

from mnemonist._array import Array
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.kernels import bit_reach, bits
from mnemonist.kernels.loading import worth_it
from mnemonist.sites.tables import PULL, SIZE, B, C, Differences, differences_of
from mnemonist.stores.block import Block
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import Numbers
from mnemonist.stores.protocol import Store

_EPS = 2.0**-52
_CUES = 64  # that are read out together


def in_bits(patterns: Store, state: Array) -> TypeGuard[PackedPatterns]:
    """Say whether states are better compared bit by bit, and can be: they are −1, 0 or 1, and the patterns packed."""
    packed = isinstance(patterns, PackedPatterns) and type(state) is np.ndarray and state.size > 0
    return packed and worth_it(1, len(patterns) * state.size) and bool((np.sign(state) == state).all())


def scored(patterns: PackedPatterns, state: Numbers, cue_mask: Numbers | None) -> Iterator[tuple[Numbers, Block]]:
    """Yield (h (B, k), block) some patterns at a time, packed unless their rows are asked for."""
    start, whole = 0, patterns.block()
    for h in bits.scored(patterns.planes, bits.words_of_cues(state, cue_mask)):
        yield h.astype(state.dtype), whole.part(slice(start, start + h.shape[1]))
        start += h.shape[1]


def scores_of(patterns: PackedPatterns, state: Numbers) -> Numbers:
    """Return all scores (B, K) int32 of states."""
    return bits.scores(patterns.planes, bits.words_of_cues(state))


class Tables(NamedTuple):
    """The differences of a separation, and what is read out by them (R, L): sizes, then weights.

    `flips` are d and b under the sizes of all differences, `shares` b alone under the same, `pulls` c under its own.
    """

    differences: Differences
    flips: Numbers
    shares: Numbers
    pulls: Numbers


def tables_of(separation: AdditiveSeparation, count: int) -> Tables | None:
    """Return the tables at the scores of `count` neurons; None where they would be too large."""
    differences = differences_of(separation, count)
    if differences is None:
        return None
    return Tables(
        differences, differences.tables[SIZE : B + 1], differences.tables[[SIZE, B]], differences.tables[PULL : C + 1]
    )


def at_once(
    tables: Tables,
    patterns: PackedPatterns,
    state: Numbers,
    movable: Numbers,
    twin: Callable[[Numbers, Numbers], Numbers],
) -> Numbers:
    """Return the states after every free neuron went where it would go alone."""
    if len(state) > _CUES:
        parts = [slice(start, start + _CUES) for start in range(0, len(state), _CUES)]
        return np.concatenate([at_once(tables, patterns, state[part], movable[part], twin) for part in parts])
    planes, differences, cues = patterns.planes, tables.differences, bits.words_of_cues(state)
    reach = bits.reach(planes, cues)

    def read(table: Numbers) -> bits.Readout:
        return bits.read(planes, cues, reach, bits.Weights(table, differences.ranks, differences.places))

    flips = read(tables.flips)
    shares = read(tables.shares) if len(planes.known) else flips
    signs, movable = np.array(state, np.int8, order="C"), np.array(movable, np.bool_, order="C")
    pulls = flips if np.count_nonzero(signs) == signs.size else read(tables.pulls)
    off = (2 * planes.count + 32) * _EPS * planes.count
    left = bits.decide((flips, shares, pulls), off, signs, movable)
    target = signs.astype(state.dtype)
    if np.count_nonzero(left):
        target[left] = twin(state[left], movable[left])
    rests = (target == state).all(axis=-1)
    bit_reach.keep(planes, (cues[0][rests], cues[1][rests]), reach[rests])
    return target
