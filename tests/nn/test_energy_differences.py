"""Energy differences by matrix products are those of the plain formula, and so are their gradients."""

import math

import pytest
import torch

from mnemonist.core.power import Power, RectifiedPower
from mnemonist.nn.energy_differences import energy_differences, plain_differences

KINDS = [(kind, degree) for kind in (Power, RectifiedPower) for degree in (1, 2, 3, 4, 7, 20)]


def drawn(scale: float = 1.0, dtype: torch.dtype = torch.float64) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scores (30, 40), many of them close to 0, and votes (40, 5)."""
    generator = torch.Generator().manual_seed(0)
    b = torch.randn(30, 40, generator=generator, dtype=torch.float64) * scale
    c = torch.randn(40, 5, generator=generator, dtype=torch.float64) / 2
    return b.to(dtype), c.to(dtype)


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])
@pytest.mark.parametrize(("kind", "degree"), KINDS)
def test_they_are_those_of_the_plain_formula(kind, degree: int, scale: float) -> None:
    b, c = drawn(scale)
    found = energy_differences(b, c, kind(degree, 2.0))
    expected = plain_differences(b / 2, c / 2, degree, rectified=kind is RectifiedPower)
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=1e-12 * float(expected.abs().max()))


@pytest.mark.parametrize(("kind", "degree"), KINDS)
def test_their_gradient_is_that_of_the_plain_formula(kind, degree: int) -> None:
    g = torch.randn(30, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    slopes = []
    for function in (
        lambda b, c: energy_differences(b, c, kind(degree)),
        lambda b, c: plain_differences(b, c, degree, rectified=kind is RectifiedPower),
    ):
        b, c = (x.requires_grad_() for x in drawn())
        slopes.append(torch.autograd.grad((g * function(b, c)).sum(), (b, c)))
    for one, other in zip(*slopes, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-11 * float(other.abs().max()))


@pytest.mark.parametrize(("kind", "degree"), [(Power, 3), (RectifiedPower, 3), (RectifiedPower, 5)])
def test_finite_differences_agree(kind, degree: int) -> None:
    b, c = (x[:4, :4].clone().requires_grad_() for x in drawn())
    assert torch.autograd.gradcheck(lambda b, c: energy_differences(b, c, kind(degree)), (b, c))


def test_in_single_precision_they_keep_digits_that_the_plain_formula_loses() -> None:
    b, c = drawn(300.0)
    c = c / 300
    exact = plain_differences(b / 300, c / 300, 3, rectified=True)
    mine, plain = (
        function(b.float(), c.float())
        for function in (
            lambda b, c: energy_differences(b, c, RectifiedPower(3, 300.0)),
            lambda b, c: plain_differences(b / 300, c / 300, 3, rectified=True),
        )
    )
    assert (mine - exact).abs().max() < (plain - exact).abs().max() / 10


@pytest.mark.parametrize(
    ("degree", "b", "c"),
    [
        (20, [[10.0, 1.0]], [[0.0, 0.0], [1.0, -0.5]]),
        (30, [[10.0, 0.1]], [[0.0, 0.0], [1.0, -1.0]]),
        (30, [[10.0, 3.0], [2.0, 1.0]], [[1e-7, 0.0], [1.0, -1.0]]),
    ],
)
def test_a_leading_memory_that_hardly_votes_hides_nobody(degree: int, b, c) -> None:
    b, c = torch.tensor(b, dtype=torch.float64), torch.tensor(c, dtype=torch.float64)
    expected = plain_differences(b, c, degree, rectified=True)
    found = energy_differences(b, c, RectifiedPower(degree))
    torch.testing.assert_close(found, expected, rtol=1e-7, atol=1e-13 * float(expected.abs().max()))


@pytest.mark.parametrize("kind", [Power, RectifiedPower])
def test_the_largest_degree_that_there_is_has_answers_and_gradients(kind) -> None:
    b, c = (x.requires_grad_() for x in drawn())
    slopes = []
    for function in (
        lambda: energy_differences(b, c, kind(100, 3.0)),
        lambda: plain_differences(b / 3, c / 3, 100, rectified=kind is RectifiedPower),
    ):
        slopes.append(torch.autograd.grad(function().sum(), (b, c)))
    for one, other in zip(*slopes, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9 * float(other.abs().max()))


def test_large_degrees_do_not_overflow_at_their_scale() -> None:
    b, c = drawn(200.0, torch.float32)
    found = energy_differences(b, c, RectifiedPower(30, 540.0))
    assert torch.isfinite(found).all()
    assert math.isfinite(float(found.abs().max()))


def test_they_map_and_compile() -> None:
    b, c = drawn()
    separation = RectifiedPower(3)
    expected = energy_differences(b, c, separation)
    mapped = torch.func.vmap(lambda row: energy_differences(row[None], c, separation)[0])(b)
    torch.testing.assert_close(mapped, expected)
    compiled = torch.compile(energy_differences, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(b, c, separation), expected)


def test_no_rows_give_no_differences() -> None:
    b, c = drawn()
    assert energy_differences(b[:0], c, RectifiedPower(3)).shape == (0, 5)
