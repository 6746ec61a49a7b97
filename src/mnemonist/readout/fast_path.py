"""Fast paths: quicker ways to read that a reader asks first. Where one does not serve it says None, and tiles do.

Which one a reader has is chosen once, when the reader is made; whether it serves may depend on the states: on their
dtype, how many they are, and what of them is compared.
"""

from collections.abc import Iterator
from typing import Any

from mnemonist._array import Array
from mnemonist.core.separation import Readout, Summary
from mnemonist.readout.survey import Survey
from mnemonist.stores.block import Block


class FastPath:
    """No fast path: all is read tile by tile. A member answers what it is quicker at."""

    def scored(self, reader: Any, state: Array, cue_mask: Array | None) -> Iterator[tuple[Array, Block]] | None:
        """Return (h (B, k), block) some patterns at a time."""
        return None

    def mean(self, reader: Any, state: Array) -> Array | None:
        """Return Σ f ξ / Σ f (B, N) of a normalised separation."""
        return None

    def readout(self, reader: Any, state: Array, cue_mask: Array | None) -> Readout | None:
        """Return Σ f ξ (B, N) with its mass and summary."""
        return None

    def summary(self, reader: Any, state: Array, cue_mask: Array | None) -> Summary | None:
        """Return the summary of all scores, in float64."""
        return None

    def survey(self, reader: Any, state: Array) -> Survey | None:
        """Return a survey of all patterns."""
        return None


NO_FAST_PATH = FastPath()
