r"""Counts of bits that are kept digit by digit, 64 at a time: what weighs them, in registers.

    up_j += f · Σ_d 2ᵈ · (bit j of digit d)

A run of bits is the mask of the lanes to which 2ᵈ is added: counting sixteen neurons takes an instruction a digit.
Counts are whole and below 2³¹, so each f · count is rounded once.

Shapes: up (64 W,) float64; digits (D,) words.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.patterns.vectors import lanes, multiply_add, planes, splat, zeros

_COUNT = ir.IntType(32)


@intrinsic
def add_counts(typing: Any, up: Any, first: Any, digits: Any, f: Any) -> Any:
    """Add f times the counts of 64 neurons to up, from `first` on, and leave the digits 0."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sums, words = planes(context, builder, (up, digits), (args[0], args[2]))
        vector = ir.VectorType(_COUNT, lanes(4))
        (counts,) = zeros(builder, vector, (1, 64 // vector.count))
        with cgutils.for_range(builder, words.shape[0]) as loop:
            place = words.row(loop.index)
            word = builder.load(place)
            with builder.if_then(builder.icmp_unsigned("!=", word, word.type(0))):
                builder.store(word.type(0), place)
                power = splat(builder, builder.shl(_COUNT(1), builder.trunc(loop.index, _COUNT)), vector)
                for i, count in enumerate(counts):
                    bits = builder.trunc(builder.lshr(word, word.type(i * vector.count)), ir.IntType(vector.count))
                    mask = builder.bitcast(bits, ir.VectorType(ir.IntType(1), vector.count))
                    some = builder.select(mask, power, ir.Constant(vector, None))
                    builder.store(builder.add(builder.load(count), some), count)
        doubles = ir.VectorType(sums.number, vector.count)
        weight = splat(builder, args[3], doubles)
        for i, count in enumerate(counts):
            place = sums.row(builder.add(args[1], args[1].type(i * vector.count)))
            here = builder.bitcast(place, doubles.as_pointer())
            many = builder.sitofp(builder.load(count), doubles)
            builder.store(multiply_add(builder, weight, many, builder.load(here, align=8)), here, align=8)
        return context.get_dummy_value()

    return signature(types.void, up, first, digits, f), generate
