r"""Flow: continuous time. The currents u of the neurons follow what pulls on them, the state is x = g(u).

    τ du/dt = −∂E/∂x = F(x) − u        dE/dt = −τ u̇ᵀ Hess(L) u̇ ≤ 0,  L the Lagrangian whose gradient g is

by Euler steps u ← u + dt/τ (F − u). Such a step never raises the energy E = A − L_m of convex memories as long as
dt ≤ τ: the energy linearised in L_m is convex and least where u = F, and the step goes part of the way. At dt = τ it is
the synchronous update, which for real neurons is attention. Its error in time is O(dt); for an accurate trajectory give
`velocity` of the `landscape.currents` of a memory to a solver.

Source: Hopfield 1984, PNAS 81:3088; Krotov & Hopfield 2021, arXiv:2008.06996. That the steps descend is mirror descent
on an energy that is smooth relative to A: Bauschke, Bolte & Teboulle 2017, Math. Oper. Res. 42:330.
"""

from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array
from mnemonist.core.number import check_number, hold
from mnemonist.dynamics.model import FlowModel
from mnemonist.dynamics.noise import Cues
from mnemonist.dynamics.protocol import Dynamics, Needs
from mnemonist.errors import IllegalCombination


@dataclass(frozen=True)
class Flow(Dynamics):
    """Continuous time in steps of `dt`, in units of the neurons' time constant (a layered memory has its own).

    Raises `IllegalCombination` where dt is so long that the energy might rise. A state rests where a step changes it by
    no more than `tol`: a short dt wants a small tol. The first update of cues with unknown coordinates is the
    synchronous one in memories of one layer: it gives them values.

    >>> import mnemonist as mn
    >>> memory = mn.modern_hopfield(beta=8.0)
    >>> _ = memory.store([[1.0, 0.0], [0.0, 1.0]])
    >>> recall = memory.recall([0.9, 0.2], dynamics=Flow(dt=0.1), max_steps=10, trace=True)
    >>> recall.trace.states[[0, 5, 10], 0].round(2)
    array([0.9 , 0.94, 0.96])
    """

    dt: float = 0.1
    needs: ClassVar[Needs] = "flow"
    references: ClassVar[tuple[str, ...]] = ("hopfield1984", "krotov2021", "bauschke2017")

    def __post_init__(self) -> None:
        check_number("Flow", "dt", self.dt, least=0, strict=True)
        hold(self, "dt")

    @property
    def repeatable(self) -> bool:
        """Always."""
        return True

    def update(
        self,
        model: FlowModel,
        state: Array,
        movable: Array,
        *,
        cue_mask: Array | None,
        cues: Cues,
        seed: int,
        sweep: int,
    ) -> Array:
        """Return model.flow."""
        if self.dt > model.max_dt:
            raise IllegalCombination(
                f"Flow: dt must be at most {model.max_dt:.6g} here, or the energy might rise; got {self.dt:g}. "
                "Pass a shorter one."
            )
        return model.flow(state, movable, self.dt, cue_mask=cue_mask)
