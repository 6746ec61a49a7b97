"""Networks made again, with what their rules had learned."""

from typing import Any

import numpy as np

from mnemonist.archive.found import Found
from mnemonist.archive.parts import part
from mnemonist.archive.stores import contents, store
from mnemonist.core.neurons import Binary
from mnemonist.core.parts import NEURONS
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.rule import Learned
from mnemonist.networks.rules import RULES
from mnemonist.networks.simplicial import SimplicialNetwork


def hopfield(found: Found) -> HopfieldNetwork:
    """Return a network given as a matrix, or filled by a rule."""
    rule = part(found, "rule", RULES) if found.has("rule") else None
    weights = found.array("weights", "float64", (None, None)) if found.has("weights") else None
    neurons = part(found, "neurons", NEURONS)
    network = HopfieldNetwork(weights, rule=rule, neurons=neurons)
    patterns = store(found, "HopfieldNetwork", network.neurons if rule is None else rule.neurons)
    if rule is None and len(patterns):
        found.refuse("has patterns, and a matrix that did not learn from them")
    n = patterns.like.shape[-1] if len(patterns) else None if weights is None else weights.shape[0]
    network = HopfieldNetwork(weights, bias(found, n), rule=rule, neurons=neurons)
    network._resume(contents(found, patterns, _learned(found, rule, len(patterns), n) if len(patterns) else None))
    return network


def _learned(found: Found, rule: Any, k: int, n: int | None) -> Learned:
    """Return what the rule had made of k patterns of n neurons."""
    matrix = found.array("learned", "float64", (n, n))
    strengths = found.array("strengths", "float64", (k, n)) if isinstance(rule, Perceptron) else None
    return Learned(matrix, strengths)


def bias(found: Found, n: int | None) -> np.ndarray[Any, Any]:
    """Return a bias: one number, or (n,)."""
    given = np.asarray(found.as_array("bias", found.inner("bias"), "float64"))
    if given.ndim > 1 or (given.ndim and n not in (None, len(given))):
        found.refuse(f"has a bias of shape {given.shape}")
    return given


def simplicial(found: Found) -> SimplicialNetwork:
    """Return a network on simplices."""
    tables = [_table(found, told, "simplices", "int64", (None, None)) for told in found.several("simplices")]
    network = SimplicialNetwork(tuple(row) for table in tables for row in table.tolist())
    patterns = store(found, "SimplicialNetwork", Binary())
    pairs = list(zip(tables, found.several("totals"), strict=False))
    totals = tuple(_table(found, told, "totals", "float64", (len(table),)) for table, told in pairs)
    if len(patterns):
        largest = max(int(table.max()) for table in tables)
        if largest >= patterns.like.shape[-1] or len(totals) != len(tables):
            found.refuse("has simplices that do not fit the patterns")
    network._resume(contents(found, patterns, totals or None))
    return network


def _table(found: Found, told: Any, name: str, dtype: str, shape: tuple[int | None, ...]) -> Any:
    return found.as_array(name, found.within(told, name), dtype, shape)
