"""±1 patterns packed into bits: one softmax recall, against FAISS, float32 rows and torch's attention.

Run `python benchmarks/packed.py`. FAISS answers with the best pattern only: it does less. All candidates of a case take
turns, A B A B; before each there is a rest and an untimed call. Packages that are not installed are passed over.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from mnemonist.patterns import bits
from mnemonist.patterns.packing import Planes, planes_of
from sweeps import Candidate, timed

PATTERNS = 100_000
SIZES = (1024, 256)
CUES = (1, 64)
BETAS = {"sharp": 1.0, "spread": 0.01}
THREADS = 2


def recall(planes: Planes, state: np.ndarray, beta: float) -> np.ndarray:
    """Return softmax(β ξ·x) ξ (B, N)."""
    cues = bits.words_of_cues(state)
    reach = bits.reach(planes, cues)
    peak, width = reach[:, :, 1].max(axis=-1), 2 * planes.width
    table = np.exp(beta * np.arange(-width, 1))
    places = np.stack([np.zeros_like(peak), width - peak], axis=-1)
    cuts = np.full(len(state), 2.0**-104 / planes.count)
    readout = bits.read(planes, cues, reach, bits.Weights(np.stack([table, table])[None], places, cuts))
    return 2 * readout.up / readout.seen - 1


def recall_densely(rows: np.ndarray, state: np.ndarray, beta: float) -> np.ndarray:
    """Return the same from float32 rows, as one would write it in NumPy."""
    h = beta * (state @ rows.T)
    f = np.exp(h - h.max(axis=-1, keepdims=True))
    return f @ rows / f.sum(axis=-1, keepdims=True)


def faiss_top(rows: np.ndarray, state: np.ndarray) -> Iterator[tuple[str, Candidate]]:
    """Yield FAISS's search for the best pattern, if it is installed."""
    try:
        faiss = importlib.import_module("faiss")
    except ImportError:
        return
    faiss.omp_set_num_threads(THREADS)
    index = faiss.IndexBinaryFlat(rows.shape[1])
    index.add(np.packbits(rows > 0, axis=1))
    cues = np.packbits(state > 0, axis=1)
    yield "FAISS binary, top-1 only", lambda: index.search(cues, 1)


def attention(rows: np.ndarray, state: np.ndarray, beta: float) -> Iterator[tuple[str, Candidate]]:
    """Yield torch's fused attention over the float32 rows, if it is installed."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return
    torch.set_num_threads(THREADS)
    query, keys = torch.as_tensor(state)[None, None], torch.as_tensor(rows)[None, None]
    fused = torch.nn.functional.scaled_dot_product_attention
    yield "torch attention, float32", lambda: fused(query, keys, keys, scale=beta)


def softmax(neurons: int, count: int, weights: str, runs: int) -> dict[str, Any]:
    """One recall of cues with a fifth of their signs flipped."""
    rng = np.random.default_rng(0)
    rows = rng.choice(np.array([-1, 1], np.float32), size=(PATTERNS, neurons))
    state = rows[:count] * rng.choice(np.array([1, 1, 1, 1, -1], np.float32), size=(count, neurons))
    planes, beta = planes_of(rows), BETAS[weights]
    candidates: dict[str, Candidate] = {
        "ours": lambda: recall(planes, state, beta),
        "float32 rows in NumPy": lambda: recall_densely(rows, state, beta),
    }
    assert np.abs(candidates["ours"]() - candidates["float32 rows in NumPy"]()).max() < 1e-3
    candidates |= dict(faiss_top(rows, state)) | dict(attention(rows, state, beta))
    case = f"±1 in bits, {weights} softmax, N = {neurons}, K = {PATTERNS}, {count} cues"
    return {"case": case, "seconds": timed(candidates, runs), "bytes": footprint(planes, rows)}


def footprint(planes: Planes, rows: np.ndarray) -> dict[str, float]:
    """Return the bytes that a pattern takes."""
    return {"ours": planes.nbytes / planes.count, "int8": float(rows.shape[1]), "float32": 4.0 * rows.shape[1]}


def rows(runs: int = 7) -> list[dict[str, Any]]:
    """Return what was measured: a case, (minimum, median) seconds and bytes a pattern by candidate."""
    return [softmax(n, b, weights, runs) for n in SIZES for b in CUES for weights in BETAS]


def main() -> None:
    """Measure and print."""
    print("| case | candidate | minimum | median | × ours |\n| --- | --- | --- | --- | --- |")
    for row in rows():
        least = row["seconds"]["ours"][0]
        for name, (minimum, median) in row["seconds"].items():
            print(
                f"| {row['case']} | {name} | {minimum * 1e3:.2f} ms | {median * 1e3:.2f} ms | {minimum / least:.1f} |"
            )
        print(f"| | bytes a pattern | {' · '.join(f'{n} {b:.0f}' for n, b in row['bytes'].items())} | | |")


if __name__ == "__main__":
    main()
