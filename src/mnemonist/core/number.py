"""Numbers and switches as a caller passes them: what is checked by value, and what is passed on unread.

Python's and NumPy's own numbers, a NumPy array of one among them, are read here, and held as Python's. An array of
another library is not read: it may be learned, or traced, and what depends on its value is no function of it any more.
"""

import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from mnemonist._array import is_array
from mnemonist.errors import InvalidArgument, InvalidType, shown

CHOSEN = ("auto", "smooth")  # words for a β that a memory chooses from its patterns

_WHOLE = 2**63  # what arrays count with
_NORMAL = 2.0**-1022  # below which numbers have few digits, and no inverse


def plain(value: Any) -> Any:
    """Return the number in a NumPy array of one; anything else as it is.

    >>> plain(np.array(2.5))
    np.float64(2.5)
    """
    return value[()] if type(value) is np.ndarray and value.ndim == 0 else value


def is_unread(value: Any) -> bool:
    """Say whether a value is an array of one that is passed on unread: of another library than NumPy."""
    if isinstance(value, (int, float)):  # asked first, so that a program that is traced need not ask more
        return False
    return is_array(value) and not isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0


def as_float(value: Any) -> float | None:
    """Return a real number as a float, infinite where it is too large for one; None of what is no number."""
    number: Any = plain(value)
    if type(number) is bool or not isinstance(number, Real):
        return None
    try:
        return float(number)
    except OverflowError:
        return -math.inf if plain(value) < 0 else math.inf


def is_whole(value: Any, least: float, most: float = _WHOLE - 1) -> bool:
    """Say whether a value is a whole number in a range; True and False are none."""
    number: Any = plain(value)
    return type(number) is not bool and isinstance(number, Integral) and least <= int(number) <= most


def check_number(who: str, name: str, value: Any, *, least: float, strict: bool = False, fix: str = "") -> None:
    """Refuse what is no finite number in range; one of another library than NumPy is passed on unread.

    A number that must be `strict`ly above 0 is divided by.
    """
    if is_unread(value):
        return
    number = as_float(value)
    few = number is not None and strict and least < number < least + _NORMAL
    if number is None or few or not least <= number < math.inf or number == -math.inf or (strict and number == least):
        bound = "" if least == -math.inf else f" {'>' if strict and not few else '>='} {_NORMAL if few else least:.3g}"
        raise InvalidArgument(
            f"{who}: {name} must be a finite number{bound}; got {shown(value)}. {fix or 'Pass one in that range.'}"
        )


def check_beta(who: str, beta: Any) -> None:
    """Refuse a β that is no number > 0, no array of one and no word of `CHOSEN`."""
    if not isinstance(beta, str):
        check_number(who, "beta", beta, least=0, strict=True)
    elif beta not in CHOSEN:
        raise InvalidArgument(
            f"{who}: beta must be a number > 0, 'auto' or 'smooth'; got {shown(beta)}. "
            "Pass a number, 'auto' to have the stored patterns kept apart, or 'smooth' to estimate from them."
        )


def check_count(who: str, name: str, value: Any) -> None:
    """Refuse what is no whole number ≥ 1."""
    check_whole(who, name, value, least=1)


def check_whole(who: str, name: str, value: Any, *, least: int, most: float = _WHOLE - 1, fix: str = "") -> int:
    """Return a whole number in range, or refuse what is none."""
    if not is_whole(value, least, most):
        beyond = f" and <= {most}" if is_whole(value, least, math.inf) else ""
        raise InvalidArgument(
            f"{who}: {name} must be a whole number >= {least}{beyond}; got {shown(value)}. "
            f"{fix or 'Pass one in that range.'}"
        )
    return int(plain(value))


def check_flag(who: str, name: str, value: Any) -> bool:
    """Return a switch, or refuse what is neither True nor False."""
    if not isinstance(value, (bool, np.bool_)):
        raise InvalidType(f"{who}: {name} must be True or False; got {shown(value)}. Pass one.")
    return bool(value)


def hold(part: Any, *names: str) -> None:
    """Let a frozen part hold these of its numbers, which were checked, as Python's own: no others are computed with."""
    for name in names:
        number: Any = plain(getattr(part, name))
        if type(number) is int or type(number) is float:
            object.__setattr__(part, name, number)
        elif isinstance(number, Integral):
            object.__setattr__(part, name, int(number))
        elif isinstance(number, Real):
            object.__setattr__(part, name, float(number))
