"""Recall to rest by a Hebbian weight matrix, beside the other Hopfield packages.

Cues are patterns with 0.2 of their signs turned. Neurons move one at a time, as Hopfield's do and as ours do unless
told otherwise, or all at once, which may go round for ever. The others return the state only, as ours does where only
that is read, and dhnn after one sweep, at rest or not.
"""

from collections.abc import Iterator

import mnemonist as mn
from benchmarks import rivals
from benchmarks.data import signs
from benchmarks.public import READ_OF, public
from benchmarks.row import Row
from benchmarks.timing import Effort, in_turn

FASTEST = "fastest other package"
_COUNT, _NEURONS = 100, 2000


def rows(effort: Effort) -> Iterator[Row]:
    """Yield a recall one at a time, and one all at once."""
    cues = effort.of(64, 8)
    patterns, states = signs(_COUNT, _NEURONS, cues, flipped=0.2)
    network = mn.hebbian()
    network.store(patterns)
    found = {
        "weight matrix": {**public(lambda: network.recall(states)), **rivals.in_turns(patterns, states)},
        "weight matrix, all at once": {
            **public(lambda: network.recall(states, dynamics=mn.Synchronous())),
            **rivals.at_once(patterns, states),
        },
    }
    for name, candidates in found.items():
        seconds = in_turn(candidates, effort)
        others = [times for rival, times in seconds.items() if rival not in READ_OF]
        fastest = {FASTEST: min(others)} if others else {}
        yield Row(name, K=_COUNT, N=_NEURONS, B=cues, seconds=seconds | fastest)
