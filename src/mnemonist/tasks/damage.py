r"""Damage: the pixels of an image that disagree with the memory which it otherwise matches.

    r = x − (a ξ + b)        q² = mean_c r²        s = 1.4826 median q over what is visible
    hidden where the mean of min(q, 3 t) over 3 × 3 pixels exceeds t = max(4 s, 0.035), or q exceeds 2 t

Which memory that is, and a first a and b, come from `agreement`, of images reduced to some hundred points; a, b and s
are found anew among what is visible, twice. What stands alone is smoothed away, and the rim is hidden too, for whatever
wrote the damage blurred it. Where no memory agrees beyond chance nothing is hidden: the cue is not known.

Source: the median absolute deviation, Hampel 1974. Shapes: x, ξ (h, w, c); marks (h, w), True = visible.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnemonist.tasks.agreement import Agreement, Fit, Floats, reduced

Marks = NDArray[np.bool_]
_LEAST, _DEVIATIONS = 0.035, 4.0  # by which a pixel must be off: of white, and of what is usual
_ROUNDS = 3
_WHOLE = 0.995  # visible: of more, nothing is damaged
_SAME = 0.03  # off a gain of 1 and an offset of 0: a brightness of its own


@dataclass(frozen=True, eq=False)
class Damage:
    """What was found: the fit; what is visible (h, w), None where all is; the cue as bright as the memory."""

    fit: Fit
    visible: Marks | None
    corrected: Floats

    @property
    def share(self) -> float:
        """The share of pixels that are visible."""
        return 1.0 if self.visible is None else float(self.visible.mean())

    def written(self, recalled: Floats) -> Floats:
        """Return recalled numbers in the cue's own brightness, where part of it stays."""
        if self.visible is None or not self.fit.found:
            return recalled
        return np.asarray(np.clip(self.fit.gain * recalled + self.fit.offset, 0, 1), np.float32)


def damage(image: Floats, agreement: Agreement, memory: Callable[[int], Floats], *, blurred: bool = False) -> Damage:
    """Return what is damaged of an image (h, w, c), which may hold NaN, beside the `memory` of a row (h, w, c).

    A file that is `blurred`, as JPEG is, has a wider rim.
    """
    fit = agreement.best(reduced(image))
    if not fit.found:
        return Damage(fit, None, image)
    original = memory(fit.memory)
    seen = np.asarray(np.isfinite(image).all(axis=2) & np.isfinite(original).all(axis=2))
    visible: Marks = seen
    for _ in range(_ROUNDS):
        q = np.sqrt(((image - fit.gain * original - fit.offset) ** 2).mean(axis=2))
        usual = _least_usual(q, seen) if visible is seen else float(np.median(q[visible])) if visible.any() else 0.0
        visible = np.asarray(_visible(np.where(seen, q, 0), 1.4826 * usual) & seen)
        if visible.sum() > 8:
            fit = _refined(image[visible], original[visible], fit)
    visible = np.asarray(visible & ~_grown(np.asarray(~visible & seen), 3 if blurred else 1))
    if visible[seen].mean() > _WHOLE:
        visible = seen
    if visible.mean() < 0.01:
        return Damage(Fit(fit.memory, 1.0, 0.0, -1.0, 0.0), None, image)
    return Damage(fit, None if visible.all() else visible, _corrected(image, fit))


def _least_usual(q: Floats, seen: Marks) -> float:
    """Return the median of q in the parts of the image that are off least, of 6 × 6."""
    bands = zip(np.array_split(q, 6), np.array_split(seen, 6), strict=True)
    parts = (
        part[mask]
        for band, marks in bands
        for part, mask in zip(np.array_split(band, 6, axis=1), np.array_split(marks, 6, axis=1), strict=True)
    )
    return float(np.quantile([np.median(part) for part in parts if part.size], 0.2))


def _visible(q: Floats, usual: float) -> Marks:
    """Return what is near enough (h, w), where so much is usual."""
    limit = max(_DEVIATIONS * usual, _LEAST)
    off = (box(np.minimum(q, 3 * limit), 1) > limit) | (q > 2 * limit)
    near = box(off.astype(np.float32), 2)  # what stands alone is neither hidden nor visible
    return ~np.where(off, near > 0.15, near > 0.6)


def _refined(x: Floats, y: Floats, fit: Fit) -> Fit:
    """Return the fit of visible pixels (m, c), at 1 and 0 where that is as good."""
    variance, mean_x, mean_y = float(y.var()), float(x.mean()), float(y.mean())
    a = float(((x - mean_x) * (y - mean_y)).mean()) / (variance + 1e-9) if variance > 1e-5 else fit.gain
    a = float(np.clip(a, 0.05, 20))
    b = mean_x - a * mean_y
    if abs(a - 1) < _SAME and abs(b) < _SAME:
        a, b = 1.0, 0.0
    return Fit(fit.memory, a, b, fit.evidence, fit.chance)


def _corrected(image: Floats, fit: Fit) -> Floats:
    if (fit.gain, fit.offset) == (1.0, 0.0):
        return image
    return np.asarray(np.clip((image - fit.offset) / fit.gain, 0, 1), np.float32)


def box(x: Floats, reach: int) -> Floats:
    """Return the means over (2 reach + 1)² pixels (h, w), fewer at the rim."""
    for axis in (0, 1):
        size = x.shape[axis]
        total = np.insert(np.cumsum(x, axis=axis, dtype=np.float64), 0, 0, axis=axis)
        low, high = np.maximum(np.arange(size) - reach, 0), np.minimum(np.arange(size) + reach + 1, size)
        shape = (-1, 1) if axis == 0 else (1, -1)
        x = (total.take(high, axis) - total.take(low, axis)) / (high - low).reshape(shape)
    return np.asarray(x, np.float32)


def _grown(marks: Marks, reach: int) -> Marks:
    """Return marks (h, w) and what lies so near to them."""
    return np.asarray(box(marks.astype(np.float32), reach) > 1e-6)
