"""First numbers: how long an import takes, and an asynchronous recall, beside plain NumPy that recomputes every field.

Run `make bench`. Prints Markdown with the machine and the commit; times are the median of several runs.
"""

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import mnemonist as mn

N, K, B, DEGREE, NOISE = 784, 200, 64, 3, 0.3


def seconds(action: Callable[[], object], runs: int) -> float:
    """Return the median time of `runs` calls after one that is not counted."""
    times = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def fresh(code: str) -> None:
    """Run code in a new interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True)


def sweep_naively(patterns: np.ndarray, states: np.ndarray, order: np.ndarray) -> None:
    """Update every site once, recomputing both energies each time, as one would first write it."""
    for site in order:
        up, down = states.copy(), states.copy()
        up[:, site], down[:, site] = 1, -1
        gain = ((up @ patterns.T) ** DEGREE).sum(axis=-1) - ((down @ patterns.T) ** DEGREE).sum(axis=-1)
        states[:, site] = np.where(gain > 0, 1, np.where(gain < 0, -1, states[:, site]))


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1.0, 1.0], size=(K, N))
    cues = patterns[:B] * np.where(rng.random((B, N)) < NOISE, -1.0, 1.0)
    memory = mn.dense_memory(DEGREE)
    memory.store(patterns)
    recall = memory.recall(cues)
    to_rest = seconds(lambda: memory.recall(cues), 5)
    sweep = seconds(lambda: memory.recall(cues, max_steps=1), 5)
    few = 20
    naive = seconds(lambda: sweep_naively(patterns, cues.copy(), np.arange(few)), 3) * N / few
    imported = seconds(lambda: fresh("import mnemonist"), 7) - seconds(lambda: fresh("import numpy"), 7)
    bare = seconds(lambda: fresh("import mnemonist"), 7) - seconds(lambda: fresh("pass"), 7)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    print(
        f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, commit {commit.strip()}\n"
    )
    print("| case | seconds |\n| --- | --- |")
    print(f"| `import mnemonist`, NumPy included | {bare:.3f} |")
    print(f"| `import mnemonist`, beyond NumPy | {imported:.3f} |")
    case = f"{B} cues, N = {N}, K = {K}, degree {DEGREE}"
    print(f"| asynchronous recall to rest, {case} ({recall.steps.max()} sweeps) | {to_rest:.3f} |")
    print(f"| one sweep of it | {sweep:.3f} |")
    print(f"| one sweep in NumPy that recomputes both energies (from {few} of {N} sites) | {naive:.3f} |")
    print(f"\none sweep is {naive / sweep:.0f} × as fast")


if __name__ == "__main__":
    main()
