"""Forms in a description: what rows that were memorised looked like in their own file, without the numbers.

    {"form": "pictures", "frames": [[format, mode, [width, height]], …], "channels": 1, "single": false, "names": […]}
    {"form": "array", "shape": [K, …], "dtype": "<f4", "key": ""}
    {"form": "table", "heading": […], "separator": ",", "newline": "\\n", "columns": N}

Names that only count the rows, "0" … "K − 1", are left out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnemonist.data.image import Frame
from mnemonist.data.image_folder import Gallery
from mnemonist.data.numpy_file import Bundle
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Form, Numbers, Table

Description = dict[str, Any]


def describe_form(table: Table) -> Description:
    """Return the form of a table, and the names of its rows."""
    form = table.form
    told: Description = {} if _counts(table.names) else {"names": list(table.names)}
    if isinstance(form, Gallery):
        frames = [[frame.format, frame.mode, list(frame.size)] for frame in form.frames]
        return told | {"form": "pictures", "frames": frames, "channels": form.channels, "single": form.single}
    if isinstance(form, Sheet):
        columns = form.columns
        return told | {
            "form": "table", "heading": list(form.heading), "separator": form.separator, "newline": form.newline,
            "columns": columns,
        }  # fmt: skip
    assert isinstance(form, Bundle)  # there are no others
    return told | {"form": "array", "shape": list(form.array.shape), "dtype": form.dtype.str, "key": form.key}


def form_of(told: Description, count: int) -> tuple[Form, Sequence[str]]:
    """Return the form that is described, of so many rows, and names; LookupError, TypeError, ValueError if not."""
    names = Numbers(count) if "names" not in told else tuple(str(name) for name in told["names"])
    if len(names) != count:
        raise ValueError("there is not a name for each")
    if told["form"] == "pictures":
        frames = tuple(Frame(form, mode, (int(size[0]), int(size[1]))) for form, mode, size in told["frames"])
        return Gallery(tuple(names), frames, int(told["channels"]), bool(told["single"])), names
    if told["form"] == "table":
        heading, columns = tuple(map(str, told["heading"])), int(told["columns"])
        return Sheet(columns, heading, separator=str(told["separator"]), newline=str(told["newline"])), names
    if told["form"] != "array":
        raise ValueError("the form is unknown")
    dtype = np.dtype(told["dtype"])
    array = np.broadcast_to(np.zeros((), dtype), tuple(told["shape"]))  # of which only shape and dtype are asked
    return Bundle(array, dtype, str(told["key"])), names


def _counts(names: Sequence[str]) -> bool:
    return isinstance(names, Numbers) or tuple(names) == tuple(map(str, range(len(names))))
