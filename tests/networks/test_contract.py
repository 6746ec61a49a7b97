"""Networks keep the contract of memories; each declares what its rule does not allow."""

from itertools import combinations

import pytest

import mnemonist as mn
from contracts.memory import MemoryContract


class TestHebbian(MemoryContract):
    build = staticmethod(mn.hebbian)


class TestBiasedHebbian(MemoryContract):
    build = staticmethod(lambda: mn.hebbian(bias=0.25))


class TestHebbianInOrder(MemoryContract):
    build = staticmethod(mn.hebbian)
    dynamics = mn.Asynchronous("sequential")


class TestSynchronousHebbian(MemoryContract):
    build = staticmethod(mn.hebbian)
    dynamics = mn.Synchronous()
    descends = False


class TestStorkey(MemoryContract):
    build = staticmethod(mn.storkey)
    holes = forgets = False
    ordered = True


class TestProjection(MemoryContract):
    build = staticmethod(mn.projection)
    holes = False

    def sizes(self, rng):
        return int(rng.integers(1, 8)), int(rng.integers(9, 20))


class PerceptronContract(MemoryContract):
    holes = False
    ordered = True  # trained again from where it was

    def sizes(self, rng):
        return int(rng.integers(1, 5)), int(rng.integers(30, 40))  # patterns one neuron apart have no couplings


class TestPerceptron(PerceptronContract):
    build = staticmethod(lambda: mn.perceptron(0.1))


class TestSymmetricPerceptron(PerceptronContract):
    build = staticmethod(lambda: mn.perceptron(0.1, symmetric=True))


class TestCovariance(MemoryContract):
    build = staticmethod(lambda: mn.covariance(0.3))

    def patterns(self, rng, k, n):
        return (rng.random((k, n)) < 0.3).astype(float)


class TestPairsOfSizes(MemoryContract):
    """Edges and triangles among the first six neurons; patterns may have more."""

    build = staticmethod(lambda: mn.SimplicialNetwork([*combinations(range(6), 2), *combinations(range(6), 3)]))

    def sizes(self, rng):
        return int(rng.integers(1, 12)), int(rng.integers(6, 12))


class TestTetrahedra(TestPairsOfSizes):
    build = staticmethod(lambda: mn.SimplicialNetwork(mn.random_simplices(6, {4: 12})))


@pytest.mark.parametrize("build", [mn.hebbian, mn.projection, mn.perceptron, lambda: mn.covariance(0.3)])
def test_all_can_be_forgotten_and_the_network_used_again(build) -> None:
    network = build()
    network.store([[1, 1, 1]])
    network.forget([0])
    assert len(network) == 0
    with pytest.raises(mn.errors.EmptyMemory, match="HopfieldNetwork: the memory must hold patterns"):
        network.recall([1, 1, 1])
    assert network.store([[1, 1]]).tolist() == [1]
