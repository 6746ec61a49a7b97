"""Restoration: the rows of a file recalled from the rows of another, some cues at a time.

    cues → encoding → recall → decoding → restored cues, and a finding for each

What was given and is not free is written back as it was, whatever the model does to its own copy. A cue in which
nothing is hidden is free: it is cleaned as a whole. Only a complete row among others with missing cells is not: the
order was to fill them, and it needs none.

Shapes: memories (K, N), cues (B, N); known is boolean (B, N), True = given, or None where all is.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mnemonist.core.neurons import Neurons, Real
from mnemonist.data import Table, present
from mnemonist.data.levels import levels_in
from mnemonist.data.numpy_file import in_memory
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Marks, Rows
from mnemonist.dynamics.outcome import Outcome
from mnemonist.errors import EnergyOverflow, IllegalCombination, InvalidArgument
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.recall.contents import Contents
from mnemonist.recall.familiarity import resolution
from mnemonist.recall.kind import Kind
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.recall.request import UNFAMILIAR
from mnemonist.recall.result import Recall
from mnemonist.stores.levels import levels_of
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.tasks.compatible_range import check_ranges
from mnemonist.tasks.encoding import Encoding, Plain, encoding_of

_AT_ONCE = 64  # cues, fewer where memories are large
_NUMBERS = 2**26


@dataclass(frozen=True)
class Finding:
    """What became of one cue: `filled` of its `size` numbers, of those that were `hidden`, have a value now; `cleaned`
    if none was hidden and all might change.

    `familiarity` is that of the cue, NaN where memories stay in a file; `strange` says that it is the least there can
    be; `more` is told beside it, by name.
    """

    cue: str
    memory: str
    id: int
    overlap: float
    filled: int
    cleaned: bool
    steps: int
    outcome: Outcome
    kind: Kind
    components: int
    energy: float | None
    familiarity: float
    strange: bool = False
    hidden: int = 0
    size: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Order:
    """What to restore from what.

    `free` lets visible numbers change too; `gaps` says that only missing cells are asked for, so that complete cues
    are kept; `raw` leaves columns unscaled; `judged` asks how familiar cues are.
    """

    memories: Table
    cues: Table
    known: Marks | None = None
    free: bool = False
    gaps: bool = False
    raw: bool = False
    max_steps: int = 1000
    seed: int = 0
    judged: bool = True

    @property
    def columns(self) -> bool:
        """Whether each column has a unit of its own, as in a table."""
        return isinstance(self.memories.form, Sheet) and not self.raw

    @property
    def kept(self) -> Marks:
        """What stays as it was given (B, N)."""
        if self.known is None or self.free:
            return np.zeros(self.cues.rows.shape, bool)
        return self.known if self.gaps else self.known & ~self.known.all(axis=1, keepdims=True)

    @property
    def streamed(self) -> bool:
        """Whether the memories lie in a file that is too large to be read at once."""
        return isinstance(self.memories.rows, np.memmap)

    def fill(self, memory: PatternMemory, told: Callable[[int], object] = lambda _: None) -> Encoding:
        """Store the memories and return how they were encoded. Raises InvalidArgument where cues do not fit.

        A large file that can be stored as it is stays where it is; `told` then gets to know how many of its rows each
        look at them has passed.
        """
        if self.streamed and not memory.neurons.discrete and not memory.neurons.bounded:
            with suppress(
                InvalidArgument, IllegalCombination
            ):  # it has holes, or is of other lengths, or is learned from
                memory.store(MappedPatterns(self.memories.path).watched(told))
                return Plain()
        held = levels_in(self.memories.rows)
        if held is not None and isinstance(memory, AssociativeMemory) and type(memory.neurons) is Real:
            present(self.memories)
            memory._resume(Contents(levels_of(held.levels, held.depth, held.known)))
            return Plain()
        memories = in_memory(self.memories)
        rows, known = memories.rows, present(memories)
        code = encoding_of(memory.neurons, rows, columns=self.columns)
        replace(self, memories=memories).check(memory.neurons)
        memory.store(code.encode(rows, known), known=known)
        return code

    def check(self, neurons: Neurons) -> None:
        """Refuse, with InvalidArgument, cues that cannot be cut where the memories are, as discrete neurons need."""
        if neurons.discrete:
            check_ranges(self.memories, self.cues, self.known, columns=self.columns)


def restore(memory: PatternMemory, code: Encoding, order: Order) -> Iterator[tuple[Rows, list[Finding]]]:
    """Recall every cue from a memory that was filled; yield restored rows (b, N) and findings, some cues at a time.

    What a cue becomes does not depend on how many are recalled at a time.
    """
    kept = order.kept
    for part in _parts(len(order.cues.rows), 1 if order.streamed else order.memories.rows.size):
        rows = order.cues.rows[part]
        known = None if order.known is None else order.known[part]
        still = kept[part]
        recall = memory.recall(
            code.encode(rows, known),
            known=known,
            clamped=False if memory.neurons.directions else still,  # a direction has no fixed coordinates
            max_steps=order.max_steps,
            rng=order.seed,
            unfamiliar=UNFAMILIAR if order.judged else None,
        )
        yield (
            (restored := np.where(still, rows, code.decode(recall.state, recall.nearest))),
            _findings(recall, order, part, still, restored, asked=order.judged and not _in_files(memory)),
        )


def _parts(cues: int, size: int) -> Iterator[slice]:
    """Yield slices of so many cues: one at first, so that progress shows, then ever more, as many as memory allows.

    >>> [part.stop - part.start for part in _parts(10, 100)]
    [1, 2, 4, 3]
    """
    most = int(np.clip(_NUMBERS // size, 1, _AT_ONCE))
    start, some = 0, 1
    while start < cues:
        yield slice(start, min(start + some, cues))
        start, some = start + some, min(2 * some, most)


def _in_files(memory: PatternMemory) -> bool:
    """Return whether memories are read from a file each time, too often to ask how familiar a cue is."""
    reader = memory.landscape.reader
    return reader is not None and reader.patterns.volatile


def _findings(recall: Recall, order: Order, part: slice, still: Marks, restored: Rows, *, asked: bool) -> list[Finding]:
    """Return a finding for each cue; ids are the row numbers of the memories, stored in one go.

    How familiar cues are is only said where it is `asked`.
    """
    familiarity = recall.familiarity if asked else np.full(len(still), math.nan)
    least = resolution(len(order.memories.names))
    gone = np.zeros(still.shape, np.bool_) if order.known is None else ~order.known[part]
    hidden, filled = gone.sum(axis=1), (gone & np.isfinite(restored)).sum(axis=1)
    energy: Any = None
    with suppress(EnergyOverflow):
        energy = recall.energy
    return [
        Finding(
            cue=cue,
            memory=order.memories.names[recall.nearest[b]] if recall.nearest[b] >= 0 else "none",
            id=int(recall.nearest[b]),
            overlap=float(recall.overlap[b]),
            filled=int(filled[b]),
            cleaned=not hidden[b] and not still[b].any(),
            steps=int(recall.steps[b]),
            outcome=recall.outcome[b],
            kind=recall.kind[b],
            components=int(recall.components[b]),
            energy=None if energy is None else float(energy[b]),
            familiarity=float(familiarity[b]),
            strange=bool(familiarity[b] <= least),
            hidden=int(hidden[b]),
            size=still.shape[1],
        )
        for b, cue in enumerate(order.cues.names[part])
    ]
