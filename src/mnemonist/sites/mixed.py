r"""The sites of a mixed state: those of its discrete columns, one kind behind the other, on shared running scores.

    E = −β⁻¹ log Σ_μ exp(β h_μ) + what the sites do not change,        h_μ = Σ_b w_b s_b

A ±1 site changes h_μ by −2 w ξ_μi s_i, a variable by w ([ξ_μc = new] − [ξ_μc = old]).

Scores of real columns are rounded, so costs that differ by less than 64 ε (1 + β max|h|) of their terms tie.

Shapes: state (B, N), N with the real columns; scores (B, K).
"""

from collections.abc import Sequence
from typing import Any

from mnemonist._array import Array, device, namespace
from mnemonist.core.mixed import Mixed
from mnemonist.core.separation import AdditiveSeparation
from mnemonist.dynamics.model import Sites
from mnemonist.sites.kinds import sites_of
from mnemonist.sites.running_scores import RunningScores, RunningSites, audible

_ROUNDING = 64 * 2.0**-52


class MixedSites(Sites):
    """Sites of several kinds, each with the columns of the state that it moves; all other columns stay."""

    def __init__(self, state: Array, kinds: Sequence[tuple[slice, RunningSites]]) -> None:
        self._given, self._kinds = state, kinds
        self._sites = [(kind, site) for _, kind in kinds for site in range(kind.count)]

    @property
    def count(self) -> int:
        """How many ±1 neurons and variables there are."""
        return len(self._sites)

    def movable(self, movable: Array) -> Array:
        """Return which sites (B, count) may move, of free columns (B, N)."""
        xp = namespace(movable)
        none = xp.ones((movable.shape[0], 0), dtype=xp.bool, device=device(movable))
        return xp.concat([none, *(kind.movable(movable[:, place]) for place, kind in self._kinds)], axis=-1)

    def gains(self, site: int) -> Array:
        """Return E(option) − E(now), (B, options), ties as 0."""
        kind, own = self._sites[site]
        return kind.gains(own)

    def levels(self, site: int) -> Array:
        """Return E(option) − E(option 0), (B, options), in the units of the energy."""
        kind, own = self._sites[site]
        return kind.levels(own)

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the site its option (B,) in the cues of `where` (B,)."""
        kind, own = self._sites[site]
        kind.put(own, option, where)

    def state(self) -> Array:
        """Return the state (B, N) as it stands."""
        xp, state = namespace(self._given), self._given
        pieces, end = [], 0
        for place, kind in self._kinds:
            pieces += [state[:, end : place.start], kind.state()]
            end = place.stop
        return xp.concat([*pieces, state[:, end:]], axis=-1)


def mixed_sites(
    neurons: Mixed, running: RunningScores, columns: Sequence[Array], state: Array, unit: Any = 1.0
) -> MixedSites:
    """Return the sites of a mixed state (B, N); `columns` are those of each kind of discrete neurons.

    `unit`, a number or (K,), is what each pattern's scores are raised by.
    """
    places = [(place, block) for place, block in zip(neurons.places, neurons.columns, strict=True)]
    discrete = [(place, block) for place, block in places if block.neurons.discrete]
    kinds = [
        (place, sites_of(block.neurons, running, own, state[:, place], unit * block.weight))
        for (place, block), own in zip(discrete, columns, strict=True)
    ]
    return MixedSites(state, kinds)


def rounded_scores(separation: AdditiveSeparation, scores: Array) -> RunningScores:
    """Return running scores of scores (B, K) that are not whole numbers, and may be −∞."""
    xp, beta = namespace(scores), getattr(separation, "beta", None)
    if beta is None:
        return RunningScores(separation, lambda: scores, _ROUNDING)
    scores = audible(scores, beta)
    size = beta * xp.max(xp.abs(scores), axis=-1, keepdims=True)
    return RunningScores(separation, lambda: scores, _ROUNDING * (1 + size))
