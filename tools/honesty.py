"""How honest recalls are on data that nobody prepared: a table of shares, each with what it should be.

    python -m tools.honesty

It writes docs/honesty.md, in about a minute. Digits, faces and photographs are those that mnemonist, scikit-image and
scikit-learn ship; what is not installed is left out and said. The time is a ratio of two in one run.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import mnemonist as mn
from benchmarks.machine import this_machine
from benchmarks.timing import QUICK
from mnemonist.data import digits

Numbers = np.ndarray[Any, Any]
Line = tuple[str, str, str]  # what, must, measured


OUT = Path(__file__).parent.parent / "docs" / "honesty.md"
HEAD = """# How honest: measured

What [answers.md](answers.md) says in words, on data that nobody prepared. `python -m tools.honesty` writes this page;
threads, bad calls and files have programs and tests of their own: `python -m tools.stress_threads`,
`tests/test_bad_calls.py`, `python tools/kill_saves.py`, `python tools/time_loading.py`.

| what | must | measured |
| --- | --- | --- |
"""


def main() -> None:
    """Print all lines, and write the page."""
    warnings.simplefilter("ignore", mn.errors.LostPatterns)
    found = []
    for lines in (held(), choosing(), refused(), unseen(), told_memory(), shares(), units(), permuted()):
        for line in lines:
            found.append(f"| {' | '.join(line)} |")
            print(found[-1], flush=True)
    where = this_machine(QUICK)
    OUT.write_text(
        HEAD + "\n".join([*found, "", f"{where.processor}, {where.threads} threads, commit {where.commit}.", ""])
    )


# --- data --------------------------------------------------------------------------------------------------------


def images() -> Numbers:
    """Return the shipped digits (500, 784)."""
    return digits()[0].reshape(500, -1)


def lognormal() -> Numbers:
    """Return a table (200, 4) of numbers that span six orders of magnitude."""
    return np.exp(np.random.default_rng(0).normal(0, 2, size=(200, 4))).round(2)


def photographs() -> Numbers | None:
    """Return 60 cuts (60, 1024) of photographs, one of them twice."""
    try:
        from skimage import data
    except ImportError:
        return None
    shots = [getattr(data, name)() for name in ("astronaut", "coffee", "chelsea", "rocket", "camera")]
    grey = [shot.mean(axis=2) if shot.ndim == 3 else shot for shot in shots]
    cuts = [
        shot[y : y + 32, x : x + 32].ravel() / 255 for shot in grey for y in range(0, 256, 64) for x in (0, 96, 192)
    ]
    return np.array([*cuts[:59], cuts[7]])


def faces() -> Numbers | None:
    """Return faces and other cuts (200, 625)."""
    try:
        from skimage import data
    except ImportError:
        return None
    return np.asarray(data.lfw_subset().reshape(200, -1))


# --- the lines ---------------------------------------------------------------------------------------------------


def sparse_euclidean() -> mn.AssociativeMemory:
    """Return entmax on distances."""
    return mn.AssociativeMemory(mn.Euclidean(), mn.Entmax(1.5, "auto"), mn.Real())


def held() -> Iterator[Line]:
    """How many stored patterns, given whole, come back as themselves."""
    sets = {"lognormal table": lognormal(), "500 digits": images(), "60 photographs": photographs(), "faces": faces()}
    for name, patterns in sets.items():
        found = []
        for build in (mn.kernel_memory, sparse_euclidean):
            if patterns is not None:
                memory = build()
                memory.store(patterns)
                recall = memory.recall(patterns)
                own = (patterns[recall.nearest] == patterns).all(axis=1) & (recall.kind == mn.Kind.MEMORY)
                found.append(f"{own.mean():.1%}")
        yield f"{name}: stored ones come back as themselves, kernel · sparse", "100 %", " · ".join(found) or "not here"


def choosing() -> Iterator[Line]:
    """How long choosing β takes, beside one recall of 64 cues."""
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(100_000, 256)).astype(np.float32)
    cues = patterns[:64] + 0.05 * rng.normal(size=(64, 256)).astype(np.float32)
    small = mn.kernel_memory()
    small.store(patterns[:20_000])
    _ = small.recall(cues).kind  # loads the kernels
    memory = mn.kernel_memory()
    memory.store(patterns)
    begin = time.perf_counter()
    _ = memory.separation
    chosen = time.perf_counter() - begin
    _ = memory.recall(cues).kind
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        _ = memory.recall(cues).kind
        times.append(time.perf_counter() - begin)
    yield "choosing β, K = 100 000, N = 256 ÷ a recall of 64 cues", "≤ 5", f"{chosen / np.median(times):.1f}"


def refused() -> Iterator[Line]:
    """How many held-out cues are refused at level 0.01, and how much noise."""
    rng, patterns = np.random.default_rng(0), images()
    shares, noises = [], []
    for _ in range(20):
        order = rng.permutation(500)
        memory = mn.kernel_memory()
        memory.store(patterns[order[:400]])
        shares.append((memory.recall(patterns[order[400:]]).kind == mn.Kind.UNFAMILIAR).mean())
        noises.append((memory.recall(rng.random((100, 784))).kind == mn.Kind.UNFAMILIAR).mean())
    yield "held-out digits refused at level .01 (400 stored, 20 draws)", "≤ .02", f"{np.mean(shares):.4f}"
    yield "uniform noise refused", "≥ .99", f"{np.mean(noises):.3f}"


def unseen() -> Iterator[Line]:
    """How well familiarity parts digits of unseen classes from held-out ones."""
    what = "8 × 8 digits 5–9 against held-out 0–4, 400 stored: AUROC of familiarity"
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        yield what, "≥ .95", "scikit-learn is not here"
        return
    patterns, labels = load_digits(return_X_y=True)
    rng, found = np.random.default_rng(0), []
    for _ in range(5):
        seen = rng.permutation(np.flatnonzero(labels < 5))
        memory = mn.kernel_memory()
        memory.store(patterns[seen[:400]])
        genuine = memory.recall(patterns[seen[400:]]).familiarity
        others = memory.recall(patterns[labels >= 5]).familiarity
        found.append(auroc(genuine, others))
    yield what, "≥ .95", f"{np.mean(found):.3f}"


def auroc(high: Numbers, low: Numbers) -> float:
    """Return the chance that one of the first is above one of the second, ties counted half."""
    return float(((high[:, None] > low).mean() + (high[:, None] >= low).mean()) / 2)


def told_memory() -> Iterator[Line]:
    """How many of the states that are called a memory are one."""
    patterns = np.where(images()[:100] > 0.5, 1, -1)
    memory = mn.classical_hopfield()
    memory.store(patterns)
    recall = memory.recall(patterns)
    called = recall.kind == mn.Kind.MEMORY
    are = (recall.state[:, None] == patterns[None]).all(axis=-1).any(axis=1)
    yield (
        "100 thresholded digits, classical: told MEMORY, of which are one",
        "only those that are",
        f"{called.sum()}, {(called & are).sum()}",
    )


def shares() -> Iterator[Line]:
    """How often the nearest shares a known cell with its cue."""
    rng = np.random.default_rng(0)
    centres = 3 * rng.normal(size=(10, 6))
    rows, cues = (centres[rng.integers(10, size=size)] + rng.normal(size=(size, 6)) for size in (300, 200))
    known, seen = (rng.random(x.shape) > 0.3 for x in (rows, cues))
    known[~known.any(axis=1), 0] = seen[~seen.any(axis=1), 0] = True
    found = []
    for build in (mn.kernel_memory, mn.modern_hopfield, mn.sparse_hopfield, sparse_euclidean):
        memory = build()
        memory.store(rows, known=known)
        nearest = memory.recall(cues, known=seen).nearest
        found.append((known[nearest] & seen).any(axis=1).mean())
    yield "30 % missing on both sides: the nearest shares a known cell", "always", f"{min(found):.1%}"


def units() -> Iterator[Line]:
    """How many answers depend on the unit."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 6))
    cues = rows[:20] + rng.normal(0, 0.45, (20, 6))
    powers = {np.float64: (-150, -50, -12, 12, 50, 150), np.float32: (-15, -8, 8, 15)}
    differ = asked = 0
    for build in (mn.kernel_memory, mn.sparse_hopfield, mn.modern_hopfield, sparse_euclidean, mn.epanechnikov_memory):
        for dtype, exponents in powers.items():
            base = answers(build, rows.astype(dtype), cues.astype(dtype))
            for exponent in exponents:
                unit = 10.0**exponent
                other = answers(build, (rows * unit).astype(dtype), (cues * unit).astype(dtype))
                differ += int(np.any([a != b for a, b in zip(base, other, strict=True)], axis=0).sum())
                asked += len(cues)
    yield "same nearest, kind, outcome at units 1e-150 … 1e150, float32 1e-15 … 1e15", "always", f"{differ} of {asked}"


def answers(build: Callable[[], Any], rows: Numbers, cues: Numbers) -> tuple[Any, ...]:
    """Return what is said of each cue."""
    memory = build()
    memory.store(rows)
    recall = memory.recall(cues)
    return recall.nearest, recall.kind, recall.outcome, recall.components


def permuted() -> Iterator[Line]:
    """How many answers depend on the order of storage, where overlaps tie."""
    rng, differ, asked = np.random.default_rng(0), 0, 0
    builds: list[Callable[[], Any]] = [
        mn.classical_hopfield, lambda: mn.dense_memory(3), lambda: mn.dense_memory(4), mn.exponential_memory, mn.hebbian
    ]  # fmt: skip
    for trial in range(64):
        patterns = np.where(rng.random((20, 64 if trial % 2 else 32)) < 0.5, 1, -1)
        flipped = patterns * np.where(rng.random(patterns.shape) < 0.25, -1, 1)
        cues = np.concatenate([flipped, np.where(rng.random((5, patterns.shape[1])) < 0.5, 1, -1)])
        order = rng.permutation(20)
        for build in builds:
            one, other = build(), build()
            one.store(patterns)
            other.store(patterns[order])
            a, b = one.recall(cues), other.recall(cues)
            same = (patterns[a.nearest] == patterns[order][b.nearest]).all(axis=1)
            same &= (a.kind == b.kind) & (a.components == b.components)
            differ, asked = differ + int((~same).sum()), asked + len(cues)
    yield f"kind, nearest, components under permutation, {asked} recalls with ties", "none changes", f"{differ}"


if __name__ == "__main__":
    main()
