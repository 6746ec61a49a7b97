"""Softmax memories of torch tensors: fused attention where it is the update, gradients, compilation."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.readout.attention import FusedAttention

torch = pytest.importorskip("torch")


def memory_of(rows, beta=3.0, neurons=None) -> mn.AssociativeMemory:
    memory = mn.AssociativeMemory(mn.Dot(), mn.Softmax(beta), neurons or mn.Real())
    memory.store(rows)
    return memory


def stepped(memory: mn.AssociativeMemory, states):
    return memory.landscape.step(states, torch.ones(states.shape, dtype=torch.bool))


@pytest.fixture
def rows():
    return torch.tensor(np.random.default_rng(0).normal(size=(700, 20)))


@pytest.mark.parametrize("neurons", [mn.Real(), mn.Sphere()])
def test_an_update_by_fused_attention_is_that_tile_by_tile(neurons, rows, monkeypatch) -> None:
    memory, states = memory_of(rows, neurons=neurons), neurons.confine(rows[:50] + 0.1)
    fused = stepped(memory, states)
    monkeypatch.setattr(FusedAttention, "mean", lambda *_: None)
    torch.testing.assert_close(fused, stepped(memory, states), rtol=1e-12, atol=1e-12)


def test_a_recall_of_tensors_is_that_of_arrays(rows) -> None:
    cues = rows[:9] + 0.1
    tensors, arrays = memory_of(rows).recall(cues), memory_of(rows.numpy()).recall(cues.numpy())
    np.testing.assert_allclose(tensors.state.numpy(), arrays.state, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(tensors.nearest, arrays.nearest)


def test_attention_is_taken_where_it_is_exact_and_nowhere_else(rows, monkeypatch) -> None:
    calls = []
    attention = torch.nn.functional.scaled_dot_product_attention

    def heard(*args, **kwargs):
        calls.append(args)
        return attention(*args, **kwargs)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", heard)
    memory_of(rows).recall(rows[:3], max_steps=1)
    assert len(calls) == 1
    known = torch.ones(rows[:3].shape, dtype=torch.bool)
    known[:, 0] = False
    memory_of(rows).recall(rows[:3], known=known, max_steps=1)
    others = (
        mn.kernel_memory(1.0),
        mn.sparse_hopfield(1.5, 1.0),
        mn.AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Real()),
    )
    holes = torch.ones(rows.shape, dtype=torch.bool)
    holes[0, 0] = False
    for memory, holed in zip(others, (None, None, holes), strict=True):
        memory.store(rows, known=holed)
        memory.recall(rows[:3], max_steps=1)
    assert len(calls) == 1


def test_gradients_flow_to_cues_patterns_and_beta() -> None:
    rng = np.random.default_rng(1)
    rows, cues = (torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in ((6, 4), (3, 4)))
    beta = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, y, b: stepped(memory_of(y, b), x), (cues, rows, beta))


@pytest.mark.parametrize("build", [mn.modern_hopfield, pytest.param(mn.kernel_memory, marks=pytest.mark.slow)])
def test_an_update_compiles(build, rows) -> None:
    memory, free = build(2.0), torch.ones(rows[:5].shape, dtype=torch.bool)
    memory.store(rows)
    model = memory.landscape
    compiled = torch.compile(lambda x: model.step(x, free), backend="eager", fullgraph=build is mn.modern_hopfield)
    torch.testing.assert_close(compiled(rows[:5] + 0.1), model.step(rows[:5] + 0.1, free))
