r"""Products of matrices a block of which is held in registers: what a readout spends its time on.

The sums of a block of C stay in registers while k runs; a number of A is spread over all lanes, and each load of B
serves all rows of the block:

    C[i, :] += Σ_k A[i, k] B[k, :]          (or Σ_k (A[i, k] − B[k, :])², which loses no digits to cancellation)

A may have any strides, so X and its transpose are both read where they lie. Or the lanes run along k, and are added up
at the end:

    C[i, j] = Σ_k A[j, k] B[i, k]           (or squares likewise)

Of fewer rows than a block has the last is repeated: it is computed, and stored, several times over.

Source: Goto & van de Geijn 2008, ACM TOMS 34 (3), 12.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.patterns.vectors import WIDE, Plane, multiply_add, planes, sums_of, zeros

FEW = 4  # rows of a block whose lanes run along k, and registers in those of one or four rows
_PANEL = (8, 2) if WIDE else (6, 2)  # rows and registers of a block: as many as there are beside those of A and B
Term = Callable[..., Any]
Shape = tuple[int, int]


def _product_term(builder: Any, left: Any, right: Any, total: Any) -> Any:
    return multiply_add(builder, left, right, total)


def _square_term(builder: Any, left: Any, right: Any, total: Any) -> Any:
    apart = builder.fsub(left, right)
    return multiply_add(builder, apart, apart, total)


def _product(emit: Callable[..., None], ways: tuple[Any, Any], counted: int) -> Any:
    """Make a product of C, A and B that goes the first way where the `counted` operand has a single row."""

    @intrinsic
    def product(typing: Any, c: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            operands = planes(context, builder, sig.args, args)
            rows = operands[counted].shape[0]
            single = builder.icmp_signed("==", rows, rows.type(1))
            with builder.if_else(single) as (one, several):
                with one:
                    emit(builder, operands, ways[0])
                with several:
                    emit(builder, operands, ways[1])
            return context.get_dummy_value()

        return signature(types.void, c, a, b), generate

    return product


# --- lanes along the columns of C --------------------------------------------------------------------------------


def _column_product(term: Term, shapes: tuple[Shape, Shape], *, ahead: bool = False) -> Any:
    """Make C (i, j) += Σ_k term(A (i, k), B (k, j)), j whole blocks, of the first shape where C has a single row.

    `ahead` fetches the second half of as many rows behind B as it has, while it is at it.
    """
    one, several = ((term, *shape, ahead) for shape in shapes)
    return _product(_emit_columns, (one, several), 0)


def _emit_columns(builder: Any, operands: list[Plane], way: tuple[Term, int, int, bool]) -> None:
    (c, a, _), (term, count, registers, ahead) = operands, way
    word, width = c.shape[0].type, registers * c.lanes
    with cgutils.for_range_slice(builder, word(0), c.shape[1], word(width), word) as (column, _):
        columns = [builder.mul(builder.add(column, word(r * c.lanes)), word(c.size)) for r in range(registers)]
        with cgutils.for_range_slice(builder, word(0), c.shape[0], word(count), word) as (first, _):
            rows = _rows(builder, first, c.shape[0], count)
            where = [c.row(i) for i in rows], [a.row(i) for i in rows], columns
            _emit_block(builder, operands, where, (term, ahead))


def _emit_block(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], way: tuple[Term, bool]) -> None:
    (c, a, b), (ends, starts, columns), (term, ahead) = operands, where, way
    sums = zeros(builder, c.vector, (len(starts), len(columns)))
    with cgutils.for_range(builder, a.shape[1]) as loop:
        row, step = b.row(loop.index), builder.mul(loop.index, a.strides[1])
        right = [b.load(b.moved(row, column)) for column in columns]
        if ahead:
            _fetch_second_half(builder, b, loop.index, columns)
        for start, totals in zip(starts, sums, strict=True):
            left = a.spread(start, step)
            for vector, total in zip(right, totals, strict=True):
                builder.store(term(builder, left, vector, builder.load(total)), total)
    places = [c.moved(end, column) for end in ends for column in columns]
    before = [c.load(place) for place in places]  # all of them first: a row may be there twice
    for place, was, total in zip(places, before, chain.from_iterable(sums), strict=True):
        c.store(builder.fadd(was, builder.load(total)), place)


def _fetch_second_half(builder: Any, b: Plane, k: Any, columns: list[Any]) -> None:
    """Fetch half of these columns of a row behind B: two k share a row of the second half of those to come."""
    word = k.type
    half, parity = builder.ashr(k, word(1)), builder.and_(k, word(1))
    row = b.row(builder.add(builder.add(b.shape[0], builder.ashr(b.shape[0], word(1))), half))
    step = builder.mul(parity, word(len(columns) // 2 * b.lanes * b.size))
    for column in columns[: len(columns) // 2]:
        b.prefetch(b.moved(b.moved(row, column), step))


add_products = _column_product(_product_term, ((1, 2), _PANEL))
add_squares = _column_product(_square_term, ((1, 2), _PANEL))
add_rows = _column_product(_product_term, ((1, FEW), (FEW, FEW)), ahead=True)


# --- lanes along k -----------------------------------------------------------------------------------------------


def _row_product(term: Term) -> Any:
    """Make C (i, j) = Σ_k term(A (j, k), B (i, k)), k whole registers; C has room for whole blocks of four j.

    It fetches the first half of as many rows behind A as it has, while it is at it.
    """
    return _product(_emit_rows, ((term, 1), (term, FEW)), 2)


def _emit_rows(builder: Any, operands: list[Plane], way: tuple[Term, int]) -> None:
    (c, a, b), (term, count) = operands, way
    word = a.shape[0].type
    with cgutils.for_range_slice(builder, word(0), b.shape[0], word(count), word) as (cue, _):
        right = _rows(builder, cue, b.shape[0], count)
        rights = [b.row(i) for i in right]
        with cgutils.for_range_slice(builder, word(0), a.shape[0], word(FEW), word) as (first, _):
            lefts = [a.row(j) for j in _rows(builder, first, a.shape[0], FEW)]
            half = builder.add(a.shape[0], builder.ashr(first, word(1)))
            beyond = [a.row(builder.add(half, word(j))) for j in range(FEW // 2)]
            found = _emit_sums(builder, (a, b), (lefts, rights, beyond), term)
            column = builder.mul(first, c.strides[1])
            for i, index in enumerate(right):
                four = ir.Constant(ir.VectorType(ir.IntType(32), FEW), [i * FEW + j for j in range(FEW)])
                c.store(builder.shuffle_vector(found, found, four), c.moved(c.row(index), column))


def _emit_sums(builder: Any, operands: tuple[Plane, Plane], where: tuple[list[Any], ...], term: Term) -> Any:
    (a, b), (lefts, rights, beyond) = operands, where
    sums = zeros(builder, a.vector, (len(rights), len(lefts)))
    with a.columns() as column:
        rows = [a.load(a.moved(start, column)) for start in lefts]
        for start in beyond:
            a.prefetch(a.moved(start, column))
        for start, totals in zip(rights, sums, strict=True):
            vector = b.load(b.moved(start, column))
            for row, total in zip(rows, totals, strict=True):
                builder.store(term(builder, row, vector, builder.load(total)), total)
    return sums_of(builder, [builder.load(total) for total in chain.from_iterable(sums)])


row_products, row_squares = _row_product(_product_term), _row_product(_square_term)


def _rows(builder: Any, first: Any, count: Any, most: int) -> list[Any]:
    """Emit the indices of `most` rows from the first on, of `count` rows in all."""
    word = count.type
    last = builder.sub(count, word(1))
    rows = [builder.add(first, word(i)) for i in range(most)]
    return [builder.select(builder.icmp_signed("<", row, last), row, last) for row in rows]
