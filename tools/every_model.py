"""Every model by name, and random rows that its neurons may store. N neurons."""

from collections.abc import Callable
from typing import Any

import numpy as np

import mnemonist as mn

Numbers = np.ndarray[Any, Any]

SIGNS, OPTIONS = mn.Columns(mn.Binary(), 2, weight=0.5), mn.Columns(mn.Categorical((3, 2)), weight=2.0)
ROWS = (mn.Columns(mn.Real(), 2, weight=1.5), SIGNS, OPTIONS, mn.Columns(mn.Real(), 1))
DOTS = (mn.Columns(mn.Real(), 2, mn.Dot(), weight=0.7), OPTIONS, SIGNS)


def drawn(neurons: Any, rng: np.random.Generator, count: int, width: int) -> Numbers:
    """Return random rows (count, N) that such neurons may store."""
    if isinstance(neurons, mn.Mixed):
        parts = [drawn(block.neurons, rng, count, block.width) for block in neurons.columns]
        return np.concatenate(parts, axis=-1)
    if isinstance(neurons, mn.Categorical):
        return np.asarray(neurons.encode(rng.integers(0, neurons.sizes, (count, len(neurons.sizes)))), np.float64)
    if isinstance(neurons, mn.Sparse):
        return (rng.random((count, width)) < 0.3).astype(np.float64)
    if neurons.discrete or isinstance(neurons, mn.Graded):
        return rng.choice([-1.0, 1.0], size=(count, width))
    return rng.normal(size=(count, width))


def couplings(width: int, *, symmetric: bool) -> Numbers:
    """Return couplings (N, N)."""
    matrix = np.random.default_rng(width).normal(size=(width, width))
    return (matrix + matrix.T) / 2 if symmetric else matrix


MODELS: dict[str, Callable[[int], Any]] = {
    "classical": lambda n: mn.classical_hopfield(), "dense 3": lambda n: mn.dense_memory(3),
    "dense 4": lambda n: mn.dense_memory(4), "dense 5, rectified": lambda n: mn.dense_memory(5, rectified=True),
    "dense 20, scaled": lambda n: mn.dense_memory(20, scale=n), "exponential": lambda n: mn.exponential_memory(),
    "modern": lambda n: mn.modern_hopfield(), "modern 2": lambda n: mn.modern_hopfield(2.0),
    "sparse": lambda n: mn.sparse_hopfield(), "sparse 2": lambda n: mn.sparse_hopfield(2.0, 0.5),
    "spherical": lambda n: mn.spherical_memory(), "spherical 4": lambda n: mn.spherical_memory(mn.Power(4)),
    "spherical 3": lambda n: mn.spherical_memory(mn.RectifiedPower(3)),
    "graded": lambda n: mn.graded_memory(2.0, scale=n**0.5),
    "graded 3": lambda n: mn.graded_memory(1.0, degree=3, rectified=True, scale=n**0.6),
    "kernel": lambda n: mn.kernel_memory(), "kernel 0.3": lambda n: mn.kernel_memory(0.3),
    "epanechnikov": lambda n: mn.epanechnikov_memory(), "epanechnikov 1": lambda n: mn.epanechnikov_memory(1.0),
    "potts": lambda n: mn.potts_memory((3, 4, 2, 5)),
    "potts 3": lambda n: mn.potts_memory(3, 5, separation=mn.Power(3)),
    "mixed": lambda n: mn.mixed_memory(ROWS), "mixed dots": lambda n: mn.mixed_memory(DOTS, beta=1.5),
    "bilinear": lambda n: mn.AssociativeMemory(
        mn.Bilinear(couplings(n, symmetric=False)[:4]), mn.Softmax(0.5), mn.Real()
    ),
    "hebbian": lambda n: mn.hebbian(), "hebbian, biased": lambda n: mn.hebbian(bias=0.3),
    "storkey": lambda n: mn.storkey(), "projection": lambda n: mn.projection(), "perceptron": lambda n: mn.perceptron(),
    "perceptron, symmetric": lambda n: mn.perceptron(0.1, symmetric=True), "covariance": lambda n: mn.covariance(0.3),
    "hebbian, graded": lambda n: mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(3.0)),
    "input-driven": lambda n: mn.input_driven(1.0 + np.arange(n) % 3, gain=2.0),
    "given": lambda n: mn.HopfieldNetwork(couplings(n, symmetric=True), bias=0.1),
    "given, asymmetric": lambda n: mn.HopfieldNetwork(couplings(n, symmetric=False)),
    "given, graded": lambda n: mn.HopfieldNetwork(couplings(n, symmetric=True), neurons=mn.Graded(0.5)),
    "simplicial": lambda n: mn.SimplicialNetwork(mn.random_simplices(n, {2: 20, 3: 30})),
    "model a": lambda n: mn.model_a(gain=1.0 / n), "model b": lambda n: mn.model_b(2.0),
    "model c": lambda n: mn.model_c(),
    "layered": lambda n: mn.LayeredMemory(mn.Softmax(4.0), mn.Real(), tau_h=0.5, bias=0.1),
    "sequence": lambda n: mn.sequence_net(), "sequence 3": lambda n: mn.dense_sequence(3),
    "sequence, inverse": lambda n: mn.dense_sequence(3, pseudo_inverse=True),
    "sequence, exponential": lambda n: mn.exponential_sequence(),
    "sequence, delayed": lambda n: mn.delayed_sequence(4),
    "sequence, delayed 3": lambda n: mn.delayed_sequence(3, degree=3),
}  # fmt: skip
