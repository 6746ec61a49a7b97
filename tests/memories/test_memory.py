"""What a memory says of itself and of what it recalled."""

import re

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.memories.catalogue import CATALOGUE


@pytest.fixture
def signs(rng) -> np.ndarray:
    return rng.choice([-1.0, 1.0], size=(7, 60))


def test_ids_are_kept_when_others_are_forgotten(signs) -> None:
    memory = mn.classical_hopfield()
    assert memory.store(signs).tolist() == list(range(7))
    memory.forget([1, 3])
    assert memory.ids.tolist() == [0, 2, 4, 5, 6]
    assert memory.store(signs[1]).tolist() == [7]
    assert len(memory) == 6
    assert memory.load == pytest.approx(6 / 60)
    assert memory.recall(signs[1]).nearest == 7
    memory.forget(memory.ids)
    assert len(memory) == 0
    assert memory.load == 0
    assert memory.store(signs[0]).tolist() == [8]


def test_kinds_of_a_binary_state(signs) -> None:
    memory = mn.classical_hopfield()
    memory.store(signs[:3])
    blend = np.sign(signs[:3].sum(axis=0))
    recall = memory.recall(np.stack([signs[0], -signs[1], blend]), max_steps=0)
    assert recall.kind.tolist() == [mn.Kind.MEMORY, mn.Kind.MIRROR, mn.Kind.MIXTURE]
    assert recall.components.tolist() == [1, 1, 3]
    assert recall.nearest[:2].tolist() == [0, 1]
    np.testing.assert_allclose(recall.overlap[:2], [1, -1])
    five = mn.classical_hopfield()
    five.store(signs[:5])
    turned = signs[:5] * np.array([1, -1, 1, 1, -1])[:, None]
    assert five.recall(np.sign(turned.sum(axis=0)), max_steps=0).components == 5
    stranger = np.random.default_rng(9).choice([-1.0, 1.0], size=60)
    assert five.recall(stranger, max_steps=0).kind is mn.Kind.SPURIOUS
    assert five.recall(signs[0], known=np.arange(60) < 30, max_steps=0).kind is mn.Kind.UNDECIDED


def test_an_undecided_neuron_that_ties_stays_undecided() -> None:
    memory = mn.classical_hopfield()
    memory.store([[1, 1, 1, 1], [1, 1, -1, -1]])
    recall = memory.recall([1, 1, 0, 0], known=np.array([True, True, False, False]))
    assert recall.state.tolist() == [1, 1, 0, 0]
    tied = mn.classical_hopfield()
    tied.store([[1, 1], [1, -1]])
    recall = tied.recall([1, 0], known=np.array([True, False]), trace=True)
    assert recall.state.tolist() == [1, 0]
    assert recall.outcome is mn.Outcome.CONVERGED
    assert recall.kind is mn.Kind.UNDECIDED
    assert np.isnan(recall.trace.energies).all()


def test_kinds_of_a_continuous_state(signs) -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(signs)
    assert memory.recall(signs[2]).kind is mn.Kind.MEMORY
    assert memory.recall((signs[2] + signs[4]) / 2, max_steps=0).components == 2
    vague = mn.kernel_memory(1e-6)
    vague.store(signs)
    recall = vague.recall(signs[0])
    assert recall.kind is mn.Kind.UNDECIDED
    np.testing.assert_allclose(recall.state, signs.mean(axis=0), atol=1e-3)


def test_parts_are_counted_beyond_the_top() -> None:
    memory = mn.kernel_memory(1e-9)
    memory.store(np.random.default_rng(0).normal(size=(100, 5)))
    recall = memory.recall(np.zeros((3, 5)), max_steps=0)
    assert recall.components.tolist() == [90, 90, 90]
    assert recall.top.ids.shape == (3, 32)


def test_duplicates_are_the_smaller_id(rng) -> None:
    for dtype in ("float32", "float64"):
        patterns = rng.normal(size=(50, 333)).astype(dtype)
        memory = mn.kernel_memory()
        memory.store(np.concatenate([patterns, patterns[::-1]]))
        assert memory.recall(patterns).nearest.tolist() == list(range(50))


def test_an_automatic_beta_separates_typical_memories(rng) -> None:
    patterns = rng.normal(size=(500, 40))
    memory = mn.kernel_memory()
    memory.store(patterns)
    assert (memory.recall(patterns, max_steps=1).top.weights[:, 0] > 1 - 1 / 512).mean() > 0.5


def test_patterns_with_holes_are_filled_from_those_who_know(rng) -> None:
    patterns = np.array([[1.0, 2.0, np.nan], [1.0, np.nan, 3.0], [-9.0, -9.0, -9.0]])
    memory = mn.kernel_memory(2.0)
    memory.store(patterns, known=~np.isnan(patterns))
    recall = memory.recall([1.0, np.nan, np.nan], known=np.array([True, False, False]))
    np.testing.assert_allclose(recall.state, [1, 2, 3], atol=1e-6)
    np.testing.assert_array_equal(np.isnan(memory.patterns), np.isnan(patterns))


def test_the_trace_shows_the_way(signs) -> None:
    memory = mn.kernel_memory(0.05)
    memory.store(signs)
    recall = memory.recall(signs[:2] + 0.4, trace=True)
    assert recall.trace.states.shape == (recall.steps.max() + 1, 2, 60)
    np.testing.assert_array_equal(recall.trace.states[0], signs[:2] + 0.4)
    np.testing.assert_array_equal(recall.trace.states[-1], recall.state)
    np.testing.assert_allclose(recall.trace.energies[-1], recall.energy, rtol=1e-12)
    for b in range(2):  # a cue alone ends where it rests
        assert recall[b].trace.states.shape == (recall.steps[b] + 1, 60)
        assert recall[b].trace.energies.shape == (recall.steps[b] + 1,)
    assert memory.recall(signs[0]).trace is None
    hidden = memory.recall(signs[:1], known=np.arange(60) < 9, trace=True)
    assert np.isnan(hidden.trace.energies[0]).all()
    assert not np.isnan(hidden.trace.energies[1:]).any()


def test_models_without_energy_make_one_readout(signs) -> None:
    memory = mn.AssociativeMemory(mn.Manhattan(), mn.Softmax(1.0), mn.Real())
    memory.store(signs)
    recall = memory.recall(signs[3] + 0.1)
    assert recall.outcome is mn.Outcome.ONE_STEP
    assert recall.steps == 1
    assert not recall.converged
    assert recall.nearest == 3


def test_reprs_are_for_reading(signs) -> None:
    memory = mn.dense_memory(3)
    assert repr(memory) == "AssociativeMemory(Dot(), Power(degree=3, scale=1.0), Binary())  # empty"
    memory.store(signs)
    assert repr(memory).endswith("# K=7, N=60")
    assert repr(memory.recall(signs)) == "Recall(7 cues: 7 converged; 7 memory; 1 step)"
    assert re.fullmatch(
        r"Recall\(memory: nearest id 2, overlap 1\.000; converged after 1 step, energy -\d+\)",
        repr(memory.recall(signs[2])),
    )


def test_gradients_flow_through_a_recall() -> None:
    patterns = torch.randn(4, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    cue = (patterns[:2] + 0.1).requires_grad_()

    def recalled(cue: torch.Tensor) -> torch.Tensor:
        memory = mn.modern_hopfield(0.3)
        memory.store(patterns)
        return memory.recall(cue, max_steps=2, tol=0.0).state

    assert torch.autograd.gradcheck(recalled, (cue,))


def test_classical_mirror_images_are_recalled_as_such(signs) -> None:
    memory = mn.classical_hopfield()
    memory.store(signs)
    recall = memory.recall(-signs[4])
    assert recall.kind is mn.Kind.MIRROR
    assert recall.nearest == 4
    odd = mn.dense_memory(3)
    odd.store(signs)
    assert odd.recall(-signs[4]).kind is not mn.Kind.MIRROR


def test_the_unknown_option_of_a_model_names_the_possible_ones() -> None:
    refused = {
        "tense": f"one of {', '.join(CATALOGUE)}; got 'tense'",
        "dense:degre=3": "the options are degree=, rectified=, scale=; got 'degre=3'. Write dense:degree=4.",
        "dense:degree": "the options are degree=",
        "dense:degree=three": "model dense: degree must be a whole number >= 1; got 'three'",
        "classical:beta=2": "model classical: the options are none",
        "kernel:beta=warm": "beta must be a number > 0, 'auto' or 'smooth'; got 'warm'",
        "modern:beta=-1": "beta must be a finite number > 0",
        "spherical:degree=3": "needs a convex separation",
    }
    for text, sentence in refused.items():
        with pytest.raises(mn.MnemonistError, match=re.escape(sentence) if "finite" not in sentence else sentence):
            mn.model(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("classical", mn.classical_hopfield()),
        ("dense:degree=5,rectified=true", mn.dense_memory(5, rectified=True)),
        ("dense:degree=20,scale=784", mn.dense_memory(20, scale=784.0)),
        ("exponential", mn.exponential_memory()),
        ("modern:beta=8", mn.modern_hopfield(8.0)),
        ("kernel", mn.kernel_memory("auto")),
        ("kernel:beta=auto", mn.kernel_memory("auto")),
        ("spherical:degree=4", mn.spherical_memory(mn.Power(4))),
        ("spherical:degree=3,rectified=yes", None),
        ("spherical:beta=4", mn.spherical_memory(mn.Softmax(4.0))),
        ("hebbian", mn.hebbian()),
        ("perceptron:margin=0.5,symmetric=true", mn.perceptron(0.5, symmetric=True)),
    ],
)
def test_models_are_read_from_text(text: str, written: mn.AssociativeMemory | None) -> None:
    if written is None:
        with pytest.raises(mn.errors.InvalidArgument, match="rectified must be true or false; got 'yes'"):
            mn.model(text)
    else:
        assert repr(mn.model(text)) == repr(written)
