"""Layered memories keep the contract of memories; two layers as one, and what only two layers have."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import mnemonist as mn
from contracts.memory import MemoryContract

seeds = st.integers(0, 2**32 - 1)


class TestModelB(MemoryContract):
    build = staticmethod(lambda: mn.model_b(2.0, tau_h=0.3))
    dynamics = mn.Flow(0.8)

    def test_the_force_is_minus_the_slope_of_the_energy(self) -> None:
        """Its currents follow no slope: it refuses."""
        memory = mn.model_b(2.0)
        memory.store(np.eye(3))
        with pytest.raises(mn.errors.IllegalCombination, match="must have one layer"):
            memory.recall(np.eye(3), dynamics=mn.Langevin(0.1))


PARTS = {
    "A": (mn.RectifiedPower(3, 3.0), mn.Graded(2.0)),
    "A, exponential": (mn.Exponential(0.3), mn.Graded(2.0)),
    "B": (mn.Softmax(2.0), mn.Real()),
    "B, sparse": (mn.Entmax(1.5, 2.0), mn.Real()),
    "C": (mn.Power(4), mn.Sphere()),
    "Hopfield 1984": (mn.Power(2, 2**0.5), mn.Graded(0.5)),
}


def stored(name: str, seed: int, **options) -> mn.LayeredMemory:
    rng = np.random.default_rng(seed)
    memory = mn.LayeredMemory(*PARTS[name], **options)
    memory.store(rng.uniform(-1, 1, size=(int(rng.integers(1, 8)), 9)))
    return memory


@pytest.mark.parametrize("name", PARTS)
@for_all(seed=seeds, dt=st.floats(0.01, 1.0), tau_h=st.sampled_from([0.0, 0.1, 1.0, 20.0]), clamp=st.booleans())
@settings(max_examples=12)
def test_no_step_up_to_tau_f_raises_the_energy(name, seed, dt, tau_h, clamp) -> None:
    rng = np.random.default_rng(seed)
    more = {"decay": float(rng.choice([0.0, 1.0, 3.0]))} if name == "C" else {"bias": rng.normal(size=9)}
    memory = stored(name, seed, tau_f=2.0, tau_h=tau_h, **more)
    layers = memory.landscape
    start = layers.start(rng.uniform(-1, 1, size=(3, 9)), None)
    v, h = layers.split(start)
    state = np.concatenate([v, h + rng.normal(size=h.shape)], axis=-1)  # memory neurons that have not followed
    free = rng.random(state.shape) < (0.6 if clamp and name != "C" else 2.0)
    free[:, 9:] = True  # memory neurons are never held
    energy = layers.energy(state)
    for _ in range(8):
        state = layers.flow(state, free, 2.0 * dt)
        after = layers.energy(state)
        assert (after <= energy + 1e-10 * (1 + np.abs(energy) + (state**2).sum(axis=-1))).all()
        energy = after
    again = layers.energy(layers.step(state, free))
    assert (again <= energy + 1e-10 * (1 + np.abs(energy) + (state**2).sum(axis=-1))).all()


@pytest.mark.parametrize("name", PARTS)
def test_a_recall_rests_where_the_memory_of_one_layer_does(name, rng) -> None:
    memory = stored(name, 3)
    cues = memory.patterns + 0.02 * rng.uniform(-1, 1, size=memory.patterns.shape)
    recall = memory.recall(np.clip(cues, -1, 1), max_steps=4000)
    assert recall.converged.all()
    one = mn.AssociativeMemory(mn.Dot(), *PARTS[name])
    one.store(memory.patterns)
    still = one.recall(recall.state, max_steps=1)
    np.testing.assert_allclose(still.state, recall.state, atol=1e-7)
    np.testing.assert_allclose(one.energy(recall.state), recall.energy, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(still.nearest, recall.nearest)


def test_clamped_features_stay_and_unknown_ones_are_found(rng) -> None:
    memory = mn.model_b(beta=5.0)
    memory.store(rng.choice([-1.0, 1.0], size=(5, 12)))
    cues = np.where(np.arange(12) < 6, memory.patterns, np.nan)
    recall = memory.recall(cues, known=np.arange(12) < 6)
    np.testing.assert_array_equal(recall.state[:, :6], cues[:, :6])
    np.testing.assert_allclose(recall.state, memory.patterns, atol=1e-3)


def test_the_energy_of_both_layers_is_least_where_the_memory_neurons_have_followed(rng) -> None:
    memory = stored("A", 4)
    x = rng.uniform(-1, 1, size=(3, 9))
    followed = x @ memory.patterns.T
    np.testing.assert_allclose(memory.energy(x, followed), memory.energy(x), rtol=1e-12)
    for _ in range(5):
        assert (memory.energy(x, followed + rng.normal(size=followed.shape)) >= memory.energy(x)).all()
    assert memory.energy(x[0], followed[0]) == pytest.approx(memory.energy(x)[0])


def test_a_direction_without_decay_rests_though_its_length_does_not() -> None:
    memory = mn.model_c(decay=0.0)
    memory.store(np.eye(3))
    recall = memory.recall([0.9, 0.3, 0.1], max_steps=300)
    assert recall.outcome is mn.Outcome.MAX_STEPS
    np.testing.assert_allclose(recall.state, [1, 0, 0], atol=0.01)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mn.LayeredMemory(mn.Power(2), mn.Binary()), "neurons must have currents; got Binary"),
        (lambda: mn.LayeredMemory(mn.Power(3), mn.Graded(1.0)), "needs a convex separation"),
        (lambda: mn.LayeredMemory(mn.Softmax(1.0), mn.Real(), decay=0.5), "decay must be 1 unless"),
        (lambda: mn.model_b(tau_f=0.0), "tau_f must be a finite number > 0"),
        (lambda: mn.model_b(tau_h=-1.0), "tau_h must be a finite number >= 0"),
        (lambda: mn.model_b(bias=[1.0, np.nan]), "bias must be finite"),
        (lambda: mn.model_b(bias=[1.0, 2.0]).store(np.eye(3)), r"bias must be a number or have shape \(3,\)"),
        (lambda: stored("B", 0).energy(np.zeros(9), np.zeros(50)), r"hidden must have shape \(1, "),
        (lambda: stored("B", 0).recall(np.zeros(9), dynamics=mn.Flow(1.5)), "dt must be at most 1 here"),
        (lambda: stored("A", 0).recall(np.full(9, 1.5)), "cues must be from -1 to 1; got 1.5 at row 0, column 0"),
        (lambda: stored("B", 0, tau_h=0.0).landscape.velocity(np.zeros((1, 9))), "tau_h must be > 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()


def test_its_repr_says_what_it_is() -> None:
    assert repr(mn.model_c(decay=0.0, tau_h=2.0)) == (
        "LayeredMemory(Power(degree=4, scale=1.0), Sphere(), tau_h=2, decay=0)  # empty"
    )
    memory = mn.model_b("auto", bias=1.0)
    memory.store(np.eye(3))
    assert repr(memory).endswith(", Real(), bias)  # K=3, N=3")
    assert memory.separation.beta > 1
