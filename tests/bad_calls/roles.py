"""What a parameter asks for: a good value, and whether another one is as good; written apart from the library."""

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bad_calls.values import ROWS, N

SEVERAL = (list, tuple, range, np.ndarray, memoryview, bytearray)
FOREIGN = ("torch", "array_api_strict")  # libraries whose arrays a memory takes as its own


@dataclass(frozen=True)
class Role:
    """A good value, made anew each time, and what fits besides."""

    good: Callable[[], Any]
    fits: Callable[[Any], bool]
    usual: Callable[[Any], Any] | None = None  # the usual form of a value that fits: it must give the same answer
    scalar: bool = False
    costly: float = math.inf  # above which a number that fits is asked of nobody, for what it costs

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
    if not isinstance(value, SEVERAL) and type(value).__name__ != "array":
        return None
    if isinstance(value, np.ma.MaskedArray):
        return None
    x = np.asarray(value)
    return x if x.dtype.kind in "fiu" else None


def rows(
    good: Any = ROWS, *, levels: tuple = (), width: int | None = N, single: bool = False, foreign: bool = False
) -> Role:
    """Rows of finite numbers, or one: of a width, of some levels."""

    def fits(value: Any) -> bool:
        x = plain(value, foreign=foreign)
        if x is None or x.ndim not in ((1,) if single else (1, 2)) or not x.shape[-1]:
            return False
        if width is not None and x.shape[-1] != width:
            return False
        return bool(np.isfinite(x).all() and (not levels or np.isin(x, levels).all()))

    return Role(lambda: np.array(good), fits, lambda value: plain(value, foreign=foreign).astype(np.float64))


def mask(shape: tuple[int, ...]) -> Role:
    """A mask that serves rows of this shape, or nothing."""

    def fits(value: Any) -> bool:
        if value is None:
            return True
        if isinstance(value, np.ma.MaskedArray) or is_foreign(value):
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
    return Role(one.good, lambda value: one.accepts(value) or other.accepts(value), one.usual)


def seed() -> Role:
    """A seed, or a generator, or nothing."""
    whole_number = whole(1, 0, math.inf)
    return like(lambda: 1, lambda x: x is None or isinstance(x, np.random.Generator) or whole_number.accepts(x))
