"""Sweeps over discrete neurons: compiled kernels beside their slow twins, plain NumPy and other packages.

Run `python benchmarks/sweeps.py`. Packages that are not installed are passed over. All candidates of a case take turns,
A B A B; before each there is a rest and an untimed call. What takes minutes is timed on a few sites and multiplied.
"""

import importlib
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import mnemonist as mn
from mnemonist.patterns import sweeps

Candidate = Callable[[], object]
REST = 0.03


def timed(candidates: dict[str, Candidate], runs: int) -> dict[str, tuple[float, float]]:
    """Return (minimum, median) seconds of each candidate."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(runs):
        for name, action in candidates.items():
            time.sleep(REST)
            if runs > 1:
                action()
            begin = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - begin)
    return {name: (min(found), statistics.median(found)) for name, found in times.items()}


def by_twin(action: Candidate) -> Candidate:
    """Return the action, made without kernels."""

    def slowly() -> object:
        least, sweeps._WORTH_IT = sweeps._WORTH_IT, 2**62
        try:
            return action()
        finally:
            sweeps._WORTH_IT = least

    return slowly


# --- plain NumPy -------------------------------------------------------------------------------------------------


def sweep_naively(patterns: np.ndarray, cues: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Recompute both energies at each site, as one would first write it (degree 3)."""
    states = cues.copy()
    for site in order:
        up, down = states.copy(), states.copy()
        up[:, site], down[:, site] = 1, -1
        gain = ((up @ patterns.T) ** 3).sum(axis=-1) - ((down @ patterns.T) ** 3).sum(axis=-1)
        states[:, site] = np.where(gain > 0, 1, np.where(gain < 0, -1, states[:, site]))
    return states


def sweep_incrementally(patterns: np.ndarray, columns: np.ndarray, cues: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Carry overlaps along and decide by exact polynomials of them (degree 3): the best we found in NumPy alone."""
    states = cues.copy()
    overlaps = states @ patterns.T
    even, odd = -24 * overlaps.sum(axis=-1), 12 * overlaps**2 + 16
    for site in order:
        cost = even + states[:, site] * (odd @ columns[site])
        flipped = np.flatnonzero(cost < 0)
        if flipped.size:
            moved = overlaps[flipped] - 2 * states[flipped, site][:, None] * columns[site]
            states[flipped, site] *= -1
            overlaps[flipped], odd[flipped], even[flipped] = moved, 12 * moved**2 + 16, -24 * moved.sum(axis=-1)
    return states


# --- other packages ----------------------------------------------------------------------------------------------


def others(patterns: np.ndarray, cues: np.ndarray) -> Iterator[tuple[str, Candidate]]:
    """Yield recalls of these cues by the packages that are installed."""
    for name, made in {"hopfieldkit": _hopfieldkit, "hopfieldnetwork": _hopfieldnetwork}.items():
        try:
            package = importlib.import_module(name)
        except ImportError:
            continue
        yield name, made(package, patterns, cues)


def _hopfieldkit(package: Any, patterns: np.ndarray, cues: np.ndarray) -> Candidate:
    network = package.HopfieldNetwork(cues.shape[1]).fit(patterns)
    return lambda: [network.recall(cue, seed=0) for cue in cues]


def _hopfieldnetwork(package: Any, patterns: np.ndarray, cues: np.ndarray) -> Candidate:
    network = package.HopfieldNetwork(N=cues.shape[1])
    network.train_pattern(patterns.T)

    def recall() -> None:
        for cue in cues:
            network.set_initial_neurons_state(cue.copy())
            network.update_neurons(iterations=3, mode="async")

    return recall


# --- cases -------------------------------------------------------------------------------------------------------


def dense(at_once: bool, runs: int) -> dict[str, Any]:
    """One sweep of a dense memory of degree 3 over 64 cues with 0.3 of their signs flipped."""
    neurons, count, cues, few = 1000, 2000, 64, 4
    patterns, states = _data(neurons, count, cues, 0.3)
    memory, columns = mn.dense_memory(3), np.ascontiguousarray(patterns.T)
    memory.store(patterns)
    model, free = memory.landscape, np.ones(states.shape, np.bool_)
    dynamics = mn.Synchronous() if at_once else mn.Asynchronous()
    order = np.asarray(mn.Asynchronous().visits(neurons, seed=0, sweep=1))

    def ours() -> Any:
        return dynamics.update(model, states, free, compare=None, cues=np.arange(cues), seed=0, sweep=1)

    candidates: dict[str, Candidate] = {"ours": ours}
    found = {}
    if not at_once:
        candidates["incremental NumPy"] = lambda: sweep_incrementally(patterns, columns, states, order)
        assert (ours() == candidates["incremental NumPy"]()).all()
        naive = timed({"": lambda: sweep_naively(patterns, states, order[:few])}, 3)[""]
        found["recomputing NumPy"] = (naive[0] * neurons / few, naive[1] * neurons / few)
    found |= timed(candidates, runs) | timed({"twin": by_twin(ours)}, 1)
    name = "synchronous" if at_once else "asynchronous"
    return {"case": f"{name} sweep, dense n = 3, N = {neurons}, K = {count}, {cues} cues", "seconds": found}


def couplings(runs: int) -> dict[str, Any]:
    """A recall to rest by a Hebbian weight matrix, of 64 cues with 0.2 of their signs flipped."""
    neurons, count, cues = 2000, 100, 64
    patterns, states = _data(neurons, count, cues, 0.2)
    network = mn.hebbian()
    network.store(patterns)

    def ours() -> Any:
        return network.recall(states)

    found = timed({"ours": ours}, runs) | timed({"twin": by_twin(ours), **dict(others(patterns, states))}, 1)
    return {"case": f"recall by a weight matrix, N = {neurons}, {cues} cues", "seconds": found}


def rows(runs: int = 7) -> list[dict[str, Any]]:
    """Return what was measured: a case, and (minimum, median) seconds by candidate."""
    return [dense(False, runs), dense(True, runs), couplings(runs)]


def _data(neurons: int, count: int, cues: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1.0, 1.0], size=(count, neurons))
    return patterns, patterns[:cues] * np.where(rng.random((cues, neurons)) < noise, -1.0, 1.0)


def main() -> None:
    """Measure and print."""
    print("| case | candidate | minimum | median | × ours |\n| --- | --- | --- | --- | --- |")
    for row in rows():
        least = row["seconds"]["ours"][0]
        for name, (minimum, median) in row["seconds"].items():
            print(
                f"| {row['case']} | {name} | {minimum * 1e3:.1f} ms | {median * 1e3:.1f} ms | {minimum / least:.1f} |"
            )


if __name__ == "__main__":
    main()
