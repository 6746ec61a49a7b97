"""Synapses keep the contract of synapses: each beside its pull, written out; and what only some of them have."""

import math

import pytest
import torch

import mnemonist as mn
from contracts.synapse import SynapseContract
from mnemonist.nn import synapses

F = torch.nn.functional


class TestDense(SynapseContract):
    shapes = ((4,), (3,))

    def build(self):
        return synapses.Dense(4, 3)

    def pulls(self, synapse, g1, g2):
        return g2 @ synapse.weight.T, g1 @ synapse.weight


class TestDenseOverThree(SynapseContract):
    shapes = ((4,), (3,), (2,))

    def build(self):
        return synapses.Dense(4, 3, 2)

    def pulls(self, synapse, g1, g2, g3):
        w = synapse.weight
        return (
            torch.einsum("ijk,bj,bk->bi", w, g2, g3),
            torch.einsum("ijk,bi,bk->bj", w, g1, g3),
            torch.einsum("ijk,bi,bj->bk", w, g1, g2),
        )


class TestBias(SynapseContract):
    shapes = ((3, 2),)

    def build(self):
        return synapses.Bias(3, 2)

    def pulls(self, synapse, g):
        return (synapse.bias.expand_as(g),)


class TestConvolution(SynapseContract):
    shapes = ((2, 7, 7), (3, 4, 4))

    def build(self):
        return synapses.Convolution(2, 3, 3, stride=2, padding=1)

    def pulls(self, synapse, g1, g2):
        below = F.conv_transpose2d(g2, synapse.weight, stride=2, padding=1)
        return below, F.conv2d(g1, synapse.weight, stride=2, padding=1)


class TestMeanPooling(SynapseContract):
    shapes = ((2, 4, 6), (2, 2, 3))

    def build(self):
        return synapses.Pooling(2)

    def pulls(self, synapse, g1, g2):
        mean = g1.unflatten(-1, (3, 2)).unflatten(-3, (2, 2)).mean((-1, -3))
        return g2.repeat_interleave(2, -1).repeat_interleave(2, -2) / 4, mean


class TestMaximumPooling(SynapseContract):
    shapes = ((2, 4, 6), (2, 2, 3))

    def build(self):
        return synapses.Pooling(2, beta=3.0)

    def pulls(self, synapse, g1, g2):
        windows = g1.unflatten(-1, (3, 2)).unflatten(-3, (2, 2))  # (..., 2, 2, 3, 2)
        lifted = (3 * windows).exp()
        mass = lifted.sum((-1, -3), keepdim=True)
        spread = lifted / mass * g2[..., :, None, :, None]
        return spread.flatten(-2).flatten(-3, -2), (mass[..., 0, :, 0] / 4).log() / 3


class TestHopfield(SynapseContract):
    shapes = ((4,),)
    separation: mn.core.separation.Separation = mn.Softmax(2.0)

    def build(self):
        return synapses.Hopfield(4, 6, self.separation)

    def pulls(self, synapse, g):
        return (self.separation.weights(g @ synapse.patterns.T) @ synapse.patterns,)


class TestSharpHopfield(TestHopfield):
    separation = mn.RectifiedPower(3, 2.0)


class TestSparseHopfield(TestHopfield):
    separation = mn.Entmax(1.5, 2.0)


class TestLearnedHopfield(TestHopfield):
    def build(self):
        return synapses.Hopfield(4, 6, mn.Softmax(torch.nn.Parameter(torch.tensor(2.0))))

    def pulls(self, synapse, g):
        return (torch.softmax(synapse.separation.beta * (g @ synapse.patterns.T), -1) @ synapse.patterns,)


class TestAttention(SynapseContract):
    shapes = ((3, 5),)

    def build(self):
        return synapses.Attention(5, heads=2, head_width=4, beta=0.7)

    def pulls(self, synapse, g):
        pull = torch.zeros_like(g)
        for wq, wk in zip(synapse.queries, synapse.keys, strict=True):
            q, k = g @ wq.T, g @ wk.T
            a = torch.softmax((0.7 * q @ k.mT).masked_fill(torch.eye(3, dtype=torch.bool), -math.inf), -1)
            pull = pull + a @ k @ wq + a.mT @ q @ wk
        return (pull,)


class TestMaskedAttention(TestAttention):
    """Of tokens and which are present: numbers > 0 are."""

    shapes = ((4, 5), (4,))

    def pulls(self, synapse, g, present):
        pull = torch.zeros_like(g)
        for b, here in enumerate(present > 0):
            for wq, wk in zip(synapse.queries, synapse.keys, strict=True):
                q, k = g[b, here] @ wq.T, g[b, here] @ wk.T
                scores = (0.7 * q @ k.mT).masked_fill(torch.eye(len(q), dtype=torch.bool), -math.inf)
                a = torch.softmax(scores, -1) if len(q) > 1 else 0 * q @ k.mT
                pull[b, here] = pull[b, here] + a @ k @ wq + a.mT @ q @ wk
        return pull, torch.zeros_like(present)


# --- what only some of them have -----------------------------------------------------------------------------------


def test_axes_between_the_batch_and_what_is_read_are_copies_that_share_the_synapse() -> None:
    tokens = torch.randn(5, 3, 4)
    assert synapses.Dense(4, 2)(tokens, torch.randn(5, 3, 2)).shape == (5, 3)
    assert synapses.Hopfield(4, 7)(tokens).shape == (5, 3)


def test_a_convolution_and_its_transpose_are_one_coupling() -> None:
    torch.manual_seed(0)
    synapse = synapses.Convolution(2, 3, 3, stride=2, padding=1).double()
    below, above = torch.randn(2, 7, 7, dtype=torch.float64), torch.randn(3, 4, 4, dtype=torch.float64)
    up = F.conv2d(below, synapse.weight, stride=2, padding=1)
    down = F.conv_transpose2d(above, synapse.weight, stride=2, padding=1)
    torch.testing.assert_close((up * above).sum(), (down * below).sum(), rtol=1e-12, atol=1e-10)
    torch.testing.assert_close(synapse(below, above), -(up * above).sum(), rtol=1e-12, atol=1e-10)


def test_pooling_goes_from_the_mean_to_the_maximum() -> None:
    torch.manual_seed(0)
    g, above = torch.randn(6, 2, 4, 4, dtype=torch.float64), torch.ones(6, 2, 2, 2, dtype=torch.float64)
    mean, largest = -F.avg_pool2d(g, 2).sum((-3, -2, -1)), -F.max_pool2d(g, 2).sum((-3, -2, -1))
    torch.testing.assert_close(synapses.Pooling(2, beta=1e-6)(g, above), mean, atol=1e-4, rtol=0)
    torch.testing.assert_close(synapses.Pooling(2, beta=1e4)(g, above), largest, atol=0.01, rtol=0)
    torch.testing.assert_close(synapses.Pooling(2)(g, above), mean)
    assert synapses.Pooling(2, stride=1)(g, torch.ones(6, 2, 3, 3, dtype=torch.float64)).shape == (6,)


def test_tokens_that_are_absent_change_nothing_and_one_alone_has_nothing_to_look_at() -> None:
    torch.manual_seed(0)
    synapse = synapses.Attention(5, heads=2, head_width=4)
    tokens = torch.randn(2, 3, 5)
    padded = torch.cat([tokens, torch.full((2, 4, 5), 1e3)], dim=1).requires_grad_()
    present = (torch.arange(7) < 3).float().expand(2, 7)
    energy = synapse(padded, present)
    torch.testing.assert_close(energy, synapse(tokens))
    (slope,) = torch.autograd.grad(energy.sum(), padded)
    assert not slope[:, 3:].any()
    for alone in (torch.ones(1), torch.zeros(1)):
        lonely = torch.randn(1, 5, requires_grad=True)
        energy = synapse(lonely, alone)
        energy.backward()
        assert energy == 0
        assert not lonely.grad.any()


def test_weights_that_are_given_stay_as_they_are_unless_they_are_parameters() -> None:
    given = torch.randn(2, 3)
    assert not list(synapses.Dense(2, 3, weight=given).parameters())
    assert not list(synapses.Hopfield(3, 2, patterns=given).parameters())
    assert "weight" in synapses.Dense(2, 3, weight=given).state_dict()
    learned = torch.nn.Parameter(given)
    assert next(synapses.Dense(2, 3, weight=learned).parameters()) is learned


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: synapses.Dense(3), "Dense: sizes must be 2 or more numbers; got 1"),
        (lambda: synapses.Dense(3, 0), "sizes must be a whole number >= 1; got 0"),
        (lambda: synapses.Dense(3, 2, weight=torch.zeros(2, 3)), r"weight must have shape \(3, 2\); got \(2, 3\)"),
        (lambda: synapses.Dense(3, 2, weight=[[1.0]]), "weight must be a tensor of floats; got"),
        (synapses.Bias, "shape must be 1 or more numbers"),
        (lambda: synapses.Convolution(1, 2, 3, padding=-1), "padding must be a whole number >= 0"),
        (lambda: synapses.Pooling(2, beta=0.0), "beta must be a finite number > 0; got 0.0. Leave it out for the mean"),
        (lambda: synapses.Pooling(5)(torch.zeros(1, 4, 4), torch.zeros(1, 1, 1)), "5 pixels high and wide at least"),
        (lambda: synapses.Hopfield(3, 2, "softmax"), "separation must be a Separation; got 'softmax'"),
        (lambda: synapses.Hopfield(3, 2, mn.Softmax("auto")), "beta of Softmax must be a number; got 'auto'"),
        (lambda: synapses.Attention(4, heads=0, head_width=2), "heads must be a whole number >= 1"),
        (lambda: synapses.Attention(4, 1, 2, beta=-1.0), "beta must be a finite number > 0"),
        (lambda: synapses.Attention(4, 1, 2)(torch.zeros(3, 4), torch.ones(2)), r"present must be \(3,\), one number"),
        (lambda: synapses.Dense(3, 2)("a", "b"), "activations must be tensors of floats; got 'a'"),
        (lambda: synapses.Pooling(2)(torch.ones(1, 2, 2).long(), torch.ones(1, 1, 1)), "must be tensors of floats"),
        (lambda: synapses.Bias(3)(torch.zeros(3).double()), "must be of torch.float32, as the weights are; got"),
        (lambda: synapses.Dense(3, 2)(torch.zeros(5, 3), torch.zeros(4, 2)), "must have the same leading axes"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
