"""The paper's rule is the one that the paper writes down."""

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.nn import MemoryMomentum, power_loss


def test_it_moves_as_the_rule_written_out() -> None:
    rng = np.random.default_rng(0)
    xi, v = rng.uniform(-0.5, 0.5, (4, 6)), np.zeros((4, 6))
    memories = torch.nn.Parameter(torch.tensor(xi))
    rule = MemoryMomentum([memories], rate=0.3, momentum=0.7)
    for _ in range(5):
        g = rng.normal(size=(4, 6)) * [[1.0], [1e-12], [1e9], [1.0]]
        v = 0.7 * v - g
        xi = np.clip(xi + 0.3 * v / np.abs(v).max(axis=1, keepdims=True), -1, 1)
        memories.grad = torch.tensor(g)
        rule.step()
    np.testing.assert_allclose(memories.detach(), xi, rtol=1e-12)
    assert np.abs(xi).max() == 1


def test_a_memory_without_a_gradient_stays() -> None:
    memories = torch.nn.Parameter(torch.full((2, 3), 0.5))
    memories.grad = torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    MemoryMomentum([memories], rate=0.1).step()
    torch.testing.assert_close(memories.detach(), torch.tensor([[0.5, 0.5, 0.5], [0.4, 0.5, 0.5]]))


@pytest.mark.parametrize("power", [1, 2, 30])
def test_the_loss_is_the_sum_of_errors_to_the_power_2m(power: int) -> None:
    d = torch.randn(7, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    labels = torch.arange(7) % 3
    t = -np.ones((7, 3))
    t[np.arange(7), labels] = 1
    expected = (np.abs(np.tanh(d.numpy()) - t) ** (2 * power)).sum() / 7
    assert float(power_loss(d, labels, power)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: MemoryMomentum([torch.zeros(2, 2)], rate=0), "rate must be a finite number > 0"),
        (lambda: MemoryMomentum([torch.zeros(2, 2)], momentum=1.0), "momentum must be below 1; got 1.0"),
        (lambda: MemoryMomentum([torch.zeros(2, 2)], bound=-1), "bound must be a finite number > 0"),
        (lambda: power_loss(torch.zeros(2, 2), torch.zeros(2, dtype=torch.long), 0.5), "power must be a whole number"),
        (lambda: power_loss(torch.zeros(2, 2), torch.zeros(2)), "labels must be 2 whole numbers"),
        (lambda: power_loss(torch.zeros(2, 2), torch.tensor([0, 2])), "labels must be from 0 to 1"),
        (lambda: power_loss([[0.0]], torch.tensor([0])), r"differences must be floats \(B, C\)"),
    ],
)
def test_numbers_out_of_range_are_refused(call, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
