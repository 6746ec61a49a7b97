r"""Agreement: which memory a damaged image agrees with where it is not damaged, and how much that says.

    r = x − (a ξ + b)            a brightness and a contrast of the cue's own, as of a dark frame
    E = Σ_i log((1 − ε) N(r_i; σ)/p(x_i) + ε)        maximal over a, b and σ

p is how often the cue has such a grey anywhere, so that a white half says nothing where a memory is white; a pixel that
does not agree costs log ε at most, whatever it is. Fits start from parts of the image, any of which may be whole, and
are weighed anew a few times (Geman & McClure 1985). A match is no accident where its evidence is beyond that of any
other memory.

Source: robust fits, Huber 1964; a background as the rival of a match, Lowe 2004, §7. Shapes: images are reduced to
n points of c channels; x (n, c), memories (K, n, c), E (k,).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

EDGE = 24  # points along an edge
_OUTLIER = 0.02  # ε
_SIGMAS = (0.015, 0.03, 0.06, 0.12)
_GAIN = (0.15, 6.0)  # of contrast
_CANDIDATES = 12  # memories that are fitted
_MARGIN, _LEAST, _MUCH, _COPY = (
    0.12,
    -0.25,
    0.3,
    0.02,
)  # in E/n by which a match is none by chance; off which two are no copies
_BINS = 48


@dataclass(frozen=True, eq=False)
class Fit:
    """The memory that a cue agrees with best, its contrast and brightness; its evidence E/n, and the best rival's."""

    memory: int
    gain: float
    offset: float
    evidence: float
    chance: float

    @property
    def found(self) -> bool:
        """Whether the evidence is beyond that of any rival."""
        return self.evidence > max(self.chance + _MARGIN, _LEAST)


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
    """Memories reduced to points (K, n, c), in a grid of so many columns."""

    def __init__(self, points: Floats, columns: int) -> None:
        self._points, self._parts = points, _parts(points.shape[1] // columns, columns)
        self._turns = _turns(points.shape[1] // columns, columns)

    def best(self, x: Floats) -> Fit:
        """Return the memory that points x (n, c) agree with best, beside what the best rival of it has.

        That is another memory, no copy; of one that agrees by a lot, which may be one of a series, the turned cue.
        """
        told = self._search(x)
        (evidence, memory, gain, offset), points = told[0], self._points[told[0][1]]
        rivals = [one[0] for one in told[1:] if np.nanmean(np.abs(self._points[one[1]] - points)) > _COPY]
        if not rivals or (evidence > _MUCH and evidence <= rivals[0] + _MARGIN):
            rivals = [self._search(x[turn])[0][0] for turn in self._turns]
        return Fit(memory, gain, offset, evidence, max(rivals))

    def _search(self, x: Floats) -> list[tuple[float, int, float, float]]:
        """Return evidence, place, gain and offset of the most promising memories, the best first."""
        chosen = np.argsort(-self._promise(x), kind="stable")[:_CANDIDATES]
        density, found = _density(x), []
        for place in chosen.tolist():
            a, b, evidence = fitted(x, self._points[place], self._parts, density)
            found.append((evidence / len(x), place, a, b))
        return sorted(found, key=lambda one: -one[0])

    def _promise(self, x: Floats) -> Floats:
        """Return by how much each memory (K,) may agree: Σ −½ log(1 − ρ²) over cells of correlation ρ > 0."""
        grey = np.nan_to_num(x.mean(axis=1))
        total = np.zeros(len(self._points))
        for cell, theirs in self._cells:
            mine = grey[cell] - grey[cell].mean()
            rho = np.clip(theirs @ mine / np.sqrt((mine * mine).sum() + 1e-4), 0, 0.999)
            total -= 0.5 * np.log1p(-rho * rho) * len(cell)
        return np.asarray(total)

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
    x, y, whole = np.where(seen, x, 0), np.where(seen, memory, 0), np.asarray(seen.all(axis=1))
    best = (1.0, 0.0, _evidence(x, y, whole, density, (1.0, 0.0)))
    for part in parts:
        weights = np.zeros(len(x))
        weights[part] = whole[part]
        a, b = _affine(x, y, weights)
        for scale in (0.1, 0.05, 0.03):
            r2 = ((x - a * y - b) ** 2).mean(axis=1)
            a, b = _affine(x, y, whole / (1 + r2 / scale**2) ** 2)
        evidence = _evidence(x, y, whole, density, (a, b))
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


def _evidence(x: Floats, y: Floats, seen: NDArray[np.bool_], density: Floats, fit: tuple[float, float]) -> float:
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
