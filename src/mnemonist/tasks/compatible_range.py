"""Ranges: whether cues can be cut where the memories are, as ±1 neurons need.

    shared = |[a, b] ∩ [low, high]| ≥ max(b − a, high − low)/20

[a, b] is the range of the cues' known numbers, [low, high] that of the memories in the same columns. Cues of 0/1
against memories of ±1, grey levels up to 255 against ones up to 1: cut at the memories' middle, all would fall on one
side, and the answer would be sure and wrong.

Shapes: memories (K, N), cues (B, N); known is boolean (B, N) or None.
"""

import numpy as np

from mnemonist.data.table import Marks, Rows, Table
from mnemonist.errors import InvalidArgument

_SHARED = 1 / 20


def check_ranges(memories: Table, cues: Table, known: Marks | None, *, columns: bool = False) -> None:
    """Refuse, with InvalidArgument, cues that hold other numbers than the memories; `columns` of unlike units may."""
    given = np.ones(cues.rows.shape, bool) if known is None else known
    seen = cues.rows[given]
    held = memories.rows[:, given.any(axis=0)]
    held = held[~np.isnan(held)]
    for (mine, theirs), advice in {((0, 1), (-1, 1)): "2 * x - 1", ((-1, 1), (0, 1)): "(x + 1) / 2"}.items():
        if _only(held, theirs) and _only(seen, mine):
            raise InvalidArgument(
                f"{cues.path}: must hold {theirs[0]} and {theirs[1]} as {memories.path} does. It looks like "
                f"{mine[0]}/{mine[1]} data: write {advice} for each number x."
            )
    if columns or held.size == 0 or _share(seen, held):
        return
    raise InvalidArgument(
        f"{cues.path}: must have the range of {memories.path}, {held.min():g} to {held.max():g}, to be cut at its "
        f"middle as ±1; got {seen.min():g} to {seen.max():g}. Scale one to the other."
    )


def _only(numbers: Rows, two: tuple[int, int]) -> bool:
    """Say whether all numbers are one of the two, and some the first: 1 alone tells nothing."""
    return bool(np.isin(numbers, two).all() and (numbers == two[0]).any())


def _share(seen: Rows, held: Rows) -> bool:
    a, b, low, high = seen.min(), seen.max(), held.min(), held.max()
    if a == b or low == high:
        return bool(low - (high - low) <= a <= high + (high - low)) or low == high
    return bool(min(b, high) - max(a, low) >= _SHARED * max(b - a, high - low))
