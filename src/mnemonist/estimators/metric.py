r"""A diagonal metric that is learned: how much each feature counts, so that a row's neighbours tell its label.

    p_ij = softmax_j(−½ Σ_k w_k (x_ik − x_jk)²), j ≠ i          w_k = exp θ_k
    classes    minimise −Σ_i log Σ_{j: y_j = y_i} p_ij
    numbers    minimise Σ_i ½(Σ_j p_ij y_j − y_i)²/V

plus ½α‖θ − θ₀‖², which keeps it near the metric in which all count alike, as sharp as its fifth neighbours ask for. An
unknown cell is the mean of its column.

Source: Goldberger et al. 2004 (neighbourhood components analysis), with a diagonal; for numbers Weinberger & Tesauro
2007. Shapes: x (n, N); w (N,); y (n,), or one-hot (n, V).
"""

from typing import Any

import numpy as np
from scipy.optimize import minimize

Numbers = np.ndarray[Any, Any]

_MOST = 600  # rows that are learned from
_PENALTY = 0.02  # α, of each row
_STEPS = 40
_NEIGHBOUR = 5


def learned_weights(x: Numbers, y: Numbers, *, classes: bool, rng: np.random.Generator) -> Numbers:
    """Return w (N,), of mean 1 over what varies; costs O(n² N) for each of up to 40 steps."""
    some = np.sort(rng.permutation(len(x))[:_MOST])
    x, y = _filled(x[some]), y[some]
    start = np.full(x.shape[1], np.log(_sharpness(x)))
    cost = _classes if classes else _numbers
    told = (y[:, None] == np.unique(y)).astype(np.float64) if classes else (y - y.mean()) / (y.std() or 1.0)

    def of(theta: Numbers) -> tuple[float, Numbers]:
        w = np.exp(np.clip(theta, -30, 30))
        value, slope = cost(x, told, w)
        return value + _PENALTY * float(((theta - start) ** 2).sum()) / 2, w * slope + _PENALTY * (theta - start)

    found = minimize(of, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    w = np.exp(np.clip(found.x, -30, 30))
    return np.asarray(w / w.mean())


def _filled(x: Numbers) -> Numbers:
    """Return x with the mean of what is known of a column where it is NaN, 0 where nothing is."""
    known = ~np.isnan(x)
    means = np.where(known, x, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, x, means)


def _sharpness(x: Numbers) -> float:
    """Return 4 over the median squared distance to the fifth neighbour."""
    apart = _apart(x, np.ones(x.shape[1]))
    np.fill_diagonal(apart, np.inf)
    place = min(_NEIGHBOUR, len(x) - 1) - 1
    typical = float(np.median(np.partition(apart, place, axis=1)[:, place]))
    return 4.0 / typical if 0 < typical < np.inf else 1.0


def _apart(x: Numbers, w: Numbers) -> Numbers:
    """Return Σ_k w_k (x_ik − x_jk)² (n, n)."""
    scaled = x * np.sqrt(w)
    squares = (scaled * scaled).sum(axis=1)
    return np.asarray(np.maximum(squares[:, None] + squares[None, :] - 2 * scaled @ scaled.T, 0.0))


def _chances(x: Numbers, w: Numbers) -> Numbers:
    h = -0.5 * _apart(x, w)
    np.fill_diagonal(h, -np.inf)
    p = np.exp(h - h.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def _slope(x: Numbers, g: Numbers) -> Numbers:
    """Return Σ_ij g_ij (x_ik − x_jk)² (N,)."""
    square = x * x
    return np.asarray((g.sum(axis=1) + g.sum(axis=0)) @ square - 2 * (x * (g @ x)).sum(axis=0))


def _classes(x: Numbers, y: Numbers, w: Numbers) -> tuple[float, Numbers]:
    """Return the mean of −log p(own class), and its slope in w."""
    p = _chances(x, w)
    same = y @ y.T
    own = np.maximum((p * same).sum(axis=1, keepdims=True), 1e-12)
    g = (p * same / own - p) / len(x)  # −∂ cost/∂h
    return float(-np.log(own).mean()), _slope(x, g) / 2


def _numbers(x: Numbers, y: Numbers, w: Numbers) -> tuple[float, Numbers]:
    """Return half the mean squared error, and its slope in w."""
    p = _chances(x, w)
    said = p @ y
    off = said - y
    g = -p * (y[None, :] - said[:, None]) * off[:, None] / len(x)
    return float((off * off).mean() / 2), _slope(x, g) / 2
