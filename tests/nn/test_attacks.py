"""Attacks move an input no further than they may, and end where the answer changes."""

import pytest
import torch

import mnemonist as mn
from mnemonist.nn import DenseAssociativeClassifier, boundary, error_rate, fast_gradient, iterative


@pytest.fixture
def trained() -> tuple[DenseAssociativeClassifier, torch.Tensor, torch.Tensor]:
    """A memory whose patterns are six rows with a label each, and 60 rows near them."""
    generator = torch.Generator().manual_seed(0)
    model = DenseAssociativeClassifier(6, 40, 3, degree=3, scale=10.0)
    rows, labels = torch.randn(6, 40, generator=generator).sign(), torch.arange(6) % 3
    model.patterns.data = torch.cat([rows, 2 * torch.nn.functional.one_hot(labels, 3) - 1.0], dim=1)
    inputs = 0.5 * rows.repeat(10, 1) + 0.2 * torch.randn(60, 40, generator=generator)
    return model, inputs.clamp(-1, 1), labels.repeat(10)


@pytest.mark.parametrize("attack", [fast_gradient, iterative])
def test_no_coordinate_moves_further_than_it_may_nor_out_of_range(trained, attack) -> None:
    model, inputs, labels = trained
    before = inputs.clone()
    moved = attack(model, inputs, labels, 0.15)
    assert float((moved - inputs).abs().max()) <= 0.15 + 1e-6
    assert float(moved.abs().max()) <= 1
    assert torch.equal(inputs, before)
    assert model.patterns.grad is None


def test_the_larger_the_change_the_more_answers_are_wrong(trained) -> None:
    model, inputs, labels = trained
    errors = [error_rate(model, iterative(model, inputs, labels, size), labels) for size in (0.0, 0.2, 0.4, 0.8)]
    assert errors[0] == 0
    assert errors == sorted(errors)
    assert errors[-1] == 1


def test_noise_of_the_same_size_does_not_do_it(trained) -> None:
    model, inputs, labels = trained
    noise = 0.4 * torch.randn(inputs.shape, generator=torch.Generator().manual_seed(1)).sign()
    against = error_rate(model, fast_gradient(model, inputs, labels, 0.4), labels)
    assert error_rate(model, (inputs + noise).clamp(-1, 1), labels) < against / 2


def test_at_the_boundary_label_and_rival_are_level(trained) -> None:
    model, inputs, labels = trained
    end = boundary(model, inputs, labels, step=0.3)
    assert bool(end.reached.all())
    rows = torch.arange(60)
    d = model(end.inputs).detach()
    at_first = model(inputs).detach()
    lead = (at_first[rows, labels] - at_first[rows, end.rivals]).abs()
    assert bool(((d[rows, labels] - d[rows, end.rivals]).abs() < 0.01 * lead).all())
    assert bool((d[rows, end.rivals] >= d[rows, labels]).all())
    assert bool((end.rivals != labels).all())


def test_a_row_ends_the_same_whatever_its_batch_mates(trained) -> None:
    model, inputs, labels = trained
    whole = boundary(model, inputs, labels)
    alone = boundary(model, inputs[7:8], labels[7:8])
    torch.testing.assert_close(alone.inputs[0], whole.inputs[7], rtol=1e-5, atol=1e-5)


def test_what_is_out_of_reach_is_said(trained) -> None:
    model, inputs, labels = trained
    end = boundary(model, inputs, labels, step=0.01, steps=2)
    assert not bool(end.reached.any())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m, v, y: fast_gradient(m, v, y, -0.1), "fast_gradient: size must be a finite number >= 0"),
        (lambda m, v, y: iterative(m, v, y, 0.1, steps=0), "steps must be a whole number >= 1"),
        (lambda m, v, y: iterative(m, v, y[:3], 0.1), "labels must be 60 whole numbers"),
        (lambda m, v, y: boundary(m, v, y + 1), "labels must be from 0 to 2"),
        (lambda m, v, y: boundary(m, v, y, bounds=(1.0, -1.0)), r"bounds must rise; got \(1.0, -1.0\)"),
        (lambda m, v, y: boundary(m, v[:, :5], y), "must have N = 40 columns"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(trained, call, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call(*trained)
