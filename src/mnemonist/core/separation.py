r"""Separation: how sharply a memory tells its patterns apart, and how that is computed from pieces.

A separation is a convex function L of the scores h (one per stored pattern), the *Lagrangian* of the memory neurons,
together with its gradient, the *weights* f = ∂L/∂h given to each pattern. The energy of a memory holds −L(h), its
update is the readout Σ_μ f_μ ξ_μ.

Scores are read block by block. A block gives a `Summary` (its peak, and its mass relative to that peak) and a
`Readout` (the readout in the scale of that summary); both merge in any order, an empty block is the identity, and the
merged whole equals one pass over everything to rounding. Where an old readout cannot be rescaled (`one_pass` is False)
all blocks are summarised first and then read with the summary of the whole. In sums of limited support and of
exponentials a score of −∞ is that of a memory without a say.

Source: Krotov & Hopfield 2021, arXiv:2008.06996 (Lagrangians); the merging is that of online softmax.
Shapes: h is (..., K); L is (...); f is (..., K).
"""

import math
from abc import abstractmethod
from typing import ClassVar, NamedTuple

from mnemonist._array import Array, namespace
from mnemonist.core.lagrangian import Lagrangian


class Summary(NamedTuple):
    """What a separation must know of all scores before it can weigh one: peak (...) and mass (...) relative to it."""

    peak: Array
    mass: Array


class Readout(NamedTuple):
    """A readout in the scale of its summary: pull = Σ f ξ (..., D), mass = Σ |f| (..., 1), or (..., D) with a mask."""

    summary: Summary
    pull: Array
    mass: Array


class Separation(Lagrangian):
    """How sharply patterns are told apart.

    A member implements `summary`, `merge`, `value`, `scaled`, `gauge` and `rescale`; the rest follows. It declares
    whether it is `normalised` (weights ≥ 0 that sum to 1), `convex` (L rises with a convex function of h, so that
    updates descend), `even` (L(−h) = L(h): the mirror image of a pattern is stored with it), `local` (a memory has no
    weight at all beyond some distance: only distances make sense as scores), whether it takes `one_pass`, the score at
    which a memory has no say, `silence`, and which `references` it comes from (keys of the bibliography, or BibTeX
    entries).
    """

    normalised: ClassVar[bool] = False
    local: ClassVar[bool] = False
    one_pass: ClassVar[bool] = True
    silence: ClassVar[float] = -math.inf
    even: bool = False

    @abstractmethod
    def summary(self, h: Array) -> Summary:
        """Summarise a block of scores (..., K), K ≥ 0."""

    @abstractmethod
    def merge(self, one: Summary, other: Summary) -> Summary:
        """Return the summary of two blocks together."""

    @abstractmethod
    def value(self, summary: Summary) -> Array:
        """Return L (...) of everything summarised."""

    @abstractmethod
    def scaled(self, h: Array, summary: Summary) -> Array:
        """Return the weights (..., K) divided by `gauge(summary)`: these never overflow."""

    @abstractmethod
    def gauge(self, summary: Summary) -> Array:
        """Return the factor (...) that turns scaled weights into f = ∂L/∂h."""

    @abstractmethod
    def rescale(self, old: Summary, new: Summary) -> Array:
        """Return the factor (...) that carries a readout in the scale of `old` into that of `new`."""

    def prior(self, strength: Array) -> tuple[Array | float, Array | float]:
        """Return (c, b) with which L(c h + b) is that of memories with these strengths (K,), 1 as they are.

        Here b = ln(s)/β, which multiplies the exponential of a score by s.
        """
        return 1.0, namespace(strength).log(strength) / self.beta  # type: ignore[attr-defined]

    @property
    def margin(self) -> Array | float:
        """The lead over all others, in units of 1/β, at which one memory takes all; infinite where none ever does."""
        return math.inf

    def pruned(self, summary: Summary) -> Summary:
        """Return the summary without what cannot matter any more; it may look at the data to tell."""
        return summary

    def settled(self, summary: Summary) -> Summary:
        """Return the summary of all scores, with what need not be found again for each block that is read."""
        return summary

    def salience(self, h: Array) -> Array:
        """Return something that grows with |f|, for ranking memories without overflow; here h itself."""
        return h

    def lagrangian(self, h: Array) -> Array:
        """Return L (...) of scores h (..., K)."""
        return self.value(self.summary(h))

    def weights(self, h: Array) -> Array:
        """Return f = ∂L/∂h (..., K), the gradient of the Lagrangian."""
        summary = self.summary(h)
        return self.gauge(summary)[..., None] * self.scaled(h, summary)

    def activation(self, x: Array) -> Array:
        """Return the weights: patterns are memory neurons, and these their activations."""
        return self.weights(x)

    def readout(
        self,
        h: Array,
        rows: Array,
        row_mask: Array | None = None,
        *,
        summary: Summary | None = None,
        factor: Array | None = None,
    ) -> Readout:
        """Read rows (k, D) out with the weights of their scores h (..., k), times a `factor` (k,) where that is given.

        It is in the scale of `summary`, that of all blocks; of this block's own where that is not given.
        """
        xp = namespace(h, rows)
        summary = self.summary(h) if summary is None else summary
        f = self.scaled(h, summary)
        f = f if factor is None else f * xp.astype(factor, f.dtype)
        size = xp.abs(f)
        mass = xp.sum(size, axis=-1, keepdims=True) if row_mask is None else size @ xp.astype(row_mask, f.dtype)
        return Readout(summary, f @ rows, mass)

    def merge_readouts(self, one: Readout, other: Readout) -> Readout:
        """Return the readout of two blocks together, each read by itself; `one_pass` separations only."""
        summary = self.merge(one.summary, other.summary)
        a = self.rescale(one.summary, summary)[..., None]
        b = self.rescale(other.summary, summary)[..., None]
        return Readout(summary, a * one.pull + b * other.pull, a * one.mass + b * other.mass)


class AdditiveSeparation(Separation):
    """A separation that only rises with Σ_μ F(h_μ), so that discrete neurons can decide by differences of F.

    It declares whether a fall `translates`: depends on the scores less their reference only.
    """

    translates: ClassVar[bool] = False

    @abstractmethod
    def reference(self, h: Array) -> Array:
        """Return the scale (..., 1) in which F of the scores h (..., K) neither overflows nor all vanishes.

        It is that of the least or of the greatest score alone, whichever is larger.
        """

    @abstractmethod
    def difference(self, h: Array, to: Array, reference: Array) -> Array:
        """Return F(h) − F(to) in the scale of the reference, to a few roundings of itself even where both are close."""

    def drop(self, h: Array, to: Array) -> Array:
        """Return L(h) − L(to) (...) of scores (..., K), in the units of L; infinite where float64 cannot hold it."""
        return self.lagrangian(h) - self.lagrangian(to)


def filled(h: Array, value: Array) -> Array:
    """Return scores with a value in place of −∞, the score of a memory that has no say."""
    return namespace(h).where(h == -math.inf, value, h)


def multiplied(unit: Array | float, h: Array) -> Array:
    """Return unit · h, −∞ where h is; a unit that is learned has no gradient of 0 · ∞ there."""
    if isinstance(unit, (int, float)):
        return unit * h
    xp = namespace(h)
    return xp.where(h == -math.inf, h, unit * filled(h, xp.zeros_like(h)))


def normalised(weights: Array) -> Array:
    """Return f / Σ |f| over the last axis; 0 where all are 0."""
    xp = namespace(weights)
    total = xp.sum(xp.abs(weights), axis=-1, keepdims=True)
    return weights / xp.where(total > 0, total, xp.ones_like(total))
