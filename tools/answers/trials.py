"""What is asked: every model, parts to put together, dynamics, and random numbers that are a function of a name.

Shapes: K memories, N neurons, B cues.
"""

import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import mnemonist as mn

Numbers = np.ndarray[Any, Any]
Sizes = tuple[int, int, int]  # K, N, B

BILINEAR: Any = getattr(mn, "Bilinear", None) or mn.Kernel  # type: ignore[attr-defined,unused-ignore]
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


def mask(neurons: Any, rng: np.random.Generator, count: int, width: int) -> Numbers:
    """Return a mask (count, N) of whole sites, three quarters of them True, and always one at least."""
    if isinstance(neurons, mn.Mixed):
        return np.concatenate([mask(block.neurons, rng, count, block.width) for block in neurons.columns], axis=-1)
    shown = rng.random((count, len(getattr(neurons, "sizes", range(width))))) < 0.75
    shown[:, 0] = True
    return np.asarray(neurons.spread(shown)) if isinstance(neurons, mn.Categorical) else shown


@dataclass(frozen=True)
class Trial:
    """What a recall is asked of: an empty memory, rows (K, N) to store, cues (B, N), masks of both, values (K, 3)."""

    make: Callable[[int], Any]
    rows: Any
    cues: Any
    held: Any
    shown: Any
    values: Any

    def stored(self, **options: Any) -> Any:
        """Return a memory of the rows; one of given couplings as it is."""
        memory = self.make(self.rows.shape[-1])
        if getattr(memory, "rule", memory) is not None:
            memory.store(self.rows, **options)
        return memory

    def converted(self, to: Callable[[Any], Any]) -> "Trial":
        """Return the trial with its numbers as another dtype, or in another library."""
        return replace(self, **{name: to(getattr(self, name)) for name in ("rows", "cues", "values")})

    def mapped(self) -> tuple[Any, list[Path]]:
        """Return patterns in two files, and the files."""
        folder = Path(tempfile.mkdtemp())
        paths = [folder / "a.npy", folder / "b.npy"]
        for path, rows in zip(paths, np.array_split(self.rows, 2), strict=True):
            np.save(path, rows)
        return mn.MappedPatterns(*paths), paths


def trial(name: str, make: Callable[[int], Any], sizes: tuple[int, int, int] | None = None) -> Trial:
    """Return a trial of K, N and B, small ones unless given; its numbers are a function of its name."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    count, width, cues = sizes or (int(rng.integers(4, 9)), int(rng.integers(10, 25)), 5)
    neurons = make(width).neurons
    width = neurons.width or width
    rows, other = (drawn(neurons, rng, many, width) for many in (count, cues))
    near = np.where(mask(neurons, rng, cues, width), np.resize(rows, other.shape), other)
    if not neurons.discrete and not neurons.mixed:
        near = 0.9 * np.resize(rows, other.shape) + 0.1 * other
    near[-1] = other[-1]
    held, shown = (mask(neurons, rng, many, width) for many in (count, cues))
    return Trial(make, rows, near, held, shown, rng.normal(size=(count, 3)))


def couplings(width: int, *, symmetric: bool) -> Numbers:
    """Return couplings (N, N)."""
    matrix = np.random.default_rng(width).normal(size=(width, width))
    return (matrix + matrix.T) / 2 if symmetric else matrix


def classical() -> Any:
    """Return the classical network in the unit of 0.1, −Σ (ξ·s)²: energies and temperatures compare only so."""
    return mn.AssociativeMemory(mn.Dot(), mn.Power(2), mn.Binary())


MODELS: dict[str, Callable[[int], Any]] = {
    "classical": lambda n: classical(), "dense 3": lambda n: mn.dense_memory(3),
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
    "bilinear": lambda n: mn.AssociativeMemory(BILINEAR(couplings(n, symmetric=False)[:4]), mn.Softmax(0.5), mn.Real()),
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
PARTS = (
    (mn.Dot(), mn.Euclidean(), mn.Cosine(), mn.Manhattan()),
    (mn.Power(2), mn.Power(3), mn.RectifiedPower(3), mn.Softmax("auto"), mn.Softmax(0.7), mn.Exponential(0.3),
     mn.Entmax(1.5, 0.6), mn.Entmax(1.3, "auto"), mn.Normmax(2.0, 0.5), mn.KSubsets(2, 0.4), mn.TopK(3, 0.5),
     mn.Epanechnikov(0.04)),
    (mn.Binary(), mn.Real(), mn.Sphere(), mn.Graded(0.8), mn.Categorical((3, 4, 2, 5)), mn.Sparse(0.3)),
)  # fmt: skip
DYNAMICS: dict[str, Callable[[], Any]] = {
    "random order": mn.Asynchronous, "in order": lambda: mn.Asynchronous("sequential"),
    "all at once": mn.Synchronous, "Glauber": lambda: mn.Glauber(3.0), "Langevin": lambda: mn.Langevin(0.02),
    "Glauber, annealed": lambda: mn.Glauber(mn.Annealing(9.0, 0.0, sweeps=6)),
    "Langevin, annealed": lambda: mn.Langevin(mn.Annealing(0.1, 0.0, sweeps=6), step=0.02),
    "flow": lambda: mn.Flow(0.1), "alternating": lambda: mn.Alternating("sequential"),
}  # fmt: skip
# Reads of large dense memories and of their kernels: each with its K, N and B.
LARGE: dict[str, tuple[Callable[[int], Any], tuple[int, int, int]]] = {
    "modern, 1": (lambda n: mn.modern_hopfield(0.1), (17_000, 256, 1)),
    "modern, 16": (lambda n: mn.modern_hopfield(0.02), (4000, 128, 16)),
    "kernel, 2": (lambda n: mn.kernel_memory(0.05), (9000, 256, 2)),
    "kernel, 40": (lambda n: mn.kernel_memory(), (1000, 128, 40)),
    "cosine": (lambda n: mn.AssociativeMemory(mn.Cosine(), mn.Softmax(20.0), mn.Real()), (17_000, 64, 4)),
    "spherical": (lambda n: mn.spherical_memory(mn.Softmax(30.0)), (17_000, 64, 4)),
    "packed": (lambda n: mn.exponential_memory(), (20_000, 256, 3)),
    "packed, spread": (lambda n: mn.AssociativeMemory(mn.Dot(), mn.Softmax(0.05), mn.Binary()), (20_000, 256, 2)),
    "dense 3": (lambda n: mn.dense_memory(3), (500, 500, 64)),
    "classical": (lambda n: classical(), (300, 1000, 4)),
    "hebbian": (lambda n: mn.hebbian(), (80, 1000, 64)),
    "potts": (lambda n: mn.potts_memory(4, 30), (2000, 120, 8)),
}
