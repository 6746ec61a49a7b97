"""Make tests/archive/golden/: small files of memories in the present version of the format, to be loaded for ever.

    python tools/make_golden.py

Each file NAME.mnemonist has beside it NAME.npz with cues and what the memory recalled from them when it was made. Files
of a version are made once, before it is released, and never again; another version of the format gets files of its own.
"""

from pathlib import Path
from typing import Any

import numpy as np

import mnemonist as mn
from mnemonist.data.memory_file import VERSION

FOLDER = Path(__file__).parents[1] / "tests" / "archive" / "golden"
RNG = np.random.default_rng(1982)
SIGNS = RNG.choice([-1, 1], size=(6, 16)).astype(np.int8)
REAL = RNG.normal(size=(6, 8))


def stored(memory: Any, rows: np.ndarray, **options: Any) -> Any:
    """Return the memory with rows in it but for the second."""
    memory.store(rows, **options)
    if not isinstance(memory, mn.SequenceMemory):
        memory.forget(1)
    return memory


def pairs() -> mn.BidirectionalMemory:
    """Return a memory of pairs."""
    memory = mn.BidirectionalMemory()
    memory.store(SIGNS[:3], SIGNS[3:, :8])
    return memory


def golden() -> dict[str, tuple[Any, np.ndarray]]:
    """Return memories, and cues for each."""
    known = np.ones(REAL.shape, bool)
    known[0, 3] = known[4, 0] = False
    columns = [mn.Columns(mn.Real(), 4), mn.Columns(mn.Categorical((4,)))]
    mixed = np.concatenate([REAL[:, :4], np.eye(4)[[0, 1, 2, 3, 0, 1]]], axis=1)
    wrong = SIGNS[2:5].copy()
    wrong[:, :2] *= -1
    return {
        "kernel": (stored(mn.kernel_memory(2.0), REAL, known=known, values=np.eye(6)), REAL[:3] + 0.1),
        "dense": (stored(mn.dense_memory(3), SIGNS), wrong),
        "mixed": (stored(mn.mixed_memory(columns, 4.0), mixed), mixed[2:4]),
        "perceptron": (stored(mn.perceptron(0.1), SIGNS[:5]), wrong),
        "sequence": (stored(mn.exponential_sequence(), SIGNS, cyclic=True), SIGNS[:1]),
        "layered": (stored(mn.model_c(decay=0.5, bias=0.1), REAL), REAL[:2] + 0.1),
        "pairs": (pairs(), SIGNS[:3]),
    }


def recalled(memory: Any, cues: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return state and nearest id of each cue."""
    recall = memory.recall(left=cues).joint if isinstance(memory, mn.BidirectionalMemory) else memory.recall(cues)
    return recall.state, recall.nearest


def main() -> None:
    """Write files that are not there yet."""
    FOLDER.mkdir(exist_ok=True)
    for name, (memory, cues) in golden().items():
        file = FOLDER / f"{name}-{VERSION}.mnemonist"
        if not file.exists():
            memory.save(file)
            state, nearest = recalled(memory, cues)
            np.savez(file.with_suffix(".npz"), cues=cues, state=state, nearest=nearest, ids=memory.ids)


if __name__ == "__main__":
    main()
