"""Layers: forward and backward of an association beside torch's fused attention of the same states, patterns, values.

A batch of 8 by 8 heads, 256 states of 256 patterns of width 64 each, in float32: B counts all states. One step of
softmax is what fused attention computes; k steps are k of them. *Masked* is with a fifth of the patterns of each sample
hidden, by booleans. Entmax, whose associations no fused kernel computes, is there to be seen; it has no bound.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.rivals import package
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

LAYER, ATTENTION = "layer", "fused attention"
ONE_READOUT, FIVE_READOUTS, ENTMAX = "layer, one step", "layer, five steps", "layer, entmax 1.5"
MASKED = ", masked"
BATCH, HEADS, COUNT, WIDTH = 8, 8, 256, 64


def rows(effort: Effort) -> Iterator[Row]:
    """Yield one and five steps of softmax, with and without a mask, and a step of entmax; nothing without torch."""
    torch = package("torch")
    if torch is None:
        return
    hidden = torch.rand(BATCH, 1, 1, COUNT, generator=torch.Generator().manual_seed(0)) < 0.2
    for end, mask in (("", None), (MASKED, ~hidden)):
        yield _row(ONE_READOUT + end, effort, mask=mask)
        yield _row(FIVE_READOUTS + end, effort, mask=mask, steps=5)
    from mnemonist import Entmax

    yield _row(ENTMAX, effort.brief, mask=None, separation=Entmax(1.5))


def sized(name: str) -> Row:
    """Return an empty row of a name, which says its sizes."""
    return Row(name, K=COUNT, N=WIDTH, B=BATCH * HEADS * COUNT)


def _row(name: str, effort: Effort, *, mask: Any, **options: Any) -> Row:
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from mnemonist.nn import Association

    rng = torch.Generator().manual_seed(0)
    given = [torch.randn(BATCH, HEADS, COUNT, WIDTH, generator=rng).requires_grad_() for _ in range(3)]
    state, stored, values = given
    layer = Association(beta=WIDTH**-0.5, **options)
    candidates: dict[str, Candidate] = {
        LAYER: lambda: layer(state, stored, values, mask).sum().backward(),
        ATTENTION: lambda: scaled_dot_product_attention(state, stored, values, attn_mask=mask).sum().backward(),
    }
    seconds = in_turn(candidates, effort)
    row = sized(name)
    row.seconds.update(seconds)
    return row
