"""Kill a process that saves, at random moments, and look at the file: it must be the old memory or the new one, whole.

    python tools/kill_saves.py [KILLS]

A process, a fork of this one, saves two memories of different patterns by turns, over and over, to one place. After
each SIGKILL the file is loaded, and must hold just one of the two; a last save must leave no file beside its own.
"""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

import mnemonist as mn

K, N = 3000, 64


def memory(turn: int) -> mn.AssociativeMemory:
    """Return the memory whose turn it is."""
    made = mn.kernel_memory(1.0)
    made.store(np.random.default_rng(turn).normal(size=(K + turn, N)))
    return made


def killed(path: Path, memories: list[mn.AssociativeMemory], delay: float) -> None:
    """Have a process save to a place, and kill it so many seconds after it began."""
    writer = os.fork()
    if not writer:
        while True:
            for each in memories:
                each.save(path)
    time.sleep(delay)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)


def held(path: Path, patterns: list[np.ndarray]) -> str:
    """Return which memory a file holds; anything else is an error."""
    found = mn.load(path).patterns
    turns = [turn for turn, rows in enumerate(patterns) if np.array_equal(found, rows)]
    assert len(turns) == 1, "the file is neither memory"
    return f"memory {turns[0]}"


def main(kills: int = 1000) -> None:
    """Kill so many processes, and say what was found."""
    rng, seen, drafts = np.random.default_rng(), Counter[str](), 0
    memories = [memory(turn) for turn in (0, 1)]
    patterns = [each.patterns for each in memories]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "memory")
        memories[0].save(path)
        for _ in range(kills):
            killed(path, memories, float(rng.uniform(0, 0.05)))
            seen[held(path, patterns)] += 1
            drafts += len(os.listdir(folder)) - 1
        memories[0].save(path)
        left = len(os.listdir(folder)) - 1
    sys.stdout.write(f"{kills} kills: {dict(seen)}; drafts seen {drafts}, left after the next save {left}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
