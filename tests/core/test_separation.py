"""The separations keep the contract, and the powers and softmax their textbook forms."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from contracts.separation import AdditiveContract, MutedContract


class TestClassicalPower(AdditiveContract):
    separation = mn.Power(2)


class TestCubicPower(AdditiveContract):
    separation = mn.Power(3)


class TestHighPower(AdditiveContract):
    separation = mn.Power(20, scale=64.0)


class TestLinearPower(AdditiveContract):
    separation = mn.Power(1)


class TestRectifiedPower(AdditiveContract):
    separation = mn.RectifiedPower(3)


class TestRectifiedLine(AdditiveContract):
    separation = mn.RectifiedPower(1)
    kinks = (0.0,)


class TestSoftmax(AdditiveContract, MutedContract):
    separation = mn.Softmax(1.0)


class TestExponential(AdditiveContract, MutedContract):
    separation = mn.Exponential(0.5)
    nothing = 0.0


class TestSharpSoftmax(AdditiveContract, MutedContract):
    separation = mn.Softmax(8.0)


@for_all(st.integers(1, 20), st.lists(st.integers(-60, 60), min_size=1, max_size=6))
def test_a_power_falls_as_exact_arithmetic_says(degree: int, scores: list[int]) -> None:
    power, h = mn.Power(degree), np.array([scores], dtype=float)
    reference = power.reference(h)
    unit = Fraction(float(reference[0, 0])) ** degree
    for change in (-2, -1, 1, 2):
        falls = power.difference(h, h + change, reference)[0]
        for difference, score in zip(falls, scores, strict=True):
            exact = (Fraction(score) ** degree - Fraction(score + change) ** degree) / unit
            assert abs(Fraction(float(difference)) - exact) <= abs(exact) * (degree + 2) * Fraction(2) ** -52


def test_a_power_whose_numbers_fit_into_53_bits_is_exact() -> None:
    power, h = mn.Power(3), np.arange(-784.0, 785.0, 2)[None]
    reference = power.reference(h)
    exact = h**3 - (h - 2) ** 3  # integers below 2⁵³
    assert (power.difference(h, h - 2, reference) * reference**3 == exact).all()


def test_softmax_takes_a_learned_beta() -> None:
    import torch

    beta = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    h = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    mn.Softmax(beta).lagrangian(h).sum().backward()
    assert beta.grad is not None
    step = 1e-6
    slope = (mn.Softmax(2 + step).lagrangian(h) - mn.Softmax(2 - step).lagrangian(h)) / (2 * step)
    assert float(beta.grad) == pytest.approx(float(slope), rel=1e-6)


def test_softmax_compiles() -> None:
    import torch

    h = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
    compiled = torch.compile(mn.Softmax(2.0).weights, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(h), torch.softmax(2 * h, dim=-1))


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: mn.Power(0), "Power: degree must be a whole number from 1 to 100; got 0"),
        (lambda: mn.Power(2.5), "degree must be a whole number"),
        (lambda: mn.Power(True), "degree must be a whole number"),
        (lambda: mn.RectifiedPower(-1), "RectifiedPower: degree must be"),
        (lambda: mn.Power(3, scale=0), "Power: scale must be a finite number > 0; got 0"),
        (lambda: mn.Softmax(-1.0), "Softmax: beta must be a finite number > 0; got -1.0"),
        (lambda: mn.Softmax(float("nan")), "Softmax: beta must be"),
        (lambda: mn.Softmax("sharp"), "beta must be a number > 0, 'auto' or 'smooth'; got 'sharp'"),
    ],
)
def test_impossible_separations_are_refused(build, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        build()
    assert isinstance(refusal.value, mn.MnemonistError)
