r"""Association: states move towards the stored patterns that they resemble, as the separations of the core say.

    x ← Σ_μ f_μ(β x·ξ) ξ_μ,  k − 1 times, then  y = Σ_μ f_μ(β x·ξ) v_μ         E = ½‖x‖² − L(β x·ξ)/β

So `steps` = k is exactly k readouts, the last one of the values, which are the patterns themselves unless given. f is
the gradient of the separation's L; where that is not normalised (powers), f/Σ|f|, and there is no energy. With tol > 0
a state rests once an update moved it by no more than tol · max|x|, whatever the others of its batch do. One step of
softmax is attention, and fused (see `fused.py`); the energy of a normalised separation never rises.

Source: Ramsauer et al. 2021, arXiv:2008.02217 (softmax, β = 1/√d is attention); Santos et al. 2024, arXiv:2402.13725.
Shapes: state (..., L, d); stored (..., S, d); values (..., S, D); mask (..., L, S); f is (..., L, S), E (..., L).
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter
from torch.nn.functional import dropout as dropped

from mnemonist.core.number import check_number, check_whole
from mnemonist.core.separation import Separation
from mnemonist.core.softmax import Softmax
from mnemonist.errors import NoEnergy
from mnemonist.nn.checks import check_association, check_beta, check_patterns, check_separation, check_share
from mnemonist.nn.folding import folded, unfolded
from mnemonist.nn.fused import fused_readout, serves
from mnemonist.nn.masks import finite, visible

WHO = "Association"


class Association(Module):
    """The association of states with stored patterns, without a parameter but for a learned β.

    `beta` > 0 is a number, a tensor or a Parameter of one, or one a head, (H,), for states (..., H, L, d). `steps`
    readouts are made. `dropout` is of the associations of the last one, in training. A step costs (d + D) L S products.

    >>> import torch
    >>> stored = torch.eye(3)
    >>> Association(beta=8.0, steps=2)(torch.tensor([[0.9, 0.1, 0.2]]), stored).round(decimals=2)
    tensor([[1., 0., 0.]])
    """

    def __init__(
        self,
        separation: Separation = Softmax(),
        *,
        beta: float | Tensor = 1.0,
        steps: int = 1,
        tol: float = 0.0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_separation(WHO, separation)
        check_number(WHO, "tol", tol, least=0)
        check_share(WHO, "dropout", dropout)
        self.separation = separation
        self.steps = check_whole(WHO, "steps", steps, least=1)
        self.tol, self.dropout = float(tol), float(dropout)
        beta = check_beta(WHO, beta)
        if isinstance(beta, Tensor) and not isinstance(beta, Parameter):
            self.register_buffer("beta", beta)
        else:
            self.beta = beta

    def forward(
        self,
        state: Tensor,
        stored: Tensor,
        values: Tensor | None = None,
        mask: Tensor | None = None,
        *,
        return_association: bool = False,
    ) -> Any:
        """Return what the states read out after all steps, (..., L, D); of stored patterns where no values are given.

        Patterns without a batch, (S, d), are shared by all states. `mask` is True where a state may be associated
        with a pattern, or is added to the scores. With `return_association` the associations (..., L, S) of the last
        readout come with it, before any dropout.
        """
        check_patterns(WHO, state=state, stored=stored, values=values)
        shape, values = state.shape, stored if values is None else values
        state, stored, values, mask = self._arranged(state, stored, values, mask)
        x = self._settled(state, stored, mask)
        if not return_association:
            return unfolded(self._readout(x, stored, values, mask=mask, dropout=self.dropout), shape)
        f = self._weights(x, stored, mask)
        y = dropped(f, self.dropout, self.training).to(values.dtype) @ values
        return unfolded(y, shape), unfolded(f, shape)

    def settle(self, state: Tensor, stored: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the states (..., L, d) of which the last readout is made: those after `steps` − 1 updates."""
        check_patterns(f"{WHO}.settle", state=state, stored=stored)
        shape, (state, stored, _, mask) = state.shape, self._arranged(state, stored, stored, mask)
        return unfolded(self._settled(state, stored, mask), shape)

    def weights(self, state: Tensor, stored: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the associations (..., L, S) of the last readout: |f| sums to 1, or to 0 where all is hidden."""
        return self(state, stored, None, mask, return_association=True)[1]

    def energy(self, state: Tensor, stored: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return E (..., L) of states as they are, which no update raises; infinite where the mask hides everything.

        Raises `NoEnergy` where the separation is not normalised.
        """
        if not self.separation.normalised:
            raise NoEnergy(
                f"{WHO}.energy: the separation must be normalised for updates to descend one; got {self.separation!r}, "
                "whose weights are divided by their sum. Take Softmax, Entmax, Normmax, TopK or KSubsets."
            )
        check_patterns(f"{WHO}.energy", state=state, stored=stored)
        shape, (state, stored, _, mask) = state.shape, self._arranged(state, stored, stored, mask)
        value = self.separation.lagrangian(self._scores(state, stored, mask))[..., None]
        return unfolded((state * state).sum(dim=-1, keepdim=True) / 2 - value / self._beta(value), shape)[..., 0]

    def extra_repr(self) -> str:
        """Return what `print` shows of it."""
        beta = self.beta if isinstance(self.beta, float) else f"{type(self.beta).__name__} {tuple(self.beta.shape)}"
        return f"{self.separation!r}, beta={beta}, steps={self.steps}, tol={self.tol:g}, dropout={self.dropout:g}"

    def _arranged(
        self, state: Tensor, stored: Tensor, values: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """Return all, the states of a batch that shares its patterns side by side, but not heads of their own β."""
        check_association(WHO, state, stored, mask, self.beta)
        if isinstance(self.beta, Tensor) and self.beta.ndim == 1 and stored.ndim == 2:
            stored = stored[None]
        if state.ndim > stored.ndim >= values.ndim:
            state, mask = folded(state, mask, stored.ndim)
        return state, stored, values, mask

    def _settled(self, x: Tensor, stored: Tensor, mask: Tensor | None) -> Tensor:
        rests = None
        for _ in range(self.steps - 1):
            moved = self._readout(x, stored, stored, mask=mask)
            if self.tol:
                still = (moved - x).abs().amax(-1, keepdim=True) <= self.tol * moved.abs().amax(-1, keepdim=True)
                moved = moved if rests is None else torch.where(rests, x, moved)
                rests = still if rests is None else rests | still
            x = moved
        return x

    def _readout(
        self, x: Tensor, stored: Tensor, values: Tensor, *, mask: Tensor | None, dropout: float = 0.0
    ) -> Tensor:
        dropout = dropout if self.training else 0.0
        if type(self.separation) is Softmax and serves():
            scale = self.separation.beta
            x, scale = (x, self.beta * scale) if isinstance(self.beta, float) else (self._beta(x) * x, scale)
            if mask is not None and mask.dtype != torch.bool and self.separation.beta != 1:
                mask = self.separation.beta * mask
            y = fused_readout(x, stored, values, mask=mask, scale=scale, dropout=dropout)
        else:
            y = dropped(self._weights(x, stored, mask), dropout).to(values.dtype) @ values
        return y + (0 * x.detach()).sum(dim=-1, keepdim=True).to(y.dtype)  # NaN of a state that is no number

    def _weights(self, x: Tensor, stored: Tensor, mask: Tensor | None) -> Tensor:
        h = self._scores(x, stored, mask)
        if self.separation.normalised:
            return self.separation.weights(h)
        f = self.separation.scaled(h, self.separation.summary(h))
        f = f if mask is None else f.masked_fill(~visible(mask), 0.0)  # under Power(1) every score has its say
        mass = f.abs().sum(dim=-1, keepdim=True)
        return f / torch.where(mass > 0, mass, torch.ones_like(mass))

    def _scores(self, x: Tensor, stored: Tensor, mask: Tensor | None) -> Tensor:
        """Return β x·ξ (..., L, S), in float32 at least; those of hidden patterns without a say."""
        h = (self._beta(x) * x) @ stored.mT
        h = h.float() if h.dtype in (torch.float16, torch.bfloat16) else h
        if mask is None:
            return h
        h = h if mask.dtype == torch.bool else h + finite(mask).to(h.dtype)
        return h.masked_fill(~visible(mask), self.separation.silence)

    def _beta(self, like: Tensor) -> Any:
        """Return β as it multiplies what is (..., H, L, any width)."""
        if isinstance(self.beta, float):
            return self.beta
        beta = self.beta.to(like.dtype)
        return beta[:, None, None] if beta.ndim else beta
