"""Theory: capacities, crosstalk and margins, each with its source and the conditions under which it holds."""

from mnemonist.theory.capacity import CRITICAL_LOAD
from mnemonist.theory.crosstalk import crosstalk, mean_overlap
from mnemonist.theory.margin import margins

__all__ = ["CRITICAL_LOAD", "crosstalk", "margins", "mean_overlap"]
