"""The sites of ±1 states over packed patterns, of which a sweep looks at no more than it must.

For as long as the patterns that lead decide, no others are asked (`kernels.leading_sweep`). At first the least and the
greatest score of each tile tell who leads. Once those are in doubt all scores of a cue are made, and tell; then some
visits are made with all scores, each time more, before leaders are asked again. Where nothing moved in the first of
these, one readout of all patterns (`bitwise.at_once`) tells which neuron is the next to move, if any is.
"""

from collections.abc import Callable, Sequence

import numpy as np

from mnemonist._array import Array
from mnemonist.core.neurons import Binary
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.kernels import bit_reach, bits
from mnemonist.kernels.sweeps import sweep_by_tiles, sweep_led, sweep_overlaps
from mnemonist.kernels.threads import share
from mnemonist.sites import synchronous as bitwise
from mnemonist.sites.binary import OverlapSites
from mnemonist.sites.running_scores import TIE, RunningScores
from mnemonist.sites.tables import SIZE, Differences
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import Numbers

_MANY = 2**14  # patterns of which some may lead
_VISITS = 64  # that are the first to be made with all scores
_FAR = 64  # visits after which leaders in doubt are worth asking again at once


class PackedSites(OverlapSites):
    """The running overlaps of a sweep over packed patterns; made when they are asked for."""

    def __init__(
        self, patterns: PackedPatterns, tables: bitwise.Tables, separation: AdditiveSeparation, state: Array
    ) -> None:
        self._patterns, self._given = patterns, tables
        running = RunningScores(separation, lambda: bitwise.scores_of(patterns, self._state.T))
        super().__init__(running, patterns.columns, state, Binary())

    def _tables(self) -> Differences:
        """Return those of the model."""
        return self._given.differences

    def _whole_scores(self) -> Array:
        """Return the scores (B, K) int32, made from bits."""
        return bitwise.scores_of(self._patterns, self._state.T)

    def sweep(self, visits: Sequence[int], movable: Array) -> bool:
        """Make the sweep by compiled kernels."""
        if len(self._patterns) < _MANY:
            return super().sweep(visits, movable)
        state, order = self._state.T.astype(np.int8, order="C"), np.asarray(visits)
        arrays, done = (state, np.ascontiguousarray(movable)), np.zeros(len(state), np.int64)
        if sharp(self._given.differences, len(self._patterns)):
            done = self._by_tiles(order, *arrays)
        if (done < len(order)).any():
            self._go_on(order, done, *arrays)
        self._take(state)
        self._running.forget()
        return True

    def _by_tiles(self, visits: Numbers, state: Numbers, movable: Numbers) -> Numbers:
        """Make visits in cues, whose states change in place, for as long as leaders decide; return how many (B,)."""
        planes, words, before = self._patterns.planes, bits.words_of_cues(state), state.copy()
        reach = bits.reach(planes, words)
        done = sweep_by_tiles(planes, visits, self._given.differences, words, state, movable, reach)
        rests = (state == before).all(axis=-1) & (done == len(visits))
        bit_reach.keep(planes, (words[0][rests], words[1][rests]), reach[rests])
        return done

    def _go_on(self, visits: Numbers, done: Numbers, *cues: Numbers) -> None:
        """Make the visits that are left, of which so many (B,) are done, in cues whose states change in place."""
        left = np.flatnonzero(done < len(visits)).tolist()
        scores = bitwise.scores_of(self._patterns, cues[0][left])
        begun = [
            self._cue(visits[done[i] :], scores[j : j + 1], *(x[i : i + 1] for x in cues)) for j, i in enumerate(left)
        ]
        _each(begun, _Cue.follow)
        begun = [cue for cue in begun if len(cue.visits)]
        _each(begun, _Cue.ask_all)
        self._skip([cue for cue in begun if not cue.moved])
        _each(begun, _Cue.go_on)

    def _cue(self, visits: Numbers, scores: Numbers, state: Numbers, movable: Numbers) -> "_Cue":
        """Return a cue that has these visits left."""
        return _Cue(self._patterns, self._given.differences, visits, state, scores, movable)

    def _skip(self, cues: "list[_Cue]") -> None:
        """Have cues go on with the first neuron that would move now, if any would."""
        if not cues:
            return
        old = np.concatenate([cue.state for cue in cues]).astype(self._dtype)
        movable = np.concatenate([cue.movable for cue in cues])
        new = bitwise.at_once(self._given, self._patterns, old, movable, lambda x, f: self._at(x).at_once(f))
        for cue, moves in zip(cues, old != new, strict=True):
            movers = np.flatnonzero(moves[cue.visits])
            cue.visits = cue.visits[movers[0] :] if len(movers) else cue.visits[:0]

    def _at(self, state: Array) -> "PackedSites":
        return PackedSites(self._patterns, self._given, self._running.separation, state)


class _Cue:
    """A cue in a sweep: the visits that are left, its state (1, N) and scores (1, K), and what is movable (1, N).

    Its state and scores change in place; `moved` says whether the last visits with all scores changed the state.
    """

    def __init__(self, patterns: PackedPatterns, differences: Differences, visits: Numbers, *cue: Numbers) -> None:
        self._patterns, self._differences, self._several = patterns, differences, _VISITS
        self.visits, self.moved = visits, False
        self.state, self._scores, self.movable = cue

    def follow(self) -> None:
        """Make visits for as long as the leaders, who are asked again if they got far, decide."""
        visited, planes = _FAR, self._patterns.planes
        while len(self.visits) and visited >= _FAR:
            before = self.state.copy()
            visited = sweep_led(planes, self.visits, self._differences, self.state[0], self._scores[0], self.movable[0])
            self.visits = self.visits[visited:]
            if len(self.visits) and (self.state != before).any():
                self._scores[:] = bitwise.scores_of(self._patterns, self.state)

    def ask_all(self) -> None:
        """Make several visits with all scores."""
        before, visits = self.state.copy(), self.visits[: self._several]
        cue = self.state, self._scores, self.movable
        sweep_overlaps(self._patterns.columns, visits, self._differences, TIE, *cue, at_once=False)
        self.moved = bool((self.state != before).any())
        self.visits, self._several = self.visits[self._several :], 4 * self._several

    def go_on(self) -> None:
        """Make all visits that are left."""
        self.follow()
        while len(self.visits):
            self.ask_all()
            self.follow()


def sharp(differences: Differences, count: int) -> bool:
    """Say whether `count` usual scores, 2 √N, count for less than a pattern itself: then tiles may tell who leads."""
    width = len(differences.ranks) // 2
    start, least = differences.places[differences.ranks[-1]]
    usual, whole = (
        differences.tables[SIZE, max(score, least) + start] for score in (min(width, int(2 * width**0.5)), width)
    )
    return bool(count * usual < whole)


def _each(cues: list[_Cue], visit: Callable[[_Cue], None]) -> None:
    share(lambda i: visit(cues[i]), len(cues))
