r"""The Hopfield layer: an association between projections, by heads.

    y = W_o [ Σ_μ f(β q·k_μ) v_μ, head by head ],    q = W_q x,  k = W_k ξ,  v = W_v v

Each W is any module, or nothing: without any, the layer retrieves what is stored. With four linear ones, softmax, one
step and β = 1/√(width of a head) it is the transformer's multi-head attention (see `projected.py`). With more steps the
states move among the projected patterns before the values are read.

Source: Ramsauer et al. 2021, arXiv:2008.02217, section 3; Vaswani et al. 2017, arXiv:1706.03762 (heads).
Shapes: state (..., L, w); stored (..., S, w); values (..., S, D): without a batch, or batch first; f (..., H, L, S).
"""

from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn import Module

from mnemonist.core.number import check_whole
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.nn.association import Association
from mnemonist.nn.checks import MAY, check_alike, check_count, check_projection, check_rows, joint_batch
from mnemonist.nn.masks import check_mask, padded

WHO = "Hopfield"


class Hopfield(Module):
    """An association of `heads` heads between the projections of states, of stored patterns and of values.

    Each projection is a module, or None where things are taken as they are; `output` is of what the heads found, side
    by side. Widths after the projections must divide by the heads.

    >>> import torch
    >>> layer = Hopfield(Association(beta=8.0, steps=2))
    >>> stored = torch.eye(3)
    >>> layer(torch.tensor([[0.9, 0.1, 0.2]]), stored).round(decimals=2)
    tensor([[1., 0., 0.]])
    """

    batch_first: ClassVar[bool] = True

    def __init__(
        self,
        association: Association,
        *,
        heads: int = 1,
        state: Module | None = None,
        stored: Module | None = None,
        values: Module | None = None,
        output: Module | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(association, Association):
            raise InvalidType(
                f"{WHO}: association must be an Association; got {shown(association)}. Pass Association()."
            )
        for name, given in {"state": state, "stored": stored, "values": values, "output": output}.items():
            if given is not None and not isinstance(given, Module):
                raise InvalidType(
                    f"{WHO}: {name} must be a module or None; got {shown(given)}. Pass nn.Linear(...), say."
                )
        self.association, self.heads = association, check_whole(WHO, "heads", heads, least=1)
        self.state, self.stored, self.values, self.output = state, stored, values, output

    def forward(
        self,
        state: Tensor,
        stored: Tensor | None = None,
        values: Tensor | None = None,
        *,
        padding: Tensor | None = None,
        mask: Tensor | None = None,
        return_association: bool = False,
    ) -> Any:
        """Return what the states (..., L, w) read out of the stored patterns (..., S, w), or of each other without any.

        Without `values`, they are the stored patterns: in the projection of values where there is one, else in their
        own. `mask`, (L, S), (..., L, S) or (..., H, L, S), is True where a state may be associated with a pattern;
        `padding` (..., S) is True, as in torch, where a stored pattern is none. Of floats, both are added to scores.
        With `return_association` the associations (..., H, L, S) come with it, before any dropout.
        """
        stored = state if stored is None else stored
        given = {"state": state, "stored": stored} | ({} if values is None else {"values": values})
        for name, x in given.items():
            check_rows(WHO, name, x)
        check_alike(WHO, given)
        check_count(WHO, stored, values)
        mask = self._mask(state, stored, padding, mask)
        q, k, v = self._projected(state, stored, values)
        found = self.association(q, k, v, mask, return_association=return_association)
        y = (found[0] if return_association else found).transpose(-3, -2).flatten(-2)
        y = y if self.output is None else self.output(y)
        return (y, found[1]) if return_association else y

    def extra_repr(self) -> str:
        """Return what `print` shows of it beside its modules."""
        return f"heads={self.heads}"

    def _mask(self, state: Tensor, stored: Tensor, padding: Tensor | None, mask: Tensor | None) -> Tensor | None:
        """Return both masks as one, of all heads; shapes are held against the tensors as they were given."""
        batch, (rows, count) = joint_batch(WHO, state=state, stored=stored), (state.shape[-2], stored.shape[-2])
        if mask is not None:
            by_heads = isinstance(mask, Tensor) and mask.ndim > len(batch) + 2
            shape = (*batch, self.heads, rows, count) if by_heads else (*batch, rows, count)
            letters = "(..., H, L, S)" if by_heads else "(..., L, S)"
            check_mask(WHO, "mask", mask, shape, letters=letters, fix=MAY)
            mask = mask if by_heads or mask.ndim <= 2 else mask.unsqueeze(-3)
        if padding is not None:
            fix = "True is where a stored pattern is padding."
            check_mask(WHO, "padding", padding, (*batch, count), letters="(..., S)", fix=fix)
            mask = padded(mask, torch.atleast_1d(padding)[..., None, None, :])
        return mask

    def _projected(self, state: Tensor, stored: Tensor, values: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return states, stored patterns and values, projected, as (..., H, rows, width of a head)."""
        q = self._headed("state", state, self.state)
        k = self._headed("stored", stored, self.stored)
        if q.shape[-1] != k.shape[-1]:
            raise InvalidArgument(
                f"{WHO}: state and stored must be of one width where they meet; got a state of shape "
                f"{tuple(state.shape)} and stored of shape {tuple(stored.shape)}, projected to "
                f"{q.shape[-1] * self.heads} and {k.shape[-1] * self.heads}. Project them to one."
            )
        values, name = (stored, "stored") if values is None and self.values is not None else (values, "values")
        if values is None:
            return q, k, None
        return q, k, self._headed(name, values, self.values)

    def _headed(self, name: str, given: Tensor, projection: Module | None) -> Tensor:
        check_projection(WHO, name, projection, given)
        x = given if projection is None else projection(given)
        if x.shape[-1] % self.heads:
            raise InvalidArgument(
                f"{WHO}: heads must divide the width of {name}; got {name} of shape {tuple(given.shape)}, projected to "
                f"{x.shape[-1]}, and {self.heads} heads. Project to a multiple of {self.heads}."
            )
        return x.unflatten(-1, (self.heads, -1)).transpose(-3, -2)
