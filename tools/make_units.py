"""Write docs/units.md, energies, forces and temperatures side by side: `python tools/make_units.py`.

One random ±1 pattern of N = 100 is stored in each memory, and the memory is asked: every number is measured.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import mnemonist as mn
from mnemonist.core.power import TEXTBOOK

OUT = Path(__file__).parent.parent / "docs" / "units.md"
N = 100
PATTERN = np.random.default_rng(0).choice([-1.0, 1.0], size=N)

DISCRETE: dict[str, tuple[str, Callable[[], Any]]] = {
    "classical_hopfield()": ("−Σ (ξ·s)²/(2N)", mn.classical_hopfield),
    "hebbian()": ("−½ sᵀWs, W = ξᵀξ/N", mn.hebbian),
    "SimplicialNetwork(every edge)": (
        "−Σ_σ w_σ Π_σ s", lambda: mn.SimplicialNetwork(mn.random_simplices(N, {2: N * (N - 1) // 2})),
    ),
    "dense_memory(2)": ("−Σ (ξ·s)²", lambda: mn.dense_memory(2)),
    "dense_memory(3)": ("−Σ (ξ·s)³", lambda: mn.dense_memory(3)),
    "dense_memory(3, scale=N ** (2 / 3))": ("−Σ (ξ·s)³/N²", lambda: mn.dense_memory(3, scale=N ** (2 / 3))),
    "exponential_memory()": ("−log Σ exp(ξ·s)", mn.exponential_memory),
    "BidirectionalMemory(), halves of 50": ("−xᵀMy", lambda: _Pairs(mn.BidirectionalMemory())),
}  # fmt: skip

CONTINUOUS: dict[str, tuple[str, Callable[[], Any]]] = {
    'AssociativeMemory(Dot(), Power(2, scale="textbook"), Graded(2.0))': (
        "λ⁻¹ Σ ∫ artanh − Σ (ξ·x)²/(2N)",
        lambda: mn.AssociativeMemory(mn.Dot(), mn.Power(2, scale=TEXTBOOK), mn.Graded(2.0)),
    ),
    "HopfieldNetwork(rule=Hebbian(), neurons=Graded(2.0))": (
        "λ⁻¹ Σ ∫ artanh − ½ xᵀWx", lambda: mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(2.0)),
    ),
    "graded_memory(2.0)": ("λ⁻¹ Σ ∫ artanh − Σ (ξ·x)²", lambda: mn.graded_memory(2.0)),
    "modern_hopfield(1.0)": ("½‖x‖² − β⁻¹ log Σ exp(β ξ·x)", lambda: mn.modern_hopfield(1.0)),
    "kernel_memory(1.0)": ("−β⁻¹ log Σ exp(−½β‖x − ξ‖²)", lambda: mn.kernel_memory(1.0)),
}  # fmt: skip

TEXT = """# Energies, forces and temperatures side by side

A temperature is in the units of `memory.energy`, and so are the forces that `Langevin` follows. Where discrete neurons
go, where they come to rest and what a recall says of them do not depend on the unit of E; what a temperature does
depends on it. To graded neurons the scale of a power is more than a unit: it is how strongly patterns pull.

- `classical_hopfield()` and `hebbian()` are one network in one unit, the textbook's, where E is of the order of N and a
  single pattern is held up to T = 1. With K patterns known throughout, E of the first is E of the second less K/2, the
  diagonal; `Glauber(T)` draws the same states of both.
- The classical network takes its unit from `Power(2, scale="textbook")`, which is √(2N) as soon as N is known. Only
  degree 2 has such a convention. `Power(n)` at scale 1 gives a pattern the energy −Nⁿ; `scale=N ** (1 - 1 / n)` makes
  it −N, which puts temperatures into the order of 1 again.
- A softmax memory has β in its energy, whose unit is that of the scores: E of a pattern is −N on ±1, at any β.
- `BidirectionalMemory()` keeps Kosko's M = Σ ξηᵀ, without a 1/N.

One pattern ξ of N = 100 is stored. Numbers are measured: `python tools/make_units.py` writes this page, and a test
compares it with what the memories say.

## Discrete neurons

What a flip costs is the rise of E when one neuron of the pattern is flipped; a neuron stays with probability
1/(1 + exp(−cost/T)).

| memory | E(s) | E(ξ) | a flip costs | stays at T = ½ |
| --- | --- | --- | --- | --- |
{discrete}

## Continuous neurons

The force is −∂E/∂x along ξ, of one neuron, at x = ξ/2.

| memory | E(x) | E(ξ/2) | force at ξ/2 |
| --- | --- | --- | --- |
{continuous}
"""


class _Pairs:
    """A memory of pairs that is asked as one of patterns."""

    def __init__(self, memory: mn.BidirectionalMemory) -> None:
        self.memory = memory

    def store(self, row: Any) -> None:
        """Store the halves of a row."""
        self.memory.store(row[: N // 2], row[N // 2 :])

    def energy(self, state: Any) -> float:
        """Return the energy of the halves of a state."""
        return float(self.memory.energy(state[: N // 2], state[N // 2 :]))


def page() -> str:
    """Return the page."""
    discrete = [_discrete(name, *what) for name, what in DISCRETE.items()]
    continuous = [_continuous(name, *what) for name, what in CONTINUOUS.items()]
    return TEXT.format(discrete="\n".join(discrete), continuous="\n".join(continuous))


def _discrete(name: str, equation: str, make: Callable[[], Any]) -> str:
    memory, flipped = make(), PATTERN * np.where(np.arange(N) == 0, -1, 1)
    memory.store(PATTERN)
    rest = float(memory.energy(PATTERN))
    cost = float(memory.energy(flipped)) - rest
    return f"| `{name}` | {equation} | {_number(rest)} | {_number(cost)} | {1 / (1 + np.exp(-cost / 0.5)):.3f} |"


def _continuous(name: str, equation: str, make: Callable[[], Any]) -> str:
    memory, half = make(), PATTERN / 2
    memory.store(PATTERN)
    force = memory.landscape.force(half[None])[0, 0] * PATTERN[0]
    return f"| `{name}` | {equation} | {_number(float(memory.energy(half)))} | {_number(float(force))} |"


def _number(x: float) -> str:
    return (f"{x:,.0f}" if abs(x) >= 1e4 else f"{x:,.5g}").replace("-", "−").replace(",", " ")


if __name__ == "__main__":
    OUT.write_text(page(), encoding="utf-8")
