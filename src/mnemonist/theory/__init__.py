"""Theory: capacities, crosstalk and margins, each with its source and the conditions under which it holds."""

from mnemonist.theory.bit_error import bit_error
from mnemonist.theory.capacity import (
    CRITICAL_LOAD,
    dense_capacity,
    exponential_capacity,
    gardner_load,
    storkey_capacity,
)
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
    "bit_error",
    "crosstalk",
    "dense_capacity",
    "exponential_capacity",
    "exponential_sequence_capacity",
    "exponential_transition_capacity",
    "gardner_load",
    "margins",
    "mean_overlap",
    "sequence_capacity",
    "storkey_capacity",
    "transition_capacity",
]
