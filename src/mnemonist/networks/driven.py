r"""The input-driven rule: an input reshapes the couplings, so that what is like it is what can be remembered.

    W(u) = (1/N) Σ_μ α_μ ξ_μ ξ_μᵀ,      α_μ = ξ_μ·u/‖ξ_μ‖²

Let graded neurons V = tanh(λ x) follow ẋ = −x + W(u) V. For orthogonal patterns a memory exists where λ α_μ > 1, its
amplitude a the solution of a = tanh(λ α_μ a), and is stable where no other one is so much stronger that it takes over;
where all λ α_μ < 1 every state falls to the origin. Correlated patterns support each other: together they can hold what
none could alone. Equal α are Hebb's rule. As everywhere the diagonal is zero, which moves thresholds by Σ α/N.

Source: Betteti, Baggio, Bullo & Zampieri 2025, Science Advances 11:eadu6991, arXiv:2411.05849.
Shapes: rows (K, N); input (N,); strengths (K,).
"""

from dataclasses import dataclass
from typing import Any

from mnemonist._array import Array, beside, namespace, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Binary, Real
from mnemonist.errors import InvalidArgument
from mnemonist.networks.hebb import SumRule
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.recall.checks import check_rows, check_values


@dataclass(frozen=True, eq=False)
class Driven(SumRule):
    """Patterns are coupled as strongly as they are like an `input` (N,)."""

    input: Array
    references = ("betteti2025",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "input", _one_input("Driven", "input", self.input))

    def strengths(self, rows: Array) -> Array:
        """Return α (K,) of patterns (K, N), over the coordinates that each knows; NaN or 0 where unknown."""
        xp, n = namespace(rows), self.input.shape[0]
        if rows.shape[-1] != n:
            raise InvalidArgument(
                f"Driven: patterns must have N = {n} neurons, as the input does; got {rows.shape[-1]}. "
                "Make a network of an input of that width."
            )
        x = xp.where(xp.isfinite(rows), rows, xp.zeros_like(rows))
        return x @ xp.astype(beside(to_numpy(self.input), rows), rows.dtype) / xp.sum(x * x, axis=-1)

    def _products(self, rows: Array) -> Array:
        return (rows * self.strengths(rows)[:, None]).T @ rows

    def __repr__(self) -> str:
        return "Driven(input)"


def input_driven(inputs: Any, *, gain: float = 1.0, bias: Any = 0.0) -> HopfieldNetwork:
    """Return the network of graded neurons that an input (N,) makes: store patterns in it, and recall.

    A pattern at cosine c with the input, of ‖u‖² = r² N, has α = r c; among orthogonal ones it exists where gain · α
    exceeds 1, and can be recalled where others are not much stronger. Another input makes another network.
    Source: Betteti et al. 2025, arXiv:2411.05849.

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
    return HopfieldNetwork(bias=bias, rule=Driven(_one_input("input_driven", "inputs", inputs)), neurons=Graded(gain))


def _one_input(who: str, name: str, given: Any) -> Array:
    """Return a checked input (N,) in float64."""
    u, single = check_rows(who, name, given, None, neurons=Binary())  # of which ±1 is True and False, as of graded ones
    if not single:
        raise InvalidArgument(
            f"{who}: {name} must be one input (N,), which makes one network; got {u.shape[0]}. Pass one of them."
        )
    check_values(who, name, u, None, Real())
    return namespace(u).astype(u[0, :], namespace(u).float64)
