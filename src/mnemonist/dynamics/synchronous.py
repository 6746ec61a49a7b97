"""Synchronous dynamics: every free neuron moves at once.

On continuous neurons of a convex model this never raises the energy. On discrete neurons every site takes the value
that the asynchronous rule would give it at the present state: that may raise the energy, and may cycle.

Source: Ramsauer et al. 2021, arXiv:2008.02217 (continuous); Goles-Chacc et al. 1985 (period ≤ 2 of a classical one).
"""

from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array
from mnemonist.dynamics.model import Model
from mnemonist.dynamics.noise import Cues
from mnemonist.dynamics.protocol import Dynamics, Needs


@dataclass(frozen=True)
class Synchronous(Dynamics):
    """All neurons at once.

    >>> Synchronous()
    Synchronous()
    """

    needs: ClassVar[Needs] = "step"

    @property
    def repeatable(self) -> bool:
        """Always."""
        return True

    def update(
        self, model: Model, state: Array, movable: Array, *, cue_mask: Array | None, cues: Cues, seed: int, sweep: int
    ) -> Array:
        """Return model.step."""
        return model.step(state, movable, cue_mask=cue_mask)
