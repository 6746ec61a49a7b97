r"""Random features: vectors whose products estimate the Gaussian kernel.

    φ(x) = Y^(−½) [cos a, sin a],  a = √β S x,  S ~ N(0, 1)^(Y×N)        φ(x)·φ(y) ≈ exp(−½β‖x − y‖²)

Each frequency (row of S) gives a cosine and a sine. The estimate has a standard error of at most (2Y)^(−½), whatever N.

Source: Rahimi & Recht 2007, Advances in Neural Information Processing Systems; Hoover et al. 2024, arXiv:2410.24153.
Shapes: x is (..., N); S is (Y, N); φ is (..., 2Y), a folded sum of them (2Y,).
"""

import math
from dataclasses import dataclass

from mnemonist._array import Array, namespace


@dataclass(frozen=True, eq=False)
class RandomFeatures:
    """Features of a kernel of sharpness β; `frequencies` is √β S (Y, N)."""

    frequencies: Array

    def of(self, x: Array) -> Array:
        """Return φ (..., 2Y)."""
        xp, angle = namespace(x), x @ self.frequencies.T
        return xp.concat([xp.cos(angle), xp.sin(angle)], axis=-1) / math.sqrt(self.frequencies.shape[0])

    def estimate(self, x: Array, folded: Array) -> tuple[Array, Array]:
        """Return p = φ(x)·T (...) for a sum of features T (2Y,), and its slope ∂p/∂x (..., N)."""
        xp, y = namespace(x), self.frequencies.shape[0]
        angle = x @ self.frequencies.T
        cos, sin = xp.cos(angle), xp.sin(angle)
        even, odd = folded[:y], folded[y:]
        p = (cos @ even + sin @ odd) / math.sqrt(y)
        return p, ((cos * odd - sin * even) @ self.frequencies) / math.sqrt(y)
