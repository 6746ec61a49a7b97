"""What a memory holds at one time: patterns, what was learned of them, and the model that both make.

Contents are frozen: whoever changes a memory makes others, and puts them in its place by one assignment. Their model is
kept with them, so that one of some patterns and of what was learned of others cannot exist.

Letters: K memories, N neurons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from mnemonist.stores.protocol import GrowableStore

M = TypeVar("M")


@dataclass(frozen=True, eq=False)
class Contents:
    """Patterns (K, N), what a memory `learned` of them: couplings, sequences or nothing, and the columns' `names`."""

    patterns: GrowableStore
    learned: Any = None
    names: tuple[Any, ...] | None = None

    def model(self, make: Callable[["Contents"], M]) -> M:
        """Return the model that `make` makes of these contents; threads that ask at once get the one made first."""
        made = self.made
        return cast(M, vars(self).setdefault("_model", make(self)) if made is None else made)

    @property
    def made(self) -> Any:
        """The model, if it was asked for already, else None."""
        return vars(self).get("_model")

    def require(self) -> None:
        """Raise `EmptyMemory` where there are no patterns."""
        _ = self.patterns.like

    def __len__(self) -> int:
        return len(self.patterns)

    def __str__(self) -> str:
        """Say how much there is, as a comment behind a representation."""
        return f"  # K={len(self)}, N={self.patterns.like.shape[-1]}" if len(self) else "  # empty"
