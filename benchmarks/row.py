"""What one case found: how long each candidate took, ours first, and what else was measured.

A case is known by its name and sizes, "softmax, K = 100 000, N = 256, 1 cue"; by that `targets` find it.
"""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.public import EVERYTHING
from benchmarks.timing import Times

_PRESENT = {"recall": EVERYTHING}  # what runs of 0.1 called it, where a recall said everything at once


@dataclass(frozen=True)
class Row:
    """One case: K memories of N neurons, B cues, 0 where there is nothing to count; times and numbers by their names.

    The unit of a number stands in its name: "above start, MiB".
    """

    name: str
    K: int = 0
    N: int = 0
    B: int = 0
    seconds: dict[str, Times] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def case(self) -> str:
        """The name and the sizes, in words."""
        sizes = [f"{letter} = {spaced(count)}" for letter, count in (("K", self.K), ("N", self.N)) if count]
        cues = [f"{spaced(self.B)} cue{'s' if self.B > 1 else ''}"] if self.B else []
        return ", ".join([self.name, *sizes, *cues])

    def plain(self) -> dict[str, Any]:
        """Return the row as what JSON knows."""
        sizes = {letter: getattr(self, letter) for letter in "KNB"}
        return {"name": self.name, **sizes, "seconds": self.seconds, "numbers": self.numbers}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Row":
        """Return the row that was `plain`."""
        seconds = {_PRESENT.get(name, name): Times(*times) for name, times in plain["seconds"].items()}
        return cls(**(plain | {"seconds": seconds}))


def spaced(count: int) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,}".replace(",", " ") if count >= 10_000 else str(count)
