"""Graded memories keep the contract of memories, synchronously and in continuous time."""

import numpy as np
import pytest

import mnemonist as mn
from contracts.memory import MemoryContract


class GradedContract(MemoryContract):
    def patterns(self, rng, k, n):
        return rng.uniform(-0.95, 0.95, size=(k, n))


class TestGradedCubic(GradedContract):
    build = staticmethod(lambda: mn.graded_memory(2.0, degree=3, rectified=True))


class TestGradedSoftmax(GradedContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Dot(), mn.Softmax(2.0), mn.Graded(3.0)))


class TestGradedFlow(GradedContract):
    build = staticmethod(lambda: mn.graded_memory(1.5, scale=2.0))
    dynamics = mn.Flow(0.5)


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


def test_pulls_beyond_what_floats_hold_saturate() -> None:
    patterns = np.random.default_rng(1).choice([-1.0, 1.0], size=(3, 50)).astype(np.float32)
    memory = mn.graded_memory(1.0, degree=100)
    memory.store(patterns)
    recall = memory.recall(patterns * np.where(np.arange(50) < 5, -1, 1).astype(np.float32))
    np.testing.assert_array_equal(recall.state, patterns)
    flowed = memory.recall(patterns, dynamics=mn.Flow(0.1), max_steps=50)
    np.testing.assert_array_equal(flowed.state, patterns)


def test_an_exponential_on_graded_neurons_recalls() -> None:
    patterns = np.random.default_rng(2).choice([-1.0, 1.0], size=(60, 24))
    memory = mn.AssociativeMemory(mn.Dot(), mn.Exponential(1.0), mn.Graded(1.0))
    memory.store(patterns)
    recall = memory.recall(patterns * np.where(np.arange(24) < 3, -1, 1), trace=True)
    np.testing.assert_allclose(recall.state, patterns, atol=1e-12)
    assert (np.diff(recall.trace.energies, axis=0) <= 1e-10 * np.abs(recall.energy)).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mn.Graded(0.0), "Graded: gain must be a finite number > 0; got 0.0"),
        (lambda: mn.graded_memory(degree=3), r"Graded\(\) needs a convex separation"),
        (lambda: mn.graded_memory(rectified=1), "rectified must be True or False"),
        (lambda: mn.graded_memory().store([1.0, -1.5]), "patterns must be from -1 to 1; got -1.5 at row 0, column 1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
