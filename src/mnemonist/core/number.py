"""Numbers and switches as a caller passes them: what is checked by value, and what is passed on unread.

Python's and NumPy's own numbers, a NumPy array of one among them, are read here. An array of another library is not:
it may be learned, or traced, and what depends on its value is no function of it any more.
"""

from numbers import Integral, Real
from typing import Any

import numpy as np

from mnemonist._array import is_array
from mnemonist.errors import InvalidArgument, InvalidType

_WHOLE = 2**63  # what arrays count with


def plain(value: Any) -> Any:
    """Return the number in a NumPy array of one; anything else as it is.

    >>> plain(np.array(2.5))
    np.float64(2.5)
    """
    return value[()] if type(value) is np.ndarray and value.ndim == 0 else value


def is_unread(value: Any) -> bool:
    """Say whether a value is an array that is passed on unread: one of another library than NumPy."""
    return is_array(value) and not isinstance(value, (np.ndarray, np.generic))


def as_float(value: Any) -> float | None:
    """Return a real number as a float, infinite where it is too large for one; None of what is no number."""
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, Real):
        return None
    try:
        return float(number)
    except OverflowError:
        return float("inf")


def is_whole(value: Any, least: int, most: int = _WHOLE - 1) -> bool:
    """Say whether a value is a whole number in a range; True and False are none."""
    number: Any = plain(value)
    return type(number) is not bool and isinstance(number, Integral) and least <= int(number) <= most


def check_whole(who: str, name: str, value: Any, *, least: int, most: int = _WHOLE - 1, fix: str = "") -> int:
    """Return a whole number in range, or refuse what is none."""
    if not is_whole(value, least, most):
        beyond = "" if most == _WHOLE - 1 and not _is_huge(value) else f" and <= {most}"
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


def shown(value: Any) -> str:
    """Return a value as a sentence shows it: in one line, and no longer than one.

    >>> shown(np.eye(2)), shown(10**400)
    ('an array of shape (2, 2)', '10000000000000000000…')
    """
    if is_array(value) and value.ndim:
        return f"an array of shape {tuple(value.shape)}"
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whatever it is, that it is none of what was asked for can be said
        text = f"a {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:20]}…"


def _is_huge(value: Any) -> bool:
    return isinstance(value, Integral) and int(value) >= _WHOLE
