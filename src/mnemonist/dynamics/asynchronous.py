r"""Asynchronous dynamics: discrete neurons move one at a time, each to where the energy is least.

A sweep visits every site once. The exact energy difference decides (not a field), so a neuron's coupling to itself
cancels and the energy falls with every move. A sweep costs O(K N) per cue, for the sums are carried along.

Source: Hopfield 1982, PNAS 79:2554; Krotov & Hopfield 2016, arXiv:1606.01164, eq. 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.dynamics.model import SiteModel, Sites
from mnemonist.dynamics.noise import Cues
from mnemonist.dynamics.protocol import Dynamics, Needs
from mnemonist.errors import InvalidArgument, shown


@dataclass(frozen=True)
class Asynchronous(Dynamics):
    """One site at a time, in a new random order each sweep (the same for all cues), or from first to last.

    >>> Asynchronous("sequential")
    Asynchronous(order='sequential')
    """

    order: str = "random"
    needs: ClassVar[Needs] = "sites"

    def __post_init__(self) -> None:
        check_order("Asynchronous", self.order)

    @property
    def repeatable(self) -> bool:
        """Only where the order is the same in every sweep."""
        return self.order == "sequential"

    def visits(self, count: int, *, seed: int, sweep: int) -> Sequence[int]:
        """Return the order in which a sweep visits `count` sites: a function of the seed and the sweep's number."""
        if self.order == "sequential":
            return range(count)
        return np.random.default_rng((seed, sweep)).permutation(count).tolist()  # type: ignore[no-any-return]

    def update(
        self,
        model: SiteModel,
        state: Array,
        movable: Array,
        *,
        cue_mask: Array | None,
        cues: Cues,
        seed: int,
        sweep: int,
    ) -> Array:
        """Return the states after one sweep. Undecided sites pull on nothing, so `cue_mask` has nothing to add."""
        sites = model.sites(state)
        return swept(sites, movable, self.visits(sites.count, seed=seed, sweep=sweep))


def swept(sites: Sites, movable: Array, visits: Sequence[int]) -> Array:
    """Return the states (B, W) after the sites were visited in this order, each going to where the energy is least."""
    xp, moves = namespace(movable), sites.movable(movable)
    for site in () if sites.sweep(visits, moves) else visits:
        gains = sites.gains(site)
        sites.put(site, xp.argmin(gains, axis=-1), (xp.min(gains, axis=-1) < 0) & moves[:, site])
    return sites.state()


def check_order(who: str, order: object) -> None:
    """Refuse what is no order of visits."""
    if not isinstance(order, str) or order not in ("random", "sequential"):
        raise InvalidArgument(f"{who}: order must be 'random' or 'sequential'; got {shown(order)}. Pass one.")
