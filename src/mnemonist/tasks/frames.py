"""Frames: tables as the caller has them, as columns of values, and the same again with some cells filled.

A frame is one of pandas, polars, pyarrow or another that narwhals takes, or a dictionary of lists by name. It is
never written to. Columns are met by the text of their names.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist.data.missing_tables import in_words
from mnemonist.data.record_changes import Changes
from mnemonist.errors import InvalidArgument, InvalidType, shown

_NONE = {"NAType", "NaTType", "NoneType"}


@dataclass(frozen=True, eq=False)
class Frame:
    """Columns of values by name, what names are in the frame itself, options that stand in an order, and the frame."""

    columns: dict[str, list[Any]]
    labels: dict[str, Any]
    orders: dict[str, tuple[Any, ...]]
    native: Any
    decimal: str | None = None  # the mark of text, where it is known

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values()), []))

    def filled(self, changes: Changes) -> Any:
        """Return the frame, of its own library, with some cells changed."""
        if isinstance(self.native, Mapping):
            return {label: _changed(self.columns[name], changes.get(name, {})) for name, label in self.labels.items()}
        import narwhals

        plain = all(isinstance(label, str) for label in self.labels.values())
        native = self.native if plain else self.native.set_axis(list(self.columns), axis=1)  # numbers are no names
        labels = self.labels if plain else {name: name for name in self.columns}
        frame = narwhals.from_native(native, eager_only=True)
        for name, cells in changes.items():
            column = frame[labels[name]]
            if cells and _typeless(column.dtype, list(cells.values())):
                new = _changed(self.columns[name], cells)
                frame = frame.with_columns(narwhals.new_series(column.name, new, backend=frame.implementation))
            elif cells:
                values = [_cast(value, column.dtype) for value in cells.values()]
                frame = frame.with_columns(column.scatter(list(cells), values))
        return frame.to_native() if plain else frame.to_native().set_axis(self.native.columns, axis=1)

    def of_columns(self, columns: Mapping[str, list[Any]]) -> Any:
        """Return a frame of the same library and types that has other rows."""
        if isinstance(self.native, Mapping):
            return {label: list(columns[name]) for name, label in self.labels.items()}
        import narwhals

        frame = narwhals.from_native(self.native, eager_only=True)
        if frame.implementation.is_pandas():
            return _pandas_frame(self.native, {name: columns[name] for name in self.labels})
        data = {str(label): columns[name] for name, label in self.labels.items()}
        schema = {str(label): frame.schema[label] for label in self.labels.values()}
        return narwhals.from_dict(data, schema, backend=frame.implementation).to_native()


def _pandas_frame(like: Any, columns: Mapping[str, list[Any]]) -> Any:
    """Return a frame of pandas with the types of another, but for whole numbers and truths that have holes now."""
    import pandas

    made = []
    for dtype, values in zip(like.dtypes, columns.values(), strict=True):
        holes = isinstance(dtype, np.dtype) and dtype.kind in "iub" and any(map(is_none, values))
        kept = dtype if not holes else object if dtype.kind == "b" else None
        made.append(pandas.Series(values, dtype=kept))
    return pandas.concat(made, axis=1).set_axis(like.columns, axis=1)


def frame_of(who: str, given: Any) -> Frame:
    """Return what a frame holds. Raises InvalidType of anything else, MissingExtra where narwhals is."""
    if isinstance(given, Frame):
        return given
    if isinstance(given, Mapping):
        return _of_mapping(who, given)
    if type(given).__module__.partition(".")[0] in ("builtins", "numpy"):
        raise _no_frame(who, given)
    try:
        import narwhals
    except ModuleNotFoundError as error:
        raise in_words(error, who, "narwhals") from error
    try:
        frame = narwhals.from_native(given, eager_only=True)
        names = frame.columns
    except TypeError as error:
        raise _no_frame(who, given) from error
    except Exception as error:  # narwhals has classes of its own for names that stand twice, say
        raise InvalidArgument(f"{who}: a frame must be one that narwhals reads; it says {error}. Mend it.") from error
    columns = {str(column.name).strip(): _values(column) for column in frame.iter_columns()}
    orders = {
        str(column.name).strip(): tuple(column.dtype.categories)
        for column in frame.iter_columns()
        if isinstance(column.dtype, narwhals.Enum)
    }
    return Frame(columns, _labels(who, names), orders, given)


def _values(column: Any) -> list[Any]:
    """Return the values of a column; a float32 is the shortest float that it is."""
    values: list[Any] = column.to_list()
    if str(column.dtype) != "Float32":
        return values
    return [value if is_none(value) else float(str(np.float32(value))) for value in values]


def _of_mapping(who: str, given: Mapping[Any, Any]) -> Frame:
    """Return what a dictionary of lists holds."""
    if not all(isinstance(values, Sequence) and not isinstance(values, str) for values in given.values()):
        raise InvalidType(
            f"{who}: a dictionary must have a list of values for each column; got {shown(dict(given))}. Pass lists."
        )
    lengths = {len(values) for values in given.values()}
    if len(lengths) > 1:
        raise InvalidArgument(
            f"{who}: columns must have as many values each; got {min(lengths)} and {max(lengths)}. Mark missing ones "
            "by None."
        )
    return Frame(
        {str(name).strip(): list(values) for name, values in given.items()}, _labels(who, list(given)), {}, given
    )


def _labels(who: str, names: Sequence[Any]) -> dict[str, Any]:
    twice, count = Counter(str(name).strip() for name in names).most_common(1)[0] if len(names) else ("", 0)
    if count > 1:
        raise InvalidArgument(f"{who}: columns must have different names; got {twice!r} more than once. Rename one.")
    return {str(name).strip(): name for name in names}


def _no_frame(who: str, given: Any) -> InvalidType:
    lazy = ".collect() it" if "Lazy" in type(given).__name__ else "Pass one"
    return InvalidType(
        f"{who}: rows must be a data frame (pandas, polars, pyarrow), or a dictionary of lists; got "
        f"{type(given).__name__}. {lazy}."
    )


def _typeless(dtype: Any, values: list[Any]) -> bool:
    """Say whether a column of some dtype cannot hold values: it is one of nothing, or of numbers, as pandas has it."""
    words = any(isinstance(value, (str, dt.date)) for value in values)
    return str(dtype) in ("Null", "Unknown") or (dtype.is_numeric() and words)


def _cast(value: Any, dtype: Any) -> Any:
    """Return a value as a column of some dtype takes it."""
    if isinstance(value, dt.datetime) and str(dtype) == "Date":
        return value.date()
    if dtype.is_integer():
        return round(float(value))
    if dtype.is_float():
        return float(np.float32(value)) if str(dtype) == "Float32" else float(value)
    return str(value) if str(dtype) == "String" else value


def _changed(values: list[Any], cells: Mapping[int, Any]) -> list[Any]:
    """Return values of which some are others."""
    return [cells.get(row, value) for row, value in enumerate(values)] if cells else list(values)


def is_none(value: Any) -> bool:
    """Say whether a value is none, as Python, NumPy, pandas and polars have it; of text whoever reads it says.

    >>> is_none(None), is_none(float("nan")), is_none(0), is_none("")
    (True, True, False, False)
    """
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in _NONE or (isinstance(value, np.floating) and bool(np.isnan(value)))
