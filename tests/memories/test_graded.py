"""Graded memories keep the contract of memories, synchronously and in continuous time."""

import numpy as np

import mnemonist as mn
from contracts.memory import MemoryContract


class GradedContract(MemoryContract):
    def patterns(self, rng, k, n):
        return rng.uniform(-0.95, 0.95, size=(k, n))


class TestGradedQuadratic(GradedContract):
    build = staticmethod(lambda: mn.graded_memory(1.5, scale=2.0))


class TestGradedQuartic(GradedContract):
    build = staticmethod(lambda: mn.graded_memory(0.5, degree=4, scale=2.0))


class TestGradedCubic(GradedContract):
    build = staticmethod(lambda: mn.graded_memory(2.0, degree=3, rectified=True))


class TestGradedSoftmax(GradedContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Dot(), mn.Softmax(2.0), mn.Graded(3.0)))


class TestGradedExponential(GradedContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Dot(), mn.Exponential(0.5), mn.Graded(3.0)))


class TestSignsOnGradedNeurons(MemoryContract):
    """Patterns of ±1, where the slope of the energy is infinite."""

    build = staticmethod(lambda: mn.graded_memory(1.0, scale=2.0))

    def patterns(self, rng, k, n):
        return rng.choice([-1.0, 1.0], size=(k, n))

    def test_the_force_is_minus_the_slope_of_the_energy(self):
        """At ±1 there is no slope: the force there is that at the number next to it."""
        memory = mn.graded_memory(1.0, scale=2.0)
        memory.store([[1.0, -1.0]])
        ends = memory.landscape.force(np.array([[1.0, -1.0]]))
        np.testing.assert_array_equal(ends, memory.landscape.force(np.array([[1 - 2.0**-53, 2.0**-53 - 1]])))


class TestGradedFlow(TestGradedQuadratic):
    dynamics = mn.Flow(0.3)
