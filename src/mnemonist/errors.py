"""Everything that mnemonist refuses, and why: one sentence, *who: what must hold; what you gave. how to fix.*

    MnemonistError
    ├── InvalidArgument(ValueError)      a number, an option or a shape that the mathematics does not allow
    ├── InvalidType(TypeError)           a thing of the wrong kind: a mask that is not boolean, say
    ├── IllegalCombination(ValueError)   parts that make no model together
    ├── EmptyMemory(ValueError)          recall or energy before anything was stored
    ├── UnknownId(KeyError)              an id that was never given, or was forgotten
    ├── NoEnergy(TypeError)              an energy asked of a model that has none
    ├── EnergyOverflow(OverflowError)    an energy that float64 cannot hold
    ├── Diverged(ArithmeticError)        a training whose loss is no number any more
    ├── TooLarge(MemoryError)            more patterns than are taken into memory on demand
    ├── UnreadableFile(OSError)          a file that is missing, broken or of an unknown kind
    ├── UnwritableFile(OSError)          a place where a result cannot be written, or must not be
    ├── MissingExtra(ImportError)        an optional part that is not installed
    └── Moved(AttributeError)            a name of an earlier version that is another now

Catch `MnemonistError` for all of them, or the builtin that fits. `str(error)` is the sentence; its parts are
`error.who`, `must`, `got` and `fix`, of which some may be empty.

`LostPatterns(UserWarning)` is no refusal: the memory answers, but not all that is stored can come back.
"""

import sys
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn

_LONG = 100  # letters of a value that a sentence shows whole


class MnemonistError(Exception):
    """The root of every exception that mnemonist raises on purpose: one sentence, or the parts that make it.

    >>> error = InvalidArgument("Softmax: beta must be a number > 0; got -1.0. Pass one in that range.")
    >>> error.who, error.must, error.got, error.fix
    ('Softmax', 'beta must be a number > 0', 'got -1.0', 'Pass one in that range.')
    >>> str(InvalidArgument(who="tolerance", must="must be a number >= 0", got="got -1"))
    'tolerance: must be a number >= 0; got -1.'
    """

    def __init__(self, sentence: str = "", *, who: str = "", must: str = "", got: str = "", fix: str = "") -> None:
        super().__init__(sentence or (sentence_of(who, must, got, fix) if must else ""))
        self.who, self.must, self.got, self.fix = (who, must, got, fix) if who or must else parts_of(sentence)


def sentence_of(who: str, must: str, got: str = "", fix: str = "") -> str:
    """Return *who: what must hold; what you gave. how to fix.*, without the parts that are empty."""
    return "".join((f"{who}: " if who else "", must, f"; {got}" if got else "", ".", f" {fix}" if fix else ""))


def parts_of(sentence: str) -> tuple[str, str, str, str]:
    """Return who, must, got and fix of a sentence; what is given may also come last, as *Got …*.

    Marks within brackets and quotes divide nothing; nor do colons before the last one ahead of *must*, as in a path.

    >>> parts_of("a: b.csv: must be a CSV file; it says 'a; b. C'. Save it anew.")
    ('a: b.csv', 'must be a CSV file', "it says 'a; b. C'", 'Save it anew.')
    """
    head, must, _ = sentence.partition("must")
    who, colon, _ = head.rpartition(": ") if must and ": " in head else sentence.partition(": ")
    rest = sentence[len(who) + 2 :] if colon else sentence
    first, rest = _cut(rest, ". ")
    demand, got = _cut(first, "; ")
    if rest.startswith("Got ") or ". Got " in rest:
        rest, _, given = rest.rpartition("Got ")
        got = "Got " + given.removesuffix(".")
    return who if colon else "", demand.removesuffix("."), got.removesuffix("."), rest.strip()


def _cut(text: str, mark: str) -> tuple[str, str]:
    """Return what stands before and after the first mark outside brackets and quotes; all, and nothing, without one."""
    depth, quote, escaped = 0, "", False
    for i, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and not escaped else quote
            escaped = letter == "\\" and not escaped
        elif letter in "'\"" and not text[max(i - 1, 0) : i].isalnum():
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif depth <= 0 and text.startswith(mark, i):
            return text[:i], text[i + len(mark) :]
    if quote or depth > 0:  # never closed: then they are none
        before, _, after = text.partition(mark)
        return before, after
    return text, ""


def shown(value: Any) -> str:
    """Return a value as a sentence shows it: in one line, and not a long one; an array of several by its shape.

    >>> shown("high"), shown(10**400), shown([[1.0, 2.0]] * 40)
    ("'high'", '1000000000000000…', '[[1.0, 2.0], [1.…')
    """
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and shape:
        return f"an array of shape {tuple(shape)}"
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whatever it is, it is none of what was asked for
        text = f"a {type(value).__name__}"
    return text if len(text) <= _LONG else f"{text[:16]}…"


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


class Diverged(MnemonistError, ArithmeticError):
    """A training whose loss is no number any more."""


class TooLarge(MnemonistError, MemoryError):
    """More patterns than are taken into memory on demand."""

    __new__ = Exception.__new__  # type: ignore[assignment]  # MemoryError's own refuses two bases, and breaks pickles


class UnreadableFile(MnemonistError, OSError):
    """A file that is missing, broken or of an unknown kind."""


class UnwritableFile(MnemonistError, OSError):
    """A place where a result cannot be written, or must not be."""


class MissingExtra(MnemonistError, ImportError):
    """An optional part that is not installed."""


class Moved(MnemonistError, AttributeError):
    """A name of an earlier version that is another now."""


def warn(sentence: str, kind: type[Warning]) -> None:
    """Warn of something in the line of the caller's own code that led here, not in one of the package."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "mnemonist":
        frame, level = frame.f_back, level + 1
    warnings.warn(sentence, kind, stacklevel=level)


class LostPatterns(UserWarning):
    """Patterns are stored that no sharpness can keep apart: how many, why, and what would keep them."""


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
