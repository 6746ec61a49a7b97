"""The table, its builders: memories by name and by parts, each filled and asked once."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import mnemonist as mn
from bad_calls.call import COLUMNS, INF, MIXED, SPARSE, Call, beta, bias, positive, scale, stored, used
from bad_calls.parts import are_sizes
from bad_calls.roles import Role, flag, kind, like, number, plain, seed, whole
from bad_calls.tables import rows
from bad_calls.values import CODES, ROWS, N
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Similarity
from mnemonist.networks.rule import StorageRule

BARE = ("classical_hopfield", "exponential_memory", "sequence_net")
SOFT = ("modern_hopfield", "kernel_memory", "epanechnikov_memory")


def builders() -> Iterator[Call]:
    for name in BARE:
        yield Call(name, getattr(mn, name))
    for name in SOFT:
        yield made(name, {"beta": beta()})
    yield made("kernel_memory", {"beta": beta(), "unshared": unshared()})
    yield from energies()
    yield from networks()
    yield from layers()
    yield from sequences()
    yield from others()


def made(name: str, roles: dict[str, Role], use: Callable[[Any], Any] = used) -> Call:
    """Return the call of a builder whose memory is used."""
    return Call(name, lambda **given: use(getattr(mn, name)(**given)), roles)


def unshared() -> Role:
    return like(lambda: "expected", lambda value: isinstance(value, str) and value in ("rescaled", "expected"))


def separation(good: Callable[[], Any]) -> Role:
    return kind(good, Separation, none=True)


def energies() -> Iterator[Call]:
    powers = {"degree": whole(2, 1, 100), "rectified": flag(), "scale": scale()}
    parts = {"similarity": kind(mn.Dot, Similarity), "separation": kind(lambda: mn.Softmax(2.0), Separation)}
    codes, mixed = partial(used, patterns=CODES), partial(used, patterns=MIXED)
    sizes = like(lambda: (3, 3), are_sizes)
    yield made("dense_memory", powers)
    yield made("graded_memory", powers | {"gain": positive(1.0)})
    yield made("sparse_hopfield", {"alpha": number(1.5, 1), "beta": beta()})
    yield made("spherical_memory", {"separation": separation(lambda: mn.Power(2))})
    yield made("potts_memory", {"sizes": sizes, "separation": separation(lambda: mn.Power(2))}, codes)
    yield made("potts_memory", {"sizes": whole(3, 1, 2**20), "count": whole(2, 1, 2**20)}, codes)
    yield made("mixed_memory", {"columns": kind(lambda: list(COLUMNS)), "beta": beta()}, mixed)
    yield made("AssociativeMemory", parts | {"neurons": kind(mn.Real, Neurons)})


def networks() -> Iterator[Call]:
    matrix = like(lambda: np.ones((N, N)), is_square)
    perceptron = {"margin": number(0.0, 0), "symmetric": flag(), "epochs": whole(100, 1, INF), "bias": bias()}
    covariance = {"activity": number(0.4, 0, 1, strict=True), "threshold": number(0.1, -INF, words=(None,))}
    driven = {"inputs": rows(ROWS[0], single=True, width=None, low=-1.0), "gain": positive(1.0), "bias": bias()}
    given = {"weights": matrix, "bias": bias(), "neurons": kind(mn.Binary, Neurons, none=True)}
    yield made("HopfieldNetwork", given, lambda network: network.recall(ROWS))
    yield made("HopfieldNetwork", {"rule": kind(mn.Hebbian, StorageRule)})
    for name in ("hebbian", "storkey", "projection"):
        yield made(name, {"bias": bias()})
    yield made("perceptron", perceptron)
    yield made("covariance", covariance, partial(used, patterns=SPARSE))
    yield made("input_driven", driven)


def is_square(value: Any) -> bool:
    x = plain(value)
    return x is not None and x.ndim == 2 and x.shape[0] == x.shape[1] and bool(np.isfinite(x).all())


def layers() -> Iterator[Call]:
    times = {"tau_f": positive(1.0), "tau_h": number(0.1, 0), "bias": bias()}
    models = {
        "model_a": {"separation": separation(lambda: mn.RectifiedPower(2)), "gain": positive(1.0)},
        "model_b": {"beta": beta()},
        "model_c": {"separation": separation(lambda: mn.Power(2)), "decay": number(1.0, 0)},
        "LayeredMemory": {
            "separation": kind(lambda: mn.Softmax(2.0), Separation),
            "neurons": kind(mn.Real, Neurons),
            "decay": number(1.0, 1, 1),
        },
    }
    for name, own in models.items():
        yield made(name, own | times, partial(used, max_steps=5))


def sequences() -> Iterator[Call]:
    def replayed(memory: Any) -> Any:
        return stored(memory).replay(ROWS[:2], steps=2)

    few, power = 2**20, kind(lambda: mn.Power(2), Separation)
    memory = {
        "separation": power,
        "pseudo_inverse": flag(),
        "delay": whole(3, 1, few, costly=10**4),
        "strength": number(2.0, 0, words=(None,)),
        "hold": separation(lambda: mn.Power(2)),
    }
    delayed = {
        "delay": whole(3, 1, few, costly=10**4),
        "strength": number(2.0, 0, words=(None,)),
        "degree": whole(2, 1, 100),
    }
    yield made("SequenceMemory", memory, replayed)
    yield made("dense_sequence", {"degree": whole(3, 1, 100), "pseudo_inverse": flag()}, replayed)
    yield made("exponential_sequence", {"pseudo_inverse": flag()}, replayed)
    yield made("delayed_sequence", delayed, replayed)


def others() -> Iterator[Call]:
    features = {"beta": positive(1.0), "features": whole(64, 1, 10**6, costly=10**5), "seed": whole(0, 0, INF)}
    simplices = like(lambda: [(0, 1), (1, 2, 3)], lambda value: False)
    counts = like(lambda: {2: 3}, lambda value: value == {})
    pairs = {"separation": separation(lambda: mn.Power(3))}
    yield made("RandomFeatureMemory", features)
    yield made("SimplicialNetwork", {"simplices": simplices})
    yield made("BidirectionalMemory", pairs, lambda memory: memory.store(ROWS, ROWS))
    yield Call("random_simplices", mn.random_simplices, {"neurons": whole(6, 2), "counts": counts, "rng": seed()})
    yield Call("model", mn.model, {"text": like(lambda: "dense:degree=3", lambda value: False)})
