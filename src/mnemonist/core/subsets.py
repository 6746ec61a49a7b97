r"""Separations that answer with k memories at once.

    KSubsets(k, β)   f = clip(β h − τ, 0, 1)/k, Σ f = 1       L = max_{0 ≤ y ≤ 1, Σ y = k} (y·h − ‖y‖²/2β)/k
    TopK(k, β)       f = softmax(β h) over the k largest      L = β⁻¹ log Σ_{k largest} exp(β h)

KSubsets gives exactly 1/k to each of k memories once the k-th leads the next by 1/β. In TopK memories that tie for the
last place share it. A memory of fewer than k patterns above −∞ answers with all it has.

Source: Santos et al. 2024, arXiv:2402.13725 (SparseMAP k-subsets).
Shapes: h is (..., K); L is (...); f is (..., K).
"""

from dataclasses import dataclass
from functools import partial

from mnemonist._array import Array, namespace
from mnemonist.core.number import check_beta, check_count, hold
from mnemonist.core.sparse import SparseSeparation, Survey, added, kth_largest, rises, summed


@dataclass(frozen=True)
class KSubsets(SparseSeparation):
    """The k-subsets of SparseMAP. `k` ≥ 1, `beta` > 0 or "auto".

    >>> import numpy as np
    >>> KSubsets(2, beta=1.0).weights(np.array([3.0, 2.5, 1.5, 0.0]))
    array([0.5, 0.5, 0. , 0. ])
    """

    k: int = 2
    beta: float | Array = 1.0
    references = ("santos2024",)

    def __post_init__(self) -> None:
        check_count("KSubsets", "k", self.k)
        check_beta("KSubsets", self.beta)
        hold(self, "k", "beta")

    @property
    def margin(self) -> float:
        """1."""
        return 1.0

    @property
    def leaders(self) -> int:  # type: ignore[override]
        """k."""
        return self.k

    @property
    def target(self) -> float:  # type: ignore[override]
        """k."""
        return float(self.k)

    @property
    def unit(self) -> Array | float:
        """β."""
        return self.beta

    def rise(self, t: Array) -> Array:
        """Return y = clip(t, 0, 1)."""
        return _clip(t)

    def slope(self, t: Array) -> Array:
        """Return its slope."""
        return namespace(t).astype((t > 0) & (t < 1), t.dtype)

    def height(self, t: Array) -> Array:
        """Return y."""
        return _clip(t)

    def worth(self, peak: Array, sums: tuple[Array, ...]) -> Array:
        """Return (y·h − ‖y‖²/2β)/k, or over K where there are fewer."""
        total, lead, squares = sums
        return peak + (lead - squares / (2 * self.beta)) / total


@dataclass(frozen=True)
class TopK(SparseSeparation):
    """Softmax over the k largest scores. `k` ≥ 1, `beta` > 0 or "auto".

    >>> import numpy as np
    >>> TopK(2, beta=1.0).weights(np.log(np.array([3.0, 1.0, 0.5])))
    array([0.75, 0.25, 0.  ])
    """

    k: int = 8
    beta: float | Array = 1.0
    references = ("ramsauer2021",)

    def __post_init__(self) -> None:
        check_count("TopK", "k", self.k)
        check_beta("TopK", self.beta)
        hold(self, "k", "beta")

    @property
    def leaders(self) -> int:  # type: ignore[override]
        """k."""
        return self.k

    @property
    def unit(self) -> Array | float:
        """β."""
        return self.beta

    def rise(self, t: Array) -> Array:
        """Return whether scores are above the k-th largest."""
        return namespace(t).astype(t > 0, t.dtype)

    def slope(self, t: Array) -> Array:
        """Return whether they tie with it: at such a score the sum leaps."""
        return namespace(t).astype(t == 0, t.dtype)

    def height(self, t: Array) -> Array:
        """Return exp t."""
        return namespace(t).exp(t)

    def weighed(self, h: Array, peak: Array, base: Array, tau: Array) -> Array:
        """Return exp β(h − max h) of those above the k-th largest, a share τ of it for those that tie with it."""
        xp = namespace(h)
        portion = xp.where(h > base, xp.ones_like(h), xp.where(h == base, tau, xp.zeros_like(h)))
        return portion * self.height(self.beta * (xp.where(h >= base, h, base) - peak))

    def threshold(self, live: Array, base: Array) -> Array:
        """Return the share that those that tie for the last place have of it."""
        t = live - base
        return self._share((summed(self.rise(t)), summed(self.slope(t))))

    def surveyed(self, survey: Survey, base: Array) -> Array:
        """Return the same by one pass."""
        return self._share(survey(partial(rises, self, base=base, tau=0.0), added))

    def _share(self, counts: tuple[Array, ...]) -> Array:
        """Return what each of the tied has, of so many above and so many tied; 1 where there is place for all."""
        above, tied = counts
        xp = namespace(tied)
        share = (self.k - above) / xp.where(tied > 0, tied, xp.ones_like(tied))
        return xp.where(share < 1, share, xp.ones_like(share))

    def worth(self, peak: Array, sums: tuple[Array, ...]) -> Array:
        """Return β⁻¹ log Σ exp(β h) of the k largest."""
        return peak + namespace(peak).log(sums[0]) / self.beta

    def alive(self, scores: Array) -> Array:
        """Return h ≥ the k-th largest."""
        return scores >= kth_largest(scores, self.k)


def _clip(t: Array) -> Array:
    """Return t cut to 0 … 1."""
    xp = namespace(t)
    return xp.where(t > 1, xp.ones_like(t), xp.where(t > 0, t, xp.zeros_like(t)))
