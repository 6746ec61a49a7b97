"""Frames: tables as the caller has them, as columns of values, and the same again with some cells filled.

A frame is one of pandas, polars, pyarrow or another that narwhals takes, or a dictionary of lists by name. It is
never written to. Columns are met by the text of their names.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mnemonist.data.missing_tables import in_words
from mnemonist.data.record_changes import Changes
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.tasks.column_types import (
    as_type,
    column,
    is_none,
    is_typeless,
    pandas_column,
    typed_column,
    wider_column,
    wider_pandas_column,
)


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
            if cells:
                frame = frame.with_columns(self._filled_column(frame[labels[name]], name, cells))
        return frame.to_native() if plain else frame.to_native().set_axis(self.native.columns, axis=1)

    def _filled_column(self, series: Any, name: str, cells: Mapping[int, Any]) -> Any:
        """Return a column with some cells changed, of its own type where that holds them."""
        new, backend = _changed(self.columns[name], cells), series.implementation

        def scattered() -> Any:
            any_type = backend.is_pandas() and series.to_native().dtype == object
            values = [value if any_type else as_type(value, series.dtype) for value in cells.values()]
            if backend.is_polars():  # its scatter takes milliseconds for microseconds
                return series.scatter(list(cells), typed_column("", values, series.dtype, backend))
            return series.scatter(list(cells), values)

        def wider() -> Any:
            return wider_column(series.name, new, backend)

        typeless = is_typeless(series.dtype, list(cells.values()))
        return column("RecordMemory.complete", name, new, wider if typeless else scattered, wider)

    def of_columns(self, columns: Mapping[str, list[Any]], who: str) -> Any:
        """Return a frame of the same library and types that has other rows; a type that refuses some gets wider.

        Raises `InvalidArgument` where no type holds all of a column.
        """
        if isinstance(self.native, Mapping):
            return {label: list(columns[name]) for name, label in self.labels.items()}
        import narwhals

        frame = narwhals.from_native(self.native, eager_only=True)
        if frame.implementation.is_pandas():
            return _pandas_frame(who, self.native, {name: columns[name] for name in self.labels})
        backend, made = frame.implementation, {}
        for name, label in self.labels.items():
            values, dtype = columns[name], frame.schema[str(label)]
            typed = partial(typed_column, str(label), values, dtype, backend)
            made[str(label)] = column(who, name, values, typed, partial(wider_column, str(label), values, backend))
        return narwhals.from_dict(made).to_native()

    def copied(self) -> "Frame":
        """Return this frame with values, and a frame of its library, of its own."""
        columns = {name: list(values) for name, values in self.columns.items()}
        if isinstance(self.native, Mapping):
            return replace(self, columns=columns, native=dict(self.native))
        import narwhals

        return replace(
            self, columns=columns, native=narwhals.from_native(self.native, eager_only=True).clone().to_native()
        )


def _pandas_frame(who: str, like: Any, columns: Mapping[str, list[Any]]) -> Any:
    """Return a frame of pandas with the types of another, wider where these do not hold all."""
    import narwhals
    import pandas

    def of(make: Callable[[Any, list[Any]], Any], old: Any, values: list[Any]) -> Any:
        return narwhals.from_native(make(old, values), series_only=True)

    made = [
        column(
            who, name, values, partial(of, pandas_column, old, values), partial(of, wider_pandas_column, old, values)
        )
        for (name, values), (_, old) in zip(columns.items(), like.items(), strict=True)
    ]
    return pandas.concat([series.to_native() for series in made], axis=1).set_axis(like.columns, axis=1)


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


def _changed(values: list[Any], cells: Mapping[int, Any]) -> list[Any]:
    """Return values of which some are others."""
    return [cells.get(row, value) for row, value in enumerate(values)] if cells else list(values)
