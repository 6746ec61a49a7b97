r"""Vectors in registers, emitted as LLVM code: what Numba does not find by itself in a loop over arrays.

A *register* is a vector as wide as those of this processor; a *panel* holds one number for each of several cues side by
side, a register or two. Maximum, exponential and sum run down the columns of a panel, so that no lane waits for its
neighbour. The exponential is Cody & Waite's: eˣ = 2ⁿ eʳ, |r| ≤ ½ ln 2, eʳ by its power series.

Source: Cody & Waite 1980, Software Manual for the Elementary Functions.
Shapes: h (k, L), peak and mass (L,), L a multiple of a register's lanes.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

WIDE = bool(binding.get_host_cpu_features().get("avx512f"))
_BYTES = 64 if WIDE else 32
_WORD = ir.IntType(32)


def lanes(itemsize: int) -> int:
    """Return how many numbers of so many bytes a register holds."""
    return _BYTES // itemsize


# --- down the columns of a panel ---------------------------------------------------------------------------------


@intrinsic
def highest_of(typing: Any, h: Any, peak: Any) -> Any:
    """Set peak (L,) to the maxima of the columns of h (k, L), k ≥ 1."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        panel, top = planes(context, builder, sig.args, args)
        with panel.columns() as column:
            best = cgutils.alloca_once_value(builder, panel.load(panel.moved(panel.data, column)))
            with cgutils.for_range(builder, panel.shape[0]) as loop:
                new, old = panel.load(panel.moved(panel.row(loop.index), column)), builder.load(best)
                builder.store(_greater(builder, new, old), best)
            top.store(builder.load(best), top.moved(top.data, column))
        return context.get_dummy_value()

    return signature(types.void, h, peak), generate


@intrinsic
def weigh(typing: Any, h: Any, peak: Any, beta: Any, reach: Any, mass: Any) -> Any:
    """Turn h (k, L) into exp β(h − peak), 0 if that is below exp(−reach), and add their sum to mass (L,)."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        panel, top, sums = planes(context, builder, (h, peak, mass), (args[0], args[1], args[4]))
        scale, most = (splat(builder, x, panel.vector) for x in args[2:4])
        with panel.columns() as column:
            zero, place = top.load(top.moved(top.data, column)), sums.moved(sums.data, column)
            total = cgutils.alloca_once_value(builder, sums.load(place))
            with cgutils.for_range(builder, panel.shape[0]) as loop:
                row = panel.moved(panel.row(loop.index), column)
                f = _weight(builder, panel.load(row), zero, scale, most)
                panel.store(f, row)
                builder.store(builder.fadd(builder.load(total), f), total)
            sums.store(builder.load(total), place)
        return context.get_dummy_value()

    return signature(types.void, h, peak, beta, reach, mass), generate


# --- along a row -------------------------------------------------------------------------------------------------


@intrinsic
def highest_in(typing: Any, h: Any, row: Any) -> Any:
    """Return the maximum of a row of h (B, k), k whole registers."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        (scores,) = planes(context, builder, (h,), args[:1])
        start = scores.row(args[1])
        best = cgutils.alloca_once(builder, scores.vector)
        builder.store(scores.load(start), best)
        with scores.columns() as column:
            builder.store(_greater(builder, scores.load(scores.moved(start, column)), builder.load(best)), best)
        return builder.extract_element(folded(builder, [builder.load(best)], _greater), _WORD(0))

    return signature(h.dtype, h, types.intp), generate


@intrinsic
def highest_less(typing: Any, h: Any, row: Any, sizes: Any, share: Any) -> Any:
    """Return the maximum of a row of h (B, k), less a share of the sizes (1, k), k whole registers."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        scores, less = planes(context, builder, (h, sizes), args[::2])
        start, factor = scores.row(args[1]), splat(builder, args[3], scores.vector)
        best = cgutils.alloca_once_value(builder, splat(builder, ir.Constant(scores.number, -math.inf), scores.vector))
        with scores.columns() as column:
            off = builder.fmul(less.load(less.moved(less.data, column)), factor)
            new = builder.fsub(scores.load(scores.moved(start, column)), off)
            builder.store(_greater(builder, new, builder.load(best)), best)
        return builder.extract_element(folded(builder, [builder.load(best)], _greater), _WORD(0))

    return signature(h.dtype, h, types.intp, sizes, h.dtype), generate


@intrinsic
def weigh_row(typing: Any, h: Any, row: Any, peak: Any, beta: Any, reach: Any) -> Any:
    """Turn a row of h (B, k), k whole registers, into weights as `weigh` does, and return their sum."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        (scores,) = planes(context, builder, (h,), args[:1])
        start, (zero, scale, most) = scores.row(args[1]), (splat(builder, x, scores.vector) for x in args[2:])
        total = cgutils.alloca_once(builder, scores.vector)
        builder.store(ir.Constant(scores.vector, None), total)
        with scores.columns() as column:
            place = scores.moved(start, column)
            f = _weight(builder, scores.load(place), zero, scale, most)
            scores.store(f, place)
            builder.store(builder.fadd(builder.load(total), f), total)
        return builder.extract_element(sums_of(builder, [builder.load(total)]), _WORD(0))

    return signature(h.dtype, h, types.intp, h.dtype, h.dtype, h.dtype), generate


@intrinsic
def weight(typing: Any, h: Any, peak: Any, beta: Any, reach: Any) -> Any:
    """Return the weight exp β(h − peak) of one score."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _weight(builder, *args)

    return signature(h, h, h, h, h), generate


def _weight(builder: Any, h: Any, peak: Any, beta: Any, reach: Any) -> Any:
    """Emit exp β(h − peak); 0 beyond reach, so that products of it are no subnormal numbers, which are slow."""
    x = builder.fmul(beta, builder.fsub(h, peak))
    f, least = _exponential(builder, x), builder.fneg(reach)
    return builder.select(builder.fcmp_ordered("<", x, least), ir.Constant(x.type, None), f)


def _exponential(builder: Any, x: Any) -> Any:
    """Emit eˣ of x ≤ 0, a number or a vector, to about a rounding; below the range of the dtype, e to its end."""
    lane = x.type.element if isinstance(x.type, ir.VectorType) else x.type
    if isinstance(lane, ir.DoubleType):
        digits, terms, floor, bits = 52, 13, -708.0, 64
        high, low = 0.693147180369123816490, 1.90821492927058770002e-10  # ln 2; multiples of `high` are exact
    else:
        digits, terms, floor, bits = 23, 7, -87.0, 32
        high, low = 0.693359375, -2.12194440054690583e-4

    def const(number: float, kind: Any = x.type) -> Any:
        return ir.Constant(kind, [number] * kind.count if isinstance(kind, ir.VectorType) else number)

    whole = ir.VectorType(ir.IntType(bits), x.type.count) if lane is not x.type else ir.IntType(bits)
    y = builder.select(builder.fcmp_ordered("<", x, const(floor)), const(floor), x)
    magic = const(1.5 * 2.0**digits)  # added, it leaves the nearest whole number in the last digits
    shifted = builder.fadd(builder.fmul(y, const(1 / math.log(2))), magic)
    n = builder.fsub(shifted, magic)
    r = builder.fsub(builder.fsub(y, builder.fmul(n, const(high))), builder.fmul(n, const(low)))
    series = const(1 / math.factorial(terms))
    for k in reversed(range(terms)):
        series = multiply_add(builder, series, r, const(1 / math.factorial(k)))
    power = builder.shl(builder.bitcast(shifted, whole), const(digits, whole))
    return builder.bitcast(builder.add(builder.bitcast(series, whole), power), x.type)


# --- vectors -----------------------------------------------------------------------------------------------------


def multiply_add(builder: Any, left: Any, right: Any, total: Any) -> Any:
    """Emit left · right + total, rounded once where the processor can."""
    return builder.fadd(total, builder.fmul(left, right, flags=("contract",)), flags=("contract",))


def bits_in(builder: Any, word: Any) -> Any:
    """Emit how many bits of a whole number, or of each lane of a vector of these, are 1."""
    kind = ir.FunctionType(word.type, [word.type])
    lanes = f"v{word.type.count}i{word.type.element.width}" if isinstance(word.type, ir.VectorType) else str(word.type)
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.ctpop.{lanes}"), [word])


def hidden(builder: Any, value: Any) -> Any:
    """Emit the same value, about which the compiler knows nothing."""
    kind = ir.FunctionType(value.type, [value.type])
    return builder.asm(kind, "", "=r,0", [value], side_effect=False)


def bit_mask(builder: Any, word: Any, part: int, lanes: int) -> Any:
    """Emit a part of a word as the mask of a register of so many lanes."""
    bits = builder.trunc(builder.lshr(word, word.type(part * lanes)), ir.IntType(lanes))
    return builder.bitcast(bits, ir.VectorType(ir.IntType(1), lanes))


def splat(builder: Any, number: Any, vector: Any) -> Any:
    """Emit a vector of one number in all lanes."""
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, _WORD(0))
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), _mask([0] * vector.count))


def zeros(builder: Any, vector: Any, shape: tuple[int, int]) -> list[list[Any]]:
    """Emit rows of registers that hold zeros."""
    sums = [[cgutils.alloca_once(builder, vector) for _ in range(shape[1])] for _ in range(shape[0])]
    for total in chain.from_iterable(sums):
        builder.store(ir.Constant(vector, None), total)
    return sums


def sums_of(builder: Any, vectors: Sequence[Any]) -> Any:
    """Emit the vector of the sums of the lanes of 2ᵐ vectors each."""
    return folded(builder, vectors, lambda builder, a, b: builder.fadd(a, b))


def folded(builder: Any, vectors: Sequence[Any], join: Callable[..., Any]) -> Any:
    """Emit the vector of what the lanes of 2ᵐ vectors each join to: halves of what belongs together are joined."""
    found, size = list(vectors), vectors[0].type.count
    while size > 1:
        size //= 2
        pairs = [(found[0], found[0])] if len(found) == 1 else list(zip(found[::2], found[1::2], strict=True))
        count = found[0].type.count * min(2, len(found))
        lower = [lane for lane in range(count) if lane % (2 * size) < size]
        halves = _mask(lower), _mask([lane + size for lane in lower])
        found = [join(builder, *(builder.shuffle_vector(*pair, half) for half in halves)) for pair in pairs]
    while len(found) > 1:
        every = _mask(list(range(2 * found[0].type.count)))
        found = [builder.shuffle_vector(a, b, every) for a, b in zip(found[::2], found[1::2], strict=True)]
    return found[0]


def _greater(builder: Any, new: Any, old: Any) -> Any:
    """Emit the greater, lane by lane."""
    return builder.select(builder.fcmp_ordered(">", new, old), new, old)


def _mask(places: list[int]) -> Any:
    return ir.Constant(ir.VectorType(_WORD, len(places)), places)


# --- memory ------------------------------------------------------------------------------------------------------


def planes(context: Any, builder: Any, kinds: Sequence[Any], values: Sequence[Any]) -> list["Plane"]:
    """Return arrays of these types as planes."""
    return [Plane(context, builder, kind, value) for kind, value in zip(kinds, values, strict=True)]


class Plane:
    """An array of numbers in memory, in the hands of a builder; strides in bytes.

    Registers hold as many of them as fit; of longer numbers, to which they are converted, where that is asked for.
    """

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        array = cgutils.create_struct_proxy(kind)(context, builder, value)
        self._builder, self.data = builder, array.data
        self.shape, self.strides = (list(cgutils.unpack_tuple(builder, x)) for x in (array.shape, array.strides))
        self.number, self.size = context.get_value_type(kind.dtype), kind.dtype.bitwidth // 8
        self.lanes = lanes(self.size)
        self.vector = ir.VectorType(self.number, self.lanes)
        for layout, axis in (("C", -1), ("F", 0)):
            if kind.layout == layout:  # the compiler is told that numbers lie side by side
                self.strides[axis] = self.strides[axis].type(self.size)

    def widened(self, other: "Plane") -> "Plane":
        """Return this plane, its numbers converted to those of the other in registers."""
        self.lanes, self.vector = other.lanes, other.vector
        return self

    def row(self, *indices: Any) -> Any:
        """Return where a row begins."""
        place = self.data
        for index, stride in zip(indices, self.strides, strict=False):
            place = self.moved(place, self._builder.mul(index, stride))
        return self._at(place, self.number)

    def load(self, place: Any) -> Any:
        """Return the register that stands there."""
        held = ir.VectorType(self.number, self.lanes)
        vector = self._builder.load(self._at(place, held), align=self.size)
        return vector if held == self.vector else self._builder.fpext(vector, self.vector)

    def store(self, vector: Any, place: Any) -> None:
        """Put a vector there."""
        self._builder.store(vector, self._at(place, vector.type), align=self.size)

    def number_at(self, place: Any, step: Any) -> Any:
        """Return the one number `step` bytes behind a place."""
        return self._builder.load(self._at(self.moved(place, step), self.number))

    def spread(self, place: Any, step: Any) -> Any:
        """Return a register of the one number `step` bytes behind a place, in all lanes."""
        number = self.number_at(place, step)
        if number.type != self.vector.element:
            number = self._builder.fpext(number, self.vector.element)
        return splat(self._builder, number, self.vector)

    def moved(self, place: Any, step: Any) -> Any:
        """Return a place some bytes further on."""
        return self._builder.gep(self._at(place, ir.IntType(8)), [step])

    def prefetch(self, place: Any) -> None:
        """Have what stands there brought to the second cache."""
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _WORD, _WORD, _WORD])
        fetch = cgutils.get_or_insert_function(self._builder.module, kind, "llvm.prefetch.p0i8")
        self._builder.call(fetch, [self._at(place, ir.IntType(8)), _WORD(0), _WORD(2), _WORD(1)])

    @contextmanager
    def columns(self) -> Iterator[Any]:
        """Run over the registers of a row; gives how many bytes each begins behind the row."""
        word = self.shape[-1].type
        with cgutils.for_range(self._builder, self._builder.sdiv(self.shape[-1], word(self.lanes))) as loop:
            yield self._builder.mul(loop.index, word(self.lanes * self.size))

    def _at(self, place: Any, kind: Any) -> Any:
        return self._builder.bitcast(place, kind.as_pointer())
