"""The sparse separations keep the contract; their weights, margins and exact recalls are those of the literature."""

import math
from functools import reduce

import entmax as oracle
import numpy as np
import pytest
import torch
from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import mnemonist as mn
from contracts.memory import MemoryContract
from contracts.separation import MutedContract, scores
from mnemonist.core.sparse import by_passes


class SparseContract(MutedContract):
    """The contract, its compiling apart: forty halvings unroll into a long graph."""

    def test_it_compiles_and_maps(self) -> None:
        h = torch.tensor(np.random.default_rng(0).normal(size=(4, 6)))
        mapped = torch.func.vmap(self.separation.weights)(h)
        np.testing.assert_allclose(mapped.numpy(), self.separation.weights(h).numpy(), rtol=1e-12)

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_muted_memories_are_pruned_and_passed_over(self, h: np.ndarray, seed: int) -> None:
        h, _ = self._muted(h, seed)
        whole = self.separation.settled(self.separation.summary(h))
        pruned = self.separation.settled(self.separation.pruned(self.separation.summary(h)))
        passes = by_passes(self.separation, lambda look, together: reduce(together, [look(h[:, :3]), look(h[:, 3:])]))
        for level in (pruned, passes):
            np.testing.assert_allclose(level.peak, whole.peak, rtol=1e-11, atol=1e-11)
            weights = self.separation.scaled(h, level)
            np.testing.assert_allclose(weights, self.separation.weights(h), rtol=1e-9, atol=1e-9)

    @pytest.mark.slow
    def test_it_compiles(self) -> None:
        super().test_it_compiles_and_maps()


class TestSparsemax(SparseContract):
    separation = mn.Entmax(2.0, beta=0.7)


class TestEntmax(SparseContract):
    separation = mn.Entmax(1.5, beta=1.3)


class TestSharpEntmax(SparseContract):
    separation = mn.Entmax(1.25, beta=6.0)


class TestEntmaxThatIsSoftmax(SparseContract):
    separation = mn.Entmax(1.0, beta=1.3)


class TestNormmax(SparseContract):
    separation = mn.Normmax(2.0, beta=0.7)


class TestHighNormmax(SparseContract):
    separation = mn.Normmax(5.0, beta=1.0)

    def smooth(self, h: np.ndarray) -> np.ndarray:
        """Return scores not just at the margin, where a weight rises like a fourth root."""
        lead = h.max(axis=-1, keepdims=True) - h
        return np.where(np.abs(lead - self.separation.margin) < 1e-2, h - 0.05, h)


class TestKSubsets(SparseContract):
    separation = mn.KSubsets(3, beta=0.7)

    def smooth(self, h):
        return np.round(h, 2) + 0.001 * np.arange(h.shape[-1])  # no two scores alike, not even nearly


class TestTopK(SparseContract):
    separation = mn.TopK(3, beta=0.7)

    def smooth(self, h):
        return np.round(h, 2) + 0.001 * np.arange(h.shape[-1])  # no two scores alike


class TestEpanechnikov(MutedContract):
    separation = mn.Epanechnikov(beta=0.1)  # reaches every score of the contract

    def convexified(self, value):
        return np.exp(0.1 * value)


class TestNearEpanechnikov(TestEpanechnikov):
    separation = mn.Epanechnikov(beta=1 / 4)
    kinks = (-4.0,)

    def smooth(self, h):
        return super().smooth(np.concatenate([h, np.ones((2, 1))], axis=-1))  # one memory at least is in reach

    def convexified(self, value):
        return np.exp(value / 4)


class TestSparseMemory(MemoryContract):
    build = staticmethod(lambda: mn.sparse_hopfield(1.5, beta=2.0))


class TestSparsemaxMemory(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Euclidean(), mn.Entmax(2.0, 2.0), mn.Real()))


class TestNormmaxSphere(MemoryContract):
    build = staticmethod(lambda: mn.spherical_memory(mn.Normmax(2.0, 4.0)))
    clamps = False


class TestKSubsetsMemory(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Dot(), mn.KSubsets(2, 1.0), mn.Real()))


class TestTopKMemory(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Euclidean(), mn.TopK(3, 1.0), mn.Real()))


class TestEpanechnikovMemory(MemoryContract):
    build = staticmethod(lambda: mn.epanechnikov_memory(0.004))  # reaches all the contract's states


wide = arrays(np.float64, (3, 7), elements=st.floats(-50, 50, width=32))


@for_all(wide, st.sampled_from([1.1, 1.25, 1.5, 2.0]))
def test_weights_are_those_of_the_entmax_package(h: np.ndarray, alpha: float) -> None:
    expected = oracle.entmax_bisect(torch.tensor(h), alpha=alpha, dim=-1, n_iter=80).numpy()
    np.testing.assert_allclose(mn.Entmax(alpha, 1.0).weights(h), expected, atol=1e-9)


@for_all(wide)
def test_exact_algorithms_agree_with_bisection(h: np.ndarray) -> None:
    tensor = torch.tensor(h)
    np.testing.assert_allclose(mn.Entmax(1.5, 1.0).weights(h), oracle.entmax15(tensor, dim=-1).numpy(), atol=1e-9)
    np.testing.assert_allclose(mn.Entmax(2.0, 1.0).weights(h), oracle.sparsemax(tensor, dim=-1).numpy(), atol=1e-12)
    normmax = oracle.normmax_bisect(tensor, alpha=2, dim=-1, n_iter=80).numpy()
    np.testing.assert_allclose(mn.Normmax(2.0, 1.0).weights(h), normmax, atol=1e-9)
    budget = oracle.budget_bisect(tensor, budget=3, dim=-1, n_iter=80).numpy()
    np.testing.assert_allclose(mn.KSubsets(3, 1.0).weights(h), budget / 3, atol=1e-9)


@pytest.mark.parametrize(
    "separation", [mn.Entmax(1.5, 1.0), mn.Entmax(2.0, 1.0), mn.Normmax(2.0, 1.0), mn.KSubsets(2, 1.0)]
)
def test_gradients_of_the_weights_are_exact(separation) -> None:
    h = torch.tensor([[0.3, 0.9, -0.2, 0.55, -3.0]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(separation.weights, (h,), eps=1e-6, atol=1e-6)


def test_alpha_and_beta_can_be_learned() -> None:
    h = torch.tensor([[0.3, 0.9, -0.2]], dtype=torch.float64)

    def value(alpha, beta):
        return mn.Entmax(alpha, beta).lagrangian(h)

    numbers = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (1.5, 0.8)]
    assert torch.autograd.gradcheck(value, tuple(numbers))


def test_alpha_can_be_learned_beside_muted_memories() -> None:
    h = torch.tensor([[0.3, -math.inf, 0.9, -0.2], [-math.inf] * 4], dtype=torch.float64)
    alpha = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    beside = torch.tensor([[0.3, 0.9, -0.2]], dtype=torch.float64)
    muted, alone = (torch.autograd.grad(mn.Entmax(alpha, 1.0).weights(x)[0, 0], alpha)[0] for x in (h, beside))
    np.testing.assert_allclose(float(muted), float(alone), rtol=1e-12)


@pytest.mark.parametrize("count", [2, 10, 100])
@pytest.mark.parametrize(
    ("separation", "margin"),
    [
        (mn.Entmax(2.0, 1.0), 1.0),
        (mn.Entmax(1.5, 1.0), 2.0),
        (mn.Entmax(1.25, 1.0), 4.0),
        (mn.Normmax(2.0, 1.0), 1.0),
        (mn.Normmax(5.0, 1.0), 1.0),
    ],
    ids=repr,
)
def test_margins_are_where_theory_puts_them(separation, margin: float, count: int, claim) -> None:
    assert separation.margin == pytest.approx(margin)
    low, high = margin / 2, 2 * margin
    while high - low > 1e-9:
        lead = (low + high) / 2
        alone = separation.weights(np.r_[lead, np.zeros(count - 1)])[0] > 1 - 1e-12
        low, high = (low, lead) if alone else (lead, high)
    claim(
        f"the margin of {separation} among {count}: m = 1/(α − 1) of entmax, 1 of every normmax",
        "Santos et al. 2024", measured=high, near=margin, within=0.02,
    )  # fmt: skip


def test_k_subsets_are_exact_from_a_gap_of_one() -> None:
    # Santos et al. 2024: k = 3, gap .9 → [1, 1, .95, .05], gap 1 → exactly the three
    gap = 3 * mn.KSubsets(3, 1.0).weights(np.array([5.0, 4.0, 1.9, 1.0, -2.0]))
    np.testing.assert_allclose(gap, [1, 1, 0.95, 0.05, 0], atol=1e-12)
    exact = 3 * mn.KSubsets(3, 1.0).weights(np.array([5.0, 4.0, 2.0, 1.0, -2.0]))
    np.testing.assert_allclose(exact, [1, 1, 1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("alpha", [1.5, 2.0])
@pytest.mark.parametrize("beta", [1.5, 2.5, 4.0, 8.0])
def test_a_pattern_is_a_fixed_point_exactly_where_it_leads_by_the_margin(alpha, beta, rng, claim) -> None:
    patterns = rng.normal(size=(100, 32))
    patterns /= np.linalg.norm(patterns, axis=-1, keepdims=True)
    memory = mn.sparse_hopfield(alpha, beta)
    memory.store(patterns)
    scores = patterns @ patterns.T
    np.fill_diagonal(scores, -np.inf)
    leads = 1 - scores.max(axis=-1) >= 1 / (alpha - 1) / beta
    recall = memory.recall(patterns, max_steps=1)
    alone = np.sum(recall.weights > 1e-10, axis=-1) == 1
    one_step = np.abs(recall.state - patterns).max(axis=-1) <= 1e-12
    claim(
        f"fixed in one step exactly where Δ ≥ m/β: of 100 unit patterns, N = 32, α = {alpha}, β = {beta}",
        "Santos et al. 2024", measured=(one_step == leads).sum(), near=100,
    )  # fmt: skip
    assert (alone[leads]).all()


def test_sparse_recall_errs_no_more_than_dense_recall(rng, claim) -> None:
    worse = 0
    for _ in range(200):
        patterns = rng.normal(size=(50, 16))
        patterns /= np.linalg.norm(patterns, axis=-1, keepdims=True)
        beta, cue = 2 ** rng.uniform(-2, 2), patterns[0] + 0.1 * rng.normal(size=16)
        errors = []
        for memory in (mn.sparse_hopfield(2.0, beta), mn.modern_hopfield(beta)):
            memory.store(patterns)
            errors.append(np.linalg.norm(memory.recall(cue, max_steps=1).state - patterns[0]))
        worse += errors[0] > errors[1] + 1e-12
    claim(
        "sparse recall errs no more than dense: trials of 200 where it does, unit patterns, N = 16, K = 50, β ¼ … 4",
        "Hu et al. 2023", measured=worse, near=0,
    )  # fmt: skip


def test_epanechnikov_recalls_exactly_in_one_step_within_half_the_least_distance(rng, claim) -> None:
    exact = 0
    for _ in range(300):
        patterns = rng.normal(size=(20, 8))
        apart = np.linalg.norm(patterns[:, None] - patterns[None], axis=-1)
        least = apart[apart > 0].min()
        delta = rng.uniform(0.05, 0.5) * least
        memory = mn.epanechnikov_memory(2 / (least - delta) ** 2)
        memory.store(patterns)
        direction = rng.normal(size=8)
        cue = patterns[3] + delta * rng.uniform(0, 1) * direction / np.linalg.norm(direction)
        recall = memory.recall(cue)
        exact += np.abs(recall.state - patterns[3]).max() < 1e-12
        assert recall.outcome is mn.Outcome.CONVERGED
        assert recall.kind is mn.Kind.MEMORY
    claim(
        "Theorem 1 with Δ ≤ r/2: exact of 300 starts within Δ, K = 20, N = 8", "Hoover et al. 2025",
        measured=exact, near=300,
    )  # fmt: skip


def test_epanechnikov_theorem_one_as_printed_fails_beyond_half_the_distance(rng, claim) -> None:
    outside = 0
    for _ in range(300):
        patterns = rng.normal(size=(20, 8))
        apart = np.linalg.norm(patterns[:, None] - patterns[None], axis=-1)
        least = apart[apart > 0].min()
        delta = rng.uniform(0.05, 0.95) * least
        memory = mn.epanechnikov_memory(2 / (least - delta) ** 2)
        memory.store(patterns)
        direction = rng.normal(size=8)
        recall = memory.recall(patterns[0] + delta * 0.999 * direction / np.linalg.norm(direction))
        if recall.outcome is mn.Outcome.OUT_OF_REACH:
            outside += 1
            assert math.isinf(recall.energy)
            assert recall.components == 0
            assert recall.kind is mn.Kind.UNDECIDED
        else:
            np.testing.assert_allclose(recall.state, patterns[0], atol=1e-12)
    claim(
        "Theorem 1 for every Δ < r: of 300 starts within Δ, those out of every reach, K = 20, N = 8",
        "Hoover et al. 2025", measured=outside, near=0, holds=False,
    )  # fmt: skip


def test_epanechnikov_memories_blend_into_new_minima(rng) -> None:
    # Hoover et al. 2025: all 10 stored patterns are minima for some β at which means of several are minima too
    patterns = rng.normal(size=(10, 2))
    apart = np.linalg.norm(patterns[:, None] - patterns[None], axis=-1)
    beta = 2 / (apart[apart > 0].min() * 0.999) ** 2
    stored = mn.epanechnikov_memory(beta)
    stored.store(patterns)
    np.testing.assert_allclose(stored.recall(patterns).state, patterns, atol=1e-12)
    wide_memory = mn.epanechnikov_memory(beta / 4)
    wide_memory.store(patterns)
    recall = wide_memory.recall(rng.normal(size=(200, 2)))
    assert (recall.components[recall.converged] > 1).any()


def test_candidates_of_many_tiles_are_few(rng) -> None:
    memory = mn.sparse_hopfield(2.0, 50.0)
    patterns = rng.normal(size=(20000, 32))
    memory.store(patterns)
    summary = memory.landscape.reader.summary(patterns[:3])
    assert summary.mass.shape[-1] < 10
    recall = memory.recall(patterns[:3])
    np.testing.assert_allclose(recall.state, patterns[:3], atol=1e-12)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: mn.Entmax(0.5, 1.0), "Entmax: alpha must be a finite number >= 1; got 0.5"),
        (lambda: mn.Entmax(1.5, -1.0), "Entmax: beta must be a finite number > 0"),
        (lambda: mn.Normmax(1.0), "Normmax: gamma must be a finite number > 1"),
        (lambda: mn.KSubsets(0), "KSubsets: k must be a whole number >= 1; got 0"),
        (lambda: mn.TopK(2.5), "TopK: k must be a whole number"),
        (lambda: mn.Epanechnikov("near"), "Epanechnikov: beta must be a number > 0, 'auto'"),
        (lambda: mn.AssociativeMemory(mn.Dot(), mn.Epanechnikov(), mn.Real()), "needs the Euclidean similarity"),
        (lambda: mn.AssociativeMemory(mn.Dot(), mn.Entmax(), mn.Binary()), "sum over patterns"),
    ],
)
def test_impossible_sparse_separations_are_refused(build, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        build()
