"""β = "auto" is the least that holds what is stored; "smooth" estimates from it."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.data import digits
from mnemonist.errors import LostPatterns
from mnemonist.memories.automatic_beta import automatic_beta, least_betas
from mnemonist.readout.choice import reader_of
from mnemonist.stores.dense import DensePatterns


def lognormal() -> np.ndarray:
    """Return the table of case 2: numbers that span six orders of magnitude."""
    return np.exp(np.random.default_rng(0).normal(0, 2, size=(200, 4))).round(2)


def sparse() -> mn.AssociativeMemory:
    return mn.AssociativeMemory(mn.Euclidean(), mn.Entmax(1.5, "auto"), mn.Real())


def needed(patterns: np.ndarray) -> float:
    """Return by halving the least β with Σ exp(−(1 − 2ε) β d²/2) ≤ ε/(1 − ε) at every pattern, ε = 1/512."""
    apart = ((patterns[:, None] - patterns[None]) ** 2).sum(-1)
    apart[apart < 1e-20] = np.inf
    low, high = 0.0, 400 / apart.min()
    for _ in range(200):
        middle = (low + high) / 2
        fits = (np.exp(-255 / 256 * middle * apart / 2).sum(axis=1) <= 1 / 511).all()
        low, high = (low, middle) if fits else (middle, high)
    return high


# --- it holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("build", [mn.kernel_memory, sparse, mn.epanechnikov_memory])
@pytest.mark.parametrize("patterns", [lognormal(), digits()[0].reshape(500, -1)], ids=["table", "digits"])
def test_what_is_stored_comes_back_as_itself(patterns, build, dtype) -> None:
    memory = build()
    memory.store(patterns.astype(dtype))
    recall = memory.recall(patterns.astype(dtype))
    assert (patterns[recall.nearest] == patterns).all()
    assert (recall.kind == mn.Kind.MEMORY).all()


def test_three_known_cells_of_a_stored_row_bring_its_fourth_back() -> None:
    patterns = lognormal()
    memory = mn.kernel_memory()
    memory.store(patterns)
    cue, known = patterns[7].copy(), np.array([True, True, True, False])
    cue[3] = np.nan
    assert memory.recall(cue, known=known).state[3] == pytest.approx(0.66, abs=0.01)


def test_copies_are_no_pair_to_be_parted() -> None:
    patterns = np.random.default_rng(1).normal(size=(60, 50))
    one, other = mn.kernel_memory(), mn.kernel_memory()
    one.store(patterns)
    other.store(np.concatenate([patterns, patterns[:7], patterns[:1]]))
    assert other.separation.beta == pytest.approx(one.separation.beta, rel=0.15)  # a copy has a say, too
    recall = other.recall(patterns)
    assert recall.nearest.tolist() == list(range(60))
    assert (recall.kind == mn.Kind.MEMORY).all()
    assert (recall.components == 1).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 12))
def test_it_is_the_least_that_does_to_a_tenth(seed: int, count: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    patterns = rng.normal(size=(count, width)) * np.exp(rng.normal(size=(count, 1)))
    memory = mn.kernel_memory()
    memory.store(patterns)
    beta, least = memory.separation.beta, needed(patterns)
    assert beta >= least * (1 - 1e-6)
    assert beta <= least * 16
    soft = mn.kernel_memory(0.8 * least)
    soft.store(patterns)
    weights = np.diagonal(soft.recall(patterns, max_steps=64).weights)
    assert weights.min() < 511 / 512


def test_of_two_patterns_it_is_what_two_patterns_need() -> None:
    # m = tanh(β d² m/4), m = 1 − 2ε where the other one has a weight of ε = 1/512
    memory = mn.kernel_memory()
    memory.store([[0.0], [3.0]])
    exact = 4 / 9 * math.atanh(255 / 256) / (255 / 256)
    assert memory.separation.beta == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("scale", [1e-150, 1e-3, 1.0, 1e4, 1e150])
def test_it_has_the_unit_of_the_data(scale: float, rng) -> None:
    patterns = rng.normal(size=(50, 4))
    memory = mn.kernel_memory()
    memory.store(patterns * scale)
    assert memory.recall(patterns * scale).nearest.tolist() == list(range(50))
    assert memory.separation.beta * scale**2 == pytest.approx(needed(patterns), rel=2e-3)


def test_it_does_not_depend_on_the_order_of_many(rng) -> None:
    patterns = rng.normal(size=(3000, 6))
    betas = []
    for order in (np.arange(3000), rng.permutation(3000)):
        memory = mn.kernel_memory()
        memory.store(patterns[order])
        betas.append(memory.separation.beta)
    assert betas[0] == pytest.approx(betas[1], rel=1e-9)


def test_the_closest_pair_of_many_is_found(rng) -> None:
    patterns = rng.normal(size=(5000, 20))
    patterns[4321] = patterns[17] + 1e-3 * rng.normal(size=20)
    memory = mn.kernel_memory()
    memory.store(patterns)
    assert memory.recall(patterns[[17, 4321]]).nearest.tolist() == [17, 4321]


def test_one_pattern_and_copies_of_it_need_none() -> None:
    for count in (1, 3):
        memory = mn.modern_hopfield()
        memory.store(np.ones((count, 4)))
        assert memory.separation.beta == 1.0


def test_it_follows_what_is_stored_and_forgotten(rng) -> None:
    memory = mn.kernel_memory()
    assert memory.separation.beta == "auto"
    memory.store([[0.0], [4.0]])
    soft = memory.separation.beta
    memory.store([[4.5]])
    assert memory.separation.beta > 20 * soft
    memory.forget([2])
    assert memory.separation.beta == soft
    assert f"beta={soft}" in repr(memory)
    assert memory.recall([0.1]).beta == soft
    plain = mn.dense_memory(3)
    plain.store([[1, -1]])
    assert plain.recall([1, -1]).beta is None


# --- what no β holds ---------------------------------------------------------------------------------------------


def test_what_a_longer_pattern_outweighs_is_said_once_with_what_would_hold_it() -> None:
    patterns = digits()[0].reshape(500, -1)
    for build in (mn.modern_hopfield, mn.sparse_hopfield):
        memory = build()
        memory.store(patterns)
        with pytest.warns(LostPatterns, match=r"276 of 500 patterns cannot.*longer ones outweigh.*kernel_memory"):
            recall = memory.recall(patterns)
        assert (recall.nearest == np.arange(500)).sum() == 224
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            memory.recall(patterns[:2])


def test_the_others_are_held_all_the_same() -> None:
    patterns = np.array([[1.0, 0.0], [3.0, 0.0], [0.0, 2.0]])
    memory = mn.modern_hopfield()
    memory.store(patterns)
    with pytest.warns(LostPatterns, match="1 of 3"):
        recall = memory.recall(patterns)
    assert recall.nearest.tolist() == [1, 1, 2]


# --- other separations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separation", "beta"),
    [(mn.Entmax(1.5), 2.0), (mn.Entmax(2.0), 1.0), (mn.Normmax(3.0), 1.0), (mn.Epanechnikov(), 1.0)],
)
def test_where_a_lead_of_a_margin_takes_all_that_is_enough(separation, beta) -> None:
    assert least_betas(separation, np.array([[4.0, 0.5, np.inf]]))[0] == pytest.approx(beta / 0.5, rel=0.02)


def test_tops_and_directions_are_held_too(rng) -> None:
    patterns = rng.normal(size=(40, 10))
    patterns /= np.linalg.norm(patterns, axis=1, keepdims=True)
    for memory in (
        mn.AssociativeMemory(mn.Euclidean(), mn.TopK(5, "auto"), mn.Real()),
        mn.spherical_memory(),
        mn.AssociativeMemory(mn.Cosine(), mn.Softmax("auto"), mn.Real()),
        mn.AssociativeMemory(mn.Manhattan(), mn.Softmax("auto"), mn.Real()),
        mn.AssociativeMemory(mn.Dot(), mn.Softmax("auto"), mn.Graded(3.0)),
    ):
        rows = np.sign(patterns) if memory.neurons.bounded else patterns
        memory.store(rows)
        assert memory.recall(rows).nearest.tolist() == list(range(40))


def test_discrete_patterns_stay_under_it() -> None:
    rng = np.random.default_rng(3)
    memory = mn.potts_memory(4, 30)
    codes = rng.integers(0, 4, (200, 30))
    rows = memory.neurons.encode(codes)
    memory.store(rows)
    np.testing.assert_array_equal(memory.recall(rows).state, rows)


def test_it_is_not_asked_of_a_number() -> None:
    reader = reader_of(mn.Euclidean(), mn.Softmax(5.0), mn.Real(), DensePatterns().add(np.eye(3)))
    assert automatic_beta(reader).beta == pytest.approx(needed(np.eye(3)), rel=1e-3)  # whatever its own is


# --- to estimate -------------------------------------------------------------------------------------------------


def test_smooth_tells_hidden_numbers_better_than_what_holds_all() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(400, 2))
    rows = hidden @ rng.normal(size=(2, 8)) + 0.3 * rng.normal(size=(400, 8))
    stored, cues = rows[:300], rows[300:]
    known = rng.random(cues.shape) < 0.7
    errors = {}
    for beta in ("auto", "smooth"):
        memory = mn.kernel_memory(beta)
        memory.store(stored)
        told = memory.recall(cues, known=known, max_steps=1).state
        errors[beta] = ((told - cues)[~known] ** 2).mean()
    mean = ((stored.mean(axis=0) - cues)[~known] ** 2).mean()
    assert errors["smooth"] < 0.8 * errors["auto"]
    assert errors["smooth"] < 0.6 * mean


def test_smooth_serves_rows_with_holes_and_categories() -> None:
    rng = np.random.default_rng(0)
    columns = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Categorical((3,)))]
    memory = mn.mixed_memory(columns, "smooth")
    groups = rng.integers(0, 3, 90)
    rows = np.concatenate([groups[:, None] + 0.5 * rng.normal(size=(90, 2)), np.eye(3)[groups]], axis=1)
    known = np.ones(rows.shape, bool)
    known[:30, 1] = False
    memory.store(rows, known=known)
    assert 0 < memory.separation.beta < 300
    cue = [1.0, np.nan, 0, 0, 0]
    recall = memory.recall(cue, known=[True, False, False, False, False], max_steps=1)
    assert recall.state[2:].tolist() == [0, 1, 0]
    assert recall.state[1] == pytest.approx(1.0, abs=0.3)


def test_another_word_for_beta_is_refused() -> None:
    with pytest.raises(mn.MnemonistError, match="'auto' or 'smooth'"):
        mn.kernel_memory("sharp")


def test_smooth_does_not_depend_on_the_order_of_storage(rng) -> None:
    rows, betas = rng.standard_normal((60, 5)), []
    for order in (np.arange(60), rng.permutation(60)):
        memory = mn.kernel_memory("smooth")
        memory.store(rows[order])
        betas.append(memory.separation.beta)
    assert betas[0] == pytest.approx(betas[1], rel=1e-9)


def test_the_warning_is_of_the_line_that_asked() -> None:
    memory = mn.modern_hopfield()
    memory.store([[1, 0], [3, 0], [0, 2.0]])
    with pytest.warns(LostPatterns) as caught:
        memory.recall([1, 0])
    assert caught[0].filename == __file__
