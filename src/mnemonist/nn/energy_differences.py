r"""Energy differences: what a class unit that is turned on lowers the energy by, all others being off.

    D_α = Σ_μ F(b_μ + 2 c_μα) − F(b_μ)          b the scores with every class unit at −1, c the class part of a memory

With F = xⁿ the binomial theorem makes it n matrix products that never see memories and classes side by side:

    D_α = Σ_μ Σ_{j=1..n} C(n, j) b_μ^(n−j) (2 c_μα)^j

of which those beyond rounding are left out: of degree 20 some five matter. The rectified F = max(x, 0)ⁿ is that of
b > 0, but for the few memories whose score a class unit carries over 0; these are found, and what is wrong with them is
added: hⁿ ([h > 0] − [b > 0]) at h = b + 2c. Where overlaps are larger than votes, as they are, it rounds less than the
plain difference, whose terms cancel.

Source: Krotov & Hopfield 2016, arXiv:1606.01164. Shapes: b is (B, K); c is (K, C); D is (B, C).
"""

import math
from typing import Any

import torch
from torch import Tensor

from mnemonist.core.power import Power, RectifiedPower

_CROWDED = 0.1  # of all pairs near 0: from there on the plain formula is faster
_FEW = 5  # terms, which are made sooner than it is found out which of them matter


def energy_differences(b: Tensor, c: Tensor, separation: Power | RectifiedPower) -> Tensor:
    """Return D (B, C), in O(n B K C) multiplications inside matrix products."""
    rectified = isinstance(separation, RectifiedPower)
    with torch.autocast(b.device.type, enabled=False):
        b = b.to(c.dtype)
        if separation.unit != 1:
            b, c = b / separation.unit, c / separation.unit
        if torch.compiler.is_compiling() or _is_mapped():
            return plain_differences(b, c, separation.degree, rectified=rectified)
        near = _near(b.detach(), 2 * c.detach()) if rectified else None
        if near is not None and len(near) > _CROWDED * b.numel():
            return plain_differences(b, c, separation.degree, rectified=True)
        differences: Tensor = _Differences.apply(b, c, separation.degree, near)
        return differences


def plain_differences(b: Tensor, c: Tensor, degree: int, *, rectified: bool) -> Tensor:
    """Return D (B, C) as it is written, in O(B K C) memory: the slow twin, for what traces and maps."""
    return (_f(b[..., None] + 2 * c, degree, rectified=rectified) - _f(b, degree, rectified=rectified)[..., None]).sum(
        -2
    )


def _is_mapped() -> bool:
    """Say whether torch.func maps or differentiates: it cannot follow how many pairs are found."""
    return torch._C._functorch.peek_interpreter_stack() is not None


def _f(x: Tensor, degree: int, *, rectified: bool) -> Tensor:
    return (x.clamp_min(0) if rectified else x) ** degree


class _Differences(torch.autograd.Function):
    """D, and its gradient, by matrix products."""

    @staticmethod
    def forward(ctx: Any, b: Tensor, c: Tensor, degree: int, near: Tensor | None) -> Tensor:
        """Return D (B, C) of plain powers; of rectified ones where it is told which scores (P,) are `near` 0."""
        t, rectified = 2 * c, near is not None
        terms = _terms(b if rectified else b.abs(), t, degree)
        powers = _powers(b, range(max(0, degree - terms - 1), degree), rectified=rectified)
        rises = [float(math.comb(degree, j)) * t**j for j in range(1, terms + 1)]
        d = torch.zeros(b.shape[0], c.shape[1], dtype=b.dtype, device=b.device)
        for j, rise in enumerate(rises, start=1):
            d.addmm_(powers[degree - j], rise)
        crossing = None if near is None else _crossing(b, t, near)
        if crossing is not None:
            sample, _, h, wrong = crossing
            d.index_add_(0, sample, _raised(h, degree) * wrong)
        ctx.powers, ctx.rises, ctx.crossing, ctx.degree = powers, rises, crossing, degree
        ctx.save_for_backward(t)
        return d

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """Return ∂/∂b (B, K) and ∂/∂c (K, C) of Σ g D."""
        (t,), degree = ctx.saved_tensors, ctx.degree
        of_t = torch.zeros_like(t)
        of_b = ctx.powers[degree - 2] * (g @ ((degree - 1) * ctx.rises[0]).T) if degree > 1 else 0 * ctx.powers[0]
        for j, rise in enumerate(ctx.rises, start=1):
            if 1 < j < degree:
                of_b.addcmul_(ctx.powers[degree - j - 1], g @ rise.T, value=degree - j)
            of_t.addcmul_(t ** (j - 1), ctx.powers[degree - j].T @ g, value=float(math.comb(degree, j) * j))
        if ctx.crossing is not None:
            sample, memory, h, wrong = ctx.crossing
            slope = degree * _raised(h, degree - 1) * wrong * g[sample]
            of_b.view(-1).index_add_(0, sample * t.shape[0] + memory, slope.sum(-1))
            of_t.index_add_(0, memory, slope)
        return of_b, 2 * of_t, None, None


def _terms(b: Tensor, t: Tensor, degree: int) -> int:
    """Return how many terms of the binomial matter beside the first one of the leading memory of each sample."""
    if not b.numel() or degree <= _FEW:
        return degree
    lead, which = b.max(-1)
    least, vote = float(lead.amin()), float(t.abs().amax(-1)[which].amin())
    if not (0 < least < math.inf and vote > 0):
        return degree
    largest, smallest = float(t.abs().amax()), torch.finfo(b.dtype).eps / 8
    return max(
        j
        for j in range(1, degree + 1)
        if j == 1 or math.comb(degree, j) / degree * (largest / least) ** (j - 1) * (largest / vote) > smallest
    )


def _powers(b: Tensor, exponents: range, *, rectified: bool) -> dict[int, Tensor]:
    """Return powers of b by their exponents, where b is above 0 if `rectified`."""
    first = b.clamp_min(0) if rectified else b
    lowest = exponents[0]
    powers = {lowest: _raised(first, lowest) if lowest else (b > 0).to(b.dtype) if rectified else torch.ones_like(b)}
    for exponent in exponents[1:]:
        powers[exponent] = powers[exponent - 1] * first if exponent > 1 else first
    return powers


def _raised(x: Tensor, exponent: int) -> Tensor:
    """Return a whole power ≥ 0 by squaring, which is faster than the general one."""
    if exponent <= 3:
        return x**exponent
    half = _raised(x, exponent // 2)
    return half * half * x if exponent % 2 else half * half


def _near(b: Tensor, t: Tensor) -> Tensor:
    """Return which scores (P,), counted through all (B, K), some class carries over 0."""
    near = (b > -t.amax(-1).clamp_min(0)) & (b <= -t.amin(-1).clamp_max(0))
    return near.view(-1).nonzero()[:, 0]


def _crossing(b: Tensor, t: Tensor, near: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the samples and memories (P,) that are near 0, and there h = b + 2c and [h > 0] − [b > 0], both (P, C)."""
    sample = torch.div(near, t.shape[0], rounding_mode="floor")
    memory = near - sample * t.shape[0]
    before = b.reshape(-1)[near][:, None]
    h = before + t[memory]
    return sample, memory, h, (h > 0).to(b.dtype) - (before > 0).to(b.dtype)
