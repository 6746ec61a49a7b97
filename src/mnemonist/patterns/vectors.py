r"""Vector code that Numba does not find by itself: a product of panels held in registers, and an exponential.

A *panel* holds one number for each of L cues side by side, L as many as fill two vector registers. The product of a
tile with a panel

    C[i, :] += Σ_k A[i, k] B[k, :]          (or Σ_k (A[i, k] − B[k, :])², which loses no digits to cancellation)

is taken for R rows i together: their R panels stay in registers while k runs, each A[i, k] is spread over all lanes,
and one load of B serves R multiplications. A may have any strides, so X and its transpose are both read where they
lie. The exponential is Cody & Waite's: eˣ = 2ⁿ eʳ, |r| ≤ ½ ln 2, eʳ by its power series.

Source: Goto & van de Geijn 2008, ACM TOMS 34 (3), 12; Cody & Waite 1980.
Shapes: C (≤ R, L), A (≤ R, k), B (k, L).
"""

import math
from collections.abc import Callable
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

_WIDE = bool(binding.get_host_cpu_features().get("avx512f"))
_BYTES = 128 if _WIDE else 64  # of a panel's row: two registers
ROWS = 8 if _WIDE else 6  # R: as many rows of panels as there are registers for beside those of A and B


def lanes(itemsize: int) -> int:
    """Return L for numbers of this many bytes."""
    return _BYTES // itemsize


@intrinsic
def panel_lanes(typing: Any, rows: Any) -> Any:
    """Return L of an array's dtype, a number the compiler knows."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.get_constant(types.intp, lanes(rows.dtype.bitwidth // 8))

    return signature(types.intp, rows), generate


# --- products ----------------------------------------------------------------------------------------------------


def _panel_product(term: Callable[..., Any], count: int) -> Any:
    """Make C += Σ_k term(A[:, k], B[k, :]) for `count` rows of a function that adds one term to a sum of vectors."""

    @intrinsic
    def product(typing: Any, c: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            planes = [_Plane(context, builder, kind, value) for kind, value in zip(sig.args, args, strict=True)]
            _emit_product(builder, planes, (term, count))
            return context.get_dummy_value()

        return signature(types.void, c, a, b), generate

    return product


def _emit_product(builder: Any, planes: list["_Plane"], way: tuple[Any, int]) -> None:
    (c, a, b), (term, count) = planes, way
    word = a.shape[0].type
    last = builder.sub(a.shape[0], word(1))
    # Of fewer rows than R the last is repeated: it is computed, and stored, several times over.
    rows = [builder.select(builder.icmp_signed("<", word(i), last), word(i), last) for i in range(count)]
    starts, ends = [a.row(i) for i in rows], [c.row(i) for i in rows]
    sums = [cgutils.alloca_once_value(builder, ir.Constant(c.vector, None)) for _ in rows]
    with cgutils.for_range(builder, a.shape[1]) as loop:
        right, step = b.load(b.row(loop.index)), builder.mul(loop.index, a.strides[1])
        for start, total in zip(starts, sums, strict=True):
            builder.store(term(builder, a.spread(start, step), right, builder.load(total)), total)
    before = [c.load(end) for end in ends]
    for end, old, total in zip(ends, before, sums, strict=True):
        c.store(builder.fadd(old, builder.load(total)), end)


def _product_term(builder: Any, left: Any, right: Any, total: Any) -> Any:
    return builder.fadd(total, builder.fmul(left, right, flags=("contract",)), flags=("contract",))


def _square_term(builder: Any, left: Any, right: Any, total: Any) -> Any:
    apart = builder.fsub(left, right)
    return _product_term(builder, apart, apart, total)


add_products, add_product = _panel_product(_product_term, ROWS), _panel_product(_product_term, 1)
add_squares = _panel_product(_square_term, ROWS)


def _row_product(term: Callable[..., Any], count: int) -> Any:
    """Make h[c] = Σ_i term(x[i], Q[c, i]) for `count` cues c, over the full vectors of a row x."""

    @intrinsic
    def product(typing: Any, h: Any, x: Any, q: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            planes = [_Plane(context, builder, kind, value) for kind, value in zip(sig.args, args, strict=True)]
            _emit_row_product(builder, planes, (term, count))
            return context.get_dummy_value()

        return signature(types.void, h, x, q), generate

    return product


def _emit_row_product(builder: Any, planes: list["_Plane"], way: tuple[Any, int]) -> None:
    (h, x, q), (term, count) = planes, way
    word = x.shape[0].type
    sums = [cgutils.alloca_once_value(builder, ir.Constant(x.vector, None)) for _ in range(count)]
    starts = [q.row(word(c)) for c in range(count)]
    with cgutils.for_range(builder, builder.sdiv(x.shape[0], word(x.vector.count))) as loop:
        step = builder.mul(loop.index, word(x.vector.count * x.size))
        left = x.load(x.moved(x.data, step))
        for start, total in zip(starts, sums, strict=True):
            builder.store(term(builder, left, q.load(q.moved(start, step)), builder.load(total)), total)
    for c, total in enumerate(sums):
        builder.store(_across(builder, builder.load(total)), h.row(word(c)))


def _across(builder: Any, vector: Any) -> Any:
    """Return the sum of a vector's lanes, halving it again and again."""
    while (count := vector.type.count) > 1:
        low, high = (
            ir.Constant(ir.VectorType(ir.IntType(32), count // 2), list(range(start, start + count // 2)))
            for start in (0, count // 2)
        )
        parts = [builder.shuffle_vector(vector, vector, half) for half in (low, high)]
        vector = builder.fadd(*parts)
    return builder.extract_element(vector, ir.IntType(32)(0))


four_products, one_product = _row_product(_product_term, 4), _row_product(_product_term, 1)
four_squares, one_square = _row_product(_square_term, 4), _row_product(_square_term, 1)


# --- down the columns of a panel ---------------------------------------------------------------------------------


@intrinsic
def raise_to(typing: Any, peak: Any, h: Any) -> Any:
    """Raise peak (L,) to the maxima of the columns of h (k, L)."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        top, panel = (_Plane(context, builder, kind, value) for kind, value in zip(sig.args, args, strict=True))
        best = cgutils.alloca_once_value(builder, top.load(top.data))
        with cgutils.for_range(builder, panel.shape[0]) as loop:
            new, old = panel.load(panel.row(loop.index)), builder.load(best)
            builder.store(builder.select(builder.fcmp_ordered(">", new, old), new, old), best)
        top.store(builder.load(best), top.data)
        return context.get_dummy_value()

    return signature(types.void, peak, h), generate


@intrinsic
def weigh(typing: Any, h: Any, peak: Any, beta: Any, mass: Any) -> Any:
    """Turn h (k, L) into exp β(h − peak), and add their sum to mass (L,)."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        panel, top, sums = (_Plane(context, builder, sig.args[i], args[i]) for i in (0, 1, 3))
        scale, zero = _splat(builder, args[2], panel.vector), top.load(top.data)
        total = cgutils.alloca_once_value(builder, ir.Constant(panel.vector, None))
        with cgutils.for_range(builder, panel.shape[0]) as loop:
            row = panel.row(loop.index)
            f = _exponential(builder, builder.fmul(scale, builder.fsub(panel.load(row), zero)))
            panel.store(f, row)
            builder.store(builder.fadd(builder.load(total), f), total)
        sums.store(builder.fadd(sums.load(sums.data), builder.load(total)), sums.data)
        return context.get_dummy_value()

    return signature(types.void, h, peak, beta, mass), generate


@intrinsic
def exponential(typing: Any, x: Any) -> Any:
    """Return eˣ of one x ≤ 0."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _exponential(builder, args[0])

    return signature(x, x), generate


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
        series = _product_term(builder, series, r, const(1 / math.factorial(k)))
    power = builder.shl(builder.bitcast(shifted, whole), const(digits, whole))
    return builder.bitcast(builder.add(builder.bitcast(series, whole), power), x.type)


# --- memory ------------------------------------------------------------------------------------------------------


class _Plane:
    """An array of numbers in memory, in the hands of a builder; strides in bytes."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        array = cgutils.create_struct_proxy(kind)(context, builder, value)
        self._builder, self.data = builder, array.data
        self.shape, self.strides = (cgutils.unpack_tuple(builder, x) for x in (array.shape, array.strides))
        self._number, self.size = context.get_value_type(kind.dtype), kind.dtype.bitwidth // 8
        self.vector = ir.VectorType(self._number, lanes(self.size))

    def row(self, index: Any) -> Any:
        """Return where a row begins."""
        return self._at(self.moved(self.data, self._builder.mul(index, self.strides[0])), self._number)

    def load(self, place: Any) -> Any:
        """Return the vector that stands there."""
        return self._builder.load(self._at(place, self.vector), align=self.size)

    def store(self, vector: Any, place: Any) -> None:
        """Put a vector there."""
        self._builder.store(vector, self._at(place, self.vector), align=self.size)

    def spread(self, place: Any, step: Any) -> Any:
        """Return a vector of the one number `step` bytes behind a place, in all lanes."""
        return _splat(self._builder, self._builder.load(self._at(self.moved(place, step), self._number)), self.vector)

    def moved(self, place: Any, step: Any) -> Any:
        """Return a place some bytes further on."""
        return self._builder.gep(self._at(place, ir.IntType(8)), [step])

    def _at(self, place: Any, kind: Any) -> Any:
        return self._builder.bitcast(place, kind.as_pointer())


def _splat(builder: Any, number: Any, vector: Any) -> Any:
    """Return a vector of one number in all lanes."""
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), zeros)
