"""Graded neurons on a matrix: Hopfield's network of 1984."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from contracts.memory import MemoryContract


class TestGradedHebbian(MemoryContract):
    build = staticmethod(lambda: mn.HopfieldNetwork(rule=mn.Hebbian(), bias=0.1, neurons=mn.Graded(3.0)))

    def patterns(self, rng, k, n):
        return rng.choice([-1.0, 1.0], size=(k, n))

    def cues(self, rng, memory, b=3):
        """Draw them at random: from a state that a permutation of neurons leaves alone, rounding decides."""
        return rng.uniform(-1, 1, size=(b, memory.landscape.like.shape[0]))

    def test_the_force_is_minus_the_slope_of_the_energy(self) -> None:
        """At ±1, where patterns are, there is no slope; within there is."""
        memory, rng = self.stored(np.random.default_rng(3)), np.random.default_rng(4)
        n = memory.landscape.like.shape[0]
        x, direction = rng.uniform(-0.9, 0.9, size=(5, n)), rng.normal(size=(5, n))
        slope = (memory.energy(x + 1e-6 * direction) - memory.energy(x - 1e-6 * direction)) / 2e-6
        np.testing.assert_allclose((memory.landscape.force(x) * direction).sum(axis=-1), -slope, atol=1e-6)


def symmetric(seed: int, n: int = 12) -> np.ndarray:
    w = np.random.default_rng(seed).normal(size=(n, n)) / np.sqrt(n)
    w = (w + w.T) / 2
    np.fill_diagonal(w, 0)
    return w


@for_all(seed=st.integers(0, 2**32 - 1), gain=st.sampled_from([0.3, 2.0, 30.0]), share=st.floats(0.01, 1.0))
def test_no_step_up_to_the_longest_raises_the_energy(seed, gain, share) -> None:
    network = mn.HopfieldNetwork(symmetric(seed), bias=0.1, neurons=mn.Graded(gain))
    cues, flow = np.random.default_rng(seed).uniform(-1, 1, size=(4, 12)), mn.Flow(share * network.landscape.max_dt)
    energies = network.recall(cues, dynamics=flow, max_steps=30, trace=True).trace.energies
    assert (np.diff(energies, axis=0) <= 1e-12 * (1 + np.abs(energies[1:]))).all()


def test_a_longer_step_may_raise_the_energy_and_is_refused() -> None:
    apart = mn.HopfieldNetwork([[0.0, -1.0], [-1.0, 0.0]], neurons=mn.Graded(5.0))
    assert apart.landscape.max_dt == pytest.approx(1 / 6)
    with pytest.raises(mn.errors.IllegalCombination, match=r"dt must be at most 0\.166667 here"):
        apart.recall([0.5, 0.5], dynamics=mn.Flow(0.5))
    leap = apart.recall([0.5, 0.5], dynamics=mn.Synchronous(), max_steps=5, trace=True)
    assert np.diff(leap.trace.energies).max() > 0.1
    assert apart.recall([0.5, 0.4]).converged


def test_the_energy_falls_along_the_equation_of_motion(claim) -> None:
    # 20 starts × 3000 Euler steps of dt = 1e-3, N = 12
    network = mn.HopfieldNetwork(symmetric(5), bias=0.1, neurons=mn.Graded(4.0))
    model, x = network.landscape, np.random.default_rng(5).uniform(-1, 1, size=(20, 12))
    u, rise, energy = np.arctanh(x) / 4, -np.inf, network.energy(x)
    for _ in range(3000):
        x = np.tanh(4 * u)
        u = u + 1e-3 * (model.fields(x) - u)
        after = model.energy(np.tanh(4 * u))
        rise, energy = max(rise, float((after - energy).max())), after
    source = "Hopfield 1984"
    claim("largest rise of the energy, symmetric T, Euler dt = 1e-3", source, measured=rise, most=1e-9)
    x = np.random.default_rng(6).uniform(-0.9, 0.9, size=(20, 12))
    rate = -(4 * (1 - x**2) * model.force(x) ** 2).sum(axis=-1)
    moved = 4 * (1 - x**2) * model.currents.velocity(np.arctanh(x) / 4)
    slope = (model.energy(x + 1e-6 * moved) - model.energy(x - 1e-6 * moved)) / 2e-6
    error = np.abs(slope / rate - 1).max()
    claim("dE/dt = −Σ C (dg⁻¹/dV) (dV/dt)², relative error", source, measured=error, most=1e-3)


def test_below_the_threshold_gain_the_origin_is_the_only_attractor(claim) -> None:
    network = mn.HopfieldNetwork(symmetric(7, 30))
    top = np.linalg.eigvalsh(network.weights)[-1]
    cues = np.random.default_rng(8).uniform(-1, 1, size=(40, 30))
    sizes = {}
    for factor in (0.9, 1.1):
        graded = mn.HopfieldNetwork(network.weights, neurons=mn.Graded(factor / top))
        sizes[factor] = np.abs(graded.recall(cues, max_steps=5000).state).max(axis=-1)
    source = "Hopfield 1984"
    claim("largest |V| at rest, λ R eig_max = 0.9, 40 starts", source, measured=sizes[0.9].max(), most=1e-6)
    claim("least max |V| at rest, λ R eig_max = 1.1, 40 starts", source, measured=sizes[1.1].min(), least=0.05)


def test_kinds_are_told_by_overlaps_and_a_faint_state_is_undecided() -> None:
    patterns = np.random.default_rng(9).choice([-1, 1], size=(5, 100))
    for gain, kind in ((4.0, mn.Kind.MEMORY), (0.5, mn.Kind.UNDECIDED)):
        network = mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(gain))
        network.store(patterns)
        recall = network.recall(patterns * np.where(np.arange(100) < 10, -1, 1))
        assert set(recall.kind) == {kind}
        assert "neurons=Graded" in repr(network)
    mirror = mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(4.0))
    mirror.store(patterns)
    assert set(mirror.recall(-patterns).kind) == {mn.Kind.MIRROR}


def test_what_makes_no_graded_network_is_refused() -> None:
    with pytest.raises(mn.errors.IllegalCombination, match=r"neurons must be Binary\(\) or Graded\(gain\) here"):
        mn.HopfieldNetwork(np.eye(2), neurons=mn.Real())
    with pytest.raises(mn.errors.IllegalCombination, match=r"neurons must be Sparse\(activity=0.1\) here"):
        mn.HopfieldNetwork(rule=mn.Covariance(mn.Sparse(0.1).activity), neurons=mn.Graded(1.0))
    network = mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(1.0))
    with pytest.raises(mn.errors.InvalidArgument, match=r"patterns must be -1 or \+1; got 0.5"):
        network.store([0.5, -1.0])
    asymmetric = mn.HopfieldNetwork([[0.0, 1.0], [-1.0, 0.0]], neurons=mn.Graded(3.0))
    assert asymmetric.recall([0.5, 0.1]).outcome is not None
    with pytest.raises(mn.errors.IllegalCombination, match="asymmetric weights"):
        asymmetric.recall([0.5, 0.1], dynamics=mn.Langevin(1.0))
