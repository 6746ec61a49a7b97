"""Associations keep the contract, whatever their separation; softmax is attention, and what is wrong is refused."""

import copy
import itertools
import pickle

import numpy as np
import pytest
import torch
from entmax import entmax15, sparsemax
from torch.nn import Parameter
from torch.nn.functional import scaled_dot_product_attention

import mnemonist as mn
from contracts.association import AssociationContract, given, some_hidden
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType
from mnemonist.nn import Association


class TestSoftmax(AssociationContract):
    separation = mn.Softmax()


class TestSharpSoftmax(AssociationContract):
    separation = mn.Softmax(2.0)


class TestEntmax(AssociationContract):
    separation = mn.Entmax(1.5)


class TestSparsemax(AssociationContract):
    separation = mn.Entmax(2.0)

    @pytest.mark.slow  # as of entmax, whose bisection takes the compiler two seconds
    def test_it_compiles_whole(self) -> None:
        super().test_it_compiles_whole()


class TestNormmax(AssociationContract):
    separation = mn.Normmax(2.0)

    @pytest.mark.slow  # as of entmax, whose bisection takes the compiler two seconds
    def test_it_compiles_whole(self) -> None:
        super().test_it_compiles_whole()


class TestKSubsets(AssociationContract):
    separation = mn.KSubsets(2)

    @pytest.mark.slow  # as of entmax, whose bisection takes the compiler two seconds
    def test_it_compiles_whole(self) -> None:
        super().test_it_compiles_whole()


class TestTopK(AssociationContract):
    separation = mn.TopK(3)


class TestExponential(AssociationContract):
    separation = mn.Exponential()


class TestPower(AssociationContract):
    separation = mn.Power(3)


class TestLinearPower(AssociationContract):
    separation = mn.Power(1)


class TestRectifiedPower(AssociationContract):
    separation = mn.RectifiedPower(2)


def test_one_step_of_softmax_is_fused_attention() -> None:
    state, stored, values = given()
    expected = scaled_dot_product_attention(state, stored, values, scale=0.5)
    torch.testing.assert_close(Association(beta=0.5)(state, stored, values), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(("alpha", "reference"), [(1.5, entmax15), (2.0, sparsemax)])
def test_entmax_is_that_of_its_authors(alpha, reference) -> None:
    state, stored, values = given()
    # they leave out the factor α of Ω, so that their scores are α times ours
    expected = reference(state @ stored.mT, dim=-1) @ values
    found = Association(mn.Entmax(alpha), beta=1.0)(state, stored, values)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_it_recalls_as_the_memory_of_its_separation_does() -> None:
    patterns = torch.randn(6, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    memory = mn.sparse_hopfield(alpha=1.5, beta=2.0)
    memory.store(patterns.numpy())
    cues = patterns + 0.3
    recall = memory.recall(cues.numpy())
    found = Association(mn.Entmax(1.5), beta=2.0, steps=50, tol=1e-12)(cues, patterns)
    np.testing.assert_allclose(found.numpy(), recall.state, rtol=1e-9, atol=1e-9)


def test_a_state_that_rests_is_left_alone_while_its_batch_mates_go_on() -> None:
    patterns = 3 * torch.eye(4)
    cues = torch.stack([patterns[0], patterns[:2].mean(0) + 0.05 * patterns[0]])
    layer = Association(beta=2.0, steps=9, tol=0.1)
    settled = layer.settle(cues, patterns)
    assert torch.equal(settled[0], Association(beta=2.0, steps=2).settle(cues, patterns)[0])
    steps = [Association(beta=2.0, steps=k).settle(cues, patterns)[1] for k in range(1, 10)]
    moves = [float((b - a).abs().amax() / b.abs().amax()) for a, b in itertools.pairwise(steps)]
    still = next(i for i, move in enumerate(moves) if move <= 0.1)
    assert 1 < still < 7
    assert torch.equal(settled[1], steps[still + 1])


def test_a_beta_of_each_head_is_that_of_the_layer_with_one() -> None:
    state, stored, values = (torch.stack([x, x + 1, x - 1], dim=1) for x in given())
    betas = Parameter(torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64))
    for separation in (mn.Softmax(), mn.Entmax(1.5)):
        layer = Association(separation, beta=betas, steps=2)
        found, energy = layer(state, stored, values), layer.energy(state, stored)
        for h, beta in enumerate(betas.tolist()):
            one = Association(separation, beta=beta, steps=2)
            torch.testing.assert_close(
                found[:, h], one(state[:, h], stored[:, h], values[:, h]), rtol=1e-12, atol=1e-12
            )
            torch.testing.assert_close(energy[:, h], one.energy(state[:, h], stored[:, h]), rtol=1e-12, atol=1e-12)
        shared = layer(state, stored[0, 0])
        torch.testing.assert_close(shared[:, 2], one(state[:, 2], stored[0, 0]), rtol=1e-12, atol=1e-12)
        (slope,) = torch.autograd.grad(found.sum(), betas)
        assert slope.isfinite().all()
        assert slope.all()


def test_a_mask_of_numbers_is_added_to_the_scores() -> None:
    state, stored, values = given()
    bias = torch.linspace(-1, 1, 5, dtype=torch.float64)
    bias[3] = -torch.inf
    for separation in (mn.Softmax(2.0), mn.Exponential(2.0)):
        expected = torch.softmax(2 * (0.7 * state @ stored.mT + bias), dim=-1) @ values
        found = Association(separation, beta=0.7)(state, stored, values, bias)
        torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("separation", [mn.Softmax(), mn.Entmax(1.5)])
def test_dropout_is_of_training_alone_and_leaves_the_mean(separation) -> None:
    state, stored, values = (x[:1] for x in given())
    layer = Association(separation, dropout=0.3)
    plain = Association(separation)(state, stored, values)
    assert torch.equal(layer.eval()(state, stored, values), plain)
    torch.manual_seed(0)
    layer.train()
    many = layer(state.expand(4000, 3, 4), stored.expand(4000, 5, 4), values.expand(4000, 5, 3))
    spread = many.std(0) / 4000**0.5
    assert (spread > 0).all()
    assert ((many.mean(0) - plain[0]).abs() < 5 * spread).all()  # fails by chance in less than 1e-5 of seeds


def test_no_steps_before_the_last_are_dropped_out() -> None:
    state, stored, _ = given()
    layer, plain = Association(dropout=0.5, steps=3), Association(steps=3)
    assert torch.equal(layer.settle(state, stored), plain.settle(state, stored))


def test_the_energy_of_a_row_that_hears_nothing_is_infinite() -> None:
    state, stored, _ = given()
    mask = some_hidden()
    mask[0, 1] = False
    energy = Association().energy(state, stored, mask)
    assert energy[0, 1] == torch.inf
    assert energy.isfinite().sum() == 5


def test_scores_of_half_precision_are_weighed_in_float32() -> None:
    state, stored, values = given(dtype=torch.float32)
    half = [x.bfloat16() for x in (state, stored, values)]
    found, weights = Association(mn.Entmax(1.5))(*half, return_association=True)
    assert found.dtype == torch.bfloat16
    assert weights.dtype == torch.float32
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3))


@pytest.mark.parametrize("beta", [2.0, torch.tensor(2.0), Parameter(torch.tensor([1.0, 2.0]))])
def test_it_is_copied_pickled_and_loaded(beta) -> None:
    layer = Association(mn.Entmax(1.5), beta=beta, steps=2)
    state, stored, _ = given(dtype=torch.float32)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert torch.equal(other(state, stored), layer(state, stored))
    assert list(layer.state_dict()) == ([] if isinstance(beta, float) else ["beta"])
    layer.load_state_dict(layer.state_dict())
    assert "Entmax(alpha=1.5, beta=1.0)" in repr(layer)


def test_empty_batches_give_empty_results() -> None:
    for separation in (mn.Softmax(), mn.Entmax(1.5), mn.Power(2)):
        layer = Association(separation, steps=2, tol=0.1)
        assert layer(torch.zeros(0, 3, 4), torch.ones(5, 4)).shape == (0, 3, 4)
        assert layer(torch.zeros(2, 0, 4), torch.ones(2, 5, 4)).shape == (2, 0, 4)


def test_one_query_set_reads_a_batch_of_patterns() -> None:
    state, stored, values = given()
    found = Association(steps=2)(state[0], stored, values)
    torch.testing.assert_close(found, Association(steps=2)(state[:1].expand(2, 3, 4), stored, values))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"separation": "softmax"}, InvalidType, "separation must be a Separation; got 'softmax'"),
        ({"separation": mn.Epanechnikov(1.0)}, IllegalCombination, "scores must be distances"),
        ({"separation": mn.Softmax("auto")}, InvalidArgument, "beta of the separation must be a number; got 'auto'"),
        ({"separation": mn.Power(2, scale="textbook")}, InvalidArgument, "scale of the separation must be a number"),
        ({"separation": mn.Softmax(torch.tensor(2.0))}, InvalidArgument, "a learned beta is the layer's own"),
        ({"beta": 0}, InvalidArgument, "beta must be a finite number > 0"),
        ({"beta": torch.tensor([1.0, -1.0])}, InvalidArgument, "every beta must be finite and > 0"),
        ({"beta": torch.ones(2, 2)}, InvalidArgument, "beta must be one float, or one a head"),
        ({"steps": 0}, InvalidArgument, "steps must be a whole number >= 1; got 0"),
        ({"tol": -1.0}, InvalidArgument, "tol must be a finite number >= 0"),
        ({"dropout": 1.0}, InvalidArgument, "dropout must be below 1; got 1.0"),
    ],
)
def test_what_an_association_cannot_be_is_refused(options, error, says) -> None:
    with pytest.raises(error, match=says):
        Association(**options)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"state": [[1.0]]}, InvalidType, "state must be a tensor"),
        ({"state": torch.ones(2, 3, 4, dtype=torch.int64)}, InvalidType, "state must be of floats; got torch.int64"),
        ({"state": torch.ones(4)}, InvalidArgument, r"state must be rows, .*; got shape \(4,\)"),
        ({"state": torch.ones(2, 3, 7)}, InvalidArgument, r"one width; got a state of shape \(2, 3, 7\) and stored"),
        ({"state": torch.ones(6, 3, 4)}, InvalidArgument, r"batches must be the same.*state of shape \(6, 3, 4\)"),
        ({"state": torch.ones(2, 3, 4).double()}, InvalidType, "one dtype; got state of torch.float64, stored of"),
        ({"values": torch.ones(2, 4, 3)}, InvalidArgument, r"as many values; got .*values of shape \(2, 4, 3\)"),
        ({"stored": torch.ones(2, 0, 4)}, InvalidArgument, "a stored pattern at least"),
        ({"mask": torch.ones(3, 4)}, InvalidArgument, r"mask must broadcast to \(..., L, S\) = \(2, 3, 5\); got"),
        ({"mask": torch.ones(3, 5, dtype=torch.int64)}, InvalidType, "mask must be a tensor of booleans, or of floats"),
        ({"mask": True}, InvalidType, "mask must be a tensor of booleans"),
    ],
)
def test_what_does_not_fit_together_is_refused_as_the_caller_wrote_it(change, error, says) -> None:
    arrays = dict(zip(("state", "stored", "values"), given(dtype=torch.float32), strict=True))
    with pytest.raises(error, match=says):
        Association(steps=2)(**(arrays | change))


def test_as_many_betas_as_heads_are_asked_for() -> None:
    state, stored, _ = given(dtype=torch.float32)
    with pytest.raises(InvalidArgument, match="with H = 3 heads, one for each beta"):
        Association(beta=torch.ones(3))(state, stored)
