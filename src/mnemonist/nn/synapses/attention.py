r"""The attention synapse: tokens look for tokens that they are like, by queries and keys of each head.

    E = −β⁻¹ Σ_heads Σ_t log Σ_{u ≠ t} exp(β q_t·k_u),       q = W_q g,  k = W_k g

Its pull has two parts: what a token looks for, as in a transformer, whose values are W_qᵀ W_k g here; and what those
that look at it make of it. A token does not look at itself. A layer of 1 and 0 beside the tokens says which are
`present`; the others are neither looked at nor look. A token that has none to look at adds nothing.

Source: Hoover et al. 2023, arXiv:2302.07253 (Energy Transformer, eq. 4).
Shapes: g is (..., T, D); present is (..., T); W is (heads, head_width, D); E is (...).
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from mnemonist.core.number import check_number, check_whole
from mnemonist.core.softmax import Softmax
from mnemonist.errors import InvalidArgument
from mnemonist.nn.learned import Learned
from mnemonist.nn.synapses.synapse import Synapse, check_floats


class Attention(Synapse):
    """Attention within a layer of tokens of this `width`, in `heads` of `head_width`.

    `beta` > 0 is a number or a Parameter, 1/√head_width unless given.

    >>> synapse = Attention(8, heads=2, head_width=4)
    >>> all_alike = synapse(torch.zeros(5, 3, 8))  # −β⁻¹ log 2, of two heads and three tokens
    >>> torch.allclose(all_alike, torch.tensor(-2 * 3 * 4**0.5 * math.log(2)))
    True
    """

    def __init__(self, width: int, heads: int, head_width: int, beta: Any = None) -> None:
        super().__init__()
        for name, n in (("width", width), ("heads", heads), ("head_width", head_width)):
            check_whole("Attention", name, n, least=1)
        beta = 1 / math.sqrt(head_width) if beta is None else beta
        check_number("Attention", "beta", beta, least=0, strict=True)
        self._learned = Learned(Softmax(beta))
        self.queries = nn.Parameter(torch.randn(heads, head_width, width) / math.sqrt(width))
        self.keys = nn.Parameter(torch.randn(heads, head_width, width) / math.sqrt(width))

    def forward(self, *activations: Tensor) -> Tensor:
        """Return E (...) of tokens (..., T, D), and of which of them are present (..., T)."""
        tokens, present = self._checked(activations)
        q, k = (torch.einsum("...td,hzd->...htz", tokens, w) for w in (self.queries, self.keys))
        beta: Any = self._learned.part.beta
        seen = ~torch.eye(tokens.shape[-2], dtype=torch.bool, device=tokens.device)
        if present is not None:
            here = present > 0
            seen = seen & (here[..., None, :, None] & here[..., None, None, :])
        some = seen.any(-1, keepdim=True)
        scores = ((beta * q) @ k.mT).masked_fill(~seen & some, -math.inf)
        lse = torch.logsumexp(scores, -1)  # Softmax(β) of the core, in a third of the time
        return -lse.masked_fill(~some[..., 0], 0.0).sum((-2, -1)) / beta

    def extra_repr(self) -> str:
        """Return its sizes."""
        heads, head_width, width = self.queries.shape
        return f"{width}, heads={heads}, head_width={head_width}"

    def _checked(self, activations: tuple[Tensor, ...]) -> tuple[Tensor, Tensor | None]:
        check_floats("Attention", activations, self.queries.dtype)
        width, tokens = self.queries.shape[-1], activations[0]
        if len(activations) > 2 or tokens.ndim < 2 or tokens.shape[-1] != width:
            raise InvalidArgument(
                f"Attention: activations must be tokens (..., T, {width}), and which are present (..., T) if you like; "
                f"got {' and '.join(str(tuple(g.shape)) for g in activations)}. Join a layer of shape (T, {width})."
            )
        present = activations[1] if len(activations) == 2 else None
        if present is not None and present.shape != tokens.shape[:-1]:
            raise InvalidArgument(
                f"Attention: present must be {tuple(tokens.shape[:-1])}, one number for each token; "
                f"got {tuple(present.shape)}. Pass 1 for a token and 0 for none."
            )
        return tokens, present
