r"""Categorical neurons: C variables, each with one of its V_c options, as one-hot blocks side by side.

    s ∈ {0, 1}ᴺ, N = Σ_c V_c, one 1 in each block; a block of zeros is undecided          A = 0

ξ·s counts the variables on which pattern and state agree. Under a similarity of that kind these are Potts neurons.

Source: Potts 1952, Proc. Camb. Phil. Soc. 48:106; as an associative memory, Kanter 1988, PRA 37:2739.
Shapes: state (..., N); codes (..., C), from 0, −1 = unknown; a table of the blocks (..., C, V), V the largest V_c.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, beside, device, is_real, named_array, namespace
from mnemonist.core.neurons import ONE_LENGTH, Neurons
from mnemonist.core.number import is_whole, plain
from mnemonist.errors import InvalidArgument, InvalidType, shown

_MOST = 2**24  # columns of a state


@dataclass(frozen=True, init=False, repr=False)
class Categorical(Neurons):
    """Variables of `sizes` options each: Categorical((3, 5, 2)), or Categorical(26, count=12) for 12 of 26.

    >>> neurons = Categorical((3, 2))
    >>> neurons.encode([2, -1])
    array([0, 0, 1, 0, 0], dtype=int8)
    >>> neurons.decode([0, 0, 1, 0, 0])
    array([ 2, -1])
    """

    sizes: tuple[int, ...]
    discrete: ClassVar[bool] = True
    must: ClassVar[str] = "one-hot, one 1 and otherwise 0 in the columns of a variable"
    advice: ClassVar[str] = "Pass neurons.encode(codes)."
    only_dot: ClassVar[str] = ONE_LENGTH
    references = ("kanter1988", "potts1952")

    def __init__(self, sizes: int | Sequence[int], count: int | None = None) -> None:
        object.__setattr__(self, "sizes", _sizes(sizes, count))

    def __repr__(self) -> str:
        if len(self.sizes) > 1 and len(set(self.sizes)) == 1:
            return f"Categorical({self.sizes[0]}, count={len(self.sizes)})"
        return f"Categorical({self.sizes})"

    # --- the layout ----------------------------------------------------------------------------------------------

    @property
    def width(self) -> int:
        """N = Σ V_c."""
        return sum(self.sizes)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """The columns of each variable."""
        ends = np.cumsum(self.sizes).tolist()
        return tuple(slice(end - size, end) for end, size in zip(ends, self.sizes, strict=True))

    @cached_property
    def _places(self) -> np.ndarray[Any, Any]:
        """Where the cells of a table stand in a state: (C, V), N where a variable has fewer options."""
        option = np.arange(max(self.sizes))
        starts = np.asarray([block.start for block in self.blocks])
        return np.where(option < np.asarray(self.sizes)[:, None], starts[:, None] + option, self.width)

    def table(self, x: Array) -> Array:
        """Return the columns (..., N) as a table (..., C, V), 0 where a variable has fewer options."""
        xp = namespace(x)
        padded = xp.concat([x, xp.zeros_like(x[..., :1])], axis=-1)
        return xp.reshape(
            xp.take(padded, beside(self._places.ravel(), x), axis=-1), (*x.shape[:-1], *self._places.shape)
        )

    def columns(self, table: Array) -> Array:
        """Return a table (..., C, V) as columns (..., N)."""
        xp, cells = namespace(table), np.flatnonzero(self._places.ravel() < self.width)
        return xp.take(xp.reshape(table, (*table.shape[:-2], self._places.size)), beside(cells, table), axis=-1)

    def spread(self, of_variables: Array) -> Array:
        """Return what is said of each variable (..., C) for each of its columns (..., N): a mask, for known=."""
        which = np.repeat(np.arange(len(self.sizes)), self.sizes)
        x, _ = named_array("Categorical.spread", "of_variables", of_variables)
        _check_columns("spread", "of_variables", x, len(self.sizes), "C")
        return namespace(x).take(x, beside(which, x), axis=-1)

    def by_variable(self, mask: Array) -> Array:
        """Return a mask (..., N) that is the same over each block as one of the variables (..., C)."""
        return namespace(mask).take(mask, beside(self._places[:, 0], mask), axis=-1)

    # --- codes ---------------------------------------------------------------------------------------------------

    def encode(self, codes: Any) -> Array:
        """Return codes (..., C), whole numbers from 0, as one-hot states (..., N), int8; −1 gives a block of zeros.

        Raises `InvalidType` or `InvalidArgument` where a code is no option.
        """
        codes, xp = named_array("Categorical.encode", "codes", codes)
        if not xp.isdtype(codes.dtype, "integral"):
            raise InvalidType(
                f"Categorical.encode: codes must be whole numbers; got dtype {codes.dtype}. Number the options from 0."
            )
        if codes.ndim == 0 or codes.shape[-1] != len(self.sizes):
            raise InvalidArgument(
                f"Categorical.encode: codes must have C = {len(self.sizes)} columns; got shape {tuple(codes.shape)}. "
                "Pass one code per variable, -1 where it is unknown."
            )
        unsigned, sizes = xp.isdtype(codes.dtype, "unsigned integer"), beside(np.asarray(self.sizes), codes)
        wide = xp.astype(codes, xp.int64)  # a narrow dtype need not hold all options, nor −1
        if bool(xp.any((wide < (0 if unsigned else -1)) | (wide >= sizes))):
            raise InvalidArgument(
                f"Categorical.encode: codes must be -1 (unknown) or an option, from 0 to V - 1 of V = {self.sizes}; "
                f"got {int(xp.min(codes))} to {int(xp.max(codes))}. Number the options from 0."
            )
        option = xp.arange(max(self.sizes), dtype=xp.int64, device=device(codes))
        return xp.astype(self.columns(wide[..., None] == option), xp.int8)

    def decode(self, state: Any) -> Array:
        """Return the codes (..., C) of states (..., N), int64, −1 where a variable is undecided.

        Raises `InvalidType` or `InvalidArgument` where these are no states.
        """
        x, _ = named_array("Categorical.decode", "states", state)
        _check_columns("decode", "states", x, self.width, "N")
        if not is_real(namespace(x), x.dtype):
            raise InvalidType(
                f"Categorical.decode: states must be real numbers; got dtype {x.dtype}. Pass recall.state."
            )
        if bool(namespace(x).any(self.misfit(x, undecided=True))):
            raise InvalidArgument(
                f"Categorical.decode: states must be {self.must}, or all 0 where it is undecided; got others. "
                "Pass neurons.confine(x) for the largest of each variable."
            )
        table = self.table(x)
        xp = namespace(table)
        code = xp.astype(xp.argmax(table, axis=-1), xp.int64)
        return xp.where(xp.any(table != 0, axis=-1), code, xp.full_like(code, -1))

    # --- what neurons say of states ------------------------------------------------------------------------------

    def confine(self, x: Array) -> Array:
        """Return 1 for the largest entry of each block; a block without one, all zeros or a tie, is undecided."""
        table = self.table(x)
        xp, exists = namespace(table), beside(self._places < self.width, x)
        top = xp.max(xp.where(exists, table, table[..., :1]), axis=-1, keepdims=True)
        largest = exists & (table == top)
        alone = xp.sum(xp.astype(largest, xp.int64), axis=-1, keepdims=True) == 1
        empty = xp.all(table == 0, axis=-1, keepdims=True)
        return xp.astype(self.columns(largest & alone & ~empty), x.dtype)

    def energy(self, state: Array) -> Array:
        """Return 0 (...)."""
        return namespace(state).zeros_like(state[..., 0])

    def known_sites(self, known: Array) -> Array:
        """Return how many variables (...) are known."""
        xp = namespace(known)
        return xp.sum(xp.astype(self.by_variable(known), xp.int64), axis=-1)

    def overlap(self, state: Array, rows: Array, known: Array | None = None) -> Array:
        """Return the share of the variables known that are equal, 0 to 1; an undecided one equals none."""
        xp = namespace(state)
        agree = state * rows if known is None else xp.where(known, state * rows, xp.zeros_like(state))
        count = len(self.sizes) if known is None else xp.astype(self.known_sites(known), state.dtype)
        return xp.sum(agree, axis=-1) / count

    def undecided(self, state: Array) -> Array:
        """Return whether a variable has no value (...)."""
        xp, table = namespace(state), self.table(state)
        return xp.any(xp.all(table == 0, axis=-1), axis=-1)

    def agreement(self, total: Array, state: Array) -> Array:
        """Return the share (...) of variables whose option has as many votes as any, of the votes (..., N)."""
        xp, votes = namespace(total), self.table(total)
        most = xp.max(votes, axis=-1, keepdims=True)
        agrees = (self.table(state) > 0) & (votes == most) & (most > 0)
        return xp.sum(xp.astype(agrees, xp.float64), axis=(-2, -1)) / len(self.sizes)

    def misfit(self, rows: Array, *, undecided: bool) -> Array:
        """Return (..., N), True over each block that is not one-hot; a block of zeros fits where `undecided` may be."""
        xp, table = namespace(rows), self.table(rows)
        ones = xp.sum(xp.astype(table == 1, xp.int64), axis=-1)
        clean = xp.all((table == 0) | (table == 1), axis=-1)
        return self.spread(~(clean & ((ones == 1) | ((ones == 0) & undecided))))

    def site(self, column: int) -> slice:
        """Return the columns of the variable that a column belongs to."""
        return next(block for block in self.blocks if column < block.stop)

    def torn(self, mask: Array) -> Array:
        """Return where (..., N) a mask does not say what it says of the first option of that variable."""
        return self.spread(self.by_variable(mask)) != mask


def _check_columns(method: str, name: str, x: Array, count: int, letter: str) -> None:
    if x.ndim == 0 or x.shape[-1] != count:
        raise InvalidArgument(
            f"Categorical.{method}: {name} must have {letter} = {count} columns; got shape {tuple(x.shape)}. "
            f"Pass one per {'variable' if letter == 'C' else 'option'}."
        )


def _sizes(sizes: Any, count: Any) -> tuple[int, ...]:
    """Return the checked number of options of each variable."""
    sizes, count = plain(sizes), plain(count)
    single = isinstance(sizes, Integral)
    if single == (count is None):
        raise InvalidArgument(
            f"Categorical: sizes must be a list, or one number with count=; got sizes={shown(sizes)}, "
            f"count={shown(count)}. Write Categorical((3, 5, 2)), or Categorical(26, count=12) for 12 variables of 26 "
            "options."
        )
    text = isinstance(sizes, (str, bytes, bytearray, memoryview))
    several = (isinstance(sizes, Sequence) or type(sizes) is np.ndarray) and not text
    fits = is_whole(count, 1, _MOST) if single else several and len(sizes) > 0
    given = ([sizes] * int(count) if single else list(sizes)) if fits else []
    if not given or not all(is_whole(size, 1) for size in given) or sum(int(size) for size in given) > _MOST:
        raise InvalidArgument(
            f"Categorical: sizes and count must be whole numbers >= 1, of {_MOST} options in all at most; got "
            f"sizes={shown(sizes)}, count={shown(count)}. Pass how many options each variable has."
        )
    return tuple(int(size) for size in given)
