"""A memory folded into one vector is the kernel memory as far as its features reach."""

import numpy as np
import pytest

import mnemonist as mn
from arrays import given, host


def both(patterns: np.ndarray, beta: float = 2.0, features: int = 4096, seed: int = 0):
    exact, folded = mn.kernel_memory(beta), mn.RandomFeatureMemory(beta, features=features, seed=seed)
    exact.store(patterns)
    folded.store(patterns)
    return exact, folded


def test_features_estimate_the_gaussian_kernel(rng) -> None:
    x, y = rng.normal(size=(6, 5)), rng.normal(size=(6, 5))
    _, memory = both(x, beta=0.7, features=200_000)
    phi = memory.landscape.features
    true = np.exp(-0.35 * ((x[:, None] - y[None]) ** 2).sum(axis=-1))
    # 36 estimates of a standard error ≤ (2Y)^(−½) = .0016: six of those have a chance below 1e-7
    np.testing.assert_allclose(phi.of(x) @ phi.of(y).T, true, atol=0.0095)
    np.testing.assert_allclose((phi.of(x) ** 2).sum(axis=-1), 1.0, rtol=1e-12)


def test_the_error_of_the_energy_falls_like_one_over_the_root_of_the_features(claim) -> None:
    patterns, sizes = np.random.default_rng(0).normal(size=(50, 8)), (256, 1024, 4096, 16384)
    errors = []
    for size in sizes:
        pairs = [both(patterns, features=size, seed=seed) for seed in range(4)]
        errors.append(np.mean([np.abs(folded.energy(patterns) - exact.energy(patterns)) for exact, folded in pairs]))
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    claim("the error of the energy at the patterns is ∝ Y^(−½): exponent, K = 50, N = 8, β = 2, Y = 256 … 16384",
          "Hoover et al. 2024", measured=slope, near=-0.5, within=0.1)  # fmt: skip


def test_far_from_all_the_estimate_is_noise_of_the_size_that_is_told(rng, claim) -> None:
    _, memory = both(rng.normal(size=(50, 8)), features=1024)
    far = 30 * rng.normal(size=(2000, 8))
    estimate, _ = memory.landscape.features.estimate(far, memory.landscape.folded)
    claim("where the density is below √(K/2Y) its logarithm is noise: standard deviation of φ(x)·T over √(K/2Y)",
          "Hoover et al. 2024", measured=estimate.std() / memory.noise, near=1.0, within=0.1)  # fmt: skip
    recall = memory.recall(far[:50])
    lost = recall.outcome == mn.Outcome.OUT_OF_REACH
    assert 10 < lost.sum() < 50
    assert np.isinf(recall.energy[lost]).all()


def test_it_needs_no_more_room_for_more_patterns(rng) -> None:
    few, many = (both(rng.normal(size=(k, 8)), features=256)[1].landscape for k in (3, 3000))
    assert few.folded.shape == many.folded.shape == (512,)
    assert few.features.frequencies.shape == many.features.frequencies.shape == (256, 8)


def test_near_memories_it_recalls_as_the_kernel_memory(rng) -> None:
    patterns = 2 * rng.normal(size=(20, 8))
    exact, folded = both(patterns, features=100_000)
    cues = patterns + 0.2 * rng.normal(size=patterns.shape)
    recall, truth = folded.recall(cues), exact.recall(cues)
    assert recall.converged.all()
    np.testing.assert_allclose(recall.state, truth.state, atol=0.1)
    np.testing.assert_allclose(recall.energy, truth.energy, atol=0.05)
    assert set(recall.nearest) == {-1}
    assert set(recall.kind) == {mn.Kind.UNKNOWN}


def test_the_force_is_minus_the_slope_of_the_energy(rng) -> None:
    patterns, direction = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    _, memory = both(patterns, features=512)
    model, x = memory.landscape, patterns + 0.05
    slope = (model.energy(x + 1e-6 * direction) - model.energy(x - 1e-6 * direction)) / 2e-6
    np.testing.assert_allclose((model.force(x) * direction).sum(axis=-1), -slope, rtol=1e-5, atol=1e-7)


def test_storing_adds_and_unstoring_takes_away(rng) -> None:
    patterns = rng.normal(size=(30, 6))
    _, whole = both(patterns[:20])
    parts = mn.RandomFeatureMemory(2.0)
    parts.store(patterns[:7])
    parts.store(patterns[7:])
    parts.unstore(patterns[20:])
    assert len(parts) == len(whole) == 20
    np.testing.assert_allclose(parts.landscape.folded, whole.landscape.folded, atol=1e-10)
    np.testing.assert_allclose(parts.landscape.mean, patterns[:20].mean(axis=0), rtol=1e-12)


def test_unknown_coordinates_begin_at_the_mean_and_known_ones_stay(rng) -> None:
    patterns = 2 * rng.normal(size=(10, 6))
    _, memory = both(patterns, features=50_000)
    known = np.arange(6) < 5
    start = memory.recall(np.where(known, patterns, np.nan), known=known, max_steps=0).state
    np.testing.assert_allclose(start[:, 5], patterns[:, 5].mean(), rtol=1e-12)
    recall = memory.recall(np.where(known, patterns, np.nan), known=known)
    np.testing.assert_array_equal(recall.state[:, :5], patterns[:, :5])
    close = np.abs(start[:, 5] - patterns[:, 5]) < 1
    np.testing.assert_allclose(recall.state[close, 5], patterns[close, 5], atol=0.2)


def test_a_cue_does_not_notice_its_batch_mates_nor_a_recall_what_is_stored_later(rng) -> None:
    patterns = rng.normal(size=(8, 5))
    _, memory = both(patterns)
    together = memory.recall(patterns)
    np.testing.assert_allclose(memory.recall(patterns[3]).state, together[3].state, rtol=1e-9)
    model = memory.landscape
    memory.store(patterns + 1)
    np.testing.assert_array_equal(model.energy(patterns), together_energy(patterns, model))


def together_energy(patterns: np.ndarray, model) -> np.ndarray:
    return -np.log(model.features.of(patterns) @ model.folded) / model.beta


def test_array_libraries_agree(xp) -> None:
    patterns = np.random.default_rng(1).normal(size=(6, 4))
    expected = both(patterns)[1].recall(patterns[:3] + 0.1)
    memory = mn.RandomFeatureMemory(2.0)
    memory.store(given(xp, patterns))
    recall = memory.recall(given(xp, patterns[:3] + 0.1))
    np.testing.assert_allclose(host(recall.state), expected.state, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(host(recall.energy), expected.energy, rtol=1e-9)


REFUSED = {
    "no beta": (lambda: mn.RandomFeatureMemory("auto"), "beta must be a finite number > 0"),
    "no features": (lambda: mn.RandomFeatureMemory(1.0, features=0), "features must be a whole number"),
    "no seed": (lambda: mn.RandomFeatureMemory(1.0, seed=-1), "seed must be a whole number"),
    "empty": (lambda: mn.RandomFeatureMemory(1.0).recall([1.0]), "it is empty"),
    "another width": (lambda: both(np.eye(3))[1].store(np.eye(4)), "must have N = 3 columns"),
    "holes": (lambda: both(np.eye(3))[1].store([1.0, np.nan, 0.0]), "patterns must be finite"),
    "too many": (lambda: both(np.eye(3))[1].unstore(np.ones((4, 3))), "ones that were stored, 3 at most"),
    "a diagnosis": (lambda: mn.diagnose(both(np.eye(3))[1]), "must be a memory of patterns"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_sentence(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
