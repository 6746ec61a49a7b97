r"""Separations that answer with k memories at once.

    KSubsets(k, β)   f = clip(β h − τ, 0, 1)/k, Σ f = 1       L = max_{0 ≤ y ≤ 1, Σ y = k} (y·h − ‖y‖²/2β)/k
    TopK(k, β)       f = softmax(β h) over the k largest      L = β⁻¹ log Σ_{k largest} exp(β h)

KSubsets gives exactly 1/k to each of k memories once the k-th leads the next by 1/β. In TopK memories that tie for the
last place share it. A memory of fewer than k patterns answers with all it has.

Source: Santos et al. 2024, arXiv:2402.13725 (SparseMAP k-subsets).
Shapes: h is (..., K); L is (...); f is (..., K).
"""

from dataclasses import dataclass

from mnemonist._array import Array, namespace
from mnemonist.core.live import LiveSeparation, threshold
from mnemonist.core.separation import check_beta, check_count


@dataclass(frozen=True)
class KSubsets(LiveSeparation):
    """The k-subsets of SparseMAP. `k` ≥ 1, `beta` > 0 or "auto".

    >>> import numpy as np
    >>> KSubsets(2, beta=1.0).weights(np.array([3.0, 2.5, 1.5, 0.0]))
    array([0.5, 0.5, 0. , 0. ])
    """

    k: int = 2
    beta: float | Array = 1.0
    margin = 1.0

    def __post_init__(self) -> None:
        check_count("KSubsets", "k", self.k)
        check_beta("KSubsets", self.beta)

    def automatic_beta(self, count: int, squared: float) -> float:
        """Return 2/d², at which a memory leads its nearest other one by exactly the margin."""
        return 2 / squared

    def _clipped(self, h: Array, live: Array) -> Array:
        """Return y = clip(β h − τ, 0, 1), counted from the k-th largest score, below which τ lies by 1/β at most."""
        xp, k = namespace(h), self.k
        last = kth_largest(live, k)
        if live.shape[-1] <= k:  # all others, if there are any, are behind by 1/β at least
            return xp.astype(self.beta * (h - last) > -self.margin / 2, h.dtype)
        z = self.beta * (live - last)

        def excess(tau: Array) -> tuple[Array, Array]:
            t = z - tau
            inside = xp.astype((t > 0) & (t < 1), t.dtype)
            return xp.sum(_clip(t), axis=-1, keepdims=True) - k, xp.sum(inside, axis=-1, keepdims=True)

        return _clip(self.beta * (h - last) - threshold(excess, last))

    def shares(self, h: Array, live: Array) -> Array:
        """Return y/k."""
        return self._clipped(h, live) / min(self.k, live.shape[-1])

    def conjugate(self, live: Array) -> Array:
        """Return (y·h − ‖y‖²/2β)/k."""
        xp = namespace(live)
        y, peak = self._clipped(live, live), xp.max(live, axis=-1)
        value = xp.sum(y * (live - peak[..., None]) - y * y / (2 * self.beta), axis=-1)
        return peak + value / min(self.k, live.shape[-1])

    def alive(self, scores: Array) -> Array:
        """Return β (h − k-th largest) > −1."""
        return self.beta * (scores - kth_largest(scores, self.k)) > -1


@dataclass(frozen=True)
class TopK(LiveSeparation):
    """Softmax over the k largest scores. `k` ≥ 1, `beta` > 0 or "auto".

    >>> import numpy as np
    >>> TopK(2, beta=1.0).weights(np.log(np.array([3.0, 1.0, 0.5])))
    array([0.75, 0.25, 0.  ])
    """

    k: int = 8
    beta: float | Array = 1.0

    def __post_init__(self) -> None:
        check_count("TopK", "k", self.k)
        check_beta("TopK", self.beta)

    def shares(self, h: Array, live: Array) -> Array:
        """Return softmax(β h) over the k largest; ties for the last place share it."""
        xp = namespace(h)
        k, last = min(self.k, live.shape[-1]), kth_largest(live, self.k)
        peak = xp.max(live, axis=-1, keepdims=True)
        above, tied = (xp.sum(xp.astype(x, live.dtype), axis=-1, keepdims=True) for x in (live > last, live == last))
        place = (k - above) / tied

        def mass(x: Array) -> Array:
            portion = xp.where(x > last, xp.ones_like(x), xp.where(x == last, place, xp.zeros_like(x)))
            return portion * xp.exp(self.beta * (xp.where(x >= last, x, last) - peak))

        return mass(h) / xp.sum(mass(live), axis=-1, keepdims=True)

    def conjugate(self, live: Array) -> Array:
        """Return β⁻¹ log Σ exp(β h) of the k largest."""
        xp = namespace(live)
        largest = xp.sort(live, axis=-1, descending=True)[..., : min(self.k, live.shape[-1])]
        peak = largest[..., :1]
        total = xp.sum(xp.exp(self.beta * (largest - peak)), axis=-1)
        return peak[..., 0] + xp.log(total) / self.beta

    def alive(self, scores: Array) -> Array:
        """Return h ≥ the k-th largest."""
        return scores >= kth_largest(scores, self.k)


def kth_largest(scores: Array, k: int) -> Array:
    """Return the k-th largest of scores (..., m) as (..., 1), the smallest where there are fewer."""
    place = min(k, scores.shape[-1])
    return namespace(scores).sort(scores, axis=-1, descending=True)[..., place - 1 : place]


def _clip(t: Array) -> Array:
    """Return t cut to 0 … 1."""
    xp = namespace(t)
    return xp.where(t > 1, xp.ones_like(t), xp.where(t > 0, t, xp.zeros_like(t)))
