r"""The paper's rule: momentum that is normalised for each memory, under a loss of a high power.

    C = Σ_{b,α} |tanh D_bα − t_bα|^{2m},  t = ±1            the larger m, the more only the worst answers count
    V ← p V − ∂C/∂ξ,     ξ_μ ← clip(ξ_μ + ε V_μ / max_J |V_μJ|, −1, 1)

Each memory moves by ε at its fastest coordinate, however small its gradient: this is what trains prototypes at n = 20,
where gradients differ by many orders of magnitude between memories.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, appendix A. Shapes: ξ is (K, N + C); D and t are (B, C).
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from mnemonist.core.number import check_count, check_number
from mnemonist.errors import InvalidArgument, shown
from mnemonist.nn.checks import check_share
from mnemonist.nn.training import check_classes_of_rows, check_labels

_LEAST = 1e-30  # of a velocity that is divided by; the paper's own


class MemoryMomentum(Optimizer):
    """The rule for parameters whose rows are memories; `rate` ε, `momentum` p, values kept within ±`bound`.

    >>> patterns = torch.nn.Parameter(torch.zeros(2, 2))
    >>> rule = MemoryMomentum([patterns], rate=0.1)
    >>> (patterns * torch.tensor([[1.0, 2.0], [-1e-9, 0.0]])).sum().backward()
    >>> rule.step()
    >>> patterns.data
    tensor([[-0.0500, -0.1000],
            [ 0.1000,  0.0000]])
    """

    def __init__(self, params: Iterable[Any], rate: float = 0.02, *, momentum: float = 0.6, bound: float = 1.0) -> None:
        check_number("MemoryMomentum", "rate", rate, least=0, strict=True)
        check_share("MemoryMomentum", "momentum", momentum)
        check_number("MemoryMomentum", "bound", bound, least=0, strict=True)
        super().__init__(params, {"lr": rate, "momentum": momentum, "bound": bound})

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every memory once; `closure`, if any, computes the loss anew and returns it."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for memories in group["params"]:
                if memories.grad is not None:
                    self._move(memories, group)
        return loss

    def _move(self, memories: Tensor, group: dict[str, Any]) -> None:
        state = self.state[memories]
        velocity = state.setdefault("velocity", torch.zeros_like(memories))
        velocity.mul_(group["momentum"]).sub_(memories.grad)
        fastest = velocity.abs().amax(dim=-1, keepdim=True).clamp_min(_LEAST)
        memories.addcdiv_(velocity, fastest.expand_as(velocity), value=group["lr"])
        memories.clamp_(-group["bound"], group["bound"])


def power_loss(differences: Tensor, labels: Tensor, power: int = 1) -> Tensor:
    """Return Σ |tanh D − t|^{2m} / B of energy differences D (B, C), for labels (B,), with m = `power`.

    m = 1 is the squared error; the paper has 2 to 4 for small degrees, 30 for 20 and 30.

    >>> power_loss(torch.tensor([[9.0, -9.0]]), torch.tensor([0])).round(decimals=3)
    tensor(0.)
    """
    check_count("power_loss", "power", power)
    if not isinstance(differences, Tensor) or differences.ndim != 2 or not differences.is_floating_point():
        raise InvalidArgument(
            f"power_loss: differences must be floats (B, C); got {shown(differences)}. Pass what a memory returns."
        )
    labels = check_classes_of_rows("power_loss", labels, len(differences))
    check_labels("power_loss", labels, differences.shape[-1])
    targets = 2 * torch.nn.functional.one_hot(labels, differences.shape[-1]).to(differences.dtype) - 1
    errors = torch.tanh(differences) - targets
    return (errors * errors).pow(power).sum() / differences.shape[0]
