r"""Alternating dynamics: of mixed states, first the discrete sites move one at a time, then the real columns at once.

Each site goes to where the energy is least given all else; then L is linearised at the scores that this made, and the
rest minimised exactly over the free real columns. Neither half raises the energy.

Source: the halves are Krotov & Hopfield 2016, arXiv:1606.01164, eq. 3, and Ramsauer et al. 2021, arXiv:2008.02217.
"""

from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array
from mnemonist.dynamics.asynchronous import Asynchronous, check_order, swept
from mnemonist.dynamics.model import MixedModel
from mnemonist.dynamics.noise import Cues
from mnemonist.dynamics.protocol import Dynamics, Needs


@dataclass(frozen=True)
class Alternating(Dynamics):
    """A sweep over the discrete sites, in a new random order each time or from first to last, then one real step.

    >>> Alternating("sequential")
    Alternating(order='sequential')
    """

    order: str = "random"
    needs: ClassVar[Needs] = "sites and step"

    def __post_init__(self) -> None:
        check_order("Alternating", self.order)

    def update(
        self,
        model: MixedModel,
        state: Array,
        movable: Array,
        *,
        cue_mask: Array | None,
        cues: Cues,
        seed: int,
        sweep: int,
    ) -> Array:
        """Return the states after a sweep and a step; the step may look at all that the sweep has decided."""
        sites = model.sites(state, cue_mask=cue_mask)
        visits = Asynchronous(self.order).visits(sites.count, seed=seed, sweep=sweep)
        state = swept(sites, movable, visits)
        seen = None if cue_mask is None else cue_mask | ~model.neurons.continuous(state)
        return model.step(state, movable, cue_mask=seen)
