"""Other packages, each used as its own documentation says. One that is not installed is passed over, and said so.

    torch             fused attention is one update of a softmax memory
    faiss             finds the most similar pattern only: less work than a recall, the best there is at that
    torchhd           attention in plain torch; a Hebbian matrix, whose field is a product and whose sign is the user's
    hopfieldkit       a Hebbian matrix, one neuron at a time until none moves
    hopfieldnetwork   the same
    dhnn              the same, for as many neurons as it is told, at rest or not

hflayers, the layers of Ramsauer et al., is in no index to install from; a layer of it does what fused attention does.
"""

import importlib
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.timing import Candidate

Floats = np.ndarray[Any, Any]

PACKAGES = ("torch", "faiss", "torchhd", "hopfieldkit", "hopfieldnetwork", "dhnn")


@cache
def package(name: str) -> ModuleType | None:
    """Return a package; None where it does not import."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def passed_over() -> list[str]:
    """Return the packages that are not installed."""
    return [name for name in PACKAGES if package(name) is None]


# --- softmax -----------------------------------------------------------------------------------------------------


def softmax(patterns: Floats, cues: Floats, beta: float) -> dict[str, Candidate]:
    """Return one update of cues by a softmax memory, as others make it."""

    def numpy() -> Floats:
        scores = beta * (cues @ patterns.T)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return (weights / weights.sum(axis=-1, keepdims=True)) @ patterns  # type: ignore[no-any-return]

    made: dict[str, Candidate] = {"plain NumPy": numpy}
    if (torch := package("torch")) is not None:
        rows, queries = torch.from_numpy(patterns), torch.from_numpy(cues)
        attention = torch.nn.functional.scaled_dot_product_attention
        made["fused attention"] = lambda: attention(queries[None, None], rows[None, None], rows[None, None], scale=beta)
        if (torchhd := package("torchhd")) is not None:
            made["torchhd"] = lambda: torchhd.memory.attention(queries, rows, rows, beta)
    if (faiss := package("faiss")) is not None:
        index = faiss.IndexFlatIP(patterns.shape[1])
        index.add(patterns)
        made["FAISS flat, top-1 only"] = lambda: index.search(cues, 1)
    return made


def best_of_signs(patterns: Floats, cues: Floats) -> dict[str, Candidate]:
    """Return a search for the ±1 pattern most similar to each ±1 cue."""
    if (faiss := package("faiss")) is None:
        return {}
    index, queries = faiss.IndexBinaryFlat(patterns.shape[1]), np.packbits(cues > 0, axis=-1)
    index.add(np.packbits(patterns > 0, axis=-1))
    return {"FAISS binary, top-1 only": lambda: index.search(queries, 1)}


# --- a weight matrix ---------------------------------------------------------------------------------------------


def in_turns(patterns: Floats, cues: Floats) -> dict[str, Candidate]:
    """Return recalls by a Hebbian matrix in which neurons move one at a time."""
    makers = {"hopfieldkit": _hopfieldkit, "hopfieldnetwork": _hopfieldnetwork, "dhnn, one sweep": _dhnn}
    return {
        name: make(found, patterns, cues) for name, make in makers.items() if (found := package(name.split(",")[0]))
    }


def at_once(patterns: Floats, cues: Floats) -> dict[str, Candidate]:
    """Return recalls by a Hebbian matrix in which all neurons move together."""
    torch, torchhd = package("torch"), package("torchhd")
    if torch is None or torchhd is None:
        return {}
    rows, states = (torch.from_numpy(x).float() for x in (patterns, cues))
    network = torchhd.memory.Hopfield(rows.shape[1])
    network.write(rows)

    def recall() -> None:
        old, new = None, states
        while old is None or not torch.equal(old, new):
            old, new = new, network.read(new).sign()

    return {"torchhd": recall}


def _hopfieldkit(found: Any, patterns: Floats, cues: Floats) -> Candidate:
    network = found.HopfieldNetwork(cues.shape[1]).fit(patterns)
    return lambda: [network.recall(cue, seed=0) for cue in cues]


def _hopfieldnetwork(found: Any, patterns: Floats, cues: Floats) -> Candidate:
    network = found.HopfieldNetwork(N=cues.shape[1])
    network.train_pattern(patterns.T)

    def recall() -> None:
        for cue in cues:
            network.set_initial_neurons_state(cue.copy())
            network.update_neurons(iterations=1, mode="async", run_max=True)

    return recall


def _dhnn(found: Any, patterns: Floats, cues: Floats) -> Candidate:
    network = found.DHNN(pflag=1, nflag=-1)
    network.train(patterns)
    return lambda: network.predict(cues.copy(), theta=0, epochs=cues.shape[1])
