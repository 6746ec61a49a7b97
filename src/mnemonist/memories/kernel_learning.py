r"""Learning a kernel: features that spread the patterns evenly over a sphere, so that they are easy to tell apart.

    minimise  L = log mean_{μ<ν} exp(−t ‖φ_μ − φ_ν‖²),      φ_μ = W ξ_μ/‖W ξ_μ‖

by gradient descent from W = 1. With p_μν the share of a pair in the mean,

    ∂L/∂φ_μ = −2t Σ_ν p_μν (φ_μ − φ_ν),      ∂L/∂W = Σ_μ (∂L/∂φ_μ − (φ_μ·∂L/∂φ_μ) φ_μ)/‖W ξ_μ‖ · ξ_μᵀ

Source: stage I of Wu, Hu, Hsiao & Liu 2024, arXiv:2404.03827; the loss, Wang & Isola 2020, arXiv:2005.10242.
Shapes: patterns (K, N); W (N, N).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist._array import to_numpy
from mnemonist.core.bilinear import Bilinear
from mnemonist.core.neurons import Real
from mnemonist.core.number import check_number, check_whole
from mnemonist.errors import InvalidArgument
from mnemonist.recall.checks import check_rows, check_values

Floats = NDArray[np.float64]

_FAR = 600.0  # exp(−600) is a number still


def learned_kernel(patterns: Any, *, temperature: float = 2.0, steps: int = 400, rate: float = 0.5) -> Bilinear:
    """Return a kernel learned from patterns (K, N), K ≥ 2: `steps` of gradient descent at `rate`, t = `temperature`.

    Costs O(K² N + K N²) a step. Raises `InvalidArgument` where there are fewer than two patterns, or one is all 0.

    >>> import numpy as np
    >>> import mnemonist as mn
    >>> patterns = np.array([[1.0, 0.0, 0.1], [1.0, 0.1, 0.0], [1.0, 0.0, -0.1]])
    >>> memory = mn.AssociativeMemory(learned_kernel(patterns), mn.Softmax(10.0), mn.Real())
    >>> _ = memory.store(patterns)
    >>> memory.recall([1.0, 0.01, 0.08]).state.round(2)
    array([1. , 0. , 0.1])
    """
    rows, _ = check_rows("learned_kernel", "patterns", patterns, None)
    check_values("learned_kernel", "patterns", rows, None, Real(), missing="Leave the row out.")
    check_number("learned_kernel", "temperature", temperature, least=0, strict=True)
    check_number("learned_kernel", "rate", rate, least=0, strict=True)
    steps = check_whole("learned_kernel", "steps", steps, least=1)
    x, rate, temperature = to_numpy(rows).astype(np.float64), float(rate), float(temperature)
    if len(x) < 2 or not x.any(axis=1).all():
        raise InvalidArgument(
            f"learned_kernel: patterns must be two at least, and none all 0; got {len(x)}. There is nothing to part."
        )
    x = np.ldexp(x, -np.frexp(np.abs(x).max(axis=1, keepdims=True))[1])  # features are directions: no length counts
    features = np.eye(x.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            features = features - rate * _gradient(features, x, temperature)
    if not np.isfinite(features).all():
        raise InvalidArgument(
            f"learned_kernel: rate and temperature must be such that steps settle; got {rate:g} and {temperature:g}, "
            "with which they run away. Pass smaller ones."
        )
    return Bilinear(features)


def crowding(features: Any, patterns: Any, temperature: float = 2.0) -> float:
    """Return L of features (D, N) and patterns (K, N): the lower, the more evenly the patterns are spread."""
    phi, _ = _on_sphere(np.asarray(patterns, np.float64) @ np.asarray(features, np.float64).T)
    far = _squares(phi)[np.triu_indices(len(phi), 1)]
    return float(np.log(np.mean(np.exp(-temperature * far))))


def _gradient(features: Floats, x: Floats, temperature: float) -> Floats:
    """Return ∂L/∂W."""
    phi, length = _on_sphere(x @ features.T)
    squares = _squares(phi)
    np.fill_diagonal(squares, np.inf)
    least = float(squares.min())
    weight = np.exp(-temperature * (squares - (least if temperature * least > _FAR else 0.0)))  # only shares count
    share = 2 * weight / weight.sum()  # each pair stands there twice
    slope = -2 * temperature * (share.sum(axis=1, keepdims=True) * phi - share @ phi)
    tangent = slope - (slope * phi).sum(axis=1, keepdims=True) * phi
    gradient: Floats = (tangent / length).T @ x
    return gradient


def _on_sphere(z: Floats) -> tuple[Floats, Floats]:
    length = np.linalg.norm(z, axis=1, keepdims=True)
    return z / length, length


def _squares(phi: Floats) -> Floats:
    """Return ‖φ_μ − φ_ν‖² (K, K)."""
    squares: Floats = np.maximum(2 - 2 * phi @ phi.T, 0.0)
    return squares
