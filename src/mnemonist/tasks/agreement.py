r"""Agreement: which memory a damaged image agrees with where it is not damaged, and how much that says.

    r = x − (a ξ + b)            a brightness and a contrast of the cue's own, as of a dark frame
    E = Σ_i log((1 − ε) N(r_i; σ)/p(x_i) + ε)        maximal over a, b and σ

p is how often the cue has such a grey anywhere, so that a white half says nothing where a memory is white; a pixel that
does not agree costs log ε at most, whatever it is. Fits start from parts of the image, any of which may be whole, and
are weighed anew a few times (Geman & McClure 1985). What two unlike images agree by tells how much is no accident:
memories with each other, and the cue turned round.

Source: robust fits, Huber 1964; a background as the rival of a match, Lowe 2004, §7. Shapes: images are reduced to
n points of c channels; x (n, c), memories (K, n, c), E (k,).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

EDGE = 24  # points along an edge
_OUTLIER = 0.02  # ε
_SIGMAS = (0.015, 0.03, 0.06, 0.12)
_GAIN = (0.15, 6.0)  # of contrast
_CANDIDATES, _ASKED = 12, 24  # memories that are fitted, and that are held against the others
_BINS = 48
_SURE = 0.4  # beyond chance: more needs no second look at how the cue turned round does


@dataclass(frozen=True, eq=False)
class Fit:
    """The memory that a cue agrees with best, its contrast and brightness, the evidence E/n and that of no match."""

    memory: int
    gain: float
    offset: float
    evidence: float
    chance: float

    @property
    def found(self) -> bool:
        """Whether the evidence is beyond what unlike images have."""
        return self.evidence > max(1.25 * self.chance, self.chance + 0.06)


def reduced(image: Floats) -> Floats:
    """Return an image (h, w, c) as n points (n, c) of means, about `EDGE` along each edge; NaN is passed over."""
    height, width, channels = image.shape
    rows, columns = (np.linspace(0, size, min(size, EDGE) + 1).astype(int)[:-1] for size in (height, width))
    known = np.isfinite(image)
    total = np.add.reduceat(np.add.reduceat(np.where(known, image, 0), rows, axis=0), columns, axis=1)
    count = np.add.reduceat(np.add.reduceat(known.astype(np.float32), rows, axis=0), columns, axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / count, np.float32).reshape(-1, channels)


class Agreement:
    """Memories reduced to points (K, n, c), in a grid of so many columns, and what they agree by with each other."""

    def __init__(self, points: Floats, columns: int) -> None:
        self._points, self._parts = points, _parts(points.shape[1] // columns, columns)
        self._turns = _turns(points.shape[1] // columns, columns)
        self._typical: float | None = None

    def best(self, x: Floats) -> Fit:
        """Return the memory that points x (n, c) agree with best."""
        everyone = np.ones(len(self._points), np.bool_)
        memory, gain, offset, evidence = self._search(x, everyone)
        chance = self._unlike()
        if evidence > chance and evidence < chance + _SURE:
            others = np.arange(len(everyone)) != memory  # which may be its own mirror image
            chance = max([chance, *(self._search(x[turn], others)[3] for turn in self._turns)])
        return Fit(memory, gain, offset, evidence, chance)

    def _unlike(self) -> float:
        """Return what a memory typically agrees by, at most, with others than itself and its copies."""
        if self._typical is None:
            count, found = len(self._points), [0.0]
            for asked in np.linspace(0, count - 1, min(count, _ASKED)).astype(int):
                x = self._points[asked]
                others = np.nanmean(np.abs(self._points - x), axis=(1, 2)) > 0.02
                found += [self._search(x, others)[3]] if others.any() else []
            self._typical = float(np.quantile(found, 0.9))
        return self._typical

    def _search(self, x: Floats, allowed: NDArray[np.bool_]) -> tuple[int, float, float, float]:
        """Return the best of some memories with its gain, offset and evidence."""
        n = len(x)
        gains = np.where(allowed, self._promise(x), -np.inf)
        chosen = np.argsort(-gains, kind="stable")[:_CANDIDATES]
        density = _density(x)
        found = []
        for place in chosen[np.isfinite(gains[chosen])].tolist():
            a, b, evidence = fitted(x, self._points[place], self._parts, density)
            found.append((evidence / n, place, a, b))
        evidence, place, a, b = max(found, key=lambda one: one[0])
        return place, a, b, evidence

    def _promise(self, x: Floats) -> Floats:
        """Return by how much each memory (K,) may agree: Σ −½ log(1 − ρ²) over cells of correlation ρ > 0."""
        grey = np.nan_to_num(x.mean(axis=1))
        total = np.zeros(len(self._points))
        for cell, theirs in self._cells:
            mine = grey[cell] - grey[cell].mean()
            rho = np.clip(theirs @ mine / np.sqrt((mine * mine).sum() + 1e-4), 0, 0.999)
            total -= 0.5 * np.log1p(-rho * rho) * len(cell)
        return total

    @cached_property
    def _cells(self) -> list[tuple[NDArray[np.int64], Floats]]:
        """The points of parts, and what the memories' greys (K, n) are there, at mean 0 and length 1."""
        grey, cells = np.nan_to_num(self._points.mean(axis=2)), []
        for cell in self._parts[:1] + self._parts[5:]:
            some = grey[:, cell] - grey[:, cell].mean(axis=1, keepdims=True)
            cells.append((cell, some / np.sqrt((some * some).sum(axis=1, keepdims=True) + 1e-4)))
        return cells


def fitted(x: Floats, memory: Floats, parts: list[NDArray[np.int64]], density: Floats) -> tuple[float, float, float]:
    """Return gain, offset and evidence E of the best fit of a memory (n, c) to points, from whatever part it starts."""
    seen = np.isfinite(x) & np.isfinite(memory)
    x, y, seen = np.where(seen, x, 0), np.where(seen, memory, 0), seen.all(axis=1)
    best = (1.0, 0.0, _evidence(x, y, seen, density, (1.0, 0.0)))
    for part in parts:
        weights = np.zeros(len(x))
        weights[part] = seen[part]
        for scale in (None, 0.1, 0.05, 0.03):
            if scale is not None:
                r2 = ((x - a * y - b) ** 2).mean(axis=1)
                weights = seen / (1 + r2 / scale**2) ** 2
            a, b = _affine(x, y, weights)
        evidence = _evidence(x, y, seen, density, (a, b))
        best = max(best, (a, b, evidence), key=lambda one: one[2])
    return best


def _affine(x: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    """Return the weighted least squares of x on y, its gain within bounds."""
    w = weights[:, None] / max(float(weights.sum()) * x.shape[1], 1e-9)
    mean_x, mean_y = float((w * x).sum()), float((w * y).sum())
    variance = float((w * (y - mean_y) ** 2).sum())
    covariance = float((w * (x - mean_x) * (y - mean_y)).sum())
    a = float(np.clip(covariance / (variance + 1e-6), *_GAIN))
    return a, mean_x - a * mean_y


def _evidence(x: Floats, y: Floats, seen: Floats, density: Floats, fit: tuple[float, float]) -> float:
    """Return E at the best σ."""
    a, b = fit
    r2 = ((x - a * y - b) ** 2).mean(axis=1)[seen]
    told = []
    for sigma in _SIGMAS:
        ratio = np.exp(-r2 / (2 * sigma**2)) / (np.sqrt(2 * np.pi) * sigma * density[seen])
        told.append(float(np.log((1 - _OUTLIER) * ratio + _OUTLIER).clip(-1.0).sum()))
    return max(told)


def _density(x: Floats) -> Floats:
    """Return p(x_i) (n,) per unit of grey, smoothed."""
    grey = np.clip(np.nan_to_num(x.mean(axis=1)), 0, 1)
    bins = np.minimum((grey * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS) + 1.0
    smooth = np.convolve(np.pad(counts, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    return np.asarray(np.maximum(smooth, counts)[bins] / counts.sum() * _BINS, np.float64)


def _parts(rows: int, columns: int) -> list[NDArray[np.int64]]:
    """Return the points of all, of halves and of the cells of 3 × 3."""
    grid = np.arange(rows * columns).reshape(rows, columns)
    r, c = rows // 2, columns // 2
    some = [grid, grid[:r], grid[r:], grid[:, :c], grid[:, c:]]
    some += [cell for band in np.array_split(grid, 3) for cell in np.array_split(band, 3, axis=1)]
    return [part.ravel() for part in some if part.size > 3]


def _turns(rows: int, columns: int) -> list[NDArray[np.int64]]:
    """Return the points of a grid as they come when it is turned round."""
    grid = np.arange(rows * columns).reshape(rows, columns)
    return [turn.ravel() for turn in (grid[:, ::-1], grid[::-1], grid[::-1, ::-1])]
