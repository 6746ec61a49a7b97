"""The Hopfield layer: nothing by default, heads and projections where they are given, masks in torch's shapes."""

import copy
import pickle
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import mnemonist as mn
from contracts.association import assert_runs_elsewhere
from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import Association, Hopfield, projected


def arrays(*shapes: tuple[int, ...], dtype: torch.dtype = torch.float64) -> list[Tensor]:
    rng = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=rng, dtype=dtype) for shape in shapes]


def test_without_projections_it_retrieves_what_is_stored() -> None:
    (stored,) = arrays((20, 64))
    cues = stored[:4] + 0.3 * stored[4:8]
    torch.testing.assert_close(Hopfield(Association(beta=1.0, steps=3))(cues, stored), stored[:4], rtol=1e-6, atol=1e-6)


def test_it_retrieves_as_a_memory_does() -> None:
    (stored,) = arrays((6, 16))
    memory = mn.modern_hopfield(beta=0.5)
    memory.store(stored.numpy())
    found = Hopfield(Association(beta=0.5, steps=4))(stored + 0.5, stored)
    expected = memory.recall((stored + 0.5).numpy(), max_steps=4, tol=0.0).state
    torch.testing.assert_close(found, torch.as_tensor(expected), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("steps", [1, 3])
def test_it_is_the_formula_head_by_head(steps) -> None:
    torch.manual_seed(0)
    state, stored, values = arrays((2, 3, 5), (2, 7, 6), (2, 7, 9))
    q, k, v, out = (nn.Linear(a, b).double() for a, b in ((5, 8), (6, 8), (9, 4), (4, 3)))
    layer = Hopfield(Association(beta=0.6, steps=steps), heads=2, state=q, stored=k, values=v, output=out)
    heads = []
    for start, xi, y in zip(q(state).chunk(2, -1), k(stored).chunk(2, -1), v(values).chunk(2, -1), strict=True):
        x = start
        for step in range(1, steps + 1):
            x = torch.softmax(0.6 * x @ xi.mT, dim=-1) @ (y if step == steps else xi)
        heads.append(x)
    expected = out(torch.cat(heads, dim=-1))
    torch.testing.assert_close(layer(state, stored, values), expected, rtol=1e-12, atol=1e-12)


def test_values_are_the_projected_patterns_unless_they_have_a_projection() -> None:
    torch.manual_seed(0)
    state, stored = arrays((3, 4), (5, 4))
    project = nn.Linear(4, 4).double()
    without = Hopfield(Association(), stored=project)
    assert torch.equal(without(state, stored), Association()(state, project(stored)))
    own = Hopfield(Association(), stored=project, values=nn.Identity())
    assert torch.equal(own(state, stored), Association()(state, project(stored), stored))


def test_alone_states_are_associated_with_each_other() -> None:
    (state,) = arrays((2, 5, 4))
    layer = Hopfield(Association(steps=2))
    assert torch.equal(layer(state), layer(state, state))


def test_one_sample_needs_no_batch() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer, mask = projected(8, heads=2).double(), torch.rand(3, 5) > 0.3
    padding = torch.tensor([False, False, True, False, True])
    expected = layer(state, stored, mask=mask, padding=padding.expand(2, 5))[0]
    torch.testing.assert_close(layer(state[0], stored[0], mask=mask, padding=padding), expected, rtol=1e-12, atol=1e-12)


def test_masks_come_for_all_for_each_sample_and_for_each_head() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer = projected(8, heads=2, association=Association(steps=2)).double()
    torch.manual_seed(0)
    mask = torch.rand(2, 2, 3, 5) > 0.4
    mask[..., 0] = True
    by_heads = layer(state, stored, mask=mask, return_association=True)
    assert not by_heads[1][~mask].any()
    one = mask[:, :1].expand(2, 2, 3, 5)
    assert torch.equal(layer(state, stored, mask=mask[:, 0]), layer(state, stored, mask=one))
    assert torch.equal(layer(state, stored, mask=mask[0, 0]), layer(state, stored, mask=mask[:1, :1]))
    for i in range(2):
        alone = layer(state[i], stored[i], mask=mask[i])
        torch.testing.assert_close(alone, by_heads[0][i], rtol=1e-12, atol=1e-12)


def test_padding_of_booleans_and_of_numbers_hides_what_is_none() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer = projected(8, heads=2, norm=True).double()
    padding = torch.zeros(2, 5, dtype=torch.bool)
    padding[0, 3:] = padding[1, 1:] = True
    found = layer(state, stored, padding=padding)
    torch.testing.assert_close(found[0], layer(state[0], stored[0, :3]), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(found[1], layer(state[1], stored[1, :1]), rtol=1e-12, atol=1e-12)
    numbers = torch.zeros(2, 5).masked_fill(padding, -torch.inf)
    mask = torch.rand(3, 5) > 0.5
    mask[:, 0] = True
    for one in (padding, numbers):
        for other in (mask, torch.zeros(3, 5).masked_fill(~mask, -torch.inf)):
            both = layer(state, stored, padding=one, mask=other)
            expected = layer(state, stored, mask=mask & ~padding[:, None])
            torch.testing.assert_close(both, expected, rtol=1e-12, atol=1e-12)


def test_a_sample_of_padding_alone_gives_the_bias_of_the_output_and_no_nan() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer = projected(8, heads=2, association=Association(mn.Entmax(1.5), steps=2)).double()
    padding = torch.tensor([[True], [False]]).expand(2, 5)
    found = layer(state, stored, padding=padding)
    torch.testing.assert_close(found[0], layer.output.bias.expand(3, 8))
    found.sum().backward()
    assert all(weight.grad.isfinite().all() for weight in layer.parameters())


def test_associations_of_each_head_come_on_demand() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer = projected(8, heads=2, association=Association(mn.Entmax(2.0), steps=2)).double()
    found, weights = layer(state, stored, return_association=True)
    assert weights.shape == (2, 2, 3, 5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, 3, dtype=torch.float64))
    torch.testing.assert_close(layer(state, stored), found, rtol=1e-12, atol=1e-12)


def test_patterns_without_a_batch_are_shared_and_their_gradients_are_of_one_set() -> None:
    state, stored = arrays((2, 3, 8), (5, 8))
    layer = projected(8, heads=2, association=Association(steps=2)).double()
    stored.requires_grad_()
    each = layer(state, stored.expand(2, 5, 8))
    torch.testing.assert_close(layer(state, stored), each, rtol=1e-12, atol=1e-12)
    (shared,) = torch.autograd.grad(layer(state, stored).square().sum(), stored)
    torch.testing.assert_close(shared, torch.autograd.grad(each.square().sum(), stored)[0], rtol=1e-12, atol=1e-12)


def test_a_beta_is_learned_for_each_head() -> None:
    (state,) = arrays((2, 5, 8))
    beta = nn.Parameter(torch.tensor([0.5, 2.0]))
    layer = Hopfield(Association(beta=beta), heads=2)
    layer(state).square().sum().backward()
    assert beta.grad is not None
    assert beta.grad.all()


def test_it_maps_compiles_and_comes_back_from_its_state() -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8))
    layer = projected(8, heads=2, association=Association(steps=2, tol=1e-3)).double()
    padding = torch.tensor([[False, False, True, False, True], [False] * 5])
    expected = layer(state, stored, padding=padding)
    mapped = torch.func.vmap(lambda x, xi, hidden: layer(x, xi, padding=hidden))(state, stored, padding)
    torch.testing.assert_close(mapped, expected, rtol=1e-12, atol=1e-12)
    torch._dynamo.reset()
    compiled = torch.compile(layer, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(state, stored, padding=padding), expected, rtol=1e-12, atol=1e-12)
    other = projected(8, heads=2, association=Association(steps=2, tol=1e-3)).double()
    other.load_state_dict(layer.state_dict())
    for same in (other, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert torch.equal(same(state, stored, padding=padding), expected)
    assert "heads=2" in repr(layer)


def test_layers_map_over_their_weights() -> None:
    (state,) = arrays((3, 4))
    layers = [projected(4, heads=2).double() for _ in range(3)]
    parameters, buffers = torch.func.stack_module_state(layers)
    base = projected(4, heads=2).double()
    found = torch.func.vmap(lambda p, b: torch.func.functional_call(base, (p, b), (state,)))(parameters, buffers)
    for x, layer in zip(found, layers, strict=True):
        torch.testing.assert_close(x, layer(state), rtol=1e-12, atol=1e-12)


def test_it_exports_and_runs_elsewhere(tmp_path: Path) -> None:
    state, stored = arrays((2, 3, 8), (2, 5, 8), dtype=torch.float32)
    layer = projected(8, heads=2).eval()
    batch = torch.export.Dim("batch", min=1)
    program = torch.export.export(layer, (state, stored), dynamic_shapes=({0: batch}, {0: batch}))
    many = (torch.cat([state, state, state]), torch.cat([stored, stored, stored]))
    torch.testing.assert_close(program.module()(*many), layer(*many))
    assert_runs_elsewhere(layer, (state, stored), tmp_path / "layer.onnx")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"association": mn.Softmax()}, InvalidType, "association must be an Association; got Softmax"),
        ({"heads": 0}, InvalidArgument, "heads must be a whole number >= 1; got 0"),
        ({"state": 8}, InvalidType, "state must be a module or None; got 8"),
    ],
)
def test_what_a_layer_cannot_be_made_of_is_refused(options, error, says) -> None:
    with pytest.raises(error, match=says):
        Hopfield(**({"association": Association()} | options))


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (
            {"state": torch.ones(2, 3, 7)},
            InvalidArgument,
            r"heads must divide the width of state; got state of shape \(",
        ),
        (
            {"stored": torch.ones(2, 5, 6)},
            InvalidArgument,
            r"state of shape \(2, 3, 8\) and stored of shape \(2, 5, 6\)",
        ),
        (
            {"values": torch.ones(2, 5, 3)},
            InvalidArgument,
            "heads must divide the width of values; got values of shape",
        ),
        ({"values": torch.ones(2, 4, 8)}, InvalidArgument, "as many values"),
        ({"state": torch.ones(8)}, InvalidArgument, r"Hopfield: state must be rows, .* got shape \(8,\)"),
        ({"stored": torch.ones(3, 5, 8)}, InvalidArgument, r"batches must be the same.*stored of shape \(3, 5, 8\)"),
        ({"stored": [[1.0]]}, InvalidType, "stored must be a tensor"),
        (
            {"padding": torch.ones(2, 3) > 0},
            InvalidArgument,
            r"padding must broadcast to \(..., S\) = \(2, 5\); got a",
        ),
        ({"mask": torch.ones(3, 4) > 0}, InvalidArgument, r"mask must broadcast to \(..., L, S\) = \(2, 3, 5\); got a"),
        (
            {"mask": torch.ones(2, 3, 3, 5) > 0},
            InvalidArgument,
            r"= \(2, 2, 3, 5\); got a mask of shape \(2, 3, 3, 5\)",
        ),
        ({"mask": "causal"}, InvalidType, "mask must be a tensor of booleans, or of floats"),
        ({"stored": torch.ones(2, 0, 8)}, InvalidArgument, r"a stored pattern at least.*stored of shape \(2, 0, 8\)"),
    ],
)
def test_what_does_not_fit_is_refused_as_the_caller_wrote_it(change, error, says) -> None:
    given = {"state": torch.ones(2, 3, 8), "stored": torch.ones(2, 5, 8)}
    with pytest.raises(error, match=says):
        Hopfield(Association(), heads=2)(**(given | change))


@pytest.mark.parametrize(
    ("state", "error", "says"),
    [
        (torch.ones(3, 7), InvalidArgument, r"state must be of width 8, as its projection is; got shape \(3, 7\)"),
        (torch.ones(3, 8).double(), InvalidType, "state must be of torch.float32, as the layer is; got torch.float64"),
    ],
)
@pytest.mark.parametrize("norm", [True, False])
def test_what_does_not_fit_a_projection_is_refused_before_it(state, error, says, norm) -> None:
    with pytest.raises(error, match=says):
        projected(8, norm=norm)(state)
