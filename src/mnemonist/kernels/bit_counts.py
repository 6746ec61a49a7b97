r"""Counting bits, 512 at a time: the digits of the counts are registers, or rows of words.

    digits[d, w]    bit j is digit d of how many of the rows have bit j of word w

Adding a row is adding with carry, a full adder for each bit: (a, b, c) → (a ⊕ b ⊕ c, at least two of them). Eight rows
at a time pass seven of these before a carry goes on (Harley & Seal), so a row costs few instructions for all its words.
At last a word of a digit is the mask of the lanes to which 2ᵈ is added:

    up_j += f · Σ_d 2ᵈ · (bit j of digits[d, w])

Counts are whole and below 2³¹, so each f · count is rounded once.

Source: Warren 2012, Hacker's Delight, chapter 5.
Shapes: rows (P, 8) words; order (P,) uint32; digits (D, 8) words; up (64 W,) float64.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.kernels.vectors import Plane, bit_mask, lanes, multiply_add, planes, splat, zeros
from mnemonist.stores.packing import WORDS

_COUNT = ir.IntType(32)
_ROW = ir.VectorType(ir.IntType(64), WORDS)


@intrinsic
def count_rows(typing: Any, rows: Any, order: Any, part: Any, digits: Any) -> Any:
    """Add the bits of the rows of a part (first, behind the last) of the order to digits that are 0."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        words, places, counts = planes(context, builder, (rows, order, digits), (args[0], args[1], args[3]))
        first, last = cgutils.unpack_tuple(builder, args[2])
        word = first.type

        def row(i: Any) -> Any:
            index = builder.load(builder.bitcast(places.row(i), _COUNT.as_pointer()))
            return _load(builder, words.row(builder.zext(index, word)))

        (low,) = zeros(builder, _ROW, (1, 3))
        eights = builder.sub(last, builder.srem(builder.sub(last, first), word(8)))
        with cgutils.for_range_slice(builder, first, eights, word(8), word) as (i, _):
            eight = [row(builder.add(i, word(k))) for k in range(8)]
            _emit_carry(builder, counts, len(low), _emit_eight(builder, eight, low))
        for digit, here in enumerate(low):
            _store(builder, builder.load(here), counts.row(word(digit)))
        with cgutils.for_range_slice(builder, eights, last, word(1), word) as (i, _):
            _emit_carry(builder, counts, 0, row(i))
        return context.get_dummy_value()

    return signature(types.void, rows, order, part, digits), generate


def _emit_eight(builder: Any, rows: list[Any], low: list[Any]) -> Any:
    """Add eight rows to the three lowest digits; return the carry."""
    ones, twos, fours = (builder.load(digit) for digit in low)
    ones, a = _emit_adder(builder, ones, rows[0], rows[1])
    ones, b = _emit_adder(builder, ones, rows[2], rows[3])
    twos, c = _emit_adder(builder, twos, a, b)
    ones, a = _emit_adder(builder, ones, rows[4], rows[5])
    ones, b = _emit_adder(builder, ones, rows[6], rows[7])
    twos, d = _emit_adder(builder, twos, a, b)
    fours, carry = _emit_adder(builder, fours, c, d)
    for digit, new in zip(low, (ones, twos, fours), strict=True):
        builder.store(new, digit)
    return carry


def _emit_adder(builder: Any, a: Any, b: Any, c: Any) -> tuple[Any, Any]:
    """Return sums and carries."""
    either = builder.xor(a, b)
    return builder.xor(either, c), builder.or_(builder.and_(a, b), builder.and_(either, c))


def _emit_carry(builder: Any, counts: Plane, digit: int, row: Any) -> None:
    """Add a row to the counts at this digit, and what is carried to the next ones, until there is nothing left."""
    word = counts.shape[0].type
    carry, at = cgutils.alloca_once_value(builder, row), cgutils.alloca_once_value(builder, word(digit))
    head, body, end = (builder.append_basic_block(name) for name in ("carry", "carry.on", "carried"))
    builder.branch(head)
    builder.position_at_end(head)
    kind = ir.FunctionType(_ROW.element, [_ROW])
    name = f"llvm.vector.reduce.or.v{_ROW.count}i64"
    left = builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [builder.load(carry)])
    builder.cbranch(builder.icmp_unsigned("!=", left, left.type(0)), body, end)
    builder.position_at_end(body)
    place, new = counts.row(builder.load(at)), builder.load(carry)
    old = _load(builder, place)
    _store(builder, builder.xor(old, new), place)
    builder.store(builder.and_(old, new), carry)
    builder.store(builder.add(builder.load(at), word(1)), at)
    builder.branch(head)
    builder.position_at_end(end)


def _load(builder: Any, place: Any) -> Any:
    return builder.load(builder.bitcast(place, _ROW.as_pointer()), align=8)


def _store(builder: Any, row: Any, place: Any) -> None:
    builder.store(row, builder.bitcast(place, _ROW.as_pointer()), align=8)


@intrinsic
def add_counts(typing: Any, up: Any, first: Any, digits: Any, column: Any, f: Any) -> Any:
    """Add f times the counts of a column of digits to up, from `first` on, and leave these digits 0."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums, words = planes(context, builder, (up, digits), (args[0], args[2]))
        vector = ir.VectorType(_COUNT, lanes(4))
        (counts,) = zeros(builder, vector, (1, 64 // vector.count))
        with cgutils.for_range(builder, words.shape[0]) as loop:
            place = words.row(loop.index, args[3])
            word = builder.load(place)
            with builder.if_then(builder.icmp_unsigned("!=", word, word.type(0))):
                builder.store(word.type(0), place)
                power = splat(builder, builder.shl(_COUNT(1), builder.trunc(loop.index, _COUNT)), vector)
                for i, count in enumerate(counts):
                    mask = bit_mask(builder, word, i, vector.count)
                    some = builder.select(mask, power, ir.Constant(vector, None))
                    builder.store(builder.add(builder.load(count), some), count)
        doubles = ir.VectorType(sums.number, vector.count)
        weight = splat(builder, args[4], doubles)
        for i, count in enumerate(counts):
            place = sums.row(builder.add(args[1], args[1].type(i * vector.count)))
            here = builder.bitcast(place, doubles.as_pointer())
            many = builder.sitofp(builder.load(count), doubles)
            builder.store(multiply_add(builder, weight, many, builder.load(here, align=8)), here, align=8)
        return context.get_dummy_value()

    return signature(types.void, up, types.intp, digits, types.intp, f), generate
