"""Data frames as numbers: those of pandas and polars, and NumPy's masked arrays, none of which is imported for it.

    float columns    as they are; whole numbers too, in float64 where some are missing
    True and False   1 and 0; which columns these are is said, for neurons differ in what they make of them
    missing          NaN: what is NaN, NA, None, null or masked

A frame is rows. A pandas Series is one row, whose labels are the names of columns; one of polars has no names.

Shapes: rows (B, M), or (M,) of one row; names, truths (M,).
"""

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from mnemonist.errors import InvalidType

Numbers = np.ndarray[Any, Any]
_ODD = 5  # columns that a sentence names


class Frame(NamedTuple):
    """What a frame holds: rows of numbers, the names of its columns or None, and which are of True and False."""

    rows: Numbers
    names: tuple[Any, ...] | None
    truths: Numbers


class _Column(NamedTuple):
    """A column (B,): its name, its numbers, or None where it has none, and what its values are called."""

    name: Any
    numbers: Numbers | None
    dtype: Any
    truths: bool = False


def frame_of(what: str, given: Any) -> Frame | None:
    """Return what a frame or masked array holds, None of anything else; `what` complains of columns without numbers."""
    if type(given) is np.ndarray:
        return None
    if isinstance(given, np.ma.MaskedArray):
        return _masked(what, given)
    for library, read in (("pandas", _of_pandas), ("polars", _of_polars)):
        if library in sys.modules and (frame := read(what, given, sys.modules[library])) is not None:
            return frame
    return None


def _frame(what: str, columns: list[_Column], count: int) -> Frame:
    """Put columns of `count` numbers side by side, or refuse those that are none."""
    odd = [f"{column.name!r} ({column.dtype})" for column in columns if column.numbers is None]
    if odd:
        more = f" and {len(odd) - _ODD} more" if len(odd) > _ODD else ""
        raise InvalidType(
            f"{what} must be numbers, or True and False, in every column; got {', '.join(odd[:_ODD])}{more}. Leave "
            "them out, or make numbers of them: one-hot columns of categories, days of dates."
        )
    numbers = [column.numbers for column in columns if column.numbers is not None]
    rows = np.stack(numbers, axis=1) if numbers else np.empty((count, 0))
    return Frame(rows, tuple(column.name for column in columns), np.array([column.truths for column in columns], bool))


def _of_pandas(what: str, given: Any, pandas: Any) -> Frame | None:
    """Return what a frame or a row of pandas holds."""
    if isinstance(given, pandas.Series):
        frame = _frame(what, list(_pandas_columns(given.to_frame().T.astype(given.dtype))), 1)
        return frame._replace(rows=frame.rows[0])
    return _frame(what, list(_pandas_columns(given)), len(given)) if isinstance(given, pandas.DataFrame) else None


def _pandas_columns(frame: Any) -> Iterator[_Column]:
    """Yield the columns of a pandas frame; objects are looked into, for numbers beside None are objects."""
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        column = column.convert_dtypes() if column.dtype.kind == "O" else column
        dtype, missing = getattr(column.dtype, "numpy_dtype", column.dtype), column.isna()
        holes = bool(missing.any())
        if holes and (dtype.kind in "iu" or bool(missing.all())):
            dtype = np.dtype(np.float64)
        if dtype.kind == "b":
            dtype = np.dtype(np.float32 if holes else np.int8)
        if dtype.kind in "fiu":
            values = column.to_numpy(dtype=dtype, **({"na_value": np.nan} if holes else {}))
            yield _Column(name, values, column.dtype, column.dtype.kind == "b")
        else:
            yield _Column(name, None, column.dtype)


def _of_polars(what: str, given: Any, polars: Any) -> Frame | None:
    """Return what a frame or a row of polars holds."""
    if isinstance(given, polars.LazyFrame):
        raise InvalidType(f"{what} must be at hand; got a LazyFrame. Pass frame.collect().")
    if isinstance(given, polars.Series):
        column = _frame(what, [_polars_column(given, polars)], len(given))
        return Frame(column.rows[:, 0], None, np.repeat(column.truths, len(given)))
    if not isinstance(given, polars.DataFrame):
        return None
    return _frame(what, [_polars_column(column, polars) for column in given.iter_columns()], len(given))


def _polars_column(column: Any, polars: Any) -> _Column:
    """Return a column of polars."""
    dtype, holes = column.dtype, column.null_count() > 0
    truths = dtype == polars.Boolean
    if truths:
        column = column.cast(polars.Float32 if holes else polars.Int8)
    elif dtype.is_decimal() or (dtype.is_integer() and holes) or dtype == polars.Null:
        column = column.cast(polars.Float64)
    elif not dtype.is_numeric():
        return _Column(column.name, None, dtype)
    return _Column(column.name, column.to_numpy(), dtype, truths)


def _masked(what: str, given: Any) -> Frame:
    """Return what a masked array holds."""
    kind, holes = given.dtype.kind, np.ma.getmaskarray(given)
    if kind not in "fiub":
        raise InvalidType(
            f"{what} must be numbers, or True and False; got a masked array of {given.dtype}. Convert it."
        )
    rows = np.asarray(given.data)
    if kind == "b":
        rows = rows.astype(np.int8)
    if holes.any():
        rows = np.where(holes, np.nan, rows if kind == "f" else rows.astype(np.float64)).astype(
            rows.dtype if kind == "f" else np.float64
        )
    return Frame(rows, None, np.full(rows.shape[-1:], kind == "b"))
