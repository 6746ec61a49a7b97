"""The machine: what computes, with how many threads, and how fast it multiplies and reads.

Two limits bound every recall: nothing reads all patterns sooner than memory delivers them, and no exact product of
dense float32 matrices takes fewer multiplications than sgemm makes. Cases measure both in turn with their candidates,
on the same threads, and tell how near they come.
"""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rivals import PACKAGES, package
from benchmarks.timing import Candidate, Effort, Times, in_turn

READ, SGEMM = "one read of the patterns", "sgemm"
_SQUARE = 1024
_READ_NUMBERS = 2**26
_DISTRIBUTIONS = {"faiss": "faiss-cpu", "torchhd": "torch-hd"}


@dataclass(frozen=True)
class Machine:
    """What the numbers are true of; `sgemm` in GFLOP/s, `read` in GB/s, both the best of the run."""

    processor: str
    threads: int
    memory: float
    system: str
    versions: dict[str, str]
    commit: str
    sgemm: float
    read: float

    def __str__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return (
            f"{self.processor}, {self.threads} threads, {self.memory:.0f} GiB, {self.system}; {versions}; "
            f"commit {self.commit}. In this run it multiplied float32 matrices at {self.sgemm:.0f} GFLOP/s and read "
            f"memory at {self.read:.1f} GB/s."
        )


def this_machine(effort: Effort) -> Machine:
    """Return the machine, measured."""
    threads = same_threads()
    times = in_turn({SGEMM: _product(), READ: one_read(np.ones(_READ_NUMBERS, np.float32))}, effort)
    return Machine(
        processor=_processor(), threads=threads, system=f"{platform.system()} {platform.machine()}",
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, versions=_versions(),
        commit=_commit(), sgemm=2 * _SQUARE**3 / times[SGEMM].least / 1e9,
        read=4 * _READ_NUMBERS / times[READ].least / 1e9,
    )  # fmt: skip


def same_threads() -> int:
    """Let every library use as many threads as there are processors, and return how many those are."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for name, setter in {"torch": "set_num_threads", "faiss": "omp_set_num_threads"}.items():
        if (found := package(name)) is not None:
            getattr(found, setter)(count)
    return count


def one_read(rows: np.ndarray[Any, Any]) -> Candidate:
    """Return a sum of all numbers: the least that looks at each. torch's is threaded, NumPy's is not."""
    torch = package("torch")
    return rows.sum if torch is None else torch.from_numpy(rows).sum


def limits(rows: np.ndarray[Any, Any]) -> dict[str, Candidate]:
    """Return the candidates that stand for the machine; `per_product` makes of the second what a case needs."""
    return {READ: one_read(rows), SGEMM: _product()}


def per_product(seconds: dict[str, Times], products: float) -> dict[str, Times]:
    """Return the times with that of sgemm for so many multiplications."""
    return seconds | {SGEMM: seconds[SGEMM].scaled(products / _SQUARE**3)}


def _product() -> Candidate:
    torch, square = package("torch"), np.random.default_rng(0).random((_SQUARE, _SQUARE), dtype=np.float32)
    if torch is None:
        return lambda: square @ square
    tensor = torch.from_numpy(square)
    return lambda: tensor @ tensor


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    width = next((f" with {name}" for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "")
    return (names[0] if names else platform.processor() or platform.machine()) + width


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in ("numpy", "numba", *PACKAGES):
        try:
            found[name] = metadata.version(_DISTRIBUTIONS.get(name, name))
        except metadata.PackageNotFoundError:
            continue
    return found


def _commit() -> str:
    """Return the commit, with a + where files differ from it."""
    told = [
        subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()
        for words in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    ]
    return (told[0] or "unknown") + ("+" if told[1] else "")
