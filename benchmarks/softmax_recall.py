"""Softmax recall beside what a user would pick instead, and beside the machine, in one run.

Patterns are K = 100 000 rows of unit length (float32), cues are patterns + 0.05 noise and β = 20, so that no weight may
be left out. Fused attention is torch's; FAISS finds the best pattern only, so it does less work. The machine: one read
of all patterns (torch's sum of them), and a product of square matrices. All run in turn, A B A B, after a rest of
30 ms and a call that is not counted, with as many threads each.

Run `python benchmarks/softmax_recall.py [runs]`; prints Markdown. `cases()` gives the same rows to another program.
"""

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch

from mnemonist.patterns.softmax_readout import blocks_of, softmax_readout

K, BETA, NOISE, SQUARE = 100_000, 20.0, 0.05, 2048
CUES = (1, 2, 4, 8, 16, 64, 256, 1024)


@dataclass(frozen=True)
class Row:
    """One case: the times of every contender in seconds, by name, and how many multiplications recall takes."""

    name: str
    operations: float
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def least(self, name: str) -> float:
        """Return the best time of a contender; NaN of one that is not installed."""
        return min(self.seconds.get(name, [float("nan")]))

    def ratios(self) -> dict[str, float]:
        """Return how many times as long the others take, how many reads of the patterns we take, our share of sgemm."""
        ours = self.least("ours")
        return {
            "fused attention": self.least("fused attention") / ours,
            "FAISS top-1": self.least("FAISS top-1") / ours,
            "reads of the patterns": ours / self.least("read"),
            "share of sgemm": self.operations / ours / (SQUARE**3 / self.least("sgemm")),
        }


def cases(runs: int = 7, widths: tuple[int, ...] = (256, 64, 768), cues: tuple[int, ...] = CUES) -> Iterator[Row]:
    """Measure: all numbers of cues at the first width, one cue at the others."""
    rng = np.random.default_rng(0)
    for width in widths:
        patterns = rng.normal(size=(K, width)).astype(np.float32)
        patterns /= np.linalg.norm(patterns, axis=-1, keepdims=True)
        for count in cues if width == widths[0] else (1,):
            states = patterns[:count] + NOISE * rng.normal(size=(count, width)).astype(np.float32)
            name = f"N = {width}, {count} cue{'s' if count > 1 else ''}"
            yield Row(name, 2.0 * K * width * count, in_turn(contenders(patterns, states), runs))


def contenders(patterns: np.ndarray, states: np.ndarray) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name."""
    rows, queries, square = torch.from_numpy(patterns), torch.from_numpy(states), torch.rand(SQUARE, SQUARE)
    attention = torch.nn.functional.scaled_dot_product_attention
    found: dict[str, Callable[[], object]] = {
        "ours": lambda: softmax_readout(states, blocks_of(patterns, len(states)), K, BETA),
        "fused attention": lambda: attention(queries[None, None], rows[None, None], rows[None, None], scale=BETA),
        "read": rows.sum,
        "sgemm": lambda: square @ square,
    }
    try:
        import faiss
    except ImportError:
        return found
    index = faiss.IndexFlatIP(patterns.shape[1])
    index.add(patterns)
    return found | {"FAISS top-1": lambda: index.search(states, 1)}


def in_turn(actions: dict[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Return the times of each action, taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            time.sleep(0.03)  # workers of the one before stop spinning
            action()
            begin = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - begin)
    return times


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    threads = torch.get_num_threads()
    print(
        f"{platform.machine()}, {threads} threads, NumPy {np.__version__}, torch {torch.__version__}, {commit.strip()}"
    )
    print(f"\nK = {K}, float32, β = {BETA:g}; least of {runs}, in brackets the median; in ms\n")
    names = ("ours", "fused attention", "FAISS top-1", "read", "sgemm")
    ratios = ("fused attention / ours", "FAISS top-1 / ours", "ours / read", "share of sgemm")
    print(f"| case | {' | '.join((*names, *ratios))} |\n|{' --- |' * (1 + len(names) + len(ratios))}")
    for row in cases(runs):
        times = [
            f"{1e3 * row.least(name):.2f} ({1e3 * statistics.median(row.seconds[name]):.2f})"
            if name in row.seconds
            else ""
            for name in names
        ]
        print(f"| {row.name} | {' | '.join((*times, *(f'{ratio:.2f}' for ratio in row.ratios().values())))} |")


if __name__ == "__main__":
    main()
