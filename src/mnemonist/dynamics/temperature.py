"""Temperature: how strongly noise shakes a state, in the units of `memory.energy`; constant, or falling by update.

A temperature is a number T ≥ 0, or a function of the update's number t = 1, 2, … that returns one. At T > 0 a state
is drawn from exp(−E/T); at T = 0 it descends. `classical_hopfield()` and `hebbian()` have the textbook's unit of E, and
of T: what other memories have stands in docs/units.md.

Source: Kirkpatrick, Gelatt & Vecchi 1983, Science 220:671 (annealing).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from mnemonist.core.number import check_number, check_whole, hold

Temperature = float | Callable[[int], float]


@dataclass(frozen=True)
class Annealing:
    """A temperature that falls on a straight line, from `start` in the first update to `end` in number `sweeps`.

    It stays there after that; at `end` = 0 the state then descends until it rests.

    >>> cool = Annealing(start=2.0, end=0.0, sweeps=5)
    >>> [cool(t) for t in range(1, 8)]
    [2.0, 1.5, 1.0, 0.5, 0.0, 0.0, 0.0]
    """

    start: float
    end: float = 0.0
    sweeps: int = 100
    references: ClassVar[tuple[str, ...]] = ("kirkpatrick1983",)

    def __post_init__(self) -> None:
        check_number("Annealing", "start", self.start, least=0)
        check_number("Annealing", "end", self.end, least=0)
        same = "For one temperature throughout, pass that number as temperature."
        check_whole("Annealing", "sweeps", self.sweeps, least=2, most=math.inf, fix=same)
        hold(self, "start", "end", "sweeps")

    def __call__(self, sweep: int) -> float:
        """Return T in update number `sweep`, from 1."""
        share = min(sweep - 1, self.sweeps - 1) / (self.sweeps - 1)
        return self.start * (1 - share) + self.end * share


def check_temperature(who: str, temperature: Any) -> None:
    """Refuse what is neither a number ≥ 0 nor a function."""
    if not callable(temperature):
        check_number(who, "temperature", temperature, least=0)


def temperature_at(who: str, temperature: Temperature, sweep: int) -> float:
    """Return T in update number `sweep`."""
    if not callable(temperature):
        return float(temperature)
    now = temperature(sweep)
    check_number(who, f"temperature({sweep})", now, least=0)
    return float(now)
