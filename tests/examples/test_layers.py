"""`tools.layers` counts updates as one that follows each state by itself would, and times blocks that are alike."""

import pytest
import torch

from examples import retrieval_in_a_transformer as retrieval
from mnemonist.nn import Association
from tools import layers


def followed(x: torch.Tensor, stored: torch.Tensor, beta: float) -> tuple[int, float]:
    """Return after how many updates one state rests, and its largest weight there."""
    updates, still = 0, False
    while updates < layers.MOST and not still:
        before, x = x, (beta * x @ stored.T).softmax(dim=-1) @ stored
        updates, still = updates + 1, bool((x - before).abs().max() <= layers.TOL * x.abs().max())
    return updates, float((beta * x @ stored.T).softmax(dim=-1).max())


@pytest.mark.parametrize("beta", [0.5, 4.0])
def test_states_rest_after_as_many_updates_as_when_each_is_followed_by_itself(beta: float) -> None:
    torch.manual_seed(0)
    state, stored = torch.randn(6, 8), torch.randn(5, 8)
    found = zip(*(part.tolist() for part in layers.resting(state, stored, beta)), strict=True)
    for x, (steps, weight) in zip(state, found, strict=True):
        alone, largest = followed(x, stored, beta)
        assert steps == alone
        assert weight == pytest.approx(largest, abs=0.02)  # the others' updates moved it on a little


def test_a_state_that_has_not_rested_is_counted_to_the_end(monkeypatch) -> None:
    monkeypatch.setattr(layers, "MOST", 2)
    steps, _ = layers.resting(torch.tensor([[1.0, 0.9]]), torch.eye(2), 2.1)
    assert steps.tolist() == [2]


def test_blocks_that_are_timed_have_as_many_weights_as_torchs() -> None:
    counts = {sum(p.numel() for p in block.parameters()) for block in layers.blocks(8, 2).values()}
    assert len(counts) == 1


def test_projected_states_are_those_that_the_layer_associates() -> None:
    torch.manual_seed(0)
    network = retrieval.Network([retrieval.ours(1)])
    tokens, _ = retrieval.sequences(2, torch.Generator().manual_seed(0))
    state, stored = layers.headed(network, tokens)
    block = network.blocks[0]
    _, f = block.self_attn(block.norm1(network.embedded(tokens)), return_association=True)
    torch.testing.assert_close(Association(beta=retrieval.USUAL).weights(state, stored), f)


def test_the_page_has_a_line_for_each_size_and_each_block(monkeypatch) -> None:
    monkeypatch.setattr(layers, "SIZES", ((8, 2, 1, 3),))
    monkeypatch.setattr(layers, "EFFORT", layers.Effort("short", 1, 0.01))
    monkeypatch.setattr(retrieval, "STEPS", 2)
    monkeypatch.setattr(retrieval, "SEEDS", 1)
    costs, rests, gives = ("".join(part()) for part in (layers.costs, layers.rests, layers.gives))
    assert costs.count("| 8, 2, 1 × 3 |") == 2
    assert rests.count("| random |") == rests.count("| trained |") == len(layers.SHARPER)
    assert all(f"| {name} |" in gives for name in retrieval.BLOCKS)
