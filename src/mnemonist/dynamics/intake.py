"""What is stored: patterns, what is known of them, and their values. Checked, and in the dtype they are kept in.

Shapes: rows, known (K, N); values (K, D).
"""

from typing import Any

from mnemonist._array import Array, as_array, computing_dtype, namespace
from mnemonist.core.neurons import Neurons, Real
from mnemonist.dynamics.inputs import check_informed, check_mask, check_rows, check_values
from mnemonist.errors import InvalidArgument
from mnemonist.patterns.store import Patterns

Intake = tuple[Array, Array | None, Array | None]


def check_patterns(who: str, held: Patterns, neurons: Neurons, patterns: Any, *, values: Any, known: Any) -> Intake:
    """Return rows (0 where unknown), known and values to store beside those held; None where there are none."""
    first = held.first.rows if len(held) else None
    rows, _ = check_rows(who, "patterns", patterns, neurons.width if first is None else first.shape[1], first)
    mask = None if known is None else check_mask(who, "known", known, rows, neurons)
    check_values(who, "patterns", rows, mask, neurons)
    xp = namespace(rows)
    rows = xp.astype(rows, _kept_dtype(rows, neurons))
    if mask is not None:
        check_informed(who, mask)
        rows = xp.where(mask, rows, xp.zeros_like(rows))
        mask = None if bool(xp.all(mask)) else mask
    value = _check_value_rows(who, held, values, rows)
    return rows if neurons.discrete else neurons.confine(rows), mask, value


def _kept_dtype(rows: Array, neurons: Neurons) -> Any:
    xp = namespace(rows)
    discrete = neurons.discrete and xp.isdtype(rows.dtype, "integral")
    return xp.int8 if discrete else computing_dtype(xp, rows)


def _check_value_rows(who: str, held: Patterns, values: Any, rows: Array) -> Array | None:
    """Return the values (K, D) as floats, or None."""
    kept = held.first.values if len(held) else None
    if (values is None) != (kept is None) and len(held):
        raise InvalidArgument(
            f"{who}: values must be given for all patterns or for none; the {len(held)} stored before have "
            f"{'none' if kept is None else 'some'}. {'Leave them out' if kept is None else 'Pass values='}."
        )
    if values is None:
        return None
    value = as_array(values, rows)
    value = value[:, None] if value.ndim == 1 and value.shape[0] == rows.shape[0] else value
    value, _ = check_rows(who, "values", value, None if kept is None else kept.shape[1], rows)
    if value.shape[0] != rows.shape[0]:
        raise InvalidArgument(
            f"{who}: values must have one row per pattern, {rows.shape[0]}; got shape {tuple(value.shape)}. "
            "Pass as many as patterns."
        )
    check_values(who, "values", value, None, Real())
    return namespace(value).astype(value, computing_dtype(namespace(value), value))
