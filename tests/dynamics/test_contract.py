"""Every kind of dynamics keeps the contract, on the models that it moves."""

import mnemonist as mn
from contracts.dynamics import DynamicsContract
from mnemonist.dynamics.bidirectional import Bidirectional
from mnemonist.networks.hebb import Pairs

COLUMNS = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Binary(), 2), mn.Columns(mn.Categorical((3, 2)), weight=2.0)]


class TestAsynchronous(DynamicsContract):
    dynamics = mn.Asynchronous()
    build = staticmethod(mn.classical_hopfield)


class TestAsynchronousInOrder(TestAsynchronous):
    dynamics = mn.Asynchronous("sequential")


class TestAsynchronousVariables(DynamicsContract):
    dynamics = mn.Asynchronous("sequential")
    build = staticmethod(lambda: mn.potts_memory((3, 2, 4)))


class TestAsynchronousCouplings(DynamicsContract):
    dynamics = mn.Asynchronous()
    build = staticmethod(mn.hebbian)


class TestSynchronous(DynamicsContract):
    dynamics = mn.Synchronous()
    build = staticmethod(lambda: mn.dense_memory(3))


class TestSynchronousNumbers(DynamicsContract):
    dynamics = mn.Synchronous()
    build = staticmethod(lambda: mn.modern_hopfield(2.0))


class TestGlauber(DynamicsContract):
    dynamics = mn.Glauber(20.0)
    build = staticmethod(mn.classical_hopfield)


class TestColdGlauber(TestGlauber):
    dynamics = mn.Glauber(0.0)


class TestCoolingGlauber(TestGlauber):
    dynamics = mn.Glauber(mn.Annealing(20.0, 0.0, sweeps=5))


class TestLangevin(DynamicsContract):
    dynamics = mn.Langevin(1.0)
    build = staticmethod(lambda: mn.kernel_memory(2.0))


class TestColdLangevin(TestLangevin):
    dynamics = mn.Langevin(0.0, step=0.2)


class TestLangevinOnASphere(DynamicsContract):
    dynamics = mn.Langevin(0.1)
    build = staticmethod(lambda: mn.spherical_memory(mn.Softmax(2.0)))


class TestFlow(DynamicsContract):
    dynamics = mn.Flow(0.3)
    build = staticmethod(lambda: mn.kernel_memory(2.0))


class TestFlowOfGradedNeurons(DynamicsContract):
    dynamics = mn.Flow(0.3)
    build = staticmethod(lambda: mn.graded_memory(1.5, scale=2.0))


class TestFlowOfLayers(DynamicsContract):
    dynamics = mn.Flow(0.3)
    build = staticmethod(lambda: mn.model_a(gain=2.0))


class TestAlternating(DynamicsContract):
    dynamics = mn.Alternating()
    build = staticmethod(lambda: mn.mixed_memory(COLUMNS, beta=1.0))


class TestAlternatingInOrder(TestAlternating):
    dynamics = mn.Alternating("sequential")


class TestBidirectional(DynamicsContract):
    dynamics = Bidirectional(5)
    build = staticmethod(lambda: mn.HopfieldNetwork(rule=Pairs(5)))


class TestBidirectionalFromTheRight(TestBidirectional):
    dynamics = Bidirectional(5, forward=False)
