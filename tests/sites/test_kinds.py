"""Neurons of one's own move by the sites of those that they are a kind of; others are refused in a sentence."""

import pytest

import mnemonist as mn
from mnemonist.core.neurons import Neurons


class Spin(mn.Binary):
    """±1 neurons by another name."""


class Bit(Neurons):
    """0/1 neurons that nobody wrote sites for."""

    discrete = True
    levels = (0.0, 1.0)
    must = "0 or 1"

    def confine(self, x):
        return (x > 0.5) + 0.0

    def energy(self, state):
        return 0 * state[..., 0]


def test_a_kind_of_neurons_moves_as_they_do(rng) -> None:
    patterns = rng.choice([-1.0, 1.0], size=(8, 40))
    cues = patterns * rng.choice([-1.0, 1.0], size=patterns.shape, p=[0.2, 0.8])
    recalls = []
    for neurons in (mn.Binary(), Spin()):
        memory = mn.AssociativeMemory(mn.Dot(), mn.Power(3), neurons)
        memory.store(patterns)
        recalls.append(memory.recall(cues))
    assert (recalls[0].state == recalls[1].state).all()
    assert recalls[0].energy.tolist() == recalls[1].energy.tolist()


def test_neurons_without_sites_are_refused() -> None:
    memory = mn.AssociativeMemory(mn.Dot(), mn.Power(3), Bit())
    memory.store([[1.0, 0.0, 1.0]])
    with pytest.raises(mn.errors.IllegalCombination, match="must have sites"):
        memory.recall([1.0, 1.0, 1.0])
