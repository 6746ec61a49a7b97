r"""Langevin dynamics: continuous states that follow the slope of the energy and are shaken by noise.

    x' = x − η ∇E(x) + √(2ηT) z,        z ~ N(0, I)

As η → 0 its states are a sample of exp(−E/T). At a finite η they are one of a density that is off by O(η): around a
minimum of curvature 1 the variance is T/(1 − η/2) instead of T. On a sphere slope and noise are tangent, and the state
is brought back to length 1. The kernel memory at T = 1/β gives the Gaussian mixture Σ_μ N(ξ_μ, I/β) / K.

Source: Roberts & Tweedie 1996, Bernoulli 2:341 (the unadjusted algorithm); the mixture, Hoover et al. 2024,
arXiv:2410.24153.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, beside, namespace
from mnemonist.core.number import check_number, hold
from mnemonist.dynamics.model import ForceModel
from mnemonist.dynamics.noise import Cues, normals
from mnemonist.dynamics.protocol import Dynamics, Needs
from mnemonist.dynamics.temperature import Temperature, check_temperature, temperature_at
from mnemonist.errors import InvalidArgument


@dataclass(frozen=True)
class Langevin(Dynamics):
    """Small steps of size η = `step` down the energy, with noise.

    `temperature` is a number ≥ 0 in the units of the energy, or a function of the update's number such as `Annealing`.
    At T > 0 a state never rests: a recall ends with MAX_STEPS, and with trace=True the trace holds the samples. Clamped
    coordinates stay; the first update of cues with unknown coordinates is the synchronous one: it gives them values.
    Raises `IllegalCombination` where the model has no energy.

    >>> import numpy as np
    >>> import mnemonist as mn
    >>> memory = mn.kernel_memory(beta=4.0)
    >>> _ = memory.store(np.zeros((1, 2)))
    >>> recall = memory.recall(np.zeros((500, 2)), dynamics=Langevin(temperature=0.25), max_steps=100, rng=0)
    >>> float(recall.state.std().round(1))
    0.5
    """

    temperature: Temperature
    step: float = 0.05
    needs: ClassVar[Needs] = "force"
    references: ClassVar[tuple[str, ...]] = ("roberts1996",)

    def __post_init__(self) -> None:
        check_temperature("Langevin", self.temperature)
        check_number("Langevin", "step", self.step, least=0, strict=True)
        hold(self, "temperature", "step")

    def rests(self, sweep: int) -> bool:
        """Only without noise."""
        return temperature_at("Langevin", self.temperature, sweep) == 0

    def update(
        self,
        model: ForceModel,
        state: Array,
        movable: Array,
        *,
        cue_mask: Array | None,
        cues: Cues,
        seed: int,
        sweep: int,
    ) -> Array:
        """Return the states after one step."""
        xp, neurons = namespace(state), model.neurons
        moved = state + self.step * model.force(state)
        temperature = temperature_at("Langevin", self.temperature, sweep)
        if temperature > 0:
            noise = beside(normals(cues, state.shape[-1], seed=seed, sweep=sweep), state)
            shake = neurons.tangent(xp.astype(noise, state.dtype), state)
            moved = moved + math.sqrt(2 * self.step * temperature) * shake
        self._check(moved)
        moved = xp.where(movable, neurons.confine(moved), state)
        if cue_mask is None:
            return moved
        return xp.where(xp.all(cue_mask, axis=-1, keepdims=True), moved, model.step(state, movable, cue_mask=cue_mask))

    def _check(self, moved: Array) -> None:
        """Refuse a step with which states ran away: their squares must be numbers."""
        xp = namespace(moved)
        if not bool(xp.all(xp.abs(moved) < math.sqrt(xp.finfo(moved.dtype).max) / moved.shape[-1])):
            raise InvalidArgument(
                f"Langevin: step must be so small that states stay where squares are finite; got {self.step:g}, with "
                "which they ran away. Pass a smaller one, of the order of 1/β at most."
            )
