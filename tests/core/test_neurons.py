"""Neurons keep the contract, each kind; those of categories and of several kinds have files of their own."""

import numpy as np
import pytest

import mnemonist as mn
from contracts.neurons import LagrangianNeuronsContract, NeuronsContract


class TestBinary(NeuronsContract):
    neurons = mn.Binary()


class TestSparse(NeuronsContract):
    neurons = mn.Sparse(0.2)

    def test_the_overlap_is_that_of_deviations(self) -> None:
        one, other = np.array([1.0, 0, 0, 0, 0]), np.array([0.0, 1, 0, 0, 0])
        assert mn.Sparse(0.2).overlap(one, other) == pytest.approx(-0.25)


class TestReal(LagrangianNeuronsContract):
    neurons = mn.Real()


class TestSphere(LagrangianNeuronsContract):
    neurons = mn.Sphere()

    @pytest.mark.parametrize("size", [1e-300, 1e-30, 1.0, 1e200])
    def test_directions_of_any_length_are_found(self, size: float) -> None:
        x = mn.Sphere().confine(size * np.array([3.0, 4.0]))
        np.testing.assert_allclose(x, [0.6, 0.8], rtol=1e-12)


class TestGraded(LagrangianNeuronsContract):
    neurons = mn.Graded(0.7)

    def inside(self, rng, *shape):
        return rng.uniform(-0.9, 0.9, size=(*shape, self.columns))


class TestSteepGraded(TestGraded):
    neurons = mn.Graded(4.0)


def test_a_confined_state_is_the_nearest_level() -> None:
    np.testing.assert_array_equal(mn.Binary().confine(np.array([-2.0, 0.0, 0.5])), [-1, 0, 1])
    np.testing.assert_array_equal(mn.Sparse(0.2).confine(np.array([-2.0, 0.1, 0.2, 0.5])), [0, 0, 0.2, 1])
    np.testing.assert_array_equal(mn.Graded().confine(np.array([-2.0, 0.1, 1.5])), [-1, 0.1, 1])
