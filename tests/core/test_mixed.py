"""Mixed neurons keep the contract, each kind in its own columns."""

import numpy as np

import mnemonist as mn
from contracts.neurons import ContinuousNeuronsContract

SIGNS, OPTIONS = mn.Columns(mn.Binary(), 2, weight=0.5), mn.Columns(mn.Categorical((3, 2)), weight=2.0)


class TestMixed(ContinuousNeuronsContract):
    neurons = mn.Mixed((mn.Columns(mn.Real(), 2, weight=1.5), SIGNS, OPTIONS, mn.Columns(mn.Real(), 1)))

    def own(self, state):
        return mn.Real().energy(state[..., self.neurons.continuous(state)])  # a weight counts on both sides


class TestMixedOfDots(TestMixed):
    neurons = mn.Mixed((mn.Columns(mn.Real(), 2, mn.Dot(), weight=0.7), OPTIONS, SIGNS))


class TestMixedOfOneKind(TestMixed):
    neurons = mn.Mixed((OPTIONS,))


def test_the_overlap_counts_each_kind_as_often_as_it_has_known_sites() -> None:
    neurons = TestMixed.neurons
    x, y = np.array([3.0, 4, 1, 1, 0, 1, 0, 1, 0, 2]), np.array([6.0, 8, 1, -1, 0, 1, 0, 0, 1, -1])
    assert neurons.overlap(x, y) == (2 * 1 + 2 * 0 + 2 * 0.5 + 1 * -1) / 7
    assert neurons.overlap(x, y, np.arange(10) < 4) == (2 * 1 + 2 * 0) / 4
