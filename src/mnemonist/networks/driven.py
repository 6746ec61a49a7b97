r"""The input-driven rule: an input reshapes the couplings, so that what is like it is what can be remembered.

    W(u) = (1/N) Σ_μ α_μ ξ_μ ξ_μᵀ,      α_μ = ξ_μ·u/‖ξ_μ‖²

With graded neurons V = tanh(λ x), ẋ = −x + W(u) V, a memory is there to recall where λ α_μ > 1, its amplitude the
solution of a = tanh(λ α a); where all λ α_μ < 1 every state falls to the origin. Equal α are Hebb's rule. As everywhere
the diagonal is zero, which moves the threshold by Σ α/N.

Source: Betteti, Baggio, Bullo & Zampieri 2025, Science Advances 11:eadu6991, arXiv:2411.05849.
Shapes: rows (K, N); input (N,); strengths (K,).
"""

from dataclasses import dataclass
from typing import Any

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Real
from mnemonist.dynamics.inputs import check_rows, check_values
from mnemonist.networks.hebb import SumRule
from mnemonist.networks.hopfield import HopfieldNetwork


@dataclass(frozen=True, eq=False)
class Driven(SumRule):
    """Patterns are coupled as strongly as they are like an `input` (N,)."""

    input: Array

    def strengths(self, rows: Array) -> Array:
        """Return α (K,) of patterns (K, N), over the coordinates that each knows."""
        xp = namespace(rows)
        return rows @ xp.astype(beside(to_numpy(self.input), rows), rows.dtype) / xp.sum(rows * rows, axis=-1)

    def _products(self, rows: Array) -> Array:
        return (rows * self.strengths(rows)[:, None]).T @ rows

    def __repr__(self) -> str:
        return "Driven(input)"


def input_driven(inputs: Any, *, gain: float = 1.0, bias: Any = 0.0) -> HopfieldNetwork:
    """Return the network of graded neurons that an input (N,) makes: store patterns in it, and recall.

    A pattern at cosine c with the input, of ‖u‖² = r² N, has α = r c; it can be recalled where gain · α > 1. Another
    input makes another network. Source: Betteti et al. 2025, arXiv:2411.05849.

    >>> import numpy as np
    >>> patterns = np.array([[1, 1, 1, 1, 1, 1, 1, 1], [1, -1, 1, -1, 1, -1, 1, -1]])
    >>> network = input_driven(2.0 * patterns[0] + 0.5 * patterns[1])
    >>> network.store(patterns)
    array([0, 1])
    >>> network.rule.strengths(network.patterns)
    array([2. , 0.5])
    >>> network.recall([0.1] * 4 + [-0.05] * 4).state.round(1)
    array([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
    """
    u, _ = check_rows("input_driven", "inputs", inputs, None)
    check_values("input_driven", "inputs", u, None, Real())
    xp = namespace(u)
    return HopfieldNetwork(bias=bias, rule=Driven(xp.astype(u[0, :], xp.float64)), neurons=Graded(gain))
