"""Halves of pairs, as they are given: checked, put beside each other, and taken apart again.

Shapes: left (B, N), right (B, M), both (B, N + M).
"""

from typing import Any, NamedTuple

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Binary
from mnemonist.errors import InvalidArgument
from mnemonist.recall.checks import check_mask, check_rows, check_values
from mnemonist.recall.named_columns import Names
from mnemonist.recall.plain import plain

SIDES = ("left", "right")


class Sides(NamedTuple):
    """How wide halves are, (N, M), None where that is not known yet, and the names of the columns of each."""

    widths: tuple[Any, Any] = (None, None)
    names: tuple[Names | None, Names | None] = (None, None)

    def apart(self, both: Array) -> tuple[Array, Array]:
        """Return left (…, N) and right (…, M) of both side by side."""
        return both[..., : self.widths[0]], both[..., self.widths[0] :]


class Half(NamedTuple):
    """Cues of one half (B, N), what is known of them, and whether it was a single one."""

    rows: Array
    known: Array
    single: bool


def check_pairs(who: str, left: Any, right: Any, sides: Sides) -> tuple[Array, Array, Sides]:
    """Return halves (K, N) and (K, M), as wide as those before if there are some, and what the sides are then."""
    rows: list[Array] = []
    names = []
    for name, given, width, held in zip(SIDES, (left, right), *sides, strict=True):
        numbers, _, of = plain(who, name, given, names=held, neurons=Binary())
        half, _ = check_rows(who, name, numbers, width, rows[0] if rows else None, Binary())
        rows.append(half)
        names.append(of or held)
    for name, half in zip(SIDES, rows, strict=True):
        check_values(who, name, half, None, Binary())
    _check_as_many(who, "pair", *rows)
    return rows[0], rows[1], Sides((rows[0].shape[1], rows[1].shape[1]), (names[0], names[1]))


def check_halves(
    who: str, given: tuple[Any, Any], known: tuple[Any, Any], sides: Sides, like: Array
) -> tuple[Half, Half]:
    """Return both halves of cues; nothing is known of one that is not given."""
    if all(half is None for half in given):
        raise InvalidArgument(f"{who}: left or right must be given; got neither. Pass the half that you know.")
    found = [_half(who, *of, like=like) for of in zip(SIDES, given, known, *sides, strict=True)]
    count = max(half.rows.shape[0] for half in found if half is not None)
    first, second = (
        _nothing(count, width, like) if half is None else half for half, width in zip(found, sides.widths, strict=True)
    )
    _check_as_many(who, "cue", first.rows, second.rows)
    return first, second


def check_states(who: str, left: Any, right: Any, sides: Sides, like: Array) -> tuple[Array, bool]:
    """Return states [left | right], and whether it was a single one."""
    halves = []
    for name, given, width, held in zip(SIDES, (left, right), *sides, strict=True):
        numbers, _, _ = plain(who, name, given, names=held, like=like, neurons=Binary())
        halves.append(check_rows(who, name, numbers, width, like, Binary()))
        check_values(who, f"{name} states", halves[-1][0], None, Binary())
    (first, single), (second, _) = halves
    _check_as_many(who, "pair", first, second)
    return concatenated(first, second), single


def concatenated(left: Array, right: Array) -> Array:
    """Return [left | right] in the wider dtype; whole numbers beside floats become floats."""
    xp = namespace(left, right)
    floats = [half.dtype for half in (left, right) if xp.isdtype(half.dtype, "real floating")]
    dtype = xp.result_type(*(floats or [left.dtype, right.dtype]))
    return xp.concat([xp.astype(left, dtype), xp.astype(right, dtype)], axis=-1)


def _check_as_many(who: str, what: str, left: Array, right: Array) -> None:
    if left.shape[0] != right.shape[0]:
        raise InvalidArgument(
            f"{who}: left and right must have one row per {what}; got {left.shape[0]} and {right.shape[0]}. "
            "Pass as many of one as of the other."
        )


def _half(who: str, name: str, given: Any, known: Any, width: int, names: Names | None, *, like: Array) -> Half | None:
    """Return cues of one half; None where not given."""
    if given is None:
        if known is not None:
            raise InvalidArgument(f"{who}: known_{name} must come with {name}; got it alone. Pass {name}= too.")
        return None
    given, (known,), _ = plain(who, name, given, (f"known_{name}", known), names=names, like=like, neurons=Binary())
    rows, single = check_rows(who, name, given, width, like, Binary())
    everything = namespace(rows).ones(rows.shape, dtype=namespace(rows).bool, device=device(rows))
    mask = everything if known is None else check_mask(who, f"known_{name}", known, rows)
    check_values(who, name, rows, mask, Binary())
    return Half(rows, mask, single)


def _nothing(count: int, width: int, like: Array) -> Half:
    """Return a half of which nothing is known."""
    xp = namespace(like)
    blank = xp.zeros((count, width), dtype=xp.int8, device=device(like))
    return Half(blank, xp.zeros((count, width), dtype=xp.bool, device=device(like)), True)
