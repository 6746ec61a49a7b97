"""The classical network is one network, as a memory and as a matrix: one energy, one temperature, one set of draws."""

import itertools
import re

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.core.power import TEXTBOOK
from tools import make_units

QUADRATIC = mn.Power(2, scale=TEXTBOOK)


def both(patterns: np.ndarray, **options: object) -> tuple[mn.AssociativeMemory, mn.HopfieldNetwork]:
    memory, network = mn.classical_hopfield(), mn.hebbian()
    for one in (memory, network):
        one.store(patterns, **options)
    return memory, network


def every_state(n: int) -> np.ndarray:
    return np.array(list(itertools.product([-1.0, 1.0], repeat=n)))


@pytest.mark.parametrize("n", [7, 8, 60])
def test_the_energy_is_that_of_the_hebbian_network_less_half_for_each_pattern(n: int, rng) -> None:
    memory, network = both(rng.choice([-1, 1], size=(4, n)))
    states = every_state(n) if n < 10 else rng.choice([-1, 1], size=(50, n))
    np.testing.assert_allclose(memory.energy(states), network.energy(states) - 2, rtol=1e-13, atol=1e-12)


def test_a_pattern_with_holes_takes_away_half_of_the_share_it_knows(rng) -> None:
    known = rng.random((4, 9)) < 0.7
    memory, network = both(rng.choice([-1, 1], size=(4, 9)), known=known)
    states = every_state(9)
    np.testing.assert_allclose(memory.energy(states), network.energy(states) - known.sum() / 18, atol=1e-12)


def test_what_a_neuron_is_drawn_by_is_the_same_at_every_state(rng) -> None:
    # so the Gibbs chains are one, whatever the temperature, and so is what they sample
    memory, network = both(rng.choice([-1, 1], size=(3, 8)))
    states = every_state(8)
    one, other = memory.landscape.sites(states), network.landscape.sites(states)
    for site in range(8):
        np.testing.assert_allclose(one.levels(site), other.levels(site), atol=1e-12)


@pytest.mark.parametrize("temperature", [0.2, 0.5, 1.0, mn.Annealing(1.5, 0.1, sweeps=8)])
def test_glauber_draws_the_same_states_of_both(temperature, rng) -> None:
    # Draws are the same numbers: one in 10¹² falls between two chances that differ by rounding.
    memory, network = both(rng.choice([-1, 1], size=(6, 40)))
    cues = rng.choice([-1, 1], size=(30, 40))
    one, other = (m.recall(cues, dynamics=mn.Glauber(temperature), max_steps=20, rng=5) for m in (memory, network))
    np.testing.assert_array_equal(one.state, other.state)


@pytest.mark.parametrize(("k", "n", "b"), [(3, 10, 20), (12, 101, 20), (300, 256, 40), (17_000, 64, 8)])
@pytest.mark.parametrize("dynamics", [mn.Asynchronous(), mn.Synchronous()], ids=repr)
def test_the_scale_decides_nothing(k: int, n: int, b: int, dynamics, rng) -> None:
    patterns, cues = rng.choice([-1, 1], size=(k, n)), rng.choice([-1, 1], size=(b, n))
    memory, plain = mn.classical_hopfield(), mn.AssociativeMemory(mn.Dot(), mn.Power(2), mn.Binary())
    recalls = []
    for one in (memory, plain):
        one.store(patterns)
        recalls.append(one.recall(cues, dynamics=dynamics, rng=2, max_steps=50))
    for name in ("state", "steps", "outcome", "period", "nearest", "overlap", "kind", "components", "weights"):
        np.testing.assert_array_equal(*(getattr(recall, name) for recall in recalls))
    np.testing.assert_allclose(recalls[0].energy, recalls[1].energy / (2 * n), rtol=1e-13)


def test_the_word_is_the_number_as_long_as_patterns_are_stored() -> None:
    memory = mn.classical_hopfield()
    assert repr(memory) == "AssociativeMemory(Dot(), Power(degree=2, scale='textbook'), Binary())  # empty"
    memory.store([[1, -1, 1, 1, 1, 1, 1, 1]])
    assert memory.separation == mn.Power(2, scale=4.0)
    assert repr(memory) == "AssociativeMemory(Dot(), Power(degree=2, scale=4.0), Binary())  # K=1, N=8"
    memory.forget([0])
    assert memory.separation == QUADRATIC


def test_other_memories_take_the_word_too(rng) -> None:
    patterns = rng.choice([-1.0, 1.0], size=(2, 8))
    for memory in (
        mn.LayeredMemory(QUADRATIC, mn.Graded(2.0)),
        mn.SequenceMemory(QUADRATIC, delay=2, hold=mn.Power(3)),
        mn.AssociativeMemory(mn.Dot(), QUADRATIC, mn.Graded(2.0)),
        mn.spherical_memory(QUADRATIC),
    ):
        memory.store(patterns)
        assert memory.landscape.separation == mn.Power(2, scale=4.0)
        assert len(memory.recall(patterns)) == 2


def test_graded_neurons_feel_the_same_forces_but_for_the_diagonal(rng) -> None:
    patterns, states = rng.choice([-1.0, 1.0], size=(3, 12)), rng.uniform(-0.9, 0.9, size=(5, 12))
    memory = mn.AssociativeMemory(mn.Dot(), QUADRATIC, mn.Graded(2.0))
    network = mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(2.0))
    for one in (memory, network):
        one.store(patterns)
    of_the_diagonal = 3 / 12 * states
    forces = memory.landscape.force(states), network.landscape.force(states)
    np.testing.assert_allclose(forces[0], forces[1] + of_the_diagonal, atol=1e-12)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: mn.Power(3, scale=TEXTBOOK), "or 'textbook' of Power(2), which alone has one; got 'textbook'"),
        (lambda: mn.RectifiedPower(2, scale=TEXTBOOK), "RectifiedPower: scale must be a number > 0, or 'textbook'"),
        (lambda: mn.Power(2, scale="book"), "got 'book' at degree 2"),
        (lambda: QUADRATIC.weights(np.ones(3)), "Power: scale must be a number to compute with; got 'textbook'"),
        (lambda: mn.dense_memory(3, scale=TEXTBOOK), "got 'textbook' at degree 3"),
    ],
)  # fmt: skip
def test_only_a_quadratic_energy_has_a_textbook_scale(build, sentence: str) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match=re.escape(sentence)):
        build()


def test_the_page_of_units_shows_what_the_memories_say() -> None:
    assert make_units.OUT.read_text(encoding="utf-8") == make_units.page()
