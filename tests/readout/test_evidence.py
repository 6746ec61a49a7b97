"""Holes: scores are comparable, and who shares nothing with a cue, or knows nothing of what it asks, has no say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemonist as mn

NAN = np.nan
TABLE = np.array([[1, 2, 10], [50, 40, 500], [100, 90, 1000], [NAN, NAN, 5]])
CUES = np.array([[99, 90, NAN], [100, 90, NAN]])


def similar(similarity: mn.Euclidean | mn.Dot | mn.Cosine | mn.Manhattan, beta: float) -> mn.AssociativeMemory:
    return mn.AssociativeMemory(similarity, mn.Softmax(beta), mn.Real())


def recalled(memory, patterns: np.ndarray, cues: np.ndarray, **options):
    memory.store(patterns, known=~np.isnan(patterns))
    return memory.recall(cues, known=~np.isnan(cues), **options)


def holed(seed: int, rows: int, cues: int, width: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Return clustered rows and cues with three of ten cells missing, none of them empty."""
    rng = np.random.default_rng(seed)
    centres = 3 * rng.normal(size=(10, width))
    both = []
    for count in (rows, cues):
        x = centres[rng.integers(10, size=count)] + rng.normal(size=(count, width))
        known = rng.random(x.shape) > 0.3
        known[~known.any(axis=1), 0] = True
        both.append(np.where(known, x, NAN))
    return both[0], both[1]


# --- no say ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "memory",
    [
        mn.kernel_memory(),
        mn.epanechnikov_memory(),
        mn.AssociativeMemory(mn.Euclidean(), mn.Entmax(1.5, "auto"), mn.Real()),
        similar(mn.Manhattan(), 1.0),
    ],
    ids=str,
)
def test_a_row_that_shares_no_known_cell_fills_nothing(memory) -> None:
    recall = recalled(memory, TABLE, CUES)
    np.testing.assert_allclose(recall.state[:, 2], 1000)
    assert recall.nearest.tolist() == [2, 2]
    assert (recall.kind == mn.Kind.MEMORY).all()


def test_where_real_rivals_score_below_nothing_silence_is_no_better() -> None:
    patterns = np.array([[-1.0, -1.0, 7.0], [-2.0, -1.0, 8.0], [NAN, NAN, 5.0]])
    for memory in (similar(mn.Dot(), 1.0), similar(mn.Cosine(), 50.0)):
        recall = recalled(memory, patterns, np.array([[1.0, 1.0, NAN]]), max_steps=1)
        assert recall.nearest[0] != 2
        assert 7 <= recall.state[0, 2] <= 8


def test_silence_counts_for_nothing_among_negative_overlaps_of_signs() -> None:
    patterns = np.array([[1, 1, 1, 1, -1, -1], [1, 1, 1, -1, -1, -1], [0, 0, 0, 0, 1, 1]])
    memory = mn.exponential_memory()
    memory.store(patterns, known=patterns != 0)
    cue = np.array([-1, -1, -1, 1, 0, 0])
    recall = memory.recall(cue, known=cue != 0)
    assert recall.state[4:].tolist() == [-1, -1]


def test_unknown_stays_unknown_where_nobody_who_shares_knows_and_the_outcome_says_so() -> None:
    recall = recalled(mn.kernel_memory(8.0), np.array([[0, 1, NAN], [NAN, NAN, 7.0]]), np.array([0, NAN, NAN]))
    np.testing.assert_array_equal(recall.state, [0, 1, NAN])
    assert recall.outcome is mn.Outcome.UNANSWERED
    assert not recall.converged
    assert recall.nearest == 0
    assert np.isfinite(recall.energy)


def test_a_cue_that_shares_nothing_with_any_is_told_nothing() -> None:
    recall = recalled(mn.kernel_memory(8.0), np.array([[0, NAN], [1, NAN]]), np.array([NAN, 3.0]))
    np.testing.assert_array_equal(recall.state, [NAN, 3.0])
    assert (recall.nearest, recall.kind, recall.outcome) == (-1, mn.Kind.UNDECIDED, mn.Outcome.UNANSWERED)
    assert np.isnan(recall.overlap)


@pytest.mark.parametrize("far", [13.0, 14.0])
def test_those_who_know_are_asked_however_little_they_weigh(far: float) -> None:
    recall = recalled(mn.kernel_memory(8.0), np.array([[0, NAN], [far, 7]]), np.array([0, NAN]))
    np.testing.assert_array_equal(recall.state, [0, 7])
    both = recalled(mn.kernel_memory(8.0), np.array([[0, 1, NAN], [5 * far, NAN, 7]]), np.array([0, NAN, NAN]))
    np.testing.assert_array_equal(both.state, [0, 1, 7])
    assert both.outcome is mn.Outcome.CONVERGED


def test_a_table_that_completes_itself_asks_the_other_rows() -> None:
    # case 7: each incomplete row finds itself, and knows nothing of what is asked
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(150, 2))
    rows = hidden @ rng.normal(size=(2, 6)) + 0.2 * rng.normal(size=(150, 6))
    holes = np.where(rng.random(rows.shape) < 0.15, NAN, rows)
    holes[np.isnan(holes).all(axis=1), 0] = 0.0
    recall = recalled(mn.kernel_memory("smooth"), holes, holes, max_steps=1)
    asked = np.isnan(holes)
    error = ((recall.state - rows)[asked] ** 2).mean()
    mean = ((np.broadcast_to(np.nanmean(holes, axis=0), rows.shape) - rows)[asked] ** 2).mean()
    assert error < 0.6 * mean


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["kernel", "modern", "sparse"]))
def test_the_nearest_shares_a_known_cell_with_its_cue(seed: int, name: str) -> None:
    rows, cues = holed(seed, 80, 25)
    memory = {
        "kernel": mn.kernel_memory(2.0),
        "modern": mn.modern_hopfield(2.0),
        "sparse": mn.sparse_hopfield(1.5, 2.0),
    }
    recall = recalled(memory[name], rows, cues)
    shared = (~np.isnan(rows[recall.nearest]) & ~np.isnan(cues)).any(axis=1)
    assert shared.all()


# --- comparable --------------------------------------------------------------------------------------------------


def test_a_row_of_which_less_is_known_is_no_nearer_for_that() -> None:
    # per coordinate both lag alike; a bare sum would prefer the second
    patterns = np.array([[1.0, 1.0, 1.0, 1.0, 0.0], [1.0, NAN, NAN, NAN, 9.0]])
    memory = mn.kernel_memory(1.0)
    memory.store(patterns, known=~np.isnan(patterns))
    scores = memory.landscape.reader.scores(
        np.array([[0.0, 0, 0, 0, 0]]), cue_mask=np.array([[True, True, True, True, False]])
    )
    np.testing.assert_allclose(scores, [[-2.0, -2.0]])


def test_the_score_of_a_whole_state_has_the_precision_of_all_coordinates() -> None:
    memory = mn.kernel_memory(1.0)
    memory.store([[1.0, 2.0, 0.0], [1.0, 0.0, 0.0]], known=[[True, True, True], [True, False, False]])
    np.testing.assert_allclose(memory.scores([0.0, 0.0, 0.0]), [-2.5, -1.5])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.3, 3.0, 30.0]), st.booleans())
def test_update_and_energy_are_of_one_formula_and_it_descends(seed: int, beta: float, entmax: bool) -> None:
    rows, cues = holed(seed, 25, 6)
    separation = mn.Entmax(1.5, beta) if entmax else mn.Softmax(beta)
    recall = recalled(mn.AssociativeMemory(mn.Euclidean(), separation, mn.Real()), rows, cues, trace=True, max_steps=40)
    rises = np.diff(recall.trace.energies, axis=0)
    scale = np.abs(recall.energy) + np.nansum(recall.state**2, axis=1) + 1
    assert (rises[~np.isnan(rises)] <= 1e-10 * np.broadcast_to(scale, rises.shape)[~np.isnan(rises)]).all()


def test_the_update_is_the_minimum_of_the_linearised_energy_of_rows_with_holes() -> None:
    rows, _ = holed(3, 12, 1)
    known = ~np.isnan(rows)
    memory = mn.kernel_memory(0.7)
    memory.store(rows, known=known)
    x = np.random.default_rng(0).normal(size=6)
    c = 6 / known.sum(axis=1)
    h = -(c * np.nansum((x - rows) ** 2, axis=1)) / 2
    f = np.exp(0.7 * (h - h.max()))
    f = c * f / f.sum()
    expected = (f @ np.nan_to_num(rows)) / (f @ known)
    np.testing.assert_allclose(memory.recall(x, max_steps=1).state, expected, rtol=1e-12)
    np.testing.assert_allclose(memory.energy(x), -np.log(np.exp(0.7 * h).sum()) / 0.7, rtol=1e-12)


def test_whole_rows_are_read_as_ever_beside_rows_with_holes() -> None:
    rng = np.random.default_rng(1)
    rows, cue = rng.normal(size=(9, 5)), rng.normal(size=5)
    mask = np.array([True, True, False, True, False])
    plain, beside = mn.kernel_memory(2.0), mn.kernel_memory(2.0)
    plain.store(rows)
    beside.store(
        np.vstack([rows, [0, 0, 900, 0, 0]]),
        known=np.vstack([np.ones((9, 5), bool), [[False] * 2 + [True] + [False] * 2]]),
    )
    np.testing.assert_allclose(
        beside.recall(cue, known=mask, max_steps=1).state, plain.recall(cue, known=mask, max_steps=1).state, rtol=1e-9
    )


# --- sweeps ------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_sweeps_over_patterns_with_holes_descend_and_say_the_energy_that_there_is(seed: int, mixed: bool) -> None:
    rng = np.random.default_rng(seed)
    rows = np.where(rng.random((12, 11)) < 0.5, 1.0, -1.0)
    memory = mn.classical_hopfield()
    if mixed:
        rows[:, :3] = rng.normal(size=(12, 3))
        memory = mn.mixed_memory([mn.Columns(mn.Real(), 3), mn.Columns(mn.Binary(), 8)])
    known = rng.random(rows.shape) > 0.4
    known[:, 0] = True
    memory.store(rows, known=known)
    recall = memory.recall(rows[:5], known=rng.random((5, 11)) > 0.3, trace=True)
    rises = np.diff(recall.trace.energies, axis=0)
    scale = 1e-9 * (1 + np.nanmax(np.abs(recall.trace.energies)))
    assert (rises[~np.isnan(rises)] <= scale).all()
    whole = np.isfinite(recall.state).all(axis=1)
    np.testing.assert_allclose(recall.energy[whole], memory.energy(recall.state[whole]))


def test_what_few_know_of_mixed_rows_is_told_however_sharp_the_memory_is() -> None:
    width = 12
    rows = np.ones((3, width))
    rows[:, 0], rows[1, 1:] = [0, 0.001, 0.002], -1
    known = np.ones((3, width), bool)
    known[0, 2:] = False
    for beta in (1.0, 50.0, 300.0):
        memory = mn.mixed_memory([mn.Columns(mn.Real(), 1), mn.Columns(mn.Binary(), width - 1)], beta)
        memory.store(rows, known=known)
        state = memory.recall(np.zeros(width), known=np.arange(width) < 1).state
        assert state[1:].tolist() == [-1] * (width - 1)
