r"""Readouts in which no neuron hears itself: neuron i compares the others with a pattern.

    pull_i = Σ_μ η_μi f(h_μ − c_μi u_i),        h = scores of u with the patterns ξ, whose successors are η

u (B, N) is a ±1 state or a mean of several. Of plain overlaps c = ξ, so that the score less a neuron's own part takes
three values, h − u, h, h + u: for each value that u has, that is a product of matrices. Of overlaps that were made
independent of each other, c = N (ξξᵀ)⁻¹ξ is any number, and f is taken of each (μ, i).

Source: Chaudhry et al. 2023, arXiv:2306.04532. Shapes: u, pull (B, N); h (B, K); ξ, η, c (K, N).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.core.separation import AdditiveSeparation, Readout, Summary

_PATTERNS = 1024  # patterns that are turned into floats in one go
_PLACES = 2**22  # (cue, neuron, pattern) that are weighed in one go


class Comparison(Protocol):
    """How states are compared with patterns (K, N)."""

    @property
    def rounding(self) -> float:
        """The share of Σ |f| within which a pull counts as zero."""

    @property
    def batch_size(self) -> int:
        """How many cues to compare together in bounded memory."""

    def read(self, separation: AdditiveSeparation, total: Array, parts: int, successors: Array) -> Readout:
        """Return the pull (B, N) of the successors (K, N) at u = total/parts; its mass bounds Σ |f| (B, N)."""


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Plain overlaps h = ξ·u."""

    rows: Array
    rounding: ClassVar[float] = 8 * 2.0**-52

    @property
    def batch_size(self) -> int:
        """As many as have 2²³ scores."""
        return max(1, min(1024, 2**23 // int(self.rows.shape[0])))

    def read(self, separation: AdditiveSeparation, total: Array, parts: int, successors: Array) -> Readout:
        """Read once per value of u; whole numbers stay whole up to the division by `parts`."""
        xp = namespace(total)
        scores = total @ xp.astype(self.rows.T, total.dtype)
        summary = _summary(separation, scores / parts, 1.0)

        def weighed(own: float) -> Array:
            """Return f (B, K) of the scores less the neuron's own part."""
            return separation.scaled((scores - own) / parts, summary)

        same = [weighed(0.0)] if self._holes else []
        pull = size = xp.zeros_like(total)
        for own in np.unique(np.abs(to_numpy(total))).tolist():
            less, more = weighed(own), weighed(-own)
            bound = xp.sum(xp.maximum(xp.abs(less), xp.abs(more)), axis=-1, keepdims=True)
            for value, heard in {own: [less, more, *same], -own: [more, less, *same]}.items():
                pull = xp.where(total == value, self._pull(heard, successors), pull)
                size = xp.where(total == value, bound, size)
        return Readout(summary, pull, size)

    def _pull(self, heard: list[Array], successors: Array) -> Array:
        """Return Σ_μ η f (B, N) of the weights f (B, K) heard where a row is +1, where −1 and, third, where unknown."""
        xp, dtype, pull = namespace(successors), heard[0].dtype, 0.0
        for start in range(0, successors.shape[0], _PATTERNS):
            part = slice(start, min(start + _PATTERNS, successors.shape[0]))
            rows, read = self.rows[part, :], xp.astype(successors[part, :], dtype)
            for f, where in zip(heard, (rows > 0, rows < 0, rows == 0), strict=False):
                pull = pull + f[:, part] @ (xp.astype(where, dtype) * read)
        return pull

    @cached_property
    def _holes(self) -> bool:
        """Whether a row has an unknown coordinate, 0."""
        return bool(namespace(self.rows).any(self.rows == 0))


@dataclass(frozen=True, eq=False)
class IndependentOverlaps:
    """Overlaps made independent by the inverse of those of the patterns: h = N (ξξᵀ)⁻¹ξu, which is N δ_μν at ξ_ν."""

    rows: Array
    rounding: ClassVar[float] = 2.0**-36

    @cached_property
    def duals(self) -> Array:
        """N (ξξᵀ)⁻¹ξ (K, N): the dual of a pattern is orthogonal to every other pattern."""
        xp = namespace(self.rows)
        rows = xp.astype(self.rows, xp.float64)
        return rows.shape[-1] * xp.linalg.solve(rows @ rows.T, rows)

    @property
    def batch_size(self) -> int:
        """As many as have 2²² (neuron, pattern) for one pattern at least."""
        return max(1, min(1024, 2**23 // int(self.rows.shape[0]), _PLACES // int(self.rows.shape[1])))

    def read(self, separation: AdditiveSeparation, total: Array, parts: int, successors: Array) -> Readout:
        """Read some patterns at a time, weighing each neuron's own scores."""
        xp, u = namespace(total), total / parts
        h = u @ self.duals.T
        summary = _summary(separation, h, xp.max(xp.abs(self.duals), axis=-1))
        pull = size = xp.zeros_like(u)
        step = max(1, _PLACES // max(1, u.shape[0] * u.shape[1]))
        for start in range(0, h.shape[-1], step):
            part = slice(start, min(start + step, h.shape[-1]))
            own = u[:, None, :] * self.duals[None, part, :]
            f = separation.scaled(h[:, part, None] - own, _beside(summary))  # (B, k, N)
            pull = pull + xp.sum(f * xp.astype(successors[part, :], u.dtype), axis=1)
            size = size + xp.sum(xp.abs(f), axis=1)
        return Readout(summary, pull, size)


def _summary(separation: AdditiveSeparation, h: Array, reach: Array | float) -> Summary:
    """Return a summary whose peak is that of scores (B, K) up to `reach` more or less, from the two extremes."""
    xp = namespace(h)
    return separation.summary(xp.stack([xp.min(h - reach, axis=-1), xp.max(h + reach, axis=-1)], axis=-1))


def _beside(summary: Summary) -> Summary:
    """Return a summary (B,) for scores (B, k, N)."""
    return Summary(summary.peak[:, None], summary.mass[:, None])
