"""Everything that mnemonist refuses, and why: one sentence, *who: what must hold; what you gave. how to fix.*

    MnemonistError
    ├── InvalidArgument(ValueError)      a number, an option or a shape that the mathematics does not allow
    ├── InvalidType(TypeError)           a thing of the wrong kind: a mask that is not boolean, say
    ├── IllegalCombination(ValueError)   parts that make no model together
    ├── EmptyMemory(ValueError)          recall or energy before anything was stored
    ├── UnknownId(KeyError)              an id that was never given, or was forgotten
    ├── NoEnergy(TypeError)              an energy asked of a model that has none
    ├── EnergyOverflow(OverflowError)    an energy that float64 cannot hold
    ├── TooLarge(MemoryError)            more patterns than are taken into memory on demand
    ├── UnreadableFile(OSError)          a file that is missing, broken or of an unknown kind
    ├── UnwritableFile(OSError)          a place where a result cannot be written, or must not be
    ├── MissingExtra(ImportError)        an optional part that is not installed
    └── Moved(AttributeError)            a name of an earlier version that is another now

Catch `MnemonistError` for all of them, or the builtin that fits.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn


class MnemonistError(Exception):
    """The root of every exception that mnemonist raises on purpose."""


class InvalidArgument(MnemonistError, ValueError):
    """A number, an option or a shape that the mathematics does not allow."""


class InvalidType(MnemonistError, TypeError):
    """A thing of the wrong kind."""


class IllegalCombination(MnemonistError, ValueError):
    """Parts that make no model together."""


class EmptyMemory(MnemonistError, ValueError):
    """Recall or energy asked of a memory that stores nothing."""


class UnknownId(MnemonistError, KeyError):
    """An id that was never given, or was forgotten."""

    def __str__(self) -> str:
        """Show the sentence itself: a plain KeyError shows its repr, quotes and all."""
        return str(self.args[0]) if self.args else ""


class NoEnergy(MnemonistError, TypeError):
    """An energy asked of a model that has none."""


class EnergyOverflow(MnemonistError, OverflowError):
    """An energy that float64 cannot hold."""


class TooLarge(MnemonistError, MemoryError):
    """More patterns than are taken into memory on demand."""


class UnreadableFile(MnemonistError, OSError):
    """A file that is missing, broken or of an unknown kind."""


class UnwritableFile(MnemonistError, OSError):
    """A place where a result cannot be written, or must not be."""


class MissingExtra(MnemonistError, ImportError):
    """An optional part that is not installed."""


class Moved(MnemonistError, AttributeError):
    """A name of an earlier version that is another now."""


class Renamed:
    """A base of classes some of whose attributes had other names before: asked by these, they name the new one."""

    _renamed: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def __init_subclass__(cls, *, renamed: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if renamed is not None:
            cls._renamed = renamed

    def __getattr__(self, name: str) -> NoReturn:
        kind = type(self).__name__
        if name in self._renamed:
            raise Moved(f"{kind}.{name} is {kind}.{self._renamed[name]} now.")
        raise AttributeError(f"{kind!r} object has no attribute {name!r}")
