"""Theory: capacities, crosstalk and margins, each with its source and the conditions under which it holds."""

from mnemonist.theory.capacity import CRITICAL_LOAD
from mnemonist.theory.crosstalk import crosstalk, mean_overlap
from mnemonist.theory.margin import margins
from mnemonist.theory.sequences import (
    EXPONENTIAL_GROWTH,
    exponential_sequence_capacity,
    exponential_transition_capacity,
    sequence_capacity,
    transition_capacity,
)

__all__ = [
    "CRITICAL_LOAD",
    "EXPONENTIAL_GROWTH",
    "crosstalk",
    "exponential_sequence_capacity",
    "exponential_transition_capacity",
    "margins",
    "mean_overlap",
    "sequence_capacity",
    "transition_capacity",
]
