"""Which sites discrete neurons have: a line for each kind of neurons."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.categorical import Categorical
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.errors import IllegalCombination
from mnemonist.sites.binary import OverlapSites
from mnemonist.sites.categorical import VariableSites
from mnemonist.sites.running_scores import RunningScores, RunningSites, side_by_side
from mnemonist.stores.bit_columns import BitColumns
from mnemonist.stores.bit_columns import columns_of as bit_columns_of
from mnemonist.stores.packed import PackedPatterns
from mnemonist.stores.packing import planes_of
from mnemonist.stores.protocol import Store

KINDS: Mapping[type[Neurons], type[RunningSites]] = {
    Binary: OverlapSites,
    Categorical: VariableSites,
}


def sites_of(neurons: Neurons, running: RunningScores, columns: Any, state: Array, unit: Any = 1.0) -> Any:
    """Return the sites of a state (B, n) of discrete neurons of one kind, or of a kind of these."""
    kind = next((KINDS[kind] for kind in type(neurons).__mro__ if kind in KINDS), None)
    if kind is None:
        raise IllegalCombination(
            f"sites: neurons must have sites to be moved one at a time; got {neurons}. Add theirs to sites.kinds.KINDS."
        )
    return kind(running, columns, state, neurons, unit)


def columns_of(neurons: Neurons, patterns: Store, part: slice = slice(None)) -> Array | BitColumns:
    """Return the patterns' columns (n, K) of some neurons as int8, 0 where unknown; as bits where all are ±1."""
    if isinstance(patterns, PackedPatterns):
        return patterns.columns
    block = patterns.block()
    if neurons.levels == (-1.0, 1.0) and part == slice(None) and type(block.rows) is np.ndarray:
        return bit_columns_of(planes_of(block.rows, block.known))
    return side_by_side(block.rows[:, part], namespace(block.rows).int8)
