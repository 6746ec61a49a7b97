"""Units, sizes, numbers: the same answers in any unit, or one sentence."""

import numpy as np
import pytest

import mnemonist as mn


def sparse_euclidean() -> mn.AssociativeMemory:
    return mn.AssociativeMemory(mn.Euclidean(), mn.Entmax(1.5, "auto"), mn.Real())


def case_5() -> tuple[np.ndarray, np.ndarray]:
    """Return rows and damaged cues that at a unit of 1e-12 once all rested after a step."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 6))
    return rows, rows[:20] + rng.normal(0, 0.45, (20, 6))


UNITS = [(np.float64, 10.0**e) for e in (-150, -100, -12, -8, 8, 100, 150)] + [
    (np.float32, 10.0**e) for e in (-15, -8, 8, 15)
]


@pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")
@pytest.mark.parametrize(("dtype", "unit"), UNITS)
@pytest.mark.parametrize(
    "build", [mn.kernel_memory, mn.modern_hopfield, mn.sparse_hopfield, mn.epanechnikov_memory, sparse_euclidean]
)
def test_answers_do_not_depend_on_the_unit(build, dtype, unit) -> None:
    rows, cues = case_5()
    known = np.array([True, True, True, False, True, False])
    one, other = build(), build()
    one.store(rows.astype(dtype))
    other.store((rows * unit).astype(dtype))
    for options in ({}, {"known": known}):
        a = one.recall(cues.astype(dtype), **options)
        b = other.recall((cues * unit).astype(dtype), **options)
        np.testing.assert_array_equal(a.nearest, b.nearest)
        assert (a.kind == b.kind).all()
        assert (a.outcome == b.outcome).all()
        np.testing.assert_allclose(b.state / unit, a.state, rtol=1e-3 if dtype is np.float32 else 1e-8, atol=1e-7)


def test_nor_does_when_a_state_rests_depend_on_an_offset(rng) -> None:
    rows = rng.normal(size=(30, 5))
    one, other = mn.kernel_memory(0.5), mn.kernel_memory(0.5)
    one.store(rows)
    other.store(rows + 1e6)
    cues = rows[:8] + 0.3
    np.testing.assert_allclose(other.recall(cues + 1e6).state - 1e6, one.recall(cues).state, atol=1e-6)


def test_a_state_that_spans_nothing_rests_by_its_size() -> None:
    memory = mn.kernel_memory(2.0)
    memory.store([[1e-9], [3e-9]])
    recall = memory.recall([1.2e-9])
    assert recall.converged
    assert recall.state[0] == pytest.approx(2e-9)  # so near in units of 1/√β that both blend


@pytest.mark.parametrize(
    ("dtype", "number"),
    [("float32", -3.4e38), ("float32", 1e20), ("float32", 1e-20), ("float64", 1e160), ("float64", 1e-200)],
)
def test_numbers_whose_squares_do_not_fit_are_refused_in_a_sentence(dtype, number) -> None:
    rows = np.full((3, 4), number, dtype)
    memory = mn.kernel_memory()
    with pytest.raises(mn.errors.InvalidArgument, match=f"between .* in size in {dtype}, so that distances fit"):
        memory.store(rows)
    assert len(memory) == 0


def test_one_number_that_stands_for_none_is_named_where_it_lies(rng) -> None:
    rows = rng.normal(size=(5, 4)).astype("float32")
    rows[3, 2] = -3.4e38  # as some image files have it
    memory = mn.kernel_memory()
    with pytest.raises(mn.errors.InvalidArgument, match=r"row 3, column 2\. Pass known= with False there"):
        memory.store(rows)
    memory.store(rows, known=rows > -1e38)
    assert memory.recall(rows[0]).nearest == 0


def test_a_cue_out_of_range_is_refused_too() -> None:
    memory = mn.kernel_memory()
    memory.store(np.eye(3))
    with pytest.raises(mn.errors.InvalidArgument, match="cues must be between"):
        memory.recall([1e200, 0, 0])


def test_a_beta_that_float32_cannot_hold_is_refused() -> None:
    memory = mn.kernel_memory(1e39)
    memory.store(np.eye(3, dtype="float32"))
    with pytest.raises(mn.errors.InvalidArgument, match=r"beta must be at most 3\.4"):
        memory.recall(np.eye(3, dtype="float32"))
    exact = mn.kernel_memory(1e39)
    exact.store(np.eye(3))
    np.testing.assert_array_equal(exact.recall(np.eye(3)).state, np.eye(3))


def test_small_rows_beside_large_ones_are_zeros_beside_them() -> None:
    memory = mn.kernel_memory()
    memory.store([[1e-200, 0.0], [1.0, 1.0]])
    assert memory.recall([0.1, 0.0]).nearest == 0
