r"""The layer-norm Lagrangian: neurons that are read by how far they stand from their mean, as tokens of transformers.

    L = D γ √(var x + ε) + δ·x          g = γ (x − mean x) / √(var x + ε) + δ

L is convex for γ ≥ 0. It has a flat direction, for g does not change when all currents rise alike; and hardly does it
change with their length, so that the decay of such neurons is as arbitrary as that of a direction.

Source: Hoover et al. 2023, arXiv:2302.07253 (Energy Transformer).
Shapes: x is (..., D); L is (...); γ a number; δ a number or (D,).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, is_array, named_array, namespace, to_numpy
from mnemonist.core.lagrangian import Lagrangian
from mnemonist.core.number import check_number, hold, plain
from mnemonist.errors import InvalidArgument, shown


@dataclass(frozen=True, eq=False)
class LayerNorm(Lagrangian):
    """Layer norm with gain `gamma` ≥ 0 and offset `delta`, a number or (D,); both may be tensors that are learned.

    `eps` > 0 is added to the variance.

    >>> import numpy as np
    >>> LayerNorm(gamma=2.0, delta=1.0).activation(np.array([1.0, 2.0, 3.0])).round(3)
    array([-1.449,  1.   ,  3.449])
    """

    gamma: float | Array = 1.0
    delta: float | Array = 0.0
    eps: float = 1e-5
    references = ("hoover2023",)

    def __post_init__(self) -> None:
        check_number("LayerNorm", "gamma", self.gamma, least=0)
        check_number("LayerNorm", "eps", self.eps, least=0, strict=True)
        self._check_delta()
        hold(self, "gamma", "delta", "eps")

    def _check_delta(self) -> None:
        """Refuse an offset that is no number, and no array of one for each neuron."""
        delta: Any = plain(self.delta)
        if not (is_array(delta) and delta.ndim):
            check_number("LayerNorm", "delta", delta, least=-math.inf, fix="Pass one, or an array of one a neuron.")
            return
        rows, xp = named_array("LayerNorm", "delta", delta)
        if rows.ndim != 1 or not xp.isdtype(rows.dtype, ("real floating", "integral")):
            raise InvalidArgument(
                f"LayerNorm: delta must be a number, or an array of one for each neuron (D,); got {shown(rows)}. "
                "Pass one of these."
            )
        if isinstance(rows, np.ndarray) and not np.isfinite(rows).all():
            raise InvalidArgument("LayerNorm: delta must be finite; got NaN or infinity. Pass numbers.")

    def lagrangian(self, x: Array) -> Array:
        """Return D γ √(var x + ε) + δ·x (...)."""
        _, spread = self._read(x)
        return x.shape[-1] * self.gamma * spread[..., 0] + namespace(x).sum(self._delta(x) * x, axis=-1)

    def activation(self, x: Array) -> Array:
        """Return γ (x − mean x)/√(var x + ε) + δ (..., D)."""
        apart, spread = self._read(x)
        return self.gamma * apart / spread + self._delta(x)

    def _read(self, x: Array) -> tuple[Array, Array]:
        """Return x − mean x (..., D) and √(var x + ε) (..., 1)."""
        xp = namespace(x)
        apart = x - xp.mean(x, axis=-1, keepdims=True)
        return apart, xp.sqrt(xp.mean(apart * apart, axis=-1, keepdims=True) + self.eps)

    def _delta(self, x: Array) -> Any:
        """Return δ, in the library of x."""
        delta: Any = self.delta
        if isinstance(delta, (int, float)):
            return delta
        if delta.ndim and delta.shape[-1] != x.shape[-1]:
            raise InvalidArgument(
                f"LayerNorm: delta must have one number for each of D = {x.shape[-1]} neurons; "
                f"got {delta.shape[-1]}. Pass as many, or one number for all."
            )
        xp = namespace(x)
        mine = namespace(delta) is xp  # then gradients reach it too
        return xp.astype(delta if mine else beside(to_numpy(delta), x), x.dtype)
