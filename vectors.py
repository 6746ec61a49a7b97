r"""Vector code that Numba does not find by itself: a product of panels held in registers, and an exponential.

A *panel* holds one number for each of L cues side by side, L as many as fill two vector registers. The product of a
tile with a panel

    C[i, :] += Σ_k A[i, k] B[k, :]          (or Σ_k (A[i, k] − B[k, :])², which loses no digits to cancellation)

is taken for R rows i together: their R panels stay in registers while k runs, each A[i, k] is spread over all lanes,
and a whole pass costs one load of B per R multiplications. A may have any strides, so X and its transpose are both
read where they lie. The exponential is Cody & Waite's: eˣ = 2ⁿ eʳ, |r| ≤ ½ ln 2, eʳ by its power series.

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
ROWS = 8 if _WIDE else 6  # R: as many panels as registers hold beside B and A


def lanes(itemsize: int) -> int:
    """Return L for numbers of this many bytes."""
    return _BYTES // itemsize


def _panel_product(term: Callable[..., Any]) -> Any:
    """Make C += Σ_k term(A[:, k], B[k, :]) of a function that adds one term to a sum, both vectors."""

    @intrinsic
    def product(typing: Any, out: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            c, a, b = (cgutils.create_struct_proxy(t)(context, builder, v) for t, v in zip(sig.args, args, strict=True))
            _emit_product(context, builder, (c, a, b), sig.args[0].dtype, term)
            return context.get_dummy_value()

        return signature(types.void, out, a, b), generate

    return product


def _emit_product(context: Any, builder: Any, arrays: Any, dtype: Any, term: Callable[..., Any]) -> None:
    c, a, b = arrays
    size, one = context.get_abi_sizeof(context.get_value_type(dtype)), context.get_value_type(dtype)
    vector = ir.VectorType(one, lanes(size))
    (c_rows, _), (a_rows, a_steps) = (cgutils.unpack_tuple(builder, x.strides) for x in (c, a))
    b_steps = cgutils.unpack_tuple(builder, b.strides)[0]
    rows, steps = cgutils.unpack_tuple(builder, a.shape)
    last = builder.sub(rows, rows.type(1))
    # Of fewer rows than R the last is repeated: it is computed, and stored, several times over.
    row = [builder.select(builder.icmp_signed("<", rows.type(i), last), rows.type(i), last) for i in range(ROWS)]
    read = [_moved(builder, a.data, builder.mul(i, a_rows)) for i in row]
    write = [_moved(builder, c.data, builder.mul(i, c_rows)) for i in row]
    sums = [cgutils.alloca_once_value(builder, ir.Constant(vector, None)) for _ in row]
    with cgutils.for_range(builder, steps) as loop:
        right = _load(builder, _moved(builder, b.data, builder.mul(loop.index, b_steps)), vector, size)
        offset = builder.mul(loop.index, a_steps)
        for start, total in zip(read, sums, strict=True):
            left = _spread(builder, _load(builder, _moved(builder, start, offset), one, size), vector)
            builder.store(term(builder, left, right, builder.load(total)), total)
    before = [_load(builder, place, vector, size) for place in write]
    for place, old, total in zip(write, before, sums, strict=True):
        pointer = builder.bitcast(place, vector.as_pointer())
        builder.store(builder.fadd(old, builder.load(total)), pointer, align=size)


def _moved(builder: Any, pointer: Any, offset: Any) -> Any:
    """Return a pointer moved by some bytes."""
    return builder.gep(builder.bitcast(pointer, ir.IntType(8).as_pointer()), [offset])


def _load(builder: Any, pointer: Any, kind: Any, align: int) -> Any:
    return builder.load(builder.bitcast(pointer, kind.as_pointer()), align=align)


def _spread(builder: Any, number: Any, vector: Any) -> Any:
    """Return a vector of one number in all lanes."""
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.IntType(32)(0))
    lanes_of_it = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), lanes_of_it)


def _multiplied(builder: Any, left: Any, right: Any, total: Any) -> Any:
    return builder.fadd(total, builder.fmul(left, right, flags=("contract",)), flags=("contract",))


def _apart(builder: Any, left: Any, right: Any, total: Any) -> Any:
    apart = builder.fsub(left, right)
    return _multiplied(builder, apart, apart, total)


add_products = _panel_product(_multiplied)
add_squares = _panel_product(_apart)


@intrinsic
def panel_lanes(typing: Any, panel: Any) -> Any:
    """Return L of an array's dtype, a number the compiler knows."""
    count = lanes(panel.dtype.bitwidth // 8)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.get_constant(types.intp, count)

    return signature(types.intp, panel), generate


@intrinsic
def exponential(typing: Any, x: Any) -> Any:
    """Return eˣ of x ≤ 0 to about a rounding; of x below the range, e to the end of it."""
    wide = x.bitwidth == 64
    digits, terms, floor = (52, 13, -708.0) if wide else (23, 7, -87.0)
    high = 0.693147180369123816490 if wide else 0.693359375  # ln 2 to few digits: its multiples are exact

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = context.get_value_type(x)
        whole = ir.IntType(x.bitwidth)
        magic = kind(1.5 * 2.0**digits)  # adding it leaves the whole number in the last digits
        y = builder.select(builder.fcmp_ordered("<", args[0], kind(floor)), kind(floor), args[0])
        shifted = builder.fadd(builder.fmul(y, kind(1 / math.log(2))), magic)
        n = builder.fsub(shifted, magic)
        r = builder.fsub(y, builder.fmul(n, kind(high)))
        r = builder.fsub(r, builder.fmul(n, kind(math.log(2) - high)))
        series = kind(1 / math.factorial(terms))
        for k in reversed(range(terms)):
            product = builder.fmul(series, r, flags=("contract",))
            series = builder.fadd(product, kind(1 / math.factorial(k)), flags=("contract",))
        power = builder.shl(builder.bitcast(shifted, whole), whole(digits))
        return builder.bitcast(builder.add(builder.bitcast(series, whole), power), kind)

    return signature(x, x), generate
