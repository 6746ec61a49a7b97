r"""Overlaps of packed patterns with cues, a block of which is held in registers: where a packed recall spends its time.

    d(P) = Σ_w popcount((P_w ⊕ x_w) ∧ s_w)        x: bits of the cue that are +1; s: bits that it has at all
    o = Σ x ξ = base − 2 d(plus) + d(known)        base = Σ popcount(x ∧ s)

over the neurons known on both sides; where the patterns know all, d(known) = Σ popcount(s) − Σ popcount(x ∧ s), so the
last term is left out with base = Σ popcount(s). Lanes run along patterns; the sums stay in registers while w runs, and
a load of patterns serves all cues of the block. Cues are taken four at a time, what is left of them one at a time.

Shapes: plus, known (T, W, 256), see `packing`; x, s (B, W); out (b, t, 256) int32.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.kernels.vectors import WIDE, Plane, bits_in, planes, splat, zeros
from mnemonist.stores.packing import TILE

Where = tuple[Any, list[Any], list[Any]]
_SHAPES = ((4, 4), (1, 16)) if WIDE else ((4, 2), (1, 8))  # cues and registers of patterns in a block


@intrinsic
def overlaps(typing: Any, out: Any, words: Any, cues: Any, part: Any, where: Any) -> Any:
    """Set out (b, place, 256) to the overlaps of a tile with a part (first, behind the last) of the cues.

    Words are (plus, known), cues (x, s), `where` is (tile, place).
    """

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        patterns, those, (first, last), (tile, place) = (cgutils.unpack_tuple(builder, x) for x in args[1:])
        operands = planes(context, builder, (out, *words, *cues), (args[0], *patterns, *those))
        word, start = first.type, first
        for count, registers in _SHAPES:
            some = builder.sub(last, builder.srem(builder.sub(last, start), word(count)))
            with cgutils.for_range_slice(builder, start, some, word(count), word) as (cue, _):
                rows = [builder.add(cue, word(i)) for i in range(count)]
                ends = [operands[0].row(builder.sub(row, first), place) for row in rows]
                _emit_tile(builder, operands, (tile, rows, ends), registers)
            start = some
        return context.get_dummy_value()

    return signature(types.void, out, words, cues, part, where), generate


def _emit_tile(builder: Any, operands: Sequence[Plane], where: Where, registers: int) -> None:
    """Set the ends of out, one for each of the rows of the cues, to the overlaps of a tile."""
    (out, plus, known, *cues), (tile, rows, ends) = operands, where
    word, width = tile.type, registers * plus.lanes
    starts = [[plane.row(row) for plane in cues] for row in rows]
    some = builder.icmp_signed(">", known.shape[0], word(0))
    bases = [splat(builder, base, plus.vector) for base in _emit_bases(builder, cues, starts, some)]
    with cgutils.for_range_slice(builder, word(0), word(TILE), word(width), word) as (lane, _):
        lanes = [builder.add(lane, word(r * plus.lanes)) for r in range(registers)]
        columns = [builder.mul(at, word(plus.size)) for at in lanes]
        sums = zeros(builder, plus.vector, (len(rows), registers))
        _emit_differing(builder, (plus, *cues), (tile, starts, columns), sums)
        for base, totals in zip(bases, sums, strict=True):
            for total in totals:
                twice = builder.add(builder.load(total), builder.load(total))
                builder.store(builder.sub(base, twice), total)
        with builder.if_then(some):
            _emit_differing(builder, (known, *cues), (tile, starts, columns), sums)
        places = [out.moved(end, builder.mul(at, word(out.size))) for end in ends for at in lanes]
        for place, total in zip(places, chain.from_iterable(sums), strict=True):
            out.store(builder.trunc(builder.load(total), ir.VectorType(out.number, plus.lanes)), place)


def _emit_bases(builder: Any, cues: Sequence[Plane], starts: list[list[Any]], some: Any) -> list[Any]:
    """Return the base of each cue; `some` says whether there is a plane of what patterns know."""
    x, seen = cues
    number = x.number
    bases = [cgutils.alloca_once_value(builder, number(0)) for _ in starts]
    with cgutils.for_range(builder, x.shape[1]) as loop:
        step = builder.mul(loop.index, x.strides[1])
        for (plain, mask), base in zip(starts, bases, strict=True):
            bits, there = x.number_at(plain, step), seen.number_at(mask, step)
            counted = builder.and_(there, builder.select(some, bits, number(-1)))
            builder.store(builder.add(builder.load(base), bits_in(builder, counted)), base)
    return [builder.load(base) for base in bases]


def _emit_differing(builder: Any, operands: Sequence[Plane], where: Where, sums: list[list[Any]]) -> None:
    """Add d(P) to the sums."""
    (plane, x, seen), (tile, starts, columns) = operands, where
    with cgutils.for_range(builder, plane.shape[1]) as loop:
        row, step = plane.row(tile, loop.index), builder.mul(loop.index, x.strides[1])
        words = [plane.load(plane.moved(row, column)) for column in columns]
        for (plain, mask), totals in zip(starts, sums, strict=True):
            cue, some = x.spread(plain, step), seen.spread(mask, step)
            for patterns, total in zip(words, totals, strict=True):
                differing = bits_in(builder, builder.and_(builder.xor(patterns, cue), some))
                builder.store(builder.add(builder.load(total), differing), total)
