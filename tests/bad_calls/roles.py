"""What a parameter asks for: a good value, and whether another one is as good; written apart from the library."""

import math
import numbers
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

SEVERAL = (list, tuple, range, np.ndarray, memoryview, bytearray)
FRAMES = (pd.DataFrame, pd.Series, pl.DataFrame, pl.Series)
FOREIGN = ("torch", "array_api_strict")  # libraries whose arrays a memory takes as its own


@dataclass(frozen=True)
class Role:
    """A good value, made anew each time, and what fits besides."""

    good: Callable[[], Any]
    fits: Callable[[Any], bool]
    usual: Callable[[Any], Any] | None = None  # the usual form of a value that fits: it must give the same answer
    scalar: bool = False  # whether it may be one number
    costly: float = math.inf  # above which a number that fits is asked of nobody, for what it costs
    beside: Callable[[Any], dict[str, Any]] = lambda value: {}  # what the usual form takes besides, by name

    def accepts(self, value: Any) -> bool:
        """Say whether a value fits; what cannot even be asked does not."""
        try:
            return bool(self.fits(value))
        except Exception:  # a tensor that learns is no NumPy array, a list that holds itself has no shape, …
            return False


def one(value: Any) -> Any:
    """Return the number in a NumPy array of one."""
    return value[()] if type(value) is np.ndarray and value.ndim == 0 else value


def is_tensor_of_one(value: Any) -> bool:
    return is_foreign(value) and value.ndim == 0


def number(good: Any, least: float, most: float = math.inf, *, strict: bool = False, words: tuple = ()) -> Role:
    """A finite number in a range, or one of some words."""

    def fits(value: Any) -> bool:
        value = one(value)
        if isinstance(value, str) or value is None:
            return value in words
        if is_tensor_of_one(value):
            return True
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
            return False
        try:
            x = float(value)
        except OverflowError:
            return False
        few = strict and least < x < least + 2.0**-1022  # digits
        return least <= x <= most and x < math.inf and not few and not (strict and x in (least, most))

    return Role(lambda: good, fits, _usual_number, scalar=True)


def _usual_number(value: Any) -> Any:
    value = value.item() if is_tensor_of_one(value) else one(value)
    return value if isinstance(value, (str, type(None))) else float(value)


def whole(good: Any, least: int, most: float = 2**63 - 1, *, words: tuple = (), costly: float = math.inf) -> Role:
    """A whole number in a range."""

    def fits(value: Any) -> bool:
        value = one(value)
        if value is None:
            return None in words
        return isinstance(value, numbers.Integral) and not isinstance(value, bool) and least <= value <= most

    return Role(lambda: good, fits, lambda value: None if value is None else int(one(value)), True, costly)


def flag(good: bool = False) -> Role:
    return Role(lambda: good, lambda value: isinstance(value, (bool, np.bool_)), bool)


def is_foreign(value: Any) -> bool:
    """Say whether a value is an array of another library than NumPy."""
    return type(value).__module__.partition(".")[0] in FOREIGN


def plain(value: Any, *, foreign: bool = False) -> np.ndarray | None:
    """Return an array of real numbers, or None of what is none."""
    if foreign and is_foreign(value):
        value = value.detach().numpy() if hasattr(value, "detach") else np.from_dlpack(value)
    if isinstance(value, FRAMES):
        value = value.to_numpy()
    if not several(value) or isinstance(value, np.ma.MaskedArray):
        return None
    x = np.asarray(value)
    return x if x.dtype.kind in "fiu" else None


def several(value: Any) -> bool:
    return isinstance(value, SEVERAL) or type(value).__name__ == "array"


def mask(shape: tuple[int, ...]) -> Role:
    """A mask that serves rows of this shape, or nothing."""

    def fits(value: Any) -> bool:
        if value is None:
            return True
        if np.ma.is_masked(value) or is_foreign(value):
            return False
        x = np.asarray(value)
        return x.dtype == bool and np.broadcast_shapes(x.shape, shape) == shape

    return Role(lambda: None, fits, lambda value: None if value is None else np.array(value))


def ids(good: Any, held: int) -> Role:
    """Ids of patterns that are held, or one."""

    def fits(value: Any) -> bool:
        if isinstance(value, np.ma.MaskedArray):
            return False
        x = np.asarray(value)
        if not x.size:
            return x.ndim == 1 and isinstance(value, SEVERAL)
        return x.dtype.kind in "iu" and x.ndim <= 1 and bool(((x >= 0) & (x < held)).all())

    return Role(lambda: good, fits, lambda value: np.atleast_1d(np.asarray(value)).tolist())


def kind(good: Callable[[], Any], *kinds: type, none: bool = False) -> Role:
    """A thing of some kind."""
    return Role(good, lambda value: (none and value is None) or isinstance(value, kinds))


def like(good: Callable[[], Any], fits: Callable[[Any], Any]) -> Role:
    """Anything that a rule of its own lets pass."""
    return Role(good, fits)


def either(one: Role, other: Role) -> Role:
    """What fits one of two roles."""
    return Role(one.good, lambda value: one.accepts(value) or other.accepts(value), one.usual, beside=one.beside)


def seed() -> Role:
    """A seed, or a generator, or nothing."""
    whole_number = whole(1, 0, math.inf)
    return like(lambda: 1, lambda x: x is None or isinstance(x, np.random.Generator) or whole_number.accepts(x))


def path(good: str) -> Role:
    """The name of a file in the folder where one is."""

    def fits(value: Any) -> bool:
        name = os.fsdecode(value)
        return bool(name) and "\0" not in name and not os.path.isdir(name)

    return Role(lambda: good, fits, os.fsdecode)


def share() -> Role:
    """A number from 0 on and below 1, or nothing."""
    at_most_one = number(0.01, 0, 1, words=(None,))
    return replace(at_most_one, fits=lambda value: at_most_one.accepts(value) and one(value) != 1)


def anything() -> Role:
    """What is refused whatever it is, so that the sentence need not name it."""
    return like(lambda: 1, lambda value: True)


def left_out() -> Role:
    """What must be left out."""
    return like(lambda: None, lambda value: value is None)
