"""The table, its parts: similarities, separations, neurons, rules and ways to move, each used in a memory."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.call import COLUMNS, INF, MIXED, SPARSE, Call, beta, positive, scale, stored, used
from bad_calls.roles import Role, flag, is_foreign, kind, like, number, plain, seed, whole
from bad_calls.tables import rows
from bad_calls.values import CODES, ROWS, N

BARE = (
    "Binary", "Real", "Sphere", "Dot", "Cosine", "Euclidean", "Manhattan", "Hebbian", "Projection", "Storkey",
    "Synchronous",
)  # fmt: skip


def parts() -> Iterator[Call]:
    for name in BARE:
        yield Call(name, getattr(mn, name))
    yield from separations()
    yield from neurons()
    yield from columns()
    yield from rules()
    yield from dynamics()
    yield from expectations()


def real(separation: Any) -> Any:
    return used(mn.AssociativeMemory(mn.Euclidean(), separation, mn.Real()))


def binary(separation: Any) -> Any:
    return used(mn.AssociativeMemory(mn.Dot(), separation, mn.Binary()))


def separations() -> Iterator[Call]:
    degrees = {"degree": whole(3, 1, 100), "scale": positive(2.0)}
    table: dict[str, tuple[Callable[[Any], Any], dict[str, Role]]] = {
        "Softmax": (real, {"beta": beta()}),
        "Epanechnikov": (real, {"beta": beta()}),
        "Exponential": (lambda part: used(mn.spherical_memory(part)), {"beta": beta()}),
        "Entmax": (real, {"alpha": number(1.5, 1), "beta": beta()}),
        "Normmax": (real, {"gamma": number(2.0, 1, strict=True), "beta": beta()}),
        "KSubsets": (real, {"k": whole(2, 1), "beta": beta()}),
        "TopK": (real, {"k": whole(2, 1), "beta": beta()}),
        "Power": (binary, degrees),
        "RectifiedPower": (binary, degrees),
    }
    for name, (use, roles) in table.items():
        yield Call(name, lambda use=use, part=getattr(mn, name), **given: use(part(**given)), roles)
    yield Call("Power", lambda scale: binary(mn.Power(2, scale)), {"scale": scale()})


def offset() -> Role:
    """A number, or an array of one for each neuron."""
    one = number(0.5, -INF)
    return Role(one.good, lambda value: one.accepts(value) or (hasattr(value, "dtype") and value.shape == (N,)))


def neurons() -> Iterator[Call]:
    def graded(gain: Any) -> Any:
        return used(mn.AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Graded(gain)))

    def bilinear(features: Any) -> Any:
        return used(mn.AssociativeMemory(mn.Bilinear(features), mn.Softmax(1.0), mn.Real()))

    yield Call("Graded", graded, {"gain": positive(1.0)})
    yield Call("Logistic", lambda gain: mn.Logistic(gain).activation(ROWS), {"gain": positive(1.0)})
    norm = {"gamma": number(1.0, 0), "delta": offset(), "eps": positive(1e-5)}
    yield Call("LayerNorm", lambda **given: mn.LayerNorm(**given).activation(0 * ROWS), norm)
    yield Call("Sparse", mn.Sparse, {"activity": number(0.2, 0, 1, strict=True)})
    yield Call("Bilinear", bilinear, {"features": like(lambda: np.eye(N), is_matrix)})


def is_matrix(value: Any) -> bool:
    x = plain(value, foreign=True) if isinstance(value, np.ndarray) or is_foreign(value) else None
    return x is not None and x.ndim == 2 and x.shape[1] == N and x.size > 0 and bool(np.isfinite(x).all())


def columns() -> Iterator[Call]:
    """Neurons of several columns, and their codes."""
    neurons, several = mn.Categorical((3, 3)), kind(lambda: list(COLUMNS))
    yield Call("Categorical", mn.Categorical, {"sizes": like(lambda: (3, 3), are_sizes)})
    yield Call(
        "Categorical",
        mn.Categorical,
        {"sizes": whole(3, 1, 2**20, costly=10**4), "count": whole(2, 1, 2**20, costly=10**4)},
    )
    yield Call("Categorical.encode", neurons.encode, {"codes": like(lambda: [0, 2], are_codes)})
    yield Call("Categorical.decode", neurons.decode, {"state": like(CODES[0].copy, are_states)})
    yield Call("Categorical.spread", neurons.spread, {"of_variables": like(lambda: [True, False], are_two)})
    yield Call("Mixed", mn.Mixed, {"columns": several})
    yield Call("Blockwise", mn.Blockwise, {"columns": several})
    roles = {"width": whole(2, 1), "similarity": kind(mn.Dot, mn.Dot, none=True), "weight": positive(1.0)}
    yield Call("Columns", mn.Columns, {"neurons": kind(mn.Binary, mn.Binary, mn.Real, mn.Categorical)} | roles)


def are_sizes(value: Any) -> bool:
    x = None if isinstance(value, (bytearray, memoryview)) else plain(value)
    return x is not None and x.dtype.kind in "iu" and x.ndim == 1 and x.size > 0 and bool((x > 0).all())


def are_codes(value: Any) -> bool:
    x = plain(value)
    return x is not None and x.dtype.kind in "iu" and x.shape[-1] == 2 and bool(((x >= -1) & (x < 3)).all())


def are_states(value: Any) -> bool:
    x = plain(value, foreign=True)
    if x is None or x.shape[-1] != N:
        return False
    blocks = x.reshape(*x.shape[:-1], 2, 3)
    return bool(np.isin(x, (0, 1)).all() and (blocks.sum(axis=-1) <= 1).all())


def are_two(value: Any) -> bool:
    return np.shape(value)[-1] == 2


def rules() -> Iterator[Call]:
    def covariance(activity: Any) -> Any:
        return used(mn.HopfieldNetwork(rule=mn.Covariance(activity)), SPARSE)

    def perceptron(**given: Any) -> Any:
        return used(mn.HopfieldNetwork(rule=mn.Perceptron(**given)))

    def driven(input: Any) -> Any:
        return used(mn.HopfieldNetwork(rule=mn.Driven(input), neurons=mn.Graded(2.0)))

    roles = {"margin": number(0.0, 0), "symmetric": flag(), "epochs": whole(100, 1, INF)}
    yield Call("Covariance", covariance, {"activity": number(0.2, 0, 1, strict=True)})
    yield Call("Perceptron", perceptron, roles)
    yield Call("Driven", driven, {"input": rows(ROWS[0], single=True, low=-1.0)})


def expectations() -> Iterator[Call]:
    """Ways to expect what is not known, and how one is chosen."""
    memory = stored(mn.kernel_memory(2.0))

    def completed(expectation: Any) -> Any:
        return memory.complete(ROWS, known=np.arange(N) > 0, expectation=expectation).state

    def chosen(**given: Any) -> Any:
        return sorted(map(str, mn.MaskedValidation(**given).choose(memory).losses))

    hiding = {"share": number(0.3, 0, 1, strict=True), "repeats": whole(1, 1, costly=5), "rows": whole(10, 2)}
    yield Call("Mean", lambda beta: completed(mn.Mean(beta)), {"beta": number(1.0, 0, words=(None,))})
    linear = {"ridge": number(0.1, 0), "reach": whole(3, 2, words=(None,))}
    yield Call("LocalLinear", lambda **given: completed(mn.LocalLinear(**given)), linear)
    yield Call("MaskedValidation", chosen, hiding | {"rng": seed()})


def dynamics() -> Iterator[Call]:
    def moved(dynamics: Any, memory: Callable[[], Any] = mn.classical_hopfield, patterns: Any = ROWS) -> Any:
        return stored(memory(), patterns).recall(patterns, dynamics=dynamics, max_steps=5)

    kernel, mixed = partial(mn.kernel_memory, 2.0), partial(mn.mixed_memory, COLUMNS, 2.0)
    order = like(lambda: "random", lambda value: value in ("random", "sequential"))
    heat = like(lambda: 1.0, lambda value: number(1.0, 0).accepts(value) or value in (abs, float))
    yield Call("Asynchronous", lambda order: moved(mn.Asynchronous(order)), {"order": order})
    yield Call("Alternating", lambda order: moved(mn.Alternating(order), mixed, MIXED), {"order": order})
    yield Call("Glauber", lambda temperature: moved(mn.Glauber(temperature)), {"temperature": heat})
    langevin = {"temperature": heat, "step": positive(0.05)}
    yield Call("Langevin", lambda **given: moved(mn.Langevin(**given), kernel), langevin)
    yield Call("Flow", lambda dt: moved(mn.Flow(dt), kernel), {"dt": positive(0.1)})
    annealing = {"start": number(2.0, 0), "end": number(0.0, 0), "sweeps": whole(5, 2, INF)}
    yield Call("Annealing", lambda **given: moved(mn.Glauber(mn.Annealing(**given))), annealing)
