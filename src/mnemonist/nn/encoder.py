r"""The encoder's block around a Hopfield layer, normalised first, for `torch.nn.TransformerEncoder`.

    x ← x + dropout(Hopfield(norm x)),      x ← x + dropout(W₂ dropout(φ(W₁ norm x)))

Masks are torch's: `src_mask` (L, L), or (B·H, L, L), and `src_key_padding_mask` (B, L) are True where nothing may be
associated; of floats they are added to the scores.

Source: Xiong et al. 2020, arXiv:2002.04745 (normalised first); Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: src (B, L, width) or (L, width), and the same out.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import Dropout, LayerNorm, Linear, Module
from torch.nn.functional import relu

from mnemonist.core.number import check_flag, check_whole
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.nn.checks import check_projection, check_rows, check_share
from mnemonist.nn.hopfield import Hopfield
from mnemonist.nn.masks import check_mask
from mnemonist.nn.pooling import check_layer

WHO = "HopfieldEncoderLayer"


class HopfieldEncoderLayer(Module):
    """A block of a Hopfield layer and a feed-forward part of width `feedforward`, 4 · `width` unless given.

    In `torch.nn.TransformerEncoder` pass enable_nested_tensor=False: nested tensors are for torch's own block alone.

    >>> import torch
    >>> from mnemonist import nn
    >>> block = nn.HopfieldEncoderLayer(nn.projected(8, heads=2), 8)
    >>> torch.nn.TransformerEncoder(block, 2, enable_nested_tensor=False)(torch.zeros(3, 5, 8)).shape
    torch.Size([3, 5, 8])
    """

    def __init__(
        self,
        layer: Hopfield,
        width: int,
        *,
        feedforward: int | None = None,
        dropout: float = 0.1,
        activation: Callable[[Tensor], Tensor] = relu,
    ) -> None:
        super().__init__()
        check_layer(WHO, layer)
        width = check_whole(WHO, "width", width, least=1)
        hidden = check_whole(WHO, "feedforward", 4 * width if feedforward is None else feedforward, least=1)
        check_share(WHO, "dropout", dropout)
        if not callable(activation):
            raise InvalidType(
                f"{WHO}: activation must be a function of tensors; got {shown(activation)}. Pass torch.relu, say."
            )
        self.self_attn = layer  # by this name torch's encoder asks whether the batch comes first
        self.norm1, self.norm2 = LayerNorm(width), LayerNorm(width)
        self.linear1, self.linear2 = Linear(width, hidden), Linear(hidden, width)
        self.dropout, self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout), Dropout(dropout)
        self.activation = activation

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        """Return the block of `src`; `is_causal` without a mask hides what comes later."""
        check_rows(WHO, "src", src)
        check_projection(WHO, "src", self.norm1, src)
        check_flag(WHO, "is_causal", is_causal)
        mask = self._allowed(src, src_mask, is_causal)
        if src_key_padding_mask is not None:
            shape, fix = tuple(src.shape[:-1]), "True is where src is padding."
            check_mask(WHO, "src_key_padding_mask", src_key_padding_mask, shape, letters="(..., L)", fix=fix)
        found = self.self_attn(self.norm1(src), padding=src_key_padding_mask, mask=mask)
        if found.shape != src.shape:
            raise InvalidArgument(
                f"{WHO}: layer must give the width {src.shape[-1]} that it is given; got {tuple(found.shape)} of "
                f"{tuple(src.shape)}. Give it an output of that width."
            )
        x = src + self.dropout1(found)
        return x + self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(self.norm2(x))))))

    def _allowed(self, src: Tensor, hidden: Tensor | None, is_causal: bool) -> Tensor | None:
        """Return the mask of torch as one of `Hopfield.forward`: True is where a state may be associated."""
        rows, heads = src.shape[-2], self.self_attn.heads
        if hidden is None:
            return torch.ones(rows, rows, dtype=torch.bool, device=src.device).tril() if is_causal else None
        by_heads = isinstance(hidden, Tensor) and hidden.ndim == 3
        shape = (*((math.prod(src.shape[:-2]) * heads,) if by_heads else ()), rows, rows)
        letters = "(B·H, L, L)" if by_heads else "(L, L)"
        check_mask(WHO, "src_mask", hidden, shape, letters=letters, fix="True is where nothing may be associated.")
        if by_heads and src.ndim == 3 and hidden.shape[0] > 1:
            hidden = hidden.unflatten(0, (-1, heads))
        return ~hidden if hidden.dtype == torch.bool else hidden
