"""One of every kind of memory, filled, each with cues and with what else can be stored in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

import mnemonist as mn

N = 12
COLUMNS = [mn.Columns(mn.Real(), 4), mn.Columns(mn.Binary(), 3), mn.Columns(mn.Categorical((3, 2)))]


@dataclass(frozen=True)
class Filled:
    """A memory with patterns in it, cues (B, N) for it, and patterns (k, N) to store later; `rows` are all."""

    memory: Any
    cues: Any
    more: Any


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def signs(k: int, n: int = N, dtype: Any = np.float64) -> np.ndarray:
    return rng().choice([-1, 1], size=(k, n)).astype(dtype)


def filled(memory: Any, rows: Any, cues: Any = None, **options: Any) -> Filled:
    """Store all rows but the last two, and forget one of them."""
    memory.store(rows[:-2], **{name: given[: len(rows) - 2] for name, given in options.items()})
    if memory.__class__.__name__ != "SequenceMemory" and "Storkey" not in repr(memory):
        memory.forget(memory.ids[2])
    return Filled(memory, rows[:4] if cues is None else cues, rows[-2:])


def real(memory: Any, dtype: Any = np.float64, **options: Any) -> Filled:
    rows = rng().normal(size=(9, N)).astype(dtype)
    return filled(memory, rows, rows[:4] + dtype(0.2), **options)


def binary(memory: Any, k: int = 9, dtype: Any = np.float64, **options: Any) -> Filled:
    rows = signs(k, dtype=dtype)
    cues = rows[:4].copy()
    cues[:, :2] *= -1
    return filled(memory, rows, cues, **options)


def holes(k: int = 9) -> np.ndarray:
    known = rng().random((k, N)) < 0.8
    known[:, 0] = True
    return known


def fortran() -> Filled:
    rows = np.asfortranarray(rng().normal(size=(40, N)))
    memory = mn.modern_hopfield(0.5)
    memory.store(rows)
    return Filled(memory, rows[:4] + 0.3, rows[:2])


def potts() -> Filled:
    memory = mn.potts_memory((3, 4, 5))
    rows = memory.neurons.encode(rng().integers(0, 3, size=(9, 3)))
    return filled(memory, rows)


def mixed() -> Filled:
    rows = np.concatenate([rng().normal(size=(9, 4)), signs(9, 3), mn.Categorical((3, 2)).encode(
        rng().integers(0, 2, size=(9, 2)))], axis=1)  # fmt: skip
    return filled(mn.mixed_memory(COLUMNS), rows)


def dot_mixed() -> Filled:
    columns = [mn.Columns(mn.Real(), 4, mn.Dot(), 2.0), mn.Columns(mn.Binary(), 8)]
    rows = np.concatenate([rng().normal(size=(9, 4)), signs(9, 8)], axis=1)
    return filled(mn.AssociativeMemory(mn.Blockwise(columns), mn.Softmax("auto"), mn.Mixed(columns)), rows)


def sparse() -> Filled:
    rows = (rng().random((9, N)) < 0.3).astype(np.int8)
    rows[:, 0] = 1
    return filled(mn.covariance(0.3), rows)


def graded(memory: Any) -> Filled:
    return filled(memory, np.tanh(rng().normal(size=(9, N))))


def sequence(memory: Any) -> Filled:
    rows = signs(9, dtype=np.float32)
    memory.store(rows[:3])
    memory.store(rows[3:6], cyclic=True)
    memory.forget(memory.sequences[0])
    memory.store(rows[6:8])
    return Filled(memory, rows[3:7], rows[8:])


def given_weights(symmetric: bool) -> Filled:
    weights = rng().normal(size=(N, N))
    weights = weights + weights.T if symmetric else weights.T
    return Filled(mn.HopfieldNetwork(weights, bias=rng().normal(size=N)), signs(4), None)


def simplicial() -> Filled:
    return binary(mn.SimplicialNetwork(mn.random_simplices(N, {2: 20, 3: 30})), dtype=np.int8)


def folded() -> Filled:
    rows = rng().normal(size=(5, 6))
    memory = mn.RandomFeatureMemory(0.5, features=256, seed=3)
    memory.store(rows[:3])
    memory.unstore(rows[0])
    return Filled(memory, rows[1:3] + 0.01, rows[3:])


def pairs(separation: Any = None) -> Filled:
    memory = mn.BidirectionalMemory(separation)
    memory.store(signs(5, 20), signs(5, 9))
    memory.forget(1)
    return Filled(memory, signs(5, 20)[2:], (signs(7, 20)[5:], signs(7, 9)[5:]))


def on_torch(memory: Any, dtype: Any = torch.float32) -> Filled:
    rows = torch.from_numpy(rng().normal(size=(9, N))).to(dtype)
    return filled(memory, rows, rows[:4] + 0.2, values=torch.arange(9, dtype=dtype)[:, None])


def torch_signs(memory: Any) -> Filled:
    return filled(memory, torch.from_numpy(signs(9)), torch.from_numpy(signs(4)))


def empty() -> Filled:
    memory = mn.classical_hopfield()
    memory.store(signs(3))
    memory.forget([0, 1, 2])
    return Filled(memory, None, signs(4))


KINDS: dict[str, Callable[[], Filled]] = {
    "kernel": lambda: real(mn.kernel_memory()),
    "kernel, values, float32": lambda: real(mn.kernel_memory(2.0), np.float32, values=rng().normal(size=(9, 3))),
    "kernel, holes": lambda: real(mn.kernel_memory(), known=holes()),
    "kernel, smooth, strengths": lambda: real(mn.kernel_memory("smooth"), strength=np.arange(1.0, 10.0)),
    "dense, strengths": lambda: binary(mn.dense_memory(3), dtype=np.int8, strength=np.arange(1.0, 10.0)),
    "modern": lambda: real(mn.modern_hopfield(np.float32(0.5))),
    "modern, beta an array": lambda: real(mn.modern_hopfield(np.array(0.5))),
    "modern, rows in Fortran order": fortran,
    "sparse": lambda: real(mn.sparse_hopfield(1.5)),
    "spherical": lambda: real(mn.spherical_memory()),
    "spherical, power": lambda: real(mn.spherical_memory(mn.Power(4)), known=holes()),
    "graded": lambda: graded(mn.graded_memory()),
    "graded, exponential": lambda: graded(
        mn.AssociativeMemory(mn.Dot(), mn.Exponential(0.5), mn.Graded(2.0))
    ),
    "epanechnikov": lambda: real(mn.epanechnikov_memory()),
    "normmax": lambda: real(mn.AssociativeMemory(mn.Dot(), mn.Normmax(2.5, "auto"), mn.Real())),
    "k-subsets": lambda: real(mn.AssociativeMemory(mn.Dot(), mn.KSubsets(2, 0.3), mn.Real())),
    "top-k": lambda: real(mn.AssociativeMemory(mn.Euclidean(), mn.TopK(3, 0.3), mn.Real())),
    "cosine": lambda: real(mn.AssociativeMemory(mn.Cosine(), mn.Softmax(8.0), mn.Real())),
    "manhattan": lambda: real(mn.AssociativeMemory(mn.Manhattan(), mn.Softmax("auto"), mn.Real())),
    "bilinear": lambda: real(
        mn.AssociativeMemory(mn.learned_kernel(rng().normal(size=(5, N)), steps=5), mn.Softmax(3.0), mn.Real())
    ),
    "classical": lambda: binary(mn.classical_hopfield()),
    "classical, int8, holes": lambda: binary(
        mn.classical_hopfield(), dtype=np.int8, known=holes(), values=np.arange(9)
    ),
    "dense": lambda: binary(mn.dense_memory(3), k=300),
    "dense, rectified": lambda: binary(mn.AssociativeMemory(mn.Dot(), mn.RectifiedPower(3, 12.0), mn.Binary())),
    "exponential": lambda: binary(mn.exponential_memory(), dtype=np.float32),
    "empty": empty,
    "potts": potts,
    "mixed": mixed,
    "mixed, dot": dot_mixed,
    "layered, a": lambda: graded(mn.model_a(gain=2.0)),
    "layered, b": lambda: real(mn.model_b(2.0, tau_f=2.0, tau_h=0.3, bias=np.linspace(0, 0.1, N))),
    "layered, c": lambda: real(mn.model_c(decay=0.5)),
    "hebbian": lambda: binary(mn.hebbian(bias=0.1), dtype=np.int8),
    "hebbian, holes": lambda: binary(mn.hebbian(), known=holes()),
    "storkey": lambda: binary(mn.storkey(), k=5),
    "projection": lambda: binary(mn.projection()),
    "perceptron": lambda: binary(mn.perceptron(0.1)),
    "perceptron, symmetric": lambda: binary(mn.perceptron(symmetric=True), k=6),
    "covariance": sparse,
    "driven": lambda: binary(mn.input_driven(2.0 * signs(1)[0], gain=2.0)),
    "matrix": lambda: given_weights(True),
    "matrix, asymmetric": lambda: given_weights(False),
    "matrix, graded": lambda: Filled(mn.HopfieldNetwork(np.ones((N, N)), neurons=mn.Graded(0.5)), signs(3) / 2, None),
    "simplicial": simplicial,
    "sequence": lambda: sequence(mn.sequence_net()),
    "sequence, exponential": lambda: sequence(mn.exponential_sequence(pseudo_inverse=True)),
    "sequence, delay": lambda: sequence(mn.SequenceMemory(mn.Power(2), delay=3, strength=3.0, hold=mn.Power(3))),
    "random features": folded,
    "pairs": pairs,
    "pairs, exponential": lambda: pairs(mn.Softmax(1.0)),
    "pairs, empty": lambda: Filled(mn.BidirectionalMemory(), None, (signs(2), signs(2, 5))),
    "torch": lambda: on_torch(mn.kernel_memory(torch.tensor(2.0))),
    "torch, float64": lambda: on_torch(mn.modern_hopfield(1.0), torch.float64),
    "torch, ±1": lambda: torch_signs(mn.dense_memory(3)),
    "torch, hebbian": lambda: torch_signs(mn.hebbian()),
}  # fmt: skip
