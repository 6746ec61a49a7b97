"""Inventories: what a memory is made of, taken down as a description in JSON that names parts and arrays.

    number, text, None              as they are
    a number of NumPy's             {"scalar": dtype, "value": number}
    array                           {"tensor": name} with "library": "torch" if it is a tensor of torch's, and
                                    "transposed": true if its numbers lie column by column
    part, such as Softmax(8.0)      {"kind": "softmax", "beta": 8.0}
    several                         [ … ]

Only the package's own parts are taken down, by the short names of a closed table. What files need is imported with the
first memory that is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np

from mnemonist._array import Array, is_array, library_of, to_numpy
from mnemonist.errors import InvalidType, shown

Description = dict[str, Any]
SCALARS = ("bool", "float16", "float32", "float64", *(f"{u}int{bits}" for u in ("", "u") for bits in (8, 16, 32, 64)))


@dataclass(frozen=True)
class Inventory:
    """The arrays that were named so far; `who` complains, `prefix` stands before their names."""

    who: str
    prefix: str = ""
    sources: dict[str, Any] = field(default_factory=dict)

    def within(self, name: str) -> "Inventory":
        """Return the inventory of something inside, whose arrays are listed here."""
        return Inventory(self.who, f"{self.prefix}{name}.", self.sources)

    def array(self, name: str, x: Array) -> Description:
        """Take down an array, as it is after it left its device."""
        from mnemonist.data.tensor_file import source
        from mnemonist.data.tensor_layout import DTYPES

        library = library_of(x)
        if library not in ("numpy", "torch"):
            raise InvalidType(
                f"{self.who}: {name} must be an array of NumPy or torch, to be made again; got one of {library}. "
                "Store numpy.asarray(x)."
            )
        try:
            values = to_numpy(x)
        except TypeError:  # a dtype that NumPy does not have
            values = np.empty(0, object)
        if values.dtype.newbyteorder("<") not in DTYPES.values():
            raise InvalidType(f"{self.who}: {name} must be of a dtype that NumPy has; got {x.dtype}. Convert it first.")
        flags = values.flags
        turned = values.ndim == 2 and flags.f_contiguous and not flags.c_contiguous
        reference = self.streamed(name, source(values.T if turned else values))
        return (
            reference | ({"library": library} if library == "torch" else {}) | ({"transposed": True} if turned else {})
        )

    def streamed(self, name: str, numbers: Any) -> Description:
        """Take down a `Source`: numbers that are read piece by piece when they are written."""
        self.sources[self.prefix + name] = numbers
        return {"tensor": self.prefix + name}

    def part(self, name: str, part: Any, kinds: Mapping[str, type] | None = None) -> Description:
        """Take down a part by the short name of its class, one of some kinds, with its fields."""
        from mnemonist.core.parts import PARTS

        short = next((short for short, kind in (kinds or PARTS).items() if kind is type(part)), None)
        if short is None:
            raise InvalidType(
                f"{self.who}: {name} must be of mnemonist's own classes, to be made again from a file; got "
                f"{shown(part)}. Save its patterns with numpy.save, and store them in a new memory."
            )
        told = {each.name: self.value(f"{name}.{each.name}", getattr(part, each.name)) for each in fields(part)}
        return {"kind": short, **told}

    def value(self, name: str, value: Any) -> Any:
        """Take down what a field of a part holds."""
        if isinstance(value, np.generic) and value.dtype.name in SCALARS:
            return {"scalar": value.dtype.name, "value": value.item()}
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, (int, float)):
            return int(value) if isinstance(value, int) else float(value)
        if isinstance(value, tuple):
            return [self.value(f"{name}.{i}", each) for i, each in enumerate(value)]
        if is_array(value):
            return self.array(name, value)
        if is_dataclass(value):
            return self.part(name, value)
        raise InvalidType(f"{self.who}: {name} must be a number or an array; got {shown(value)}. Pass float(x).")
