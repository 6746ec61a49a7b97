"""The transformer's layer is torch's, number for number."""

import pytest
import torch
from torch import nn

from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import Association, projected
from nn.attention import attention_of


@pytest.mark.parametrize("bias", [True, False])
def test_it_is_multi_head_attention_with_the_same_weights(bias) -> None:
    torch.manual_seed(0)
    layer = projected(12, heads=3, bias=bias)
    with torch.no_grad():
        for weight in layer.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    attention = attention_of(layer, 12, 3)
    state, stored = torch.randn(2, 4, 12), torch.randn(2, 7, 12)
    padding, hidden = torch.rand(2, 7) > 0.7, torch.rand(4, 7) > 0.7
    padding[:, 0] = hidden[:, 0] = False
    found, weights = layer(state, stored, padding=padding, mask=~hidden, return_association=True)
    expected, their_weights = attention(
        state, stored, stored, key_padding_mask=padding, attn_mask=hidden, average_attn_weights=False
    )
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(weights, their_weights, rtol=1e-6, atol=1e-6)


def test_its_norm_is_before_each_projection() -> None:
    plain, normed = projected(6), projected(6, norm=True)
    for name in ("state", "stored", "values"):
        getattr(normed, name)[1].load_state_dict(getattr(plain, name).state_dict())
    normed.output.load_state_dict(plain.output.state_dict())
    x = torch.randn(2, 4, 6)
    torch.testing.assert_close(normed(x), plain(nn.functional.layer_norm(x, (6,))))


def test_the_beta_of_another_association_is_its_own() -> None:
    assert projected(8, heads=2).association.beta == 0.5
    assert projected(8, heads=2, association=Association(beta=3.0)).association.beta == 3.0


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"width": 8, "heads": 3}, InvalidArgument, "heads must divide width; got 3 heads and width 8"),
        ({"width": 0}, InvalidArgument, "width must be a whole number >= 1; got 0"),
        ({"width": 8, "norm": "layer"}, InvalidType, "norm must be True or False; got 'layer'"),
        ({"width": 8, "association": "softmax"}, InvalidType, "association must be an Association"),
    ],
)
def test_what_it_cannot_be_is_refused(options, error, says) -> None:
    with pytest.raises(error, match=says):
        projected(**options)
