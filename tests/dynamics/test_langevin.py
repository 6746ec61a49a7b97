"""Langevin dynamics samples exp(−E/T), up to what its step size costs."""

import numpy as np
import pytest
from scipy.special import ive
from scipy.stats import kstest, norm

import mnemonist as mn

UNLIKELY = 1e-4  # chance of each test against a distribution to fail, were its seed drawn anew


@pytest.mark.parametrize("build", [mn.kernel_memory, mn.modern_hopfield])
def test_around_one_memory_the_samples_are_gaussian(build) -> None:
    # One memory: E = ½‖x − ξ‖² up to a constant, and the chain is linear, of variance T/(1 − η/2) exactly.
    memory = build(2.0)
    memory.store([[3.0, -1.0]])
    hot = mn.Langevin(0.5, step=0.2)
    recall = memory.recall(np.tile([3.0, -1.0], (1500, 1)), dynamics=hot, max_steps=60, rng=1)
    assert set(recall.outcome) == {mn.Outcome.MAX_STEPS}
    for i, mean in enumerate((3.0, -1.0)):
        law = norm(mean, np.sqrt(0.5 / (1 - 0.2 / 2)))
        assert kstest(recall.state[:, i], law.cdf).pvalue > UNLIKELY
    assert abs(np.corrcoef(recall.state.T)[0, 1]) < 3.9 / np.sqrt(1500)  # 3.9 σ: UNLIKELY


def test_a_kernel_memory_at_one_over_beta_is_its_gaussian_mixture(claim) -> None:
    # At T = 1/β the density is Σ N(ξ, I/β)/K. η = .02 moves its width by half a percent,
    # which 1200 samples do not see.
    rng, beta = np.random.default_rng(2), 4.0
    centres = np.array([[0.0, 0.0], [1.2, 0.3], [0.2, 1.3]])
    memory = mn.kernel_memory(beta)
    memory.store(centres)
    cues = np.tile(centres.mean(axis=0), (1200, 1))
    x = memory.recall(cues, dynamics=mn.Langevin(1 / beta, step=0.02), max_steps=500, rng=3).state
    likely = []
    for direction in (*np.eye(2), *rng.normal(size=(4, 2))):
        along, width = centres @ direction, np.linalg.norm(direction) / np.sqrt(beta)

        def law(y: np.ndarray, along: np.ndarray = along, width: float = width) -> np.ndarray:
            return norm.cdf((y[:, None] - along) / width).mean(axis=-1)

        likely.append(kstest(x @ direction, law).pvalue)
    claim(
        "Langevin at T = 1/β samples the Gaussian mixture: least p (Kolmogorov) in 6 directions, 1200 samples",
        "Hoover et al. 2024", measured=min(likely), least=UNLIKELY,
    )  # fmt: skip
    nearest = memory.recall(x, max_steps=0).nearest
    exact = (centres[:, None] + rng.normal(size=(3, 40_000, 2)) / np.sqrt(beta)).reshape(-1, 2)
    shares = np.bincount(memory.recall(exact, max_steps=0).nearest) / len(exact)
    np.testing.assert_allclose(np.bincount(nearest) / 1200, shares, atol=4.2 * np.sqrt(0.25 / 1200))


def test_clamped_coordinates_condition_the_samples() -> None:
    # Given x₁ the mixture's weights change to N(x₁; ξ₁, 1/β): a slice, not a margin. η = .04 moves its width by
    # a percent; after 250 steps the chain is within .02 of its law, and 1200 samples see .064.
    beta, centres = 4.0, np.array([[0.0, 0.0], [1.0, 1.5]])
    memory = mn.kernel_memory(beta)
    memory.store(centres)
    cues = np.tile([0.3, np.nan], (1200, 1))
    recall = memory.recall(
        cues, known=np.array([True, False]), dynamics=mn.Langevin(1 / beta, step=0.04), max_steps=250, rng=3
    )
    assert (recall.state[:, 0] == 0.3).all()
    weights = np.exp(-beta * (0.3 - centres[:, 0]) ** 2 / 2)

    def law(y: np.ndarray) -> np.ndarray:
        return norm.cdf((y[:, None] - centres[:, 1]) * np.sqrt(beta)) @ weights / weights.sum()

    assert kstest(recall.state[:, 1], law).pvalue > UNLIKELY


def test_on_a_circle_the_samples_are_von_mises() -> None:
    # One memory: E = −cos θ; the mean of cos θ is I₁(1/T)/I₀(1/T), its standard error below .02 here. What η
    # and the start do to it after 200 steps is .006.
    memory = mn.spherical_memory(mn.Softmax(1.0))
    memory.store([[0.0, 1.0]])
    cues = np.tile([1.0, 0.0], (1500, 1))
    x = memory.recall(cues, dynamics=mn.Langevin(0.5, step=0.04), max_steps=200, rng=4).state
    np.testing.assert_allclose((x**2).sum(axis=-1), 1.0, rtol=1e-12)
    assert x[:, 1].mean() == pytest.approx(ive(1, 2.0) / ive(0, 2.0), abs=4 * 0.41 / np.sqrt(1500) + 0.005)
    assert abs(x[:, 0].mean()) < 4 * 0.6 / np.sqrt(1500)


def test_without_noise_it_descends_and_rests(rng) -> None:
    memory = mn.kernel_memory(2.0)
    memory.store(rng.normal(size=(5, 6)))
    cues = memory.patterns[:3] + 0.1
    calm = memory.recall(cues, dynamics=mn.Langevin(0.0, step=0.1), trace=True, max_steps=5000)
    assert calm.converged.all()
    assert (np.diff(calm.trace.energies, axis=0) <= 1e-12).all()
    np.testing.assert_allclose(calm.state, memory.recall(cues).state, atol=1e-6)
    cooled = memory.recall(cues, dynamics=mn.Langevin(mn.Annealing(0.01, 0.0, sweeps=50), step=0.1), max_steps=5000)
    assert cooled.converged.all()
    assert (cooled.steps > 50).all()
