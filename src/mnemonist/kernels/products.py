r"""Products of matrices a block of which is held in registers: what a readout spends its time on.

The sums of a block of C stay in registers while k runs; a number of A is spread over all lanes, and each load of B
serves all rows of the block:

    C[i, :] += Σ_k A[i, k] B[k, :]          or Σ_k (A[i, k] − B[k, :])², which loses no digits to cancellation

A may have any strides, so X and its transpose are both read where they lie. A panel C one register wide is held 16 rows
at a time, each of which loads its number of A for itself; one of two registers 8 rows at a time. Or the lanes run along
k, and are added up at the end:

    C[i, j] = Σ_k A[j, k] B[i, k]           or squares likewise

Squares may come with a mask like B, of 1 where a difference counts and 0 where not; where it is None all count. Numbers
of A and B may be shorter than those of C, to which they are converted. Of fewer rows than a block has the last is
repeated: it is computed, and stored, several times over.

Source: Goto & van de Geijn 2008, ACM TOMS 34 (3), 12.
"""

from collections.abc import Callable, Iterable, Sequence
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


def _product_term(builder: Any, left: Any, right: Sequence[Any], total: Any) -> Any:
    """Emit total + left · right."""
    return multiply_add(builder, left, right[0], total)


def _square_term(builder: Any, left: Any, right: Sequence[Any], total: Any) -> Any:
    """Emit total + (left − right)², of a difference times a mask where one stands beside right."""
    apart = builder.fsub(left, right[0])
    for mask in right[1:]:
        apart = builder.fmul(apart, mask)
    return multiply_add(builder, apart, apart, total)


def _intrinsics(emit: Callable[..., None]) -> tuple[Any, Any]:
    """Make what a kernel can call of C, A and B, and with one more."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        arrays = [(kind, value) for kind, value in zip(sig.args, args, strict=True) if isinstance(kind, types.Array)]
        c, *others = planes(context, builder, *zip(*arrays, strict=True))
        emit(builder, [c, *(other.widened(c) for other in others)])
        return context.get_dummy_value()

    @intrinsic
    def three(typing: Any, c: Any, a: Any, b: Any) -> Any:
        return signature(types.void, c, a, b), generate

    @intrinsic
    def four(typing: Any, c: Any, a: Any, b: Any, d: Any) -> Any:
        return signature(types.void, c, a, b, d), generate

    return three, four


def _emit_counted(builder: Any, operands: list[Plane], counted: int, emit: Callable[..., None], ways: Any) -> None:
    """Emit a product the first way where the `counted` operand has a single row, else the second."""
    rows = operands[counted].shape[0]
    single = builder.icmp_signed("==", rows, rows.type(1))
    with builder.if_else(single) as branches:
        for branch, way in zip(branches, ways, strict=True):
            with branch:
                emit(builder, operands, way)


# --- lanes along the columns of C --------------------------------------------------------------------------------


def _emit_panel(builder: Any, operands: list[Plane], term: Term, fetch: Term | None = None) -> None:
    """Emit C (i, j) += Σ_k term(A (i, k), B (k, j)), j one register or pairs of them; `fetch` goes on meanwhile."""
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


def _emit_columns(builder: Any, operands: list[Plane], way: tuple[Any, ...], span: tuple[Any, Any]) -> None:
    """Emit a span of rows: blocks of so many rows and registers, their numbers of A by `_evenly` or `_apart`."""
    (c, a, *_), (term, count, registers, numbers, fetch), (start, end) = operands, way, span
    word, width = c.shape[0].type, registers * c.lanes
    with cgutils.for_range_slice(builder, word(0), c.shape[1], word(width), word) as (column, _):
        columns = [builder.mul(builder.add(column, word(r * c.lanes)), word(c.size)) for r in range(registers)]
        with cgutils.for_range_slice(builder, start, end, word(count), word) as (first, _):
            rows = _rows(builder, first, end, count)
            fetch_at = partial(fetch, builder, operands, (rows, columns)) if fetch else None
            _emit_block(builder, operands, (rows, columns), (term, numbers(builder, a, rows), fetch_at))


def _emit_block(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], way: tuple[Any, ...]) -> None:
    (c, a, *others), (rows, columns), (term, numbers, fetch) = operands, where, way
    sums = zeros(builder, c.vector, (len(rows), len(columns)))
    with cgutils.for_range(builder, a.shape[1]) as loop:
        right = [[b.load(b.moved(b.row(loop.index), _in(builder, b, c, column))) for b in others] for column in columns]
        if fetch:
            fetch(loop.index)
        for left, totals in zip(numbers(loop.index), sums, strict=True):
            for vectors, total in zip(right, totals, strict=True):
                builder.store(term(builder, left, vectors, builder.load(total)), total)
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
    (_, a, *_), (rows, _) = operands, where
    row = builder.add(builder.add(rows[0], a.shape[0]), builder.urem(k, k.type(len(rows))))
    a.prefetch(a.moved(a.row(row), builder.mul(k, a.strides[1])))


def _fetch_second_half(builder: Any, operands: list[Plane], where: tuple[list[Any], ...], k: Any) -> None:
    """Fetch half of some columns of a row behind B: two k share a row of the second half of those to come."""
    (c, _, b), (_, columns), word = operands, where, k.type
    half, parity = builder.ashr(k, word(1)), builder.and_(k, word(1))
    row = b.row(builder.add(builder.add(b.shape[0], builder.ashr(b.shape[0], word(1))), half))
    step = builder.mul(parity, word(len(columns) // 2 * b.lanes * b.size))
    for column in columns[: len(columns) // 2]:
        b.prefetch(b.moved(b.moved(row, _in(builder, b, c, column)), step))


def _in(builder: Any, one: Plane, other: Plane, step: Any) -> Any:
    """Emit how many bytes in one plane are as many numbers as so many bytes in the other."""
    if one.size == other.size:
        return step
    return builder.sdiv(builder.mul(step, step.type(one.size)), step.type(other.size))


def _emit_few(builder: Any, operands: list[Plane], count: int) -> None:
    rows = operands[0].shape[0]
    way = _product_term, count, FEW, _apart, _fetch_second_half
    _emit_columns(builder, operands, way, (rows.type(0), rows))


add_products, _ = _intrinsics(partial(_emit_panel, term=_product_term))
add_scores, _ = _intrinsics(partial(_emit_panel, term=_product_term, fetch=_fetch_rows))
_, add_squares = _intrinsics(partial(_emit_panel, term=_square_term, fetch=_fetch_rows))
add_rows, _ = _intrinsics(partial(_emit_counted, counted=0, emit=_emit_few, ways=(1, FEW)))


# --- lanes along k -----------------------------------------------------------------------------------------------


def _emit_rows(builder: Any, operands: list[Plane], way: tuple[Term, bool, int]) -> None:
    """Emit C (i, j) = Σ_k term(A (j, k), B (i, k)), k whole registers; C has room for whole blocks of four j.

    Σ_k A (j, k)² goes to the last operand (1, j) where that is for sizes. It fetches the first half of as many rows
    behind A as it has, while it is at it.
    """
    (c, a, *others), (term, sized, count) = operands, way
    sizes = [others.pop()] if sized else []
    word, cues = a.shape[0].type, others[0].shape[0]
    with cgutils.for_range_slice(builder, word(0), cues, word(count), word) as (cue, _):
        right = _rows(builder, cue, cues, count)
        rights = [[b.row(i) for b in others] for i in right]
        with cgutils.for_range_slice(builder, word(0), a.shape[0], word(FEW), word) as (first, _):
            lefts = [a.row(j) for j in _rows(builder, first, a.shape[0], FEW)]
            half = builder.add(a.shape[0], builder.ashr(first, word(1)))
            beyond = [a.row(builder.add(half, word(j))) for j in range(FEW // 2)]
            found, own = _emit_sums(builder, (a, *others), (lefts, rights, beyond), (term, sized))
            column = builder.mul(first, c.strides[1])
            for i, index in enumerate(right):
                four = ir.Constant(ir.VectorType(ir.IntType(32), FEW), [i * FEW + j for j in range(FEW)])
                c.store(builder.shuffle_vector(found, found, four), c.moved(c.row(index), column))
            for plane in sizes:
                plane.store(own, plane.moved(plane.data, column))


def _emit_sums(builder: Any, operands: Sequence[Plane], where: tuple[list[Any], ...], way: tuple[Term, bool]) -> Any:
    """Emit the sums for each row of B and A, and the squares of those of A or None."""
    (a, *others), (lefts, rights, beyond), (term, sized) = operands, where, way
    sums, (own,) = zeros(builder, a.vector, (len(rights), len(lefts))), zeros(builder, a.vector, (1, len(lefts)))
    with a.columns() as column:
        rows = [a.load(a.moved(start, column)) for start in lefts]
        for start in beyond:
            a.prefetch(a.moved(start, column))
        for starts, totals in zip(rights, sums, strict=True):
            along = zip(others, starts, strict=True)
            vectors = [b.load(b.moved(start, _in(builder, b, a, column))) for b, start in along]
            for row, total in zip(rows, totals, strict=True):
                builder.store(term(builder, row, vectors, builder.load(total)), total)
        for row, total in zip(rows, own if sized else (), strict=False):
            builder.store(multiply_add(builder, row, row, builder.load(total)), total)
    totals = [[builder.load(total) for total in of_all] for of_all in (chain.from_iterable(sums), own)]
    return sums_of(builder, totals[0]), sums_of(builder, totals[1]) if sized else None


def _along_k(term: Term, *, sized: bool = False) -> Callable[..., None]:
    """Return what emits a product for one row of B, or for blocks of four."""
    return partial(_emit_counted, counted=2, emit=_emit_rows, ways=((term, sized, 1), (term, sized, FEW)))


row_products, _ = _intrinsics(_along_k(_product_term))
_, row_products_and_sizes = _intrinsics(_along_k(_product_term, sized=True))
_, row_squares = _intrinsics(_along_k(_square_term))


def _rows(builder: Any, first: Any, count: Any, most: int) -> list[Any]:
    """Emit the indices of `most` rows from the first on, of `count` rows in all."""
    word = count.type
    last = builder.sub(count, word(1))
    rows = [builder.add(first, word(i)) for i in range(most)]
    return [builder.select(builder.icmp_signed("<", row, last), row, last) for row in rows]
