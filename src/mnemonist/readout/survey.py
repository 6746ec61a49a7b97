"""What is seen of some patterns by states that are to be told: carried along from part to part.

Shapes: B states; T = 32 entries, or fewer of fewer patterns.
"""

from dataclasses import dataclass

from mnemonist._array import Array
from mnemonist.core.separation import Reading

TOP = 32


@dataclass(frozen=True, eq=False)
class Seen:
    """What has been seen of some patterns: the reading, the best entries by salience and by closeness, as positions."""

    count: int  # patterns
    reading: Reading
    salience: Array  # (B, ≤ T), falling
    scores: Array  # (B, ≤ T), of the same memories
    positions: Array  # (B, ≤ T)
    closeness: Array  # (B, 1)
    nearest: Array  # (B, 1)
