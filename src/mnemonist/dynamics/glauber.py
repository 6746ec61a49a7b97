r"""Glauber dynamics: discrete neurons at a temperature, one at a time, each drawn from its own Boltzmann weights.

    P(s_i = v | the others) = exp(−E(s_i = v)/T) / Σ_w exp(−E(s_i = w)/T)

which for ±1 is 1/(1 + exp(ΔE/T)), ΔE = E(+1) − E(−1). Each such draw leaves exp(−E/T) as it is, so after many sweeps
the states are a sample of it: the clamped sites given, if there are any. T is in the units of `memory.energy`: the
textbook's in `classical_hopfield()` and `hebbian()`, where E is of the order of N and one pattern is held up to T = 1;
those of Σ (ξ·s)ⁿ in `dense_memory(n)` at scale 1. docs/units.md has all side by side.

Source: Glauber 1963, J. Math. Phys. 4:294; for associative memory Amit, Gutfreund & Sompolinsky 1985.
"""

from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, beside, namespace
from mnemonist.core.number import hold
from mnemonist.dynamics.asynchronous import Asynchronous
from mnemonist.dynamics.model import SiteModel
from mnemonist.dynamics.noise import Cues, uniforms
from mnemonist.dynamics.protocol import Dynamics, Needs
from mnemonist.dynamics.temperature import Temperature, check_temperature, temperature_at

_HUGE = 1e300
_NEVER = 800.0  # exp(−800) is 0


@dataclass(frozen=True)
class Glauber(Dynamics):
    """Sweeps over all sites in a random order, the same for all cues; the draws differ from cue to cue.

    `temperature` is a number ≥ 0 in the units of the energy, or a function of the sweep's number such as `Annealing`.
    At T > 0 a state never rests: a recall ends with MAX_STEPS, and with trace=True the trace holds the samples. At
    T = 0 it is `Asynchronous()`. A sweep costs O(K N) per cue.

    >>> import mnemonist as mn
    >>> memory = mn.dense_memory(3)
    >>> _ = memory.store([[1, 1, 1, -1, -1, 1]])
    >>> memory.recall([1, 1, 1, -1, 1, 1], dynamics=Glauber(temperature=20.0), max_steps=50, rng=1).outcome
    Outcome.MAX_STEPS
    >>> memory.recall([1, 1, 1, -1, 1, 1], dynamics=Glauber(mn.Annealing(20.0, 0.0, sweeps=50))).outcome
    Outcome.CONVERGED
    """

    temperature: Temperature
    needs: ClassVar[Needs] = "sites"
    references: ClassVar[tuple[str, ...]] = ("glauber1963",)

    def __post_init__(self) -> None:
        check_temperature("Glauber", self.temperature)
        hold(self, "temperature")

    def rests(self, sweep: int) -> bool:
        """Only without noise."""
        return temperature_at("Glauber", self.temperature, sweep) == 0

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
        temperature, calm = temperature_at("Glauber", self.temperature, sweep), Asynchronous()
        if temperature == 0:
            return calm.update(model, state, movable, cue_mask=cue_mask, cues=cues, seed=seed, sweep=sweep)
        sites = model.sites(state)
        moves = sites.movable(movable)
        draws = beside(uniforms(cues, sites.count, seed=seed, sweep=sweep), state)
        for site in calm.visits(sites.count, seed=seed, sweep=sweep):
            sites.put(site, drawn(sites.levels(site), temperature, draws[:, site]), moves[:, site])
        return sites.state()


def drawn(levels: Array, temperature: float, draw: Array) -> Array:
    """Return which option (B,) of these energies (B, options) a number (B,) in [0, 1) picks at T > 0."""
    xp = namespace(levels)
    levels = xp.clip(levels, -_HUGE, _HUGE)  # an infinite one is one that float64 cannot hold
    excess = xp.clip(levels - xp.min(levels, axis=-1, keepdims=True), 0.0, _NEVER * temperature)
    weights = xp.cumulative_sum(xp.exp(-excess / temperature), axis=-1)
    passed = weights[:, :-1] <= draw[:, None] * weights[:, -1:]
    return xp.sum(xp.astype(passed, xp.int64), axis=-1)
