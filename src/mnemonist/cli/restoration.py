"""Restoration: the rows of a file recalled from the rows of another, some cues at a time.

    cues → encoding → recall → decoding → restored cues, and a finding for each

Shapes: memories (K, N), cues (B, N); known is boolean (B, N), True = given, or None where all is.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist import Kind, Outcome, Recall
from mnemonist.data import Encoding, Table, encoding, present
from mnemonist.data.table import Marks, Rows
from mnemonist.dynamics.pattern_memory import PatternMemory
from mnemonist.errors import EnergyOverflow

_AT_ONCE = 64  # cues, fewer where memories are large
_NUMBERS = 2**26


@dataclass(frozen=True)
class Finding:
    """What became of one cue."""

    cue: str
    memory: str
    id: int
    overlap: float
    steps: int
    outcome: Outcome
    kind: Kind
    parts: int
    energy: float | None


@dataclass(frozen=True, eq=False)
class Order:
    """What to restore from what. `free` lets visible numbers change too."""

    memories: Table
    cues: Table
    known: Marks | None = None
    free: bool = False
    max_steps: int = 1000
    seed: int = 0

    def fill(self, memory: PatternMemory) -> Encoding:
        """Store the memories and return how they were encoded."""
        rows, known = self.memories.rows, present(self.memories)
        code = encoding(memory.neurons, rows)
        memory.store(code.encode(rows, known), known=known)
        return code


def restore(memory: PatternMemory, order: Order) -> Iterator[tuple[Rows, list[Finding]]]:
    """Recall every cue from an empty memory; yield restored rows (b, N) and findings, some cues at a time.

    What a cue becomes does not depend on how many are recalled at a time.
    """
    code = order.fill(memory)
    some = int(np.clip(_NUMBERS // order.memories.rows.size, 1, _AT_ONCE))
    for start in range(0, len(order.cues.rows), some):
        part = slice(start, start + some)
        known = None if order.known is None else order.known[part]
        recall = memory.recall(
            code.encode(order.cues.rows[part], known),
            known=known,
            clamped=False if order.free else None,
            max_steps=order.max_steps,
            rng=order.seed,
        )
        yield code.decode(recall.state, recall.nearest), _findings(recall, order, order.cues.names[part])


def _findings(recall: Recall, order: Order, cues: tuple[str, ...]) -> list[Finding]:
    """Return a finding for each cue; ids are the row numbers of the memories, stored in one go."""
    energy: Any = None
    with suppress(EnergyOverflow):
        energy = recall.energy
    return [
        Finding(
            cue=cue,
            memory=order.memories.names[recall.nearest[b]],
            id=int(recall.nearest[b]),
            overlap=float(recall.overlap[b]),
            steps=int(recall.steps[b]),
            outcome=recall.outcome[b],
            kind=recall.kind[b],
            parts=int(recall.parts[b]),
            energy=None if energy is None else float(energy[b]),
        )
        for b, cue in enumerate(cues)
    ]
