"""What is stored: patterns, what is known of them, and their values. Checked, and in the dtype they are kept in.

Shapes: rows, known (K, N); values (K, D).
"""

from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, computing_dtype, device, is_real, named_array, namespace
from mnemonist.core.neurons import Neurons, Real
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.recall.checks import check_informed, check_mask, check_rows, check_values
from mnemonist.recall.contents import Contents
from mnemonist.recall.named_columns import Names
from mnemonist.recall.plain import plain
from mnemonist.stores.levels import LevelPatterns, is_levels
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import tiles

_IN_A_FILE = "Leave the row out, or pass numpy.load(path) and known= if it is missing and they fit into memory."
_LENGTH = 1e-4  # by which a direction in a file may be off
_MANY = 2**20  # numbers of 8 or 16 bits, of which floats would be a burden


class Intake(NamedTuple):
    """What is to be stored: rows, 0 where unknown; known and values, or None; the names of the columns, or None."""

    rows: Array
    known: Array | None
    values: Array | None
    names: Names | None


def check_patterns(
    who: str, contents: Contents, neurons: Neurons, patterns: Any, *, values: Any, known: Any, levels: bool = False
) -> Intake:
    """Return what is to be stored beside what there is; many numbers of 8 or 16 bits as they are, if `levels` may."""
    held, names = contents.patterns, contents.names if len(contents) else None
    first = held.block(0, 1).rows if len(held) else None
    patterns, (known,), given = plain(
        who, "patterns", patterns, ("known", known), names=names, like=first, neurons=neurons
    )
    width = neurons.width if first is None else first.shape[1]
    rows, _ = check_rows(who, "patterns", patterns, width, first, neurons)
    mask = None if known is None else check_mask(who, "known", known, rows, neurons)
    check_values(who, "patterns", rows, mask, neurons)
    xp = namespace(rows)
    if not (levels and as_levels_are(rows, contents, neurons)):
        rows = xp.astype(rows, _kept_dtype(rows, neurons))
    if mask is not None:
        check_informed(who, mask)
        rows = xp.where(mask, rows, xp.zeros_like(rows))
        mask = None if bool(xp.all(mask)) else mask
    value = _check_value_rows(who, held, values, rows, rows.shape[0])
    return Intake(rows if neurons.discrete else neurons.confine(rows), mask, value, given or names)


def check_mapped(
    who: str, held: Store, neurons: Neurons, patterns: MappedPatterns, *, values: Any, known: Any
) -> MappedPatterns:
    """Return patterns in files with their values (K, D), after reading them once."""
    if len(held):
        raise InvalidArgument(
            f"{who}: patterns in files must be all that a memory stores; this one has {len(held)} already. "
            "Store them in a new memory; MappedPatterns(a, b) are those of two files."
        )
    if known is not None:
        raise InvalidArgument(
            f"{who}: known must be left out for patterns in files, which have no unknown coordinates; got a mask. "
            "Pass numpy.load(path) and known= if they fit into memory."
        )
    check_rows(who, "patterns", patterns.like, neurons.width)
    count = 0
    for tile in tiles(patterns):
        check_values(who, "patterns", tile.rows, None, neurons, above=count, missing=_IN_A_FILE)
        if neurons.directions:
            check_lengths(who, tile.rows, count)
        count += len(tile.ids)
    return patterns.with_values(_check_value_rows(who, held, values, patterns.like, count))


def check_lengths(who: str, rows: Array, above: int) -> None:
    """Refuse directions (k, N), below so many others, that are not of length 1."""
    xp = namespace(rows)
    x = xp.astype(rows, xp.float64)
    lengths = xp.sqrt(xp.sum(x * x, axis=-1))
    off = xp.abs(lengths - 1) > _LENGTH
    if bool(xp.any(off)):
        row = int(xp.argmax(xp.astype(off, xp.int8)))
        raise InvalidArgument(
            f"{who}: patterns in files must have length 1 on a sphere; row {above + row} has {float(lengths[row]):g}. "
            "Save x / numpy.linalg.norm(x, axis=1, keepdims=True)."
        )


def as_levels_are(rows: Array, contents: Contents, neurons: Neurons) -> bool:
    """Say whether rows are kept as the levels they are: enough of them, or behind others, that real neurons hold."""
    if not is_levels(rows) or type(neurons) is not Real:
        return False
    held = contents.patterns
    return isinstance(held, LevelPatterns) and held.depth == 1 if len(held) else rows.size >= _MANY


def _kept_dtype(rows: Array, neurons: Neurons) -> Any:
    xp = namespace(rows)
    discrete = neurons.discrete and xp.isdtype(rows.dtype, "integral")
    return xp.int8 if discrete else computing_dtype(xp, rows)


def _check_value_rows(who: str, held: Store, values: Any, like: Array, count: int) -> Array | None:
    """Return the values (K, D) of `count` patterns as floats, or None."""
    kept = held.block(0, 1).values if len(held) else None
    if (values is None) != (kept is None) and len(held):
        raise InvalidArgument(
            f"{who}: values must be given for all patterns or for none; the {len(held)} stored before have "
            f"{'none' if kept is None else 'some'}. {'Leave them out' if kept is None else 'Pass values='}."
        )
    if values is None:
        return None
    value, _ = named_array(who, "values", plain(who, "values", values, like=like).rows, like)
    value = value[:, None] if value.ndim == 1 and value.shape[0] == count else value
    value, _ = check_rows(who, "values", value, None if kept is None else kept.shape[1], like)
    if value.shape[0] != count:
        raise InvalidArgument(
            f"{who}: values must have one row per pattern, {count}; got shape {tuple(value.shape)}. "
            "Pass as many as patterns."
        )
    check_values(who, "values", value, None, Real())
    return namespace(value).astype(value, computing_dtype(namespace(value), value))


def check_strength(who: str, given: Any, like: Array) -> Array:
    """Return strengths (k,) in float64, of as many as there are rows, from one of each or one number for all."""
    name = who.rpartition(".")[2].replace("store", "strength").replace("strengthen", "factor")
    strength, xp = named_array(who, name, given, like)
    if not is_real(namespace(strength), strength.dtype):
        raise InvalidType(f"{who}: {name} must be real numbers; got dtype {strength.dtype}. Pass floats.")
    if strength.ndim > 1 or strength.shape not in ((), (like.shape[0],)):
        raise InvalidArgument(
            f"{who}: {name} must be one number, or one for each of {like.shape[0]} memories; got shape "
            f"{tuple(strength.shape)}. Pass as many."
        )
    with np.errstate(over="ignore", under="ignore"):
        strength = xp.astype(strength, xp.float64)
    if not bool(xp.all(xp.isfinite(strength) & (strength > 0))):
        raise InvalidArgument(f"{who}: {name} must be finite and > 0; got {shown(given)}. To take one away, forget it.")
    return xp.zeros(like.shape[0], dtype=xp.float64, device=device(like)) + strength


def check_held(who: str, factor: Any, strength: Array) -> None:
    """Refuse a factor by which strengths (K,) grew beyond what float64 holds, or faded to nothing."""
    xp = namespace(strength)
    lost = ~xp.isfinite(strength) | (strength == 0)
    if bool(xp.any(lost)):
        row = int(xp.argmax(xp.astype(lost, xp.int8)))
        raise InvalidArgument(
            f"{who}: factor must leave strengths that float64 holds, and > 0; got {shown(factor)}, which makes one "
            f"{float(strength[row]):g}. Forget what has faded, or lessen the others instead."
        )
