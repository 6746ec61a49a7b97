r"""Lagrangians: what a layer of neurons makes of its currents, and layers that follow what pulls on them.

    g = ∂L/∂x                           the activations of the currents x, L convex
    α (x·g − L(x))                      the layer's own part of the energy: the Legendre transform of L, at g
    τ dx/dt = p − α x                   p what the other layers pull with, α the decay, 1 unless said

Between symmetric couplings the energy of all layers falls for any τ > 0, as each Hessian of L is positive
semidefinite. Where L hardly sees the length of x, as that of directions and of layer norm, α is arbitrary. A Lagrangian
is the face that the separation of a memory (f = ∂L/∂h) and its continuous neurons (x = ∂L/∂v) share, so any of them can
be a layer. In the paper's model A L = Σ F(h) and f = F′; with the powers of the HAMUX library, relu(h)ⁿ/n, f lacks the
factor n: they are RectifiedPower(n, scale=n^(1/n)).

Source: Krotov & Hopfield 2021, arXiv:2008.06996; Krotov 2021, arXiv:2107.06446 (chains of layers).
Shapes: currents, pulls, activations are (..., N); L is (...).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from mnemonist._array import Array, namespace


class Lagrangian(ABC):
    """A function L of the currents of a layer, and its gradient; `convex` says whether L is that.

    `separable` says that it is a sum over neurons, so that any of them may be held while others move.

    `references` are the papers it comes from: keys of the bibliography, or BibTeX entries.
    """

    references: ClassVar[tuple[str, ...]] = ()
    convex: bool = True
    separable: ClassVar[bool] = False

    @abstractmethod
    def lagrangian(self, x: Array) -> Array:
        """Return L (...) of currents x (..., N)."""

    @abstractmethod
    def activation(self, x: Array) -> Array:
        """Return g = ∂L/∂x (..., N)."""


@dataclass(frozen=True)
class Layer:
    """Neurons of one Lagrangian and one time constant `tau` ≥ 0; at 0 they follow at once."""

    lagrangian: Lagrangian
    tau: float = 1.0
    decay: float = 1.0

    def energy(self, x: Array, bias: Array | float = 0.0) -> Array:
        """Return α (x·g − L) − b·g (...) of currents x (..., N)."""
        g = self.lagrangian.activation(x)
        return namespace(x).sum((self.decay * x - bias) * g, axis=-1) - self.decay * self.lagrangian.lagrangian(x)

    def velocity(self, x: Array, pull: Array) -> Array:
        """Return dx/dt (..., N), τ > 0."""
        return (pull - self.decay * x) / self.tau

    def moved(self, x: Array, pull: Array, dt: float) -> Array:
        """Return the currents an Euler step later; a layer faster than the step, τ < dt, follows at once."""
        share = min(dt / self.tau if self.tau > 0 else 1.0, 1.0) / max(1.0, self.decay)
        return x + share * (pull - self.decay * x)
