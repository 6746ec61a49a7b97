r"""The column of a neuron in a sweep, 64 patterns a word: parts of words are masks of registers.

    sum_where:  Σ_{k: bit k is 1} x_k        add_signs:  h_k ← h_k + step · ξ_k,   ξ_k = ±1 by bit k, 0 where unknown

Shapes: column, known (V,) words; x (64 V,) float64; h (K,) int32, K ≤ 64 V: numbers behind its last whole word stay.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.kernels.vectors import bit_mask, planes, splat, sums_of, zeros

_WORD = 64


@intrinsic
def sum_where(typing: Any, column: Any, turned: Any, x: Any) -> Any:
    """Return the sum of the numbers whose bit is 1 after its word has been ⊕ `turned`."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits, numbers = planes(context, builder, (column, x), (args[0], args[2]))
        (sums,), none = zeros(builder, numbers.vector, (1, _WORD // numbers.lanes)), ir.Constant(numbers.vector, None)
        with cgutils.for_range(builder, bits.shape[0]) as loop:
            word = builder.xor(builder.load(bits.row(loop.index)), args[1])
            for part, total in enumerate(sums):
                some = numbers.load(_register(builder, numbers, loop.index, part))
                some = builder.select(bit_mask(builder, word, part, numbers.lanes), some, none)
                builder.store(builder.fadd(builder.load(total), some), total)
        vectors = [builder.load(total) for total in sums]
        while len(vectors) > 1:
            vectors = [builder.fadd(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]
        return builder.extract_element(sums_of(builder, vectors), ir.IntType(32)(0))

    return signature(types.float64, column, types.uint64, x), generate


@intrinsic
def add_signs(typing: Any, h: Any, column: Any, known: Any, step: Any) -> Any:
    """Add step · ξ to the scores h."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        scores, bits, there = planes(context, builder, (h, column, known), args[:3])
        up, none = splat(builder, args[3], scores.vector), ir.Constant(scores.vector, None)
        down, words = builder.neg(up), builder.sdiv(scores.shape[0], scores.shape[0].type(_WORD))
        with cgutils.for_range(builder, words) as loop:
            word, seen = builder.load(bits.row(loop.index)), builder.load(there.row(loop.index))
            for part in range(_WORD // scores.lanes):
                place = _register(builder, scores, loop.index, part)
                sign = builder.select(bit_mask(builder, word, part, scores.lanes), up, down)
                sign = builder.select(bit_mask(builder, seen, part, scores.lanes), sign, none)
                scores.store(builder.add(scores.load(place), sign), place)
        return context.get_dummy_value()

    return signature(types.void, h, column, known, types.int32), generate


def _register(builder: Any, numbers: Any, word: Any, part: int) -> Any:
    """Return where the register of a part of a word begins."""
    first = builder.mul(word, word.type(_WORD))
    return numbers.row(builder.add(first, word.type(part * numbers.lanes)))
