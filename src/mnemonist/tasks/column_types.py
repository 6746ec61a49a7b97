"""Types of columns: values as a column of a frame takes them, and columns wide enough for what they are to hold.

cast      a value as one of the column's type: whole numbers whole, times in its zone and no finer than its unit
column    values as the type has them; where it refuses some, or would lose them, as a type that holds all
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument

_NONE = {"NAType", "NaTType", "NoneType"}
_UNITS = {"s": 1_000_000, "ms": 1_000}  # microseconds
_NANOSECONDS = dt.datetime(1677, 9, 22), dt.datetime(2262, 4, 11)  # what 64 bits of them reach


def is_none(value: Any) -> bool:
    """Say whether a value is none, as Python, NumPy, pandas and polars have it; of text whoever reads it says.

    >>> is_none(None), is_none(float("nan")), is_none(0), is_none("")
    (True, True, False, False)
    """
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in _NONE or (isinstance(value, np.floating) and bool(np.isnan(value)))


def is_typeless(dtype: Any, values: list[Any]) -> bool:
    """Say whether a column of some dtype cannot hold values: it is one of nothing, or of numbers, as pandas has it."""
    words = any(isinstance(value, (str, dt.date)) for value in values)
    return str(dtype) in ("Null", "Unknown") or (dtype.is_numeric() and words)


def as_type(value: Any, dtype: Any) -> Any:
    """Return a value as a column of some dtype takes it."""
    if isinstance(value, dt.datetime) and str(dtype) == "Date":
        return value.date()
    if isinstance(value, dt.date) and str(dtype).startswith("Datetime"):
        return _moment(value, dtype)
    if dtype.is_integer():
        return round(float(value))
    if dtype.is_float():
        return float(np.float32(value)) if str(dtype) == "Float32" else float(value)
    return str(value) if str(dtype) == "String" else value


def _moment(value: dt.date, dtype: Any) -> dt.datetime:
    """Return a time as a column takes it: with a zone where it has one, in its unit, within what that reaches."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if unit := _UNITS.get(dtype.time_unit):
        fraction = round(plain.microsecond / unit) * unit
        plain = plain.replace(microsecond=0) + dt.timedelta(microseconds=fraction)
    if dtype.time_unit == "ns":
        plain = min(max(plain, _NANOSECONDS[0]), _NANOSECONDS[1])
    if dtype.time_zone is None:
        return plain
    return plain.replace(tzinfo=dt.UTC).astimezone(moment.tzinfo or dt.UTC)


def column(who: str, name: str, values: Sequence[Any], typed: Callable[[], Any], wider: Callable[[], Any]) -> Any:
    """Return values as a column of a type, or of a wider one where that refuses or loses some.

    Raises `InvalidArgument`, with the name of the column, where no type of the library holds all.
    """
    holes = sum(map(is_none, values))
    for make in (typed, wider):
        try:
            made = make()
        except Exception:  # each library has classes of its own for what a type does not hold
            continue
        if str(made.dtype) == "Object" or _empty(made) <= holes:
            return made
    kinds = " and ".join(sorted({type(value).__name__ for value in values if not is_none(value)}))
    raise InvalidArgument(
        f"{who}: column {name!r} must hold values of one type of its library; got {kinds}. Give them as the column has "
        "them."
    )


def _empty(made: Any) -> int:
    """How many cells of a series are null or NaN."""
    null = made.is_null()
    return int((null | made.is_nan() if made.dtype.is_float() else null).to_numpy().sum())


def pandas_column(like: Any, values: list[Any]) -> Any:
    """Return a series of pandas with the type of another, but for whole numbers and truths that have holes now."""
    import pandas

    dtype = like.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iub" and any(map(is_none, values)):
        dtype = object if dtype.kind == "b" else None
    elif isinstance(dtype, np.dtype) and dtype.kind == "b" and not all(isinstance(v, (bool, np.bool_)) for v in values):
        dtype = object  # any word would be true
    return pandas.Series(values, dtype=dtype)


def wider_pandas_column(like: Any, values: list[Any]) -> Any:
    """Return a series of pandas that holds all values: more categories where these have no order, or what it infers."""
    import pandas

    categories = getattr(like.dtype, "categories", None)
    if categories is not None and not like.dtype.ordered:
        new = dict.fromkeys(value for value in values if not is_none(value) and value not in categories)
        return pandas.Series(values, dtype=pandas.CategoricalDtype([*categories, *new]))
    return pandas.Series(values, dtype=object if categories is not None else None)


def typed_column(name: str, values: list[Any], dtype: Any, backend: Any) -> Any:
    """Return a series of narwhals of a type; whole numbers are not made of others, as pyarrow would."""
    import narwhals

    if dtype.is_integer() and any(isinstance(value, float) and value % 1 > 0 for value in values):
        raise ValueError
    kept = [None if is_none(v) and not (dtype.is_float() and isinstance(v, float)) else v for v in values]
    return narwhals.new_series(name, kept, dtype, backend=backend)


def wider_column(name: str, values: list[Any], backend: Any) -> Any:
    """Return a series of narwhals, of a type that its library infers; polars makes text of numbers beside words."""
    import narwhals

    if not backend.is_polars():
        return narwhals.new_series(name, values, backend=backend)  # pandas and pyarrow infer it
    import polars

    return narwhals.from_native(polars.Series(name, values, strict=False), series_only=True)
