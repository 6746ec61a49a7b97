"""What a file says of one thing: each entry is asked for once, by what it must be; what nobody asks for is refused.

So a description that names something this version does not know is never read as if that were not there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from mnemonist._array import Array, as_torch
from mnemonist.data.tensor_file import TensorFile
from mnemonist.data.tensor_layout import Entry, refuse
from mnemonist.recall.inventory import SCALARS


@dataclass(frozen=True)
class Found:
    """A description, and the file whose arrays it names; `what` it is of, in words."""

    what: str
    told: Mapping[str, Any]
    tensors: TensorFile
    read: set[str]  # the names of all arrays that were read
    _asked: set[str] = field(default_factory=set)

    def refuse(self, reason: str) -> NoReturn:
        """Say that the file's description does not fit."""
        refuse(self.tensors.path, f"in its description, {self.what} {reason}")

    def has(self, name: str) -> bool:
        """Say whether there is such an entry, and one that is not null."""
        self._asked.add(name)
        return self.told.get(name) is not None

    def entry(self, name: str) -> Any:
        """Return an entry that must be there."""
        self._asked.add(name)
        if name not in self.told:
            self.refuse(f"has no {name}")
        return self.told[name]

    def text(self, name: str) -> str:
        """Return a text."""
        text = self.entry(name)
        return text if isinstance(text, str) else self.refuse(f"has a {name} that is no text")

    def count(self, name: str, *, least: int = 0) -> int:
        """Return a whole number, `least` or more."""
        return self.as_count(name, self.entry(name), least)

    def as_count(self, name: str, given: Any, least: int = 0) -> int:
        """Return what is a whole number, `least` or more."""
        if type(given) is not int or not least <= given < 2**63:
            self.refuse(f"has a {name} that is no whole number >= {least}")
        return given

    def number(self, name: str) -> float:
        """Return a finite number."""
        given = self.entry(name)
        if type(given) not in (int, float) or not math.isfinite(given):
            self.refuse(f"has a {name} that is no number")
        return float(given)

    def truth(self, name: str) -> bool:
        """Return True or False."""
        given = self.entry(name)
        return given if isinstance(given, bool) else self.refuse(f"has a {name} that is not true or false")

    def several(self, name: str) -> list[Any]:
        """Return a list."""
        given = self.entry(name)
        return given if isinstance(given, list) else self.refuse(f"has a {name} that is no list")

    def inner(self, name: str, what: str = "") -> "Found":
        """Return what is said of a thing inside."""
        return self.within(self.entry(name), what or f"the {name} of {self.what}")

    def within(self, told: Any, what: str) -> "Found":
        """Return a thing inside that is told as this."""
        if not isinstance(told, dict):
            self.refuse(f"has no description of {what}")
        return Found(what, told, self.tensors, self.read)

    def done(self) -> None:
        """Refuse what nobody asked for."""
        unknown = sorted(set(self.told) - self._asked)
        if unknown:
            self.refuse(f"has {', '.join(unknown)!r:.80}, which this version does not know")

    # --- arrays --------------------------------------------------------------------------------------------------

    def located(self, name: str) -> tuple[str, Entry]:
        """Return under which name, and where, an array lies that is not to be read into memory."""
        reference = self.inner(name)
        tensor = self._named(name, reference)
        reference.done()
        return tensor, self.tensors.header.entries[tensor]

    def array(self, name: str, dtypes: str, shape: tuple[int | None, ...], *, finite: bool = True) -> Array:
        """Return an array of one of some dtypes ("float32 float64") and a shape, in which None is any length."""
        return self.as_array(name, self.inner(name), dtypes, shape, finite=finite)

    def as_array(
        self, name: str, reference: "Found", dtypes: str = "", shape: tuple[int | None, ...] | None = None,
        *, finite: bool = True,
    ) -> Array:  # fmt: skip
        """Return the array that a reference names, checked; of any dtype and shape where none is given."""
        tensor = self._named(name, reference)
        library = reference.text("library") if reference.has("library") else "numpy"
        turned = reference.has("transposed") and reference.truth("transposed")
        reference.done()
        entry = self.tensors.header.entries[tensor]
        held = entry.shape[::-1] if turned else entry.shape
        if dtypes and entry.dtype.name not in dtypes.split():
            self.refuse(f"has {name} of dtype {entry.dtype}, not {dtypes.replace(' ', ' or ')}")
        fits = shape is None or (
            len(held) == len(shape) and all(n in (None, m) for n, m in zip(shape, held, strict=True))
        )
        if not fits:
            self.refuse(f"has {name} of shape {held}, not {shape}")
        values, is_finite = self.tensors.read(tensor)
        if finite and not is_finite:
            self.refuse(f"has {name} with NaN or infinity")
        return _of_library(values.T if turned else values, library, reference)

    def _named(self, name: str, reference: "Found") -> str:
        """Return the tensor that a reference names; each is named once."""
        tensor = reference.text("tensor")
        if tensor not in self.tensors.header.entries or tensor in self.read:
            self.refuse(f"has no {name}")
        self.read.add(tensor)
        return tensor

    def scalar(self, told: "Found") -> np.generic:
        """Return a number of NumPy's."""
        name, value = told.text("scalar"), told.entry("value")
        told.done()
        if name not in SCALARS or type(value) not in (bool, int, float):
            self.refuse("has a number of an unknown dtype")
        return np.dtype(name).type(value)  # type: ignore[no-any-return]


def _of_library(values: np.ndarray[Any, Any], library: str, reference: Found) -> Array:
    if library == "numpy":
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    return as_torch(values) if library == "torch" else reference.refuse("is of an unknown library")
