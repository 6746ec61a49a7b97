"""The encoder's block stands in for torch's own, masks and all."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

import mnemonist as mn
from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn import Association, Hopfield, HopfieldEncoderLayer, projected
from nn.attention import attention_of

WIDTH, HEADS = 8, 2


def block(**options: object) -> HopfieldEncoderLayer:
    torch.manual_seed(0)
    return HopfieldEncoderLayer(projected(WIDTH, heads=HEADS), WIDTH, dropout=0.0, feedforward=16, **options)


def theirs(ours: HopfieldEncoderLayer) -> nn.TransformerEncoderLayer:
    """Return torch's block, normalised first, with the weights of ours."""
    other = nn.TransformerEncoderLayer(WIDTH, HEADS, 16, 0.0, batch_first=True, norm_first=True)
    other.self_attn = attention_of(ours.self_attn, WIDTH, HEADS)
    for name in ("norm1", "norm2", "linear1", "linear2"):
        getattr(other, name).load_state_dict(getattr(ours, name).state_dict())
    return other


def masks() -> list[dict[str, torch.Tensor | bool]]:
    torch.manual_seed(1)
    hidden, padding = torch.rand(5, 5) > 0.6, torch.rand(3, 5) > 0.6
    hidden.fill_diagonal_(False)
    padding[:, 0] = hidden[:, 0] = False
    numbers = torch.zeros(5, 5).masked_fill(hidden, -torch.inf) + torch.randn(5, 5)
    by_heads = torch.rand(3 * HEADS, 5, 5) > 0.6
    by_heads[..., 0] = False
    causal = nn.Transformer.generate_square_subsequent_mask(5)
    return [
        {},
        {"src_mask": hidden},
        {"src_mask": numbers},
        {"src_mask": by_heads},
        {"src_key_padding_mask": padding},
        {"src_mask": hidden, "src_key_padding_mask": padding},
        {"src_mask": causal, "is_causal": True},
    ]


@pytest.mark.parametrize("given", masks())
def test_with_softmax_and_one_step_it_is_torchs_block(given) -> None:
    ours, src = block(), torch.randn(3, 5, WIDTH)
    other = theirs(ours)
    torch.testing.assert_close(ours(src, **given), other(src, **given), rtol=1e-5, atol=1e-6)
    if "src_key_padding_mask" not in given and getattr(given.get("src_mask"), "ndim", 2) == 2:
        torch.testing.assert_close(ours(src[0], **given), ours(src, **given)[0], rtol=1e-5, atol=1e-6)


def test_is_causal_alone_hides_what_comes_later() -> None:
    ours, src = block(), torch.randn(3, 5, WIDTH)
    later = src.clone()
    later[:, 3:] += 1
    assert torch.equal(ours(src, is_causal=True)[:, :3], ours(later, is_causal=True)[:, :3])


@pytest.mark.parametrize("given", [{}, *masks()[1:3], masks()[4]])
def test_torchs_encoder_takes_it(given) -> None:
    ours, src = block(), torch.randn(3, 5, WIDTH)
    encoder = nn.TransformerEncoder(ours, 2, enable_nested_tensor=False)
    other = nn.TransformerEncoder(theirs(ours), 2, enable_nested_tensor=False)
    told = {"src_mask": "mask"}
    given = {told.get(name, name): mask for name, mask in given.items()}
    for each in (encoder.train(), encoder.eval()):
        torch.testing.assert_close(each(src, **given), other(src, **given), rtol=1e-5, atol=1e-6)


def test_an_encoder_learns_with_any_separation() -> None:
    layer = projected(WIDTH, heads=HEADS, association=Association(mn.Entmax(1.5), steps=2))
    encoder = nn.TransformerEncoder(HopfieldEncoderLayer(layer, WIDTH), 2, enable_nested_tensor=False)
    padding = torch.tensor([[False] * 5, [True] * 5])
    encoder(torch.randn(2, 5, WIDTH), src_key_padding_mask=padding).square().mean().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in encoder.parameters())


def test_its_parts_are_those_asked_for() -> None:
    ours = HopfieldEncoderLayer(projected(WIDTH), WIDTH, activation=functional.gelu, dropout=0.2)
    assert ours.linear1.out_features == 4 * WIDTH
    assert {ours.dropout.p, ours.dropout1.p, ours.dropout2.p} == {0.2}
    src = torch.randn(1, 5, WIDTH)
    other = copy.deepcopy(ours)
    other.activation = functional.relu
    assert not torch.allclose(ours.eval()(src), other.eval()(src))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: HopfieldEncoderLayer(nn.Linear(2, 2), 2), InvalidType, "layer must be a Hopfield"),
        (
            lambda: HopfieldEncoderLayer(projected(8), 8, activation="relu"),
            InvalidType,
            "activation must be a function",
        ),
        (
            lambda: HopfieldEncoderLayer(projected(8), 8, dropout=2.0),
            InvalidArgument,
            "dropout must be below 1; got 2.0",
        ),
        (lambda: block()(torch.ones(3, 5, 7)), InvalidArgument, r"src must be of width 8, as .* got shape \(3, 5, 7\)"),
        (
            lambda: block()(torch.ones(3, 5, 8), torch.ones(4, 4)),
            InvalidArgument,
            r"src_mask must broadcast to .*\(5, 5\)",
        ),
        (lambda: block()(torch.ones(3, 5, 8), torch.ones(3, 5, 5)), InvalidArgument, r"\(6, 5, 5\); got a src_mask of"),
        (
            lambda: HopfieldEncoderLayer(Hopfield(Association(), output=nn.Linear(8, 4)), 8)(torch.ones(3, 5, 8)),
            InvalidArgument,
            r"layer must give the width 8 that it is given; got \(3, 5, 4\)",
        ),
        (
            lambda: block()(torch.ones(3, 5, 8), src_key_padding_mask=torch.ones(5, 3) > 0),
            InvalidArgument,
            r"src_key_padding_mask must broadcast to .*\(3, 5\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, error, says) -> None:
    with pytest.raises(error, match=says):
        call()
