r"""Products of matrices a block of which is held in registers: what a readout spends its time on.

The sums of a block of C stay in registers while k runs; a number of A is spread over all lanes, and each load of B
serves all rows of the block:

    C[i, :] += Σ_k A[i, k] B[k, :]          (or Σ_k (A[i, k] − B[k, :])², which loses no digits to cancellation)

A may have any strides, so X and its transpose are both read where they lie. A panel C one register wide is held 16 rows
at a time, each of which loads its number of A for itself; one of two registers 8 rows at a time. Or the lanes run along
k, and are added up at the end:

    C[i, j] = Σ_k A[j, k] B[i, k]           (or squares likewise)

Of fewer rows than a block has the last is repeated: it is computed, and stored, several times over.

Source: Goto & van de Geijn 2008, ACM TOMS 34 (3), 12.
"""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from mnemonist.kernels.vectors import WIDE, Plane, hidden, multiply_add, planes, sums_of, zeros

FEW = 4  # rows of a block whose lanes run along k, and registers in those of one or four rows
_PANELS = ((16, 1), (8, 2)) if WIDE else ((12, 1), (6, 2))  # rows and registers: what those of A and B leave room for
Term = Callable[..., Any]
Numbers = Callable[[Any], Iterable[Any]]


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


def _panel_product(term: Term, fetch: Term | None = None) -> Any:
    """Make C (i, j) += Σ_k term(A (i, k), B (k, j)), j one register or pairs of them; `fetch` goes on meanwhile."""

    @intrinsic
    def product(typing: Any, c: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            operands = planes(context, builder, sig.args, args)
            rows, columns = operands[0].shape
            word, (narrow, wide) = rows.type, _PANELS
            one = builder.icmp_signed("==", columns, word(operands[0].lanes))
            ends = [builder.sub(rows, builder.srem(rows, word(count))) for count, _ in _PANELS]
            with builder.if_else(one) as branches:
                for branch, shape, end in zip(branches, _PANELS, ends, strict=True):
                    with branch:
                        _emit_columns(builder, operands, (term, *shape, _evenly, fetch), (word(0), end))
            rest = (term, wide[0], narrow[1], _apart, None)
            _emit_columns(builder, operands, rest, (builder.select(one, *ends), rows))
            return context.get_dummy_value()

        return signature(types.void, c, a, b), generate

    return product


def _emit_columns(builder: Any, operands: list[Plane], way: tuple[Any, ...], span: tuple[Any, Any]) -> None:
    """Emit a span of rows: blocks of so many rows and registers, their numbers of A by `_evenly` or `_apart`."""
    (c, a, _), (term, count, registers, numbers, fetch), (start, end) = operands, way, span
    word, width = c.shape[0].type, registers * c.lanes
    with cgutils.for_range_slice(builder, word(0), c.shape[1], word(width), word) as (column, _):
        columns = [builder.mul(builder.add(column, word(r * c.lanes)), word(c.size)) for r in range(registers)]
        with cgutils.for_range_slice(builder, start, end, word(count), word) as (first, _):
            rows = _rows(builder, first, end, count)
            fetch_at = partial(fetch, builder, operands, (rows, columns)) if fetch else None
            _emit_block(builder, operands, (rows, columns), (term, numbers(builder, a, rows), fetch_at))


def _emit_block(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], way: tuple[Any, ...]) -> None:
    (c, a, b), (rows, columns), (term, numbers, fetch) = operands, where, way
    sums = zeros(builder, c.vector, (len(rows), len(columns)))
    with cgutils.for_range(builder, a.shape[1]) as loop:
        right = [b.load(b.moved(b.row(loop.index), column)) for column in columns]
        if fetch:
            fetch(loop.index)
        for left, totals in zip(numbers(loop.index), sums, strict=True):
            for vector, total in zip(right, totals, strict=True):
                builder.store(term(builder, left, vector, builder.load(total)), total)
    places = [c.moved(c.row(i), column) for i in rows for column in columns]
    before = [c.load(place) for place in places]  # all of them first: a row may be there twice
    for place, was, total in zip(places, before, chain.from_iterable(sums), strict=True):
        c.store(builder.fadd(was, builder.load(total)), place)


def _apart(builder: Any, a: Plane, rows: list[Any]) -> Numbers:
    """Return what emits number k of each of some rows, in all lanes."""
    starts = [a.row(i) for i in rows]
    return lambda k: [a.spread(start, builder.mul(k, a.strides[1])) for start in starts]


def _evenly(builder: Any, a: Plane, rows: list[Any]) -> Numbers:
    """Return what emits number k = 0, 1, … of each of some rows one behind the other, in all lanes.

    A processor has too few places for a pointer to each row, and the compiler would keep all. So each fourth has one
    that is moved on, from which the next are so many strides away; columns that lie side by side need only one.
    """
    if isinstance(a.strides[0], ir.Constant):
        start, apart = a.row(rows[0]), [rows[0].type(i * a.size) for i in range(len(rows))]
        return lambda k: [a.spread(a.moved(start, builder.mul(k, a.strides[1])), step) for step in apart]
    places = [cgutils.alloca_once_value(builder, a.row(i)) for i in rows[::FEW]]
    steps = [hidden(builder, builder.mul(a.strides[0], rows[0].type(i))) for i in range(FEW)]

    def numbers(k: Any) -> Iterable[Any]:
        for first, place in zip(range(0, len(rows), FEW), places, strict=True):
            start = hidden(builder, builder.load(place))
            builder.store(builder.bitcast(a.moved(start, a.strides[1]), start.type), place)
            yield from (a.spread(start, step) for step in steps[: len(rows) - first])

    return numbers


def _fetch_rows(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], k: Any) -> None:
    """Fetch number k of one of the rows as far behind A's as A is long, of each in its turn."""
    (_, a, _), (rows, _) = operands, where
    row = builder.add(builder.add(rows[0], a.shape[0]), builder.urem(k, k.type(len(rows))))
    a.prefetch(a.moved(a.row(row), builder.mul(k, a.strides[1])))


def _fetch_second_half(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], k: Any) -> None:
    """Fetch half of some columns of a row behind B: two k share a row of the second half of those to come."""
    (_, _, b), (_, columns), word = operands, where, k.type
    half, parity = builder.ashr(k, word(1)), builder.and_(k, word(1))
    row = b.row(builder.add(builder.add(b.shape[0], builder.ashr(b.shape[0], word(1))), half))
    step = builder.mul(parity, word(len(columns) // 2 * b.lanes * b.size))
    for column in columns[: len(columns) // 2]:
        b.prefetch(b.moved(b.moved(row, column), step))


def _emit_few(builder: Any, operands: list[Plane], count: int) -> None:
    rows = operands[0].shape[0]
    way = _product_term, count, FEW, _apart, _fetch_second_half
    _emit_columns(builder, operands, way, (rows.type(0), rows))


add_products = _panel_product(_product_term)
add_scores, add_squares = (_panel_product(term, _fetch_rows) for term in (_product_term, _square_term))
add_rows = _product(_emit_few, (1, FEW), 0)


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
