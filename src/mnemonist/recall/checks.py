"""The checks of the arrays that a user passes in: after them, arrays are of one library, finite and of the right shape.

Every function returns the checked array or raises one sentence. Nothing is written to.
"""

from typing import Any

import numpy as np

from mnemonist._array import Array, device, is_real, named_array, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.recall.plain import as_levels, plain

_RANGE = {"float64": (1e-152, 1e152), "float32": (1e-17, 1e17)}  # of numbers, between which their squares lie


def check_rows(
    who: str, name: str, given: Any, width: int | None, like: Array | None = None, neurons: Neurons | None = None
) -> tuple[Array, bool]:
    """Return real numbers of shape (rows, columns), and whether a single row was given.

    True and False are the levels of the neurons: see `plain`.
    """
    rows = plain(who, name, given, like=like, neurons=neurons).rows
    rows, xp = named_array(who, name, rows, like)
    truths = xp.isdtype(rows.dtype, "bool")
    if not truths and not is_real(xp, rows.dtype):
        raise InvalidType(f"{who}: {name} must be real numbers; got dtype {rows.dtype}. {_conversion(rows.dtype)}")
    if like is not None and device(rows) != device(like):
        raise InvalidType(
            f"{who}: {name} must be on the device of the patterns, {device(like)}; got {device(rows)}. Move them there."
        )
    shape, single = tuple(rows.shape), rows.ndim == 1
    rows = rows[None, :] if single else rows
    if rows.ndim != 2 or rows.shape[-1] == 0:
        raise InvalidArgument(
            f"{who}: {name} must have rows, or be one, of a number or more; got shape {shape}. "
            "Reshape them to (rows, columns)."
        )
    if width is not None and rows.shape[-1] != width:
        hint = "Pass known= to mark missing ones." if name in ("cues", "patterns") else "Pass rows of that width."
        letter = "D" if name == "values" else "N"
        raise InvalidArgument(f"{who}: {name} must have {letter} = {width} columns; got shape {shape}. {hint}")
    return as_levels(rows, neurons) if truths else rows, single


def check_mask(who: str, name: str, given: Any, like: Array, neurons: Neurons | None = None) -> Array:
    """Return a boolean mask of the shape of `like` (B, N), from one of that shape, (N,), or one value.

    It must say one thing of each site of the neurons, where they are given.
    """
    mask, xp = named_array(who, name, given, like)
    if not xp.isdtype(mask.dtype, "bool"):
        raise InvalidType(
            f"{who}: {name} must be boolean, True = given; got dtype {mask.dtype}. Pass mask.astype(bool)."
        )
    try:
        mask = xp.broadcast_to(mask, like.shape)
    except (ValueError, RuntimeError):
        raise InvalidArgument(
            f"{who}: {name} must have shape {tuple(like.shape)} or ({like.shape[-1]},); got {tuple(mask.shape)}. "
            "Pass one value per coordinate."
        ) from None
    for part, kind in neurons.parts if neurons is not None else ():
        torn = kind.torn(mask[:, part])
        if bool(xp.any(torn)):
            row, column = _first(torn)
            raise InvalidArgument(
                f"{who}: {name} must be the same over all columns of a variable; got True and False in "
                f"{_columns(kind, part, column)} of row {row}. Pass neurons.spread(mask of the variables)."
            )
    return mask


def check_values(
    who: str, name: str, rows: Array, known: Array | None, neurons: Neurons, *, above: int = 0, missing: str = ""
) -> None:
    """Refuse what the neurons cannot hold, where it counts: NaN, infinity, another level, beyond ±1, of length 0.

    These are the rows below `above` others; `missing` says what to do about a number that is, if not what is usual.
    """
    xp = namespace(rows)
    parts = [(part, kind) for part, kind in neurons.parts if kind.must]
    if known is None and not parts and not neurons.directions and _surely_fit(rows):
        return
    if known is None and not parts and not neurons.directions and xp.isdtype(rows.dtype, "integral"):
        return
    finite = xp.isfinite(rows) if known is None else xp.isfinite(rows) | ~known
    if not bool(xp.all(finite)):
        row, column = _first(~finite)
        raise InvalidArgument(
            f"{who}: {name} must be finite; got {to_numpy(rows)[row, column]} at row {above + row}, column {column}. "
            f"{missing or _missing(name)}"
        )
    if neurons.averages:
        _check_range(who, name, rows, known)
    if not parts and not neurons.directions:
        return
    counts = xp.ones(rows.shape, dtype=xp.bool, device=device(rows)) if known is None else known
    for part, kind in parts:
        _check_levels(who, name, rows[:, part], counts[:, part], kind, part, above=above)
    if neurons.directions:
        empty = xp.any(counts, axis=-1) & ~xp.any((rows != 0) & counts, axis=-1)
        if bool(xp.any(empty)):
            row = above + _first(empty)[0]
            raise InvalidArgument(
                f"{who}: {name} on a sphere are directions and need a length > 0; row {row} is all 0. Leave it out."
            )


def _surely_fit(rows: Array) -> bool:
    """Return whether all numbers are finite, and the largest of a size that no dtype refuses."""
    xp = namespace(rows)
    if 0 in rows.shape or not xp.isdtype(rows.dtype, "real floating"):
        return False
    least, most = _RANGE["float32"]
    return least <= float(to_numpy(xp.max(xp.abs(rows)))) <= most  # NaN is not


def _check_range(who: str, name: str, rows: Array, known: Array | None) -> None:
    """Refuse numbers whose squares leave the range of their dtype: no distance between them could be told."""
    xp = namespace(rows)
    if 0 in rows.shape or not xp.isdtype(rows.dtype, "real floating"):
        return
    size = xp.abs(rows) if known is None else xp.where(known, xp.abs(rows), xp.zeros_like(rows))
    kind = "float64" if rows.dtype == xp.float64 else "float32"
    (least, most), largest = _RANGE[kind], float(to_numpy(xp.max(size)))
    if largest > most or (0 < largest < least and name == "patterns"):
        row, column = divmod(int(xp.argmax(xp.reshape(size, (-1,)))), rows.shape[1])
        raise InvalidArgument(
            f"{who}: {name} must be between {least:g} and {most:g} in size in {kind}, so that distances fit; got "
            f"{float(rows[row, column]):g} at row {row}, column {column}. Pass known= with False there if it stands "
            "for a missing one, or divide by a unit of their size."
        )


def check_bias(who: str, given: Any, n: int | None = None) -> np.ndarray[Any, Any]:
    """Return a bias in float64 on the host: a number, or (N,), of `n` neurons where that is known."""
    array, xp = named_array(who, "bias", given)
    if not is_real(xp, array.dtype):
        raise InvalidType(f"{who}: bias must be numbers; got {shown(given)}. Pass one per neuron.")
    bias = np.array(to_numpy(array), dtype=np.float64)
    if not np.isfinite(bias).all():
        raise InvalidArgument(f"{who}: bias must be finite; got NaN or infinity. Pass 0 for no bias.")
    if n is not None and bias.shape not in ((), (n,)):
        raise InvalidArgument(
            f"{who}: bias must be a number or have shape ({n},); got {bias.shape}. Pass one per neuron."
        )
    return bias


def _check_levels(
    who: str, name: str, rows: Array, counts: Array, neurons: Neurons, part: slice, *, above: int
) -> None:
    """Refuse, in the columns of one kind, what its neurons cannot be; a site of a state may be undecided."""
    xp = namespace(rows)
    unfit = neurons.misfit(xp.where(counts, rows, xp.zeros_like(rows)), undecided=name.endswith("states")) & counts
    if not bool(xp.any(unfit)):
        return
    row, column = _first(unfit)
    site = neurons.site(column)
    values = ", ".join(f"{value:g}" for value in to_numpy(rows)[row, site].tolist())
    advice = neurons.advice or _advice(rows, counts, neurons.levels[0])
    raise InvalidArgument(
        f"{who}: {name} must be {neurons.must}; got {values} at row {above + row}, {_columns(neurons, part, column)}. "
        f"{advice}"
    )


def _columns(neurons: Neurons, part: slice, column: int) -> str:
    """Return the columns of a site, one of which stands at this column of its part, in words."""
    site, start = neurons.site(column), part.start
    first, last = start + site.start, start + site.stop - 1
    return f"column {first}" if first == last else f"columns {first} to {last}"


def check_informed(who: str, known: Array) -> None:
    """Refuse a pattern of which nothing is known: it would be as near to one cue as to any other."""
    empty = ~namespace(known).any(known, axis=-1)
    if bool(namespace(known).any(empty)):
        raise InvalidArgument(
            f"{who}: known must be True somewhere in every pattern; row {_first(empty)[0]} has nothing. Leave it out."
        )


def _missing(name: str) -> str:
    """Return what to do about a number that is missing."""
    return "Pass known=~numpy.isnan(x) if it is missing." if name in ("cues", "patterns") else "Pass a number there."


def _conversion(dtype: Any) -> str:
    """Return how to make real numbers of another dtype."""
    kind = getattr(dtype, "kind", "c" if "complex" in str(dtype) else "")
    return {
        "c": "Pass the real and the imaginary part side by side.",
        "O": "Convert them to floats by x.astype(float), which makes None NaN.",
        "M": "Pass days, x.astype('datetime64[D]').astype(int), or another number.",
        "m": "Pass x / numpy.timedelta64(1, 's').",
    }.get(kind, "Convert them to floats.")


def _first(bad: Array) -> tuple[int, ...]:
    """Return the index of the first True."""
    return tuple(int(axis[0]) for axis in namespace(bad).nonzero(bad))


def _advice(rows: Array, counts: Array, low: float) -> str:
    """Return how to make rows fit levels of which `low` is the lower: −1 beside +1, or 0 beside 1."""
    xp, other = namespace(rows), -1 - low
    if bool(xp.all((rows == other) | (rows == 1) | ~counts)) and bool(xp.any((rows == other) & counts)):
        return "It looks like 0/1 data: pass 2 * x - 1." if low < 0 else "It looks like ±1 data: pass (x + 1) / 2."
    return f"Pass x > threshold as {'±1' if low < 0 else '0/1'}."
