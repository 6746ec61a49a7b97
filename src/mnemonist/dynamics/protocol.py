"""The interface of dynamics: one update of the states of several cues.

Every kind of dynamics is a frozen dataclass with an `update`; `settle` repeats it until each cue rests. Randomness
comes in as (seed, cue, sweep), so that an update is a function of its arguments and cues do not depend on each other.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

from mnemonist._array import Array
from mnemonist.dynamics.noise import Cues

Needs = Literal["step", "sites", "sites and step", "force", "flow"]


class Dynamics(ABC):
    """How states move, and what of a model that `needs`: see `model`. A flow moves currents.

    Where it comes from papers it says which: `references`, keys of the bibliography or BibTeX entries.
    """

    needs: ClassVar[Needs]

    @property
    def repeatable(self) -> bool:
        """Whether a state is always followed by the same one, so that coming back to it means a cycle."""
        return False

    def rests(self, sweep: int) -> bool:
        """Return whether a state that update number `sweep` did not change rests: not where noise may move it yet."""
        return True

    @abstractmethod
    def update(
        self, model: Any, state: Array, movable: Array, *, cue_mask: Array | None, cues: Cues, seed: int, sweep: int
    ) -> Array:
        """Return the states (B, W) after update number `sweep` (from 1), moving only `movable` (B, W).

        `cues` (B,) are the numbers of the cues in the call, by which noise is drawn.
        """
