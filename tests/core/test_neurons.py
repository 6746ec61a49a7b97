"""Neurons: a confined state is allowed, and an update goes where the linearised energy is least."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import mnemonist as mn
from arrays import given, host
from mnemonist.core.neurons import ContinuousNeurons, Neurons

vectors = arrays(np.float64, (2, 5), elements=st.floats(-1e3, 1e3))


class NeuronsContract:
    neurons: Neurons

    @for_all(vectors)
    def test_confining_twice_is_confining_once(self, x: np.ndarray) -> None:
        once = self.neurons.confine(x)
        np.testing.assert_allclose(self.neurons.confine(once), once, rtol=1e-12, atol=1e-15)

    def test_array_libraries_agree(self, xp) -> None:
        x = np.random.default_rng(1).normal(size=(3, 4))
        np.testing.assert_allclose(host(self.neurons.confine(given(xp, x))), self.neurons.confine(x), rtol=1e-12)
        np.testing.assert_allclose(host(self.neurons.energy(given(xp, x))), self.neurons.energy(x), rtol=1e-12)


class ContinuousContract(NeuronsContract):
    neurons: ContinuousNeurons

    @for_all(vectors, st.integers(0, 2**32 - 1))
    def test_the_response_minimises_the_linearised_energy(self, pull: np.ndarray, seed: int) -> None:
        rng, mass = np.random.default_rng(seed), np.ones((2, 1))
        start = self.neurons.confine(rng.normal(size=pull.shape))

        def linearised(x: np.ndarray) -> np.ndarray:
            return self.neurons.energy(x) - (pull * x).sum(axis=-1)

        best = linearised(self.neurons.respond(pull, mass, start))
        for _ in range(20):
            other = self.neurons.confine(rng.normal(size=pull.shape) * 10 ** rng.uniform(-2, 3))
            assert (best <= linearised(other) + 1e-9 * (1 + np.abs(best))).all()

    def test_where_nothing_pulls_the_state_stays(self) -> None:
        state = self.neurons.confine(np.array([[0.3, -0.4]]))
        np.testing.assert_array_equal(self.neurons.respond(np.zeros((1, 2)), np.zeros((1, 1)), state), state)


class TestBinary(NeuronsContract):
    neurons = mn.Binary()

    def test_zero_stays_undecided(self) -> None:
        np.testing.assert_array_equal(mn.Binary().confine(np.array([-2.0, 0.0, 0.5])), [-1, 0, 1])


class TestSparse(NeuronsContract):
    neurons = mn.Sparse(0.2)

    def test_the_activity_stays_undecided(self) -> None:
        np.testing.assert_array_equal(mn.Sparse(0.2).confine(np.array([-2.0, 0.1, 0.2, 0.5])), [0, 0, 0.2, 1])

    def test_the_overlap_is_that_of_deviations(self) -> None:
        one, other = np.array([1.0, 0, 0, 0, 0]), np.array([0.0, 1, 0, 0, 0])
        assert mn.Sparse(0.2).overlap(one, one) == pytest.approx(1)
        assert mn.Sparse(0.2).overlap(one, other) == pytest.approx(-0.25)


class TestReal(ContinuousContract):
    neurons = mn.Real()


class TestSphere(ContinuousContract):
    neurons = mn.Sphere()

    @pytest.mark.parametrize("size", [1e-300, 1e-30, 1.0, 1e200])
    def test_directions_of_any_length_are_found(self, size: float) -> None:
        x = mn.Sphere().confine(size * np.array([3.0, 4.0]))
        np.testing.assert_allclose(x, [0.6, 0.8], rtol=1e-12)


class TestGraded(ContinuousContract):
    neurons = mn.Graded(0.7)

    def test_array_libraries_agree(self, xp) -> None:
        """As of all neurons, within their bounds."""
        x = np.random.default_rng(1).normal(size=(3, 4))
        y = self.neurons.confine(x)
        np.testing.assert_allclose(host(self.neurons.confine(given(xp, x))), y, rtol=1e-12)
        np.testing.assert_allclose(host(self.neurons.energy(given(xp, y))), self.neurons.energy(y), rtol=1e-12)

    def test_where_nothing_pulls_the_state_stays(self) -> None:
        """It goes to 0, where A is least."""
        state = np.array([[0.3, -0.4]])
        np.testing.assert_array_equal(self.neurons.respond(np.zeros((1, 2)), np.zeros((1, 1)), state), 0)
