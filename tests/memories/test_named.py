"""The named models keep the contract of memories."""

import numpy as np
import pytest

import mnemonist as mn
from contracts.memory import MemoryContract


class TestClassical(MemoryContract):
    build = staticmethod(mn.classical_hopfield)


class TestDense(MemoryContract):
    build = staticmethod(lambda: mn.dense_memory(3))


class TestDenseInOrder(MemoryContract):
    build = staticmethod(lambda: mn.dense_memory(4))
    dynamics = mn.Asynchronous("sequential")


class TestHighDense(MemoryContract):
    build = staticmethod(lambda: mn.dense_memory(20, scale=10.0))


class TestRectifiedDense(MemoryContract):
    build = staticmethod(lambda: mn.dense_memory(3, rectified=True))


class TestSynchronousDense(MemoryContract):
    build = staticmethod(lambda: mn.dense_memory(3))
    dynamics = mn.Synchronous()
    descends = False


class TestExponential(MemoryContract):
    build = staticmethod(mn.exponential_memory)


class TestSharpExponential(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Dot(), mn.Softmax(30.0), mn.Binary()))


class TestModern(MemoryContract):
    build = staticmethod(lambda: mn.modern_hopfield(2.0))


class TestKernel(MemoryContract):
    build = staticmethod(lambda: mn.kernel_memory(1.5))


class TestKernelAutomatic(MemoryContract):
    build = staticmethod(mn.kernel_memory)


class TestSphericalPower(MemoryContract):
    build = staticmethod(lambda: mn.spherical_memory(mn.Power(4)))
    clamps = False


class TestSphericalSoftmax(MemoryContract):
    build = staticmethod(lambda: mn.spherical_memory(mn.Softmax(6.0)))
    clamps = False


class TestSphericalRectified(MemoryContract):
    build = staticmethod(lambda: mn.spherical_memory(mn.RectifiedPower(3)))
    clamps = False

    def patterns(self, rng, k, n):
        return np.abs(super().patterns(rng, k, n))  # elsewhere every score may be negative, and every weight 0


class TestCosine(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Cosine(), mn.Softmax(5.0), mn.Real()))


class TestManhattan(MemoryContract):
    build = staticmethod(lambda: mn.AssociativeMemory(mn.Manhattan(), mn.Softmax(1.0), mn.Real()))


PARTS = {
    "similarity": [mn.Dot(), mn.Cosine(), mn.Euclidean(), mn.Manhattan()],
    "separation": [mn.Power(2), mn.Power(3), mn.RectifiedPower(3), mn.Softmax(2.0)],
    "neurons": [mn.Binary(), mn.Real(), mn.Sphere(), mn.Graded(2.0)],
}
LEGAL = {
    (mn.Binary(), mn.Dot()): PARTS["separation"],
    (mn.Real(), mn.Dot()): [mn.Softmax(2.0)],
    (mn.Real(), mn.Euclidean()): [mn.Softmax(2.0)],
    (mn.Real(), mn.Cosine()): PARTS["separation"],
    (mn.Real(), mn.Manhattan()): [mn.Softmax(2.0)],
    (mn.Sphere(), mn.Dot()): [mn.Power(2), mn.RectifiedPower(3), mn.Softmax(2.0)],
    (mn.Graded(2.0), mn.Dot()): [mn.Power(2), mn.RectifiedPower(3), mn.Softmax(2.0)],
}


@pytest.mark.parametrize("neurons", PARTS["neurons"], ids=repr)
@pytest.mark.parametrize("separation", PARTS["separation"], ids=repr)
@pytest.mark.parametrize("similarity", PARTS["similarity"], ids=repr)
def test_legal_parts_make_a_model_and_others_a_sentence(similarity, separation, neurons) -> None:
    if separation in LEGAL.get((neurons, similarity), []):
        memory = mn.AssociativeMemory(similarity, separation, neurons)
        assert eval(repr(memory), vars(mn)).separation == separation
    else:
        with pytest.raises(mn.errors.IllegalCombination, match=r"AssociativeMemory: .* Got "):
            mn.AssociativeMemory(similarity, separation, neurons)
